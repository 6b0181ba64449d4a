"""The simulation of the queue: the same for a seed, fair to both orders, and exact in its space."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rubrika_train.annotations import read
from rubrika_train.fitting import build_pipeline, label_matrix
from rubrika_train.settings import Settings
from rubrika_train.simulating import Rounds, Simulation, places, simulate
from tests.conftest import write_annotations

ROUNDS = Rounds(first=15, step=6, last=33, seeds=(1, 2))


def test_a_simulation_is_the_same_with_any_number_of_jobs(
    tmp_path: Path, tiny_settings: Settings
) -> None:
    annotations = read(write_annotations(tmp_path))
    one, two = (simulate(annotations, ROUNDS, tiny_settings, jobs) for jobs in (1, 2))
    assert one.sizes == (15, 21, 27, 33)
    assert one.queued.shape == one.at_random.shape == (2, 4)
    np.testing.assert_array_equal(one.queued, two.queued)
    np.testing.assert_array_equal(one.at_random, two.at_random)
    np.testing.assert_array_equal(one.queued[:, 0], one.at_random[:, 0])
    assert ((one.queued >= 0) & (one.queued <= 1)).all()


@pytest.mark.parametrize(
    ("queued", "at_random", "needed"),
    [
        ([0.5, 0.7, 0.8], [0.5, 0.6, 0.7], [100, 150, 200]),
        ([0.5, 0.7, 0.6], [0.5, 0.6, 0.7], [100, 150, 200]),  # a curve never falls
        ([0.5, 0.6, 0.7], [0.5, 0.7, 0.8], [100, 300, np.nan]),  # the queue does not come so far
    ],
)
def test_labels_needed_are_read_from_the_mean_curves(
    queued: list[float], at_random: list[float], needed: list[float]
) -> None:
    low, high = np.array(queued) - 0.1, np.array(queued) + 0.1
    simulation = Simulation((100, 200, 300), np.array([low, high]), np.array([at_random] * 2))
    np.testing.assert_allclose(simulation.needed, needed)


def test_a_classifier_is_the_same_in_the_space_of_the_labelled(
    tmp_path: Path, tiny_settings: Settings
) -> None:
    annotations = read(write_annotations(tmp_path))
    labels = label_matrix(annotations.judged, annotations.gold, annotations.themes)
    pipeline = build_pipeline(tiny_settings)
    features = pipeline[:-1].fit_transform([one.full_text for one in annotations.judged])
    asked = np.random.default_rng(5).permutation(len(labels))[:24]
    on_lemmas = pipeline[-1].fit(features[asked], labels[asked]).decision_function(features)
    found = places((features @ features.T).toarray(), asked)
    there = pipeline[-1].fit(found[asked], labels[asked]).decision_function(found)
    np.testing.assert_allclose(there, on_lemmas, atol=0.02)
