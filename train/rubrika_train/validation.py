"""Cross-validation: what taggers that never saw an article say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rubrika.decision import Bools, Decision, Floats
from rubrika_train.annotations import Annotations, Article
from rubrika_train.deciding import cross_fitted, fit_decision
from rubrika_train.evaluation import Evaluation, evaluate
from rubrika_train.fitting import label_matrix, out_of_fold_scores
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels, clusters, folds

Progress = Callable[[str], None]


def silent(step: str) -> None:
    """Tell nobody of a step."""


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold scores, and what was decided from them without an article's own label.

    `labels`, `scores`, `probabilities` and `chosen` have shape (articles, themes), `fold` has
    shape (articles,). `decision` is fitted to all scores: what a tagger of these articles uses.
    """

    articles: tuple[Article, ...]
    labels: Labels
    fold: npt.NDArray[np.int64]
    scores: Floats
    probabilities: Floats
    chosen: Bools
    decision: Decision
    evaluation: Evaluation


def cross_validate(
    annotations: Annotations, settings: Settings, jobs: int = 1, progress: Progress = silent
) -> CrossValidated:
    """Score and decide on every article by taggers that never saw it; `progress` hears each step.

    Folds keep near-duplicates together, and each fold's calibration and thresholds come from the
    other folds.
    """
    articles, themes = annotations.judged, annotations.themes
    texts = [article.full_text for article in articles]
    labels = label_matrix(articles, annotations.gold, themes)
    progress("dealing folds")
    fold = folds(labels, clusters(articles), min(settings.folds, len(articles)), settings.seed)
    progress("cross-validating")
    scores = out_of_fold_scores(texts, labels, fold, settings, jobs)
    probabilities, chosen = cross_fitted(scores, labels, fold, settings.decision)
    decision = fit_decision(scores, labels, settings.decision)
    evaluation = evaluate(
        [theme.id for theme in themes],
        labels,
        probabilities,
        chosen,
        decision.thresholds.tolist(),
    )
    return CrossValidated(
        articles, labels, fold, scores, probabilities, chosen, decision, evaluation
    )
