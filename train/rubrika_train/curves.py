"""Learning curves: how figures grow with the number of labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed

from rubrika.decision import Bools, Floats
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.annotations import Annotations
from rubrika_train.bootstrap import Interval, cluster_weights, interval
from rubrika_train.deciding import cross_fitted, fit_decision
from rubrika_train.evaluation import Evaluation, evaluate, evaluate_results
from rubrika_train.fitting import build_pipeline, export, label_matrix, out_of_fold_scores
from rubrika_train.labelled import LabelledArticle
from rubrika_train.metrics import f1_macro
from rubrika_train.progress import Progress, silent
from rubrika_train.results import collect
from rubrika_train.ruling import overruled, rules_of
from rubrika_train.settings import Settings
from rubrika_train.splits import Ints, Labels, clusters, folds
from rubrika_train.validation import CrossValidated


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Figures of taggers made of so many articles, cross-validated and, if given, on other data.

    `drawn` and `drawn_on_data` are draws of macro-F1, the same articles in each at every point.
    """

    articles: int
    validated: Evaluation
    on_data: Evaluation | None = None
    drawn: tuple[float, ...] = ()
    drawn_on_data: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What twice as many articles would add to macro-F1, if its growth went on.

    `gain` is the slope of macro-F1 over the logarithm of articles through the last three points,
    `interval` that of the draws' slopes: chance in what is measured on, not in what is learnt.
    """

    gain: float
    interval: Interval

    def __str__(self) -> str:
        low, high = self.interval.low, self.interval.high
        advice = "more labels will help" if low > 0 else "that may be chance"
        return (
            f"twice as many articles would add about {self.gain:+.3f} to macro-F1 "
            f"({low:+.3f} to {high:+.3f}): {advice}"
        )


def outlook(points: Sequence[CurvePoint]) -> Outlook | None:
    """Return what cross-validated figures promise, None where under three points are measured."""
    return _outlook([(point.articles, point.validated, point.drawn) for point in points])


def outlook_on_data(points: Sequence[CurvePoint]) -> Outlook | None:
    """Return what figures on the other data promise, None where under three are measured."""
    return _outlook(
        [(point.articles, own, point.drawn_on_data) for point in points if (own := point.on_data)]
    )


def _outlook(points: Sequence[tuple[int, Evaluation, tuple[float, ...]]]) -> Outlook | None:
    measured = [
        (articles, (own.f1_macro, *drawn))
        for articles, own, drawn in points
        if own.f1_macro is not None
    ][-3:]
    if len(measured) < 3:
        return None
    sizes, values = zip(*measured, strict=True)
    gain, *drawn_gains = np.polyfit(np.log2(sizes), np.array(values), 1)[0].tolist()
    bounds = interval(np.array(drawn_gains))
    return Outlook(gain, bounds) if bounds else None


@dataclass(frozen=True)
class _Corpus:
    """All articles, of which shares are trained on, and the other data.

    `labels` has shape (articles, themes), `fold` and `cluster` (articles,). `scores`, of the shape
    of `labels`, are those of taggers made of all articles, where they are known.
    """

    texts: list[str]
    labels: Labels
    fold: Ints
    cluster: Ints
    themes: Sequence[Theme]
    data: Sequence[LabelledArticle]
    settings: Settings
    scores: Floats | None


def learning_curve(
    annotations: Annotations,
    shares: Sequence[float],
    data: Sequence[LabelledArticle] = (),
    settings: Settings | None = None,
    jobs: int = 1,
    progress: Progress = silent,
    validated: CrossValidated | None = None,
) -> list[CurvePoint]:
    """Return figures for growing shares of the articles, each share within the next.

    Every point is measured on the same articles: all of them, out of fold, and `data`. `validated`,
    if it is at hand, is the cross-validation by the same settings: it saves training that anew.
    """
    settings = settings or Settings()
    articles, themes = annotations.judged, annotations.themes
    labels = label_matrix(articles, annotations.gold, themes)
    cluster = clusters(articles)
    corpus = _Corpus(
        [article.full_text for article in articles],
        labels,
        folds(labels, cluster, settings.folds, settings.seed),
        cluster,
        themes,
        data,
        settings,
        validated.scores if validated else None,
    )
    # The largest first: then no process waits long for the last one.
    made = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_point)(corpus, share) for share in sorted(shares, reverse=True)
    )
    points = []
    for point in made:
        progress(f"trained on {point.articles} articles")
        points.append(point)
    return points[::-1]


def _point(corpus: _Corpus, share: float) -> CurvePoint:
    """Return the figures of taggers made of a share of the articles."""
    settings, labels, themes = corpus.settings, corpus.labels, corpus.themes
    order = np.random.default_rng(settings.seed).permutation(len(labels))
    usable = np.zeros(len(labels), dtype=np.bool_)
    usable[order[: round(share * len(labels))]] = True
    scores = _scores(corpus, usable)
    fitted = cross_fitted(scores, labels, corpus.fold, settings.decision)
    choice = overruled(*fitted, corpus.texts, themes, rules_of(themes, labels[usable]))
    theme_ids = [theme.id for theme in themes]
    point = CurvePoint(
        int(usable.sum()),
        evaluate(theme_ids, labels, choice.probabilities, choice.given, cluster=corpus.cluster),
        drawn=_drawn(labels, choice.given, corpus.cluster),
    )
    if not corpus.data:
        return point
    results = collect(_tagger(corpus, usable, scores), corpus.data)
    drawn = _drawn(results.labels, results.chosen, results.cluster)
    return replace(point, on_data=evaluate_results(results), drawn_on_data=drawn)


def _drawn(labels: Labels, chosen: Bools, cluster: Ints) -> tuple[float, ...]:
    parts = [f1_macro(labels, chosen, weights) for weights in cluster_weights(cluster)]
    return tuple(np.concatenate(parts).tolist())


def _scores(corpus: _Corpus, usable: Bools) -> Floats:
    """Return the scores of all articles, each by a tagger of usable ones that never saw it."""
    if corpus.scores is not None and usable.all():
        return corpus.scores
    return out_of_fold_scores(
        corpus.texts, corpus.labels, corpus.fold, corpus.settings, jobs=1, usable=usable
    )


def _tagger(corpus: _Corpus, usable: Bools, scores: Floats) -> Tagger:
    """Return the tagger that is made of the usable articles."""
    labels, settings = corpus.labels[usable], corpus.settings
    decision = fit_decision(scores[usable], labels, settings.decision)
    used = [corpus.texts[k] for k in np.flatnonzero(usable).tolist()]
    pipeline = build_pipeline(settings).fit(used, labels)
    return export(pipeline, corpus.themes, decision, "curve", rules_of(corpus.themes, labels))
