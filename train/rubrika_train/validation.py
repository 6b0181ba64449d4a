"""Cross-validation: what taggers that never saw an article say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from rubrika.decision import Bools, Decision, Floats
from rubrika.keywords import Rules
from rubrika.tagger import Tagger
from rubrika_train.annotations import Annotations, Article
from rubrika_train.deciding import cross_fitted, fit_decision
from rubrika_train.evaluation import Evaluation, evaluate_results
from rubrika_train.fitting import build_pipeline, export, label_matrix, out_of_fold_scores
from rubrika_train.labelled import from_annotations
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results
from rubrika_train.ruling import overruled, ruled, rules_of
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels, clusters, folds


@dataclass(frozen=True)
class CrossValidated:
    """Out-of-fold scores, and what was decided from them without an article's own label.

    `labels`, `scores`, `probabilities` and `chosen` have shape (articles, themes), `fold` has
    shape (articles,). `decision` is fitted to all scores: what a tagger of these articles uses.
    `rules` stand for the model where a theme has too few labels.
    `results` holds the same for evaluation, with that decision's thresholds.
    """

    articles: tuple[Article, ...]
    labels: Labels
    fold: npt.NDArray[np.int64]
    scores: Floats
    probabilities: Floats
    chosen: Bools
    decision: Decision
    rules: Rules | None
    results: Results
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
    cluster = clusters(articles)
    fold = folds(labels, cluster, min(settings.folds, len(articles)), settings.seed)
    progress("cross-validating")
    scores = out_of_fold_scores(texts, labels, fold, settings, jobs)
    progress("measuring")
    rules = rules_of(themes, labels)
    choice = overruled(*cross_fitted(scores, labels, fold, settings.decision), texts, themes, rules)
    decision = ruled(fit_decision(scores, labels, settings.decision), themes, rules)
    results = Results(
        theme_ids=tuple(theme.id for theme in themes),
        articles=tuple(from_annotations(annotations)),
        labels=labels,
        probabilities=choice.probabilities,
        chosen=choice.given,
        thresholds=decision.thresholds,
        cluster=cluster,
    )
    return CrossValidated(
        articles,
        labels,
        fold,
        scores,
        choice.probabilities,
        choice.given,
        decision,
        rules,
        results,
        evaluate_results(results),
    )


def tagger_of_row(
    annotations: Annotations, validated: CrossValidated, settings: Settings, jobs: int = 1
) -> Callable[[int], Tagger]:
    """Return what gives the tagger that never saw an article, by the article's row.

    The taggers of the folds are trained again, when the first of them is asked for.
    """

    @cache
    def by_fold() -> dict[int, Tagger]:
        numbers = np.unique(validated.fold).tolist()
        made = Parallel(n_jobs=jobs)(
            delayed(_without_fold)(annotations, validated, settings, number) for number in numbers
        )
        return dict(zip(numbers, made, strict=True))

    return lambda row: by_fold()[int(validated.fold[row])]


def _without_fold(
    annotations: Annotations, validated: CrossValidated, settings: Settings, number: int
) -> Tagger:
    seen = validated.fold != number
    texts = [
        article.full_text for article, own in zip(validated.articles, seen, strict=True) if own
    ]
    labels = validated.labels[seen]
    decision = fit_decision(validated.scores[seen], labels, settings.decision)
    pipeline = build_pipeline(settings).fit(texts, labels)
    version = f"without fold {number}"
    return export(pipeline, annotations.themes, decision, version, validated.rules)
