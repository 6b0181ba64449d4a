"""Learning curves: how figures grow with the number of labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rubrika_train.annotations import Annotations
from rubrika_train.deciding import cross_fitted, fit_decision
from rubrika_train.evaluation import Evaluation, evaluate, evaluate_tagger
from rubrika_train.fitting import build_pipeline, export, label_matrix, out_of_fold_scores
from rubrika_train.labelled import LabelledArticle
from rubrika_train.progress import Progress, silent
from rubrika_train.ruling import overruled, rules_of
from rubrika_train.settings import Settings
from rubrika_train.splits import clusters, folds


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
        advice = "more labels will help" if self.gain > self.noise else "more labels help little"
        return (
            f"twice as many articles would add about {self.gain:+.3f} to macro-F1, "
            f"which is known to ±{self.noise:.3f}: {advice}"
        )


def outlook(points: Sequence[CurvePoint]) -> Outlook | None:
    """Return what cross-validated figures promise, None where under three points are measured."""
    measured = [
        (np.log2(point.articles), own.f1_macro, own.intervals["f1_macro"])
        for point in points
        if (own := point.validated).f1_macro is not None
    ][-3:]
    bounds = measured[-1][2] if measured else None
    if len(measured) < 3 or bounds is None:
        return None
    doublings, values = np.array([[size, value] for size, value, _ in measured]).T
    return Outlook(
        gain=float(np.polyfit(doublings, values, 1)[0]), noise=(bounds.high - bounds.low) / 2
    )


def learning_curve(
    annotations: Annotations,
    shares: Sequence[float],
    data: Sequence[LabelledArticle] = (),
    settings: Settings | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> list[CurvePoint]:
    """Return figures for growing shares of the articles, each share within the next.

    Every point is measured on the same articles: all of them, out of fold, and `data`.
    """
    settings = settings or Settings()
    articles, themes = annotations.judged, annotations.themes
    texts = [article.full_text for article in articles]
    labels = label_matrix(articles, annotations.gold, themes)
    cluster = clusters(articles)
    fold = folds(labels, cluster, settings.folds, settings.seed)
    order = np.random.default_rng(settings.seed).permutation(len(articles))
    theme_ids = [theme.id for theme in themes]
    points = []
    for share in shares:
        usable = np.zeros(len(articles), dtype=np.bool_)
        usable[order[: round(share * len(articles))]] = True
        progress(f"training on {usable.sum()} articles")
        scores = out_of_fold_scores(texts, labels, fold, settings, jobs, usable)
        fitted = cross_fitted(scores, labels, fold, settings.decision)
        rules = rules_of(themes, labels[usable])
        choice = overruled(*fitted, texts, themes, rules)
        on_data = None
        if data:
            decision = fit_decision(scores[usable], labels[usable], settings.decision)
            used = [texts[k] for k in np.flatnonzero(usable).tolist()]
            pipeline = build_pipeline(settings).fit(used, labels[usable])
            on_data = evaluate_tagger(export(pipeline, themes, decision, "curve", rules), data)
        validated = evaluate(theme_ids, labels, choice.probabilities, choice.given, cluster=cluster)
        points.append(CurvePoint(int(usable.sum()), validated, on_data))
    return points
