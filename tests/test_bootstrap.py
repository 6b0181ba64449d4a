"""Intervals hold the truth as often as they say, and copies of an article do not narrow them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from rubrika.decision import Bools, Floats
from rubrika_train.bootstrap import Interval, average_precisions, cluster_weights, interval
from rubrika_train.evaluation import evaluate
from rubrika_train.splits import Ints, Labels

THEMES = ["a", "b", "c"]
RUNS = 80
# 95 % of 80 intervals should hold the truth; fewer than 70 has a chance of one in 500.
ENOUGH = 70


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 50))
def test_average_precision_under_weights_is_that_of_scikit_learn(seed: int, size: int) -> None:
    generator = np.random.default_rng(seed)
    yes = generator.random(size) < 0.4
    yes[0] = True
    scores = generator.integers(0, 12, size) / 12
    weights = generator.integers(0, 4, (size, 6)).astype(np.float64)
    weights[0] += 1
    expected = [average_precision_score(yes, scores, sample_weight=own) for own in weights.T]
    np.testing.assert_allclose(average_precisions(yes, scores, weights), expected)


def test_average_precision_without_a_yes_is_not_measured() -> None:
    yes = np.array([True, False])
    weights = np.array([[0.0], [1.0]])
    assert np.isnan(average_precisions(yes, np.array([0.1, 0.2]), weights))
    assert np.isnan(average_precisions(~yes & yes, np.array([0.1, 0.2]), weights))


def test_articles_of_a_cluster_are_drawn_together() -> None:
    cluster = np.array([7, 3, 7, 5, 3, 7])
    (weights,) = cluster_weights(cluster, draws=300)
    assert weights.shape == (6, 300)
    np.testing.assert_array_equal(weights[0], weights[2])
    np.testing.assert_array_equal(weights[1], weights[4])
    np.testing.assert_array_equal(weights[[0, 1, 3]].sum(axis=0), np.full(300, 3))


def test_many_articles_are_drawn_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rubrika_train.bootstrap._CELLS", 250)
    parts = list(cluster_weights(np.arange(100), draws=7))
    assert [part.shape for part in parts] == [(100, 2), (100, 2), (100, 2), (100, 1)]


def test_the_interval_of_what_no_draw_measured_is_none() -> None:
    assert interval(np.array([np.nan, np.nan, 0.5])) is None
    assert interval(np.array([0.5, np.nan, 0.5])) == Interval(0.5, 0.5)


def world(
    generator: np.random.Generator, articles: int, copies: int
) -> tuple[Labels, Floats, Bools, Ints]:
    """Return a sample of a world that is known: labels, overconfident probabilities, choices."""
    latent = generator.normal(size=(articles, 3))
    truth = 1 / (1 + np.exp(1.5 - 2 * latent))
    labels = (generator.random(truth.shape) < truth).astype(np.int8)
    noise = generator.normal(size=truth.shape) / 2
    probabilities = 1 / (1 + np.exp(1.5 - 2.6 * latent - noise))
    rows = np.repeat(np.arange(articles), copies)
    return labels[rows], probabilities[rows], probabilities[rows] > 0.45, rows


FIGURES = ("f1_macro", "f1_micro", "average_precision_macro", "f1_by_article", "brier")


def held(copies: int, *, clustered: bool) -> dict[str, int]:
    """Return how many intervals of `RUNS` samples hold the figure of the whole world."""
    generator = np.random.default_rng(11)
    labels, probabilities, chosen, _ = world(generator, 200_000, 1)
    truth = evaluate(THEMES, labels, probabilities, chosen, draws=0)
    counts = dict.fromkeys(FIGURES, 0)
    for _ in range(RUNS):
        labels, probabilities, chosen, cluster = world(generator, 120, copies)
        own = cluster if clustered else None
        found = evaluate(THEMES, labels, probabilities, chosen, cluster=own, draws=250)
        for name in FIGURES:
            bounds = found.intervals[name]
            assert bounds is not None
            counts[name] += bounds.low <= getattr(truth, name) <= bounds.high
    return counts


def test_intervals_hold_the_truth_nineteen_times_in_twenty() -> None:
    assert min(held(1, clustered=True).values()) >= ENOUGH


def test_copies_make_articles_no_surer_but_only_where_clusters_are_known() -> None:
    assert min(held(4, clustered=True).values()) >= ENOUGH
    assert max(held(4, clustered=False).values()) < 0.85 * RUNS
