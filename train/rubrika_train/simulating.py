"""How many labels the queue saves: the corpus labelled again, in its order and at random.

Labels of the corpus are hidden and asked for in rounds, as `rubrika labels queue` would ask a
person, and as chance would. After each round a tagger is made of what was asked for, and measured
on articles that nobody could ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from rubrika.decision import Bools, Decision, Floats
from rubrika_train.annotations import Annotations
from rubrika_train.deciding import fit_decision
from rubrika_train.evaluation import evaluate
from rubrika_train.fitting import KnownLabelsOneVsRest, build_pipeline, label_matrix
from rubrika_train.queueing import Wanted, choose, far_from_thresholds, weight
from rubrika_train.settings import Settings
from rubrika_train.splits import Ints, Labels, clusters, folds

# A fold of the corpus measures, the others are asked for labels.
_FOLDS = 5
# Folds within the labelled articles, for calibration and thresholds: as few as serve.
_INNER_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Rounds:
    """A simulation: articles labelled at `first`, more a round of `step`, and where it ends.

    The first ones are drawn at random for both; `random_share` is that of the queue.
    """

    first: int = 200
    step: int = 100
    last: int = 900
    random_share: float = 0.2
    seeds: tuple[int, ...] = (1, 2, 3, 4)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of labelled articles after each round."""
        return tuple(range(self.first, self.last + 1, self.step))


@dataclass(frozen=True)
class Simulation:
    """Macro-F1 after each round, `queued` and `at_random` of shape (seeds, rounds)."""

    sizes: tuple[int, ...]
    queued: Floats
    at_random: Floats

    @property
    def needed(self) -> Floats:
        """Labels with which the queue does what chance does with `sizes`, of shape (rounds,).

        Both curves are means over seeds, never falling, straight between rounds; NaN is where
        the queue does not come so far.
        """
        queued, wanted = (
            np.maximum.accumulate(one.mean(axis=0)) for one in (self.queued, self.at_random)
        )
        return np.array([_first(queued, value, self.sizes) for value in wanted.tolist()])


def _first(rising: Floats, value: float, sizes: Sequence[int]) -> float:
    """Return where a curve over `sizes` that never falls first comes to a value; NaN if never."""
    after = int(np.searchsorted(rising, value))
    if after == len(rising):
        return float("nan")
    if after == 0:
        return float(sizes[0])
    return float(np.interp(value, rising[after - 1 : after + 1], sizes[after - 1 : after + 1]))


@dataclass(frozen=True)
class _Corpus:
    """All articles: dot products of their features (articles, articles), labels, clusters."""

    products: Floats
    labels: Labels
    cluster: Ints


@dataclass(frozen=True)
class _Told:
    """What a tagger of the labelled articles decides by, and says of all; and its macro-F1."""

    decision: Decision
    scores: Floats
    f1_macro: float


def simulate(
    annotations: Annotations,
    rounds: Rounds | None = None,
    settings: Settings | None = None,
    jobs: int = 1,
) -> Simulation:
    """Label the corpus again in both orders, once a seed; each seed holds out other articles.

    Lemmas are counted on all articles once: that costs no labels.
    """
    rounds, settings = rounds or Rounds(), settings or Settings()
    articles = annotations.judged
    labels = label_matrix(articles, annotations.gold, annotations.themes)
    features = build_pipeline(settings)[:-1].fit_transform([one.full_text for one in articles])
    corpus = _Corpus((features @ features.T).toarray(), labels, clusters(articles))
    both = Parallel(n_jobs=jobs)(
        delayed(_with_seed)(corpus, rounds, settings, seed) for seed in rounds.seeds
    )
    queued, at_random = zip(*both, strict=True)
    return Simulation(rounds.sizes, np.array(queued), np.array(at_random))


def _with_seed(
    corpus: _Corpus, rounds: Rounds, settings: Settings, seed: int
) -> tuple[list[float], list[float]]:
    """Return macro-F1 after each round in the queue's order, and at random."""
    # On one thread sums have one order: the same seed has the same curve.
    with threadpool_limits(limits=1):
        return _rounds(corpus, rounds, settings, seed)


def _rounds(
    corpus: _Corpus, rounds: Rounds, settings: Settings, seed: int
) -> tuple[list[float], list[float]]:
    held_out = folds(corpus.labels, corpus.cluster, _FOLDS, seed) == 0
    order = np.random.default_rng(seed).permutation(np.flatnonzero(~held_out))
    queued, at_random = [], []
    asked = order[: rounds.first]
    for number, size in enumerate(rounds.sizes):
        told = _told(corpus, asked, held_out, settings)
        queued.append(told.f1_macro)
        chance = _told(corpus, order[:size], held_out, settings) if number else told
        at_random.append(chance.f1_macro)
        wanted = Wanted(rounds.step, rounds.random_share, seed + number)
        left = np.setdiff1d(order, asked)
        asked = np.concatenate([asked, left[_next(corpus, asked, told, left, wanted)]])
    return queued, at_random


def _told(corpus: _Corpus, asked: Ints, held_out: Bools, settings: Settings) -> _Told:
    """Return what a tagger that learnt the labels of `asked` says."""
    found, labels = places(corpus.products, asked), corpus.labels[asked]
    classifier: KnownLabelsOneVsRest = build_pipeline(settings)[-1]
    fold = folds(labels, corpus.cluster[asked], _INNER_FOLDS, settings.seed)
    unseen = np.empty(labels.shape)
    for number in range(_INNER_FOLDS):
        own = fold == number
        fitted = clone(classifier).fit(found[asked[~own]], labels[~own])
        unseen[own] = fitted.decision_function(found[asked[own]])
    decision = fit_decision(unseen, labels, settings.decision)
    scores = classifier.fit(found[asked], labels).decision_function(found)
    probabilities = decision.calibration.probabilities(scores[held_out])
    names = [str(column) for column in range(labels.shape[1])]
    chosen = decision.chosen(probabilities)
    figures = evaluate(names, corpus.labels[held_out], probabilities, chosen, draws=0)
    return _Told(decision, scores, figures.f1_macro or 0.0)


def places(products: Floats, asked: Ints) -> Floats:
    """Return all articles in the space that the labelled ones span, of shape (articles, labelled).

    A linear classifier with an L2 penalty is the same there as on sixty thousand lemmas, and much
    sooner fitted.
    """
    squares, directions = np.linalg.eigh(products[np.ix_(asked, asked)])
    kept = squares > squares[-1] * 1e-10
    return np.asarray(products[:, asked] @ (directions[:, kept] / np.sqrt(squares[kept])))


def _next(corpus: _Corpus, asked: Ints, told: _Told, left: Ints, wanted: Wanted) -> list[int]:
    """Return which of `left` the queue asks for next."""
    counts = (corpus.labels[asked] == 1).sum(axis=0)
    weights = {str(column): weight(int(count)) for column, count in enumerate(counts)}
    probabilities = told.decision.calibration.probabilities(told.scores[left])
    far = far_from_thresholds(probabilities, told.decision.thresholds)
    return list(choose(far, weights, wanted))
