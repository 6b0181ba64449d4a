"""The search of settings: what it reports is blind to the labels that it is measured on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from rubrika.errors import SettingsError
from rubrika_train.annotations import read
from rubrika_train.fitting import label_matrix
from rubrika_train.searching import (
    GRID,
    Point,
    inner_choice,
    mean_average_precisions,
    scores_by_held_out,
    search,
)
from rubrika_train.settings import Settings
from rubrika_train.settings import read as read_settings
from rubrika_train.training import train
from rubrika_train.validation import cross_validate
from tests.conftest import Run

FEW = (Point(0.0, 0.0, 0.7), Point(0.6, 0.8, 0.001), Point(0.6, 0.8, 0.7))


def test_the_grid_is_small_and_holds_the_shipped_point() -> None:
    assert len(set(GRID)) == len(GRID) <= 20
    assert any(point.settings(Settings()) == Settings() for point in GRID)


def test_a_grid_of_one_point_is_plain_cross_validation(
    annotated: Path, tiny_settings: Settings
) -> None:
    annotations, only = read(annotated), Point(0.3, 0.5, 2.0)
    found = search(annotations, tiny_settings, grid=[only])
    plain = cross_validate(annotations, only.settings(tiny_settings))
    assert found.settings == only.settings(tiny_settings)
    np.testing.assert_allclose(found.probabilities, plain.probabilities)
    np.testing.assert_array_equal(found.given, plain.chosen)


def test_a_search_is_the_same_with_several_processes(
    annotated: Path, tiny_settings: Settings
) -> None:
    annotations = read(annotated)
    one, two = (search(annotations, tiny_settings, jobs, grid=FEW) for jobs in (1, 2))
    assert (one.settings, one.tried) == (two.settings, two.tried)
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
    assert sum(tried.chosen_by for tried in one.tried) == tiny_settings.folds
    assert max(one.tried, key=lambda tried: tried.average_precision).point == one.best


def test_the_choice_for_a_fold_is_blind_to_its_labels(
    annotated: Path, tiny_settings: Settings
) -> None:
    annotations = read(annotated)
    texts = [article.full_text for article in annotations.judged]
    labels = label_matrix(annotations.judged, annotations.gold, annotations.themes)
    fold = np.arange(len(texts)) % 3
    candidates = [point.settings(tiny_settings) for point in FEW]
    other = labels.copy()
    other[fold == 0] = 1 - other[fold == 0]
    before, after = (scores_by_held_out(texts, own, fold, candidates) for own in (labels, other))
    assert inner_choice(0, before, labels, fold) == inner_choice(0, after, other, fold)
    for held_out in [(0,), (0, 1), (0, 2)]:
        for number in held_out:
            np.testing.assert_array_equal(before[held_out][number], after[held_out][number])
    assert (before[1, 2][1] != after[1, 2][1]).any()


def test_a_tagger_found_by_search_has_the_nested_figures(
    annotated: Path, tiny_settings: Settings
) -> None:
    annotations = read(annotated)
    found = search(annotations, tiny_settings, grid=FEW)
    trained = train(annotations, found.settings)
    honest = found.honest(trained)
    assert honest.tagger is trained.tagger
    np.testing.assert_array_equal(honest.results.probabilities, found.probabilities)
    assert honest.details["settings"] == found.settings.model_dump()
    assert honest.details["metrics"]["f1_macro"] == pytest.approx(
        honest.evaluation.f1_macro, abs=1e-3
    )


def test_mean_average_precision_is_scikits_over_measured_themes() -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(-1, 2, size=(60, 3)).astype(np.int8)
    labels[:, 2] = np.minimum(labels[:, 2], 0)  # a theme that no article has
    scores = generator.normal(size=(2, 60, 3))
    expected = [
        np.mean(
            [
                average_precision_score(labels[known, theme], one[known, theme])
                for theme in (0, 1)
                for known in [labels[:, theme] >= 0]
            ]
        )
        for one in scores
    ]
    np.testing.assert_allclose(mean_average_precisions(scores, labels), expected)


def test_two_folds_are_too_few(annotated: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        search(read(annotated), read_settings(overrides=["folds=2"]))
    assert str(raised.value) == "--search wants 3 folds or more: --set folds=3"


def test_train_search_prints_every_point_and_says_that_it_is_nested(
    run: Run, annotated: Path
) -> None:
    options = ["--search", "--set", "folds=3", "--set", "features.min_articles=1"]
    result = run("train", annotated, "-o", "mine", *options)
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()[: len(GRID) + 1]
    assert head.split("  ")[0] == "features.likeness"
    assert [row.split()[:3] for row in rows] == [
        [f"{point.likeness:g}", f"{point.topics:g}", f"{point.C:g}"] for point in GRID
    ]
    assert sum(row.rstrip().endswith("taken") for row in rows) == 1
    assert "Figures are cross-validated, the search nested in it\n" in result.stderr
