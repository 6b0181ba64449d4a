"""Learning curves: how figures grow with the number of labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed

from rubrika.decision import Bools, Floats
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.annotations import Annotations
from rubrika_train.deciding import cross_fitted, fit_decision
from rubrika_train.evaluation import Evaluation, evaluate, evaluate_tagger
from rubrika_train.fitting import build_pipeline, export, label_matrix, out_of_fold_scores
from rubrika_train.labelled import LabelledArticle
from rubrika_train.progress import Progress, silent
from rubrika_train.ruling import overruled, rules_of
from rubrika_train.settings import Settings
from rubrika_train.splits import Ints, Labels, clusters, folds
from rubrika_train.validation import CrossValidated


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Figures of taggers made of so many articles, cross-validated and, if given, on other data."""

    articles: int
    validated: Evaluation
    on_data: Evaluation | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What twice as many articles would add to macro-F1, if its growth went on.

    `gain` is the slope of macro-F1 over the logarithm of articles through the last three points,
    `noise` half of the last point's 95 % interval: a smaller gain would hardly be seen.
    """

    gain: float
    noise: float

    def __str__(self) -> str:
        seen = self.gain > self.noise
        advice = (
            "more labels will help" if seen else "too small a gain to be seen on these articles"
        )
        return (
            f"twice as many articles would add about {self.gain:+.3f} to macro-F1, "
            f"which is known to ±{self.noise:.3f}: {advice}"
        )


def outlook(points: Sequence[CurvePoint]) -> Outlook | None:
    """Return what cross-validated figures promise, None where under three points are measured."""
    return _outlook([(point.articles, point.validated) for point in points])


def outlook_on_data(points: Sequence[CurvePoint]) -> Outlook | None:
    """Return what figures on the other data promise, None where under three are measured."""
    return _outlook([(point.articles, point.on_data) for point in points if point.on_data])


def _outlook(points: Sequence[tuple[int, Evaluation]]) -> Outlook | None:
    measured = [
        (np.log2(articles), own.f1_macro, own.intervals["f1_macro"])
        for articles, own in points
        if own.f1_macro is not None
    ][-3:]
    bounds = measured[-1][2] if measured else None
    if len(measured) < 3 or bounds is None:
        return None
    doublings, values = np.array([[size, value] for size, value, _ in measured]).T
    return Outlook(
        gain=float(np.polyfit(doublings, values, 1)[0]), noise=(bounds.high - bounds.low) / 2
    )


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
    validated = evaluate(
        theme_ids, labels, choice.probabilities, choice.given, cluster=corpus.cluster
    )
    on_data = None
    if corpus.data:
        on_data = evaluate_tagger(_tagger(corpus, usable, scores), corpus.data)
    return CurvePoint(int(usable.sum()), validated, on_data)


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
