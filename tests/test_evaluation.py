"""Figures agree with scikit-learn's, and say what they leave out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    hamming_loss,
    label_ranking_average_precision_score,
    precision_score,
    recall_score,
)

from rubrika.decision import Bools, Floats
from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.annotations import read as read_annotations
from rubrika_train.evaluation import evaluate, evaluate_tagger
from rubrika_train.labelled import LabelledArticle, from_annotations, read_labelled
from rubrika_train.metrics import calibration_bins
from rubrika_train.splits import Labels
from tests.conftest import NONE, TOURISM, write_annotations, write_jsonl

THEMES = ["a", "b", "c"]


def drawn(seed: int, size: int) -> tuple[Labels, Floats, Bools]:
    """Return random labels, probabilities with ties, and choices; every theme occurs."""
    generator = np.random.default_rng(seed)
    labels = (generator.random((size, 3)) < 0.4).astype(np.int8)
    labels[0], labels[1] = 1, 0
    probabilities = generator.integers(0, 20, (size, 3)) / 20
    return labels, probabilities, probabilities > 0.5


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(5, 60))
def test_figures_are_those_of_scikit_learn(seed: int, size: int) -> None:
    labels, probabilities, chosen = drawn(seed, size)
    found = evaluate(THEMES, labels, probabilities, chosen, draws=0)
    for average in ("macro", "micro"):
        for name, figure in (("f1", f1_score), ("recall", recall_score)):
            expected = figure(labels, chosen, average=average)
            assert getattr(found, f"{name}_{average}") == pytest.approx(expected)
    assert found.precision_micro == pytest.approx(precision_score(labels, chosen, average="micro"))
    assert found.average_precision_macro == pytest.approx(
        average_precision_score(labels, probabilities, average="macro")
    )
    assert found.f1_by_article == pytest.approx(
        f1_score(labels, chosen, average="samples", zero_division=1)
    )
    assert found.exact_match == pytest.approx(accuracy_score(labels, chosen))
    assert found.hamming_loss == pytest.approx(hamming_loss(labels, chosen))
    assert found.label_ranking_average_precision == pytest.approx(
        label_ranking_average_precision_score(labels, probabilities)
    )


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(5, 60))
def test_figures_of_a_theme_are_those_of_scikit_learn(seed: int, size: int) -> None:
    labels, probabilities, chosen = drawn(seed, size)
    found = evaluate(THEMES, labels, probabilities, chosen, draws=0)
    for k, theme in enumerate(found.themes.values()):
        yes, own, probability = labels[:, k], chosen[:, k], probabilities[:, k]
        counts = (theme.tn, theme.fp, theme.fn, theme.tp)
        assert counts == tuple(confusion_matrix(yes, own, labels=[0, 1]).ravel())
        assert theme.recall == pytest.approx(recall_score(yes, own))
        assert theme.f1 == pytest.approx(f1_score(yes, own))
        assert theme.average_precision == pytest.approx(average_precision_score(yes, probability))
        assert theme.brier == pytest.approx(brier_score_loss(yes, probability))
        if theme.tp + theme.fp:
            assert theme.precision == pytest.approx(precision_score(yes, own))
        else:
            assert theme.precision is None


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(8, 40))
def test_what_is_open_is_as_if_it_were_not_there(seed: int, size: int) -> None:
    labels, probabilities, chosen = drawn(seed, size)
    known = np.random.default_rng(seed).random(size) < 0.7
    known[:2] = True
    labels[~known, 0] = -1
    found = evaluate(THEMES, labels, probabilities, chosen, draws=0).themes["a"]
    kept = evaluate(
        ["a"], labels[known, :1], probabilities[known, :1], chosen[known, :1], draws=0
    ).themes["a"]
    for name in ("support", "tp", "fp", "fn", "tn", "f1", "average_precision", "brier", "ece"):
        assert getattr(found, name) == pytest.approx(getattr(kept, name))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_intervals_hold_their_figures_and_are_the_same_again(seed: int) -> None:
    parts = drawn(seed, 60)
    found = evaluate(THEMES, *parts, draws=200)
    assert found == evaluate(THEMES, *parts, draws=200)
    for name, bounds in found.intervals.items():
        value = getattr(found, name)
        assert bounds is not None
        assert bounds.low <= value <= bounds.high


@pytest.mark.parametrize(
    ("share_of_yes", "expected"),
    [
        (0.3, 0.0),  # as often as the probability says
        (0.5, 0.2),
        (0.1, 0.2),
    ],
)
def test_the_calibration_error_is_the_distance_from_the_share(
    share_of_yes: float, expected: float
) -> None:
    probabilities = np.full((1000, 1), 0.3)
    labels = (np.arange(1000) % 10 < share_of_yes * 10).astype(np.int8)[:, None]
    found = evaluate(["a"], labels, probabilities, probabilities > 0.5, draws=0)
    assert found.themes["a"].ece == pytest.approx(expected)


def test_calibration_bins_hold_equally_many_articles() -> None:
    bins = calibration_bins(np.random.default_rng(0).random(100) ** 4)
    assert np.bincount(bins).tolist() == [10] * 10


def test_keys_of_the_json_are_stable() -> None:
    tree = evaluate(THEMES, *drawn(1, 20)).to_json()
    assert list(tree) == [
        *("articles", "clusters"),
        *("f1_macro", "precision_macro", "recall_macro"),
        *("f1_micro", "precision_micro", "recall_micro"),
        *("average_precision_macro", "f1_by_article", "exact_match", "hamming_loss"),
        *("label_ranking_average_precision", "none_precision", "none_recall"),
        *("brier", "ece", "statuses", "themes", "intervals"),
    ]
    assert list(tree["themes"]["a"]) == [
        *("support", "tp", "fp", "fn", "tn", "precision", "recall", "f1", "average_precision"),
        *("threshold", "brier", "ece", "intervals"),
    ]
    assert sorted(tree["intervals"]["f1_macro"]) == ["high", "low"]
    assert orjson.loads(orjson.dumps(tree)) == tree


def test_a_disputed_theme_is_left_out() -> None:
    labels = np.array([[1, -1], [0, 1]], dtype=np.int8)
    chosen = np.array([[True, True], [False, True]])
    found = evaluate(["a", "b"], labels, chosen.astype(float), chosen)
    assert (found.themes["b"].tp, found.themes["b"].fp, found.themes["b"].tn) == (1, 0, 0)
    assert (found.f1_macro, found.exact_match) == (1.0, 1.0)


def test_a_right_none_counts_as_right() -> None:
    labels = np.array([[0, 0], [0, 0], [1, 0]], dtype=np.int8)
    chosen = np.array([[False, False], [True, False], [True, False]])
    found = evaluate(["a", "b"], labels, chosen.astype(float), chosen)
    assert found.f1_by_article == pytest.approx(2 / 3)
    assert (found.none_precision, found.none_recall) == (1.0, 0.5)


def test_a_theme_that_no_article_has_is_not_measured() -> None:
    labels = np.array([[1, 0], [0, 0]], dtype=np.int8)
    chosen = np.array([[True, True], [False, False]])
    found = evaluate(["a", "b"], labels, chosen.astype(float), chosen, draws=100)
    absent = found.themes["b"]
    assert (absent.support, absent.fp, absent.tn) == (0, 1, 1)
    figures = ("precision", "recall", "f1", "average_precision", "brier", "ece")
    assert {getattr(absent, name) for name in figures} == {None}
    assert absent.intervals == dict.fromkeys(figures)
    assert (found.f1_macro, found.average_precision_macro, found.brier) == (1.0, 1.0, 0.0)


def test_an_article_whose_themes_are_all_open_says_nothing() -> None:
    labels = np.array([[1, 0], [-1, -1]], dtype=np.int8)
    chosen = np.array([[False, False], [False, False]])
    found = evaluate(["a", "b"], labels, chosen.astype(float), chosen, draws=0)
    assert (found.f1_by_article, found.exact_match, found.hamming_loss) == (0.0, 0.0, 0.5)
    assert (found.none_precision, found.none_recall) == (0.0, None)


def test_statuses_are_counted(tagger: Tagger) -> None:
    texts = [TOURISM[0], NONE[0], "The harbour reopened after the storm had passed.", "Да."]
    articles = [
        LabelledArticle(str(k), text, frozenset(), frozenset()) for k, text in enumerate(texts)
    ]
    assert evaluate_tagger(tagger, articles).statuses == {
        "tagged": 1,
        "none": 1,
        "unsure": 0,
        "unknown_words": 1,
        "wrong_language": 1,
    }


def test_a_tagger_knows_what_it_learnt(tagger: Tagger, tmp_path: Path) -> None:
    articles = from_annotations(read_annotations(write_annotations(tmp_path)))
    found = evaluate_tagger(tagger, articles)
    assert found.articles == 48
    assert found.f1_macro == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            {"text": "слово"},
            'data.jsonl:2: each line wants a "text" and a list of "labels"; labels is not so',
        ),
        (
            {"text": "слово", "labels": [{}]},
            'data.jsonl:2: each line wants a "text" and a list of "labels"; labels.0 is not so',
        ),
        (
            {"text": "слово", "labels": ["sport"]},
            "data.jsonl:2: no theme 'sport'; did you mean tourism, automotive?",
        ),
        (
            [1],
            "data.jsonl:2: not a JSON object but list; "
            'each line wants a "text" and a list of "labels"',
        ),
    ],
)
def test_a_broken_labelled_line_is_named(
    line: object, message: str, tagger: Tagger, tmp_path: Path
) -> None:
    path = write_jsonl(tmp_path / "data.jsonl", [{"text": TOURISM[0], "labels": []}, line])
    with pytest.raises(InputError) as raised:
        read_labelled(path, tagger.themes)
    assert str(raised.value) == f"{tmp_path}/{message}"
