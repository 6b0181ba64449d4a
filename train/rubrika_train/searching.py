"""Search of settings: a small grid, judged by taggers that never saw an article.

Nested cross-validation. Each outer fold gets the point that is best on the other folds, by fits
that never saw it; what that point then says of the fold is the honest figure. The inner folds are
the other outer folds, so one fit without two folds serves both of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product, starmap

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix

from rubrika.decision import Bools, Floats
from rubrika.errors import SettingsError
from rubrika_train.annotations import Annotations
from rubrika_train.bootstrap import average_precisions
from rubrika_train.deciding import cross_fitted
from rubrika_train.evaluation import evaluate_results
from rubrika_train.fitting import build_pipeline, label_matrix
from rubrika_train.lineage import rounded
from rubrika_train.progress import Progress, silent
from rubrika_train.ruling import overruled, rules_of
from rubrika_train.settings import Features, Settings
from rubrika_train.splits import Ints, Labels, clusters, folds
from rubrika_train.training import Trained

LIKENESS = (0.0, 0.6)
TOPICS = (0.0, 0.6, 0.9)
C = (0.3, 0.7, 1.5)
# Without two folds there must be another one to learn from.
MIN_FOLDS = 3

# Scores by the fold that they are of: each of shape (points, articles of the fold, themes).
_ByFold = dict[int, Floats]


@dataclass(frozen=True, slots=True)
class Point:
    """The settings that are searched."""

    likeness: float
    topics: float
    C: float

    def settings(self, base: Settings) -> Settings:
        """Return settings with those of this point."""
        known = {"likeness": self.likeness, "topics": self.topics}
        features = base.features.model_copy(update=known)
        classifier = base.classifier.model_copy(update={"C": self.C})
        return base.model_copy(update={"features": features, "classifier": classifier})


GRID = tuple(starmap(Point, product(LIKENESS, TOPICS, C)))


@dataclass(frozen=True, slots=True)
class Tried:
    """A point, its mean average precision over all folds, and how many folds chose it."""

    point: Point
    average_precision: float
    chosen_by: int


@dataclass(frozen=True, slots=True)
class Found:
    """The best settings on all articles, and what nested cross-validation says of the search.

    `probabilities` and `given` have shape (articles, themes). Nothing that an article's own fold
    says went into the choice of the point that they come from.
    """

    settings: Settings
    tried: tuple[Tried, ...]
    best: Point
    probabilities: Floats
    given: Bools

    def honest(self, trained: Trained) -> Trained:
        """Return a tagger of the best settings with the nested figures for its own.

        Its own come from the folds that chose its settings, and flatter it.
        """
        results = replace(trained.results, probabilities=self.probabilities, chosen=self.given)
        evaluation = evaluate_results(results)
        details = {**trained.details, "metrics": rounded(evaluation.to_json())}
        return replace(trained, results=results, evaluation=evaluation, details=details)


def search(
    annotations: Annotations,
    settings: Settings,
    jobs: int = 1,
    progress: Progress = silent,
    grid: Sequence[Point] = GRID,
) -> Found:
    """Try every point of the grid; the folds are those of `validation.cross_validate`.

    Raises SettingsError where there are too few folds.
    """
    articles, themes = annotations.judged, annotations.themes
    count = min(settings.folds, len(articles))
    if count < MIN_FOLDS:
        raise SettingsError(f"--search wants {MIN_FOLDS} folds or more: --set folds={MIN_FOLDS}")
    texts = [article.full_text for article in articles]
    labels = label_matrix(articles, annotations.gold, themes)
    progress("dealing folds")
    fold = folds(labels, clusters(articles), count, settings.seed)
    candidates = [point.settings(settings) for point in grid]
    by_held_out = scores_by_held_out(texts, labels, fold, candidates, jobs, progress)
    numbers = [number for (number, *others) in by_held_out if not others]
    scores = _assembled({number: by_held_out[number,][number] for number in numbers}, fold)
    precisions = mean_average_precisions(scores, labels)
    choices = {number: inner_choice(number, by_held_out, labels, fold) for number in numbers}
    probabilities, chosen = _nested(scores, labels, fold, choices, settings)
    nested = overruled(probabilities, chosen, texts, themes, rules_of(themes, labels))
    best = grid[int(np.argmax(precisions))]
    votes = list(choices.values())
    return Found(
        settings=best.settings(settings),
        tried=tuple(
            Tried(point, precision, votes.count(number))
            for number, (point, precision) in enumerate(zip(grid, precisions.tolist(), strict=True))
        ),
        best=best,
        probabilities=nested.probabilities,
        given=nested.given,
    )


def mean_average_precisions(scores: Floats, labels: Labels) -> Floats:
    """Return the mean over measured themes for each point, of shape (points,).

    `scores` has shape (points, articles, themes), `labels` (articles, themes); -1 is left out. A
    point is worth nothing where no theme can be measured.
    """
    by_theme = []
    for theme, column in enumerate(labels.T):
        known, once = column >= 0, np.ones((int((column >= 0).sum()), 1))
        own = [average_precisions(column[known] == 1, one[known, theme], once)[0] for one in scores]
        if (column == 1).any():
            by_theme.append(own)
    return np.mean(by_theme, axis=0) if by_theme else np.zeros(len(scores))


def scores_by_held_out(
    texts: Sequence[str],
    labels: Labels,
    fold: Ints,
    candidates: Sequence[Settings],
    jobs: int = 1,
    progress: Progress = silent,
) -> dict[tuple[int, ...], _ByFold]:
    """Return the scores of one or two folds that are held out, by fits on the rest."""
    numbers = np.unique(fold).tolist()
    held_outs = [*((number,) for number in numbers), *combinations(numbers, 2)]
    parts = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_scores)(held_out, texts, labels, fold, candidates) for held_out in held_outs
    )
    scores: dict[tuple[int, ...], _ByFold] = {}
    for held_out in held_outs:
        progress(f"searching: {len(candidates)} points, {len(scores)} of {len(held_outs)} times")
        scores[held_out] = next(parts)
    return scores


def _scores(
    held_out: tuple[int, ...],
    texts: Sequence[str],
    labels: Labels,
    fold: Ints,
    candidates: Sequence[Settings],
) -> _ByFold:
    """Score folds at every point by fits on the other folds; TF-IDF is computed once for all."""
    asked = np.isin(fold, held_out)
    tfidf = build_pipeline(candidates[0]).named_steps["tfidf"]
    seen = tfidf.fit_transform([texts[k] for k in np.flatnonzero(~asked).tolist()])
    unseen = tfidf.transform([texts[k] for k in np.flatnonzero(asked).tolist()])
    scores = np.array(list(_by_candidate(seen, labels[~asked], unseen, candidates)))
    return {number: scores[:, fold[asked] == number] for number in held_out}


def _by_candidate(
    seen: csr_matrix, labels: Labels, unseen: csr_matrix, candidates: Sequence[Settings]
) -> Iterator[Floats]:
    """Yield the scores of `unseen`, (articles, themes); the features are computed once in a row."""
    known: dict[Features, tuple[csr_matrix, csr_matrix]] = {}
    for candidate in candidates:
        steps = build_pipeline(candidate).named_steps
        if candidate.features not in known:
            knowledge = steps["knowledge"].fit(seen)
            known = {candidate.features: (knowledge.transform(seen), knowledge.transform(unseen))}
        learnt, asked = known[candidate.features]
        yield steps["classifier"].fit(learnt, labels).decision_function(asked)


def _assembled(by_fold: Mapping[int, Floats], fold: Ints) -> Floats:
    """Return scores of shape (points, articles, themes), NaN for the folds that are not there."""
    points, _, themes = next(iter(by_fold.values())).shape
    scores = np.full((points, len(fold), themes), np.nan)
    for number, own in by_fold.items():
        scores[:, fold == number] = own
    return scores


def inner_choice(
    outer: int, by_held_out: Mapping[tuple[int, ...], _ByFold], labels: Labels, fold: Ints
) -> int:
    """Return the number of the point that is best on the other folds, by fits without `outer`."""
    inner = {
        other: by_fold[other]
        for pair, by_fold in by_held_out.items()
        if len(pair) == 2 and outer in pair
        for other in pair
        if other != outer
    }
    rest = fold != outer
    return int(np.argmax(mean_average_precisions(_assembled(inner, fold)[:, rest], labels[rest])))


def _nested(
    scores: Floats, labels: Labels, fold: Ints, choices: Mapping[int, int], settings: Settings
) -> tuple[Floats, Bools]:
    """Return probabilities and choices, (articles, themes), each fold's by the point it chose."""
    probabilities = np.empty(labels.shape)
    chosen = np.empty(labels.shape, dtype=np.bool_)
    for point in set(choices.values()):
        by_point = cross_fitted(scores[point], labels, fold, settings.decision)
        own = np.isin(fold, [number for number, choice in choices.items() if choice == point])
        probabilities[own], chosen[own] = by_point[0][own], by_point[1][own]
    return probabilities, chosen
