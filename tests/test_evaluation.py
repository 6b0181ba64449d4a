"""Figures agree with scikit-learn's, and say what they leave out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.annotations import read as read_annotations
from rubrika_train.evaluation import evaluate, evaluate_tagger
from rubrika_train.labelled import from_annotations, read_labelled
from tests.conftest import TOURISM, write_annotations, write_jsonl

THEMES = ["a", "b", "c"]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(5, 60))
def test_figures_are_those_of_scikit_learn(seed: int, size: int) -> None:
    generator = np.random.default_rng(seed)
    labels = (generator.random((size, 3)) < 0.4).astype(np.int8)
    labels[0], labels[1] = 1, 0
    probabilities = generator.random((size, 3))
    chosen = probabilities > 0.5
    found = evaluate(THEMES, labels, probabilities, chosen)
    assert found.f1_macro == pytest.approx(f1_score(labels, chosen, average="macro"))
    assert found.f1_micro == pytest.approx(f1_score(labels, chosen, average="micro"))
    assert found.average_precision_macro == pytest.approx(
        average_precision_score(labels, probabilities, average="macro")
    )
    assert found.f1_by_article == pytest.approx(
        f1_score(labels, chosen, average="samples", zero_division=1)
    )
    for k, theme in enumerate(found.themes.values()):
        assert theme.recall == pytest.approx(recall_score(labels[:, k], chosen[:, k]))
        if theme.tp + theme.fp:
            assert theme.precision == pytest.approx(precision_score(labels[:, k], chosen[:, k]))


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
    found = evaluate(["a", "b"], labels, chosen.astype(float), chosen)
    absent = found.themes["b"]
    assert (absent.support, absent.precision, absent.recall, absent.f1) == (0, None, None, None)
    assert absent.average_precision is None
    assert found.f1_macro == 1.0


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
            'data.jsonl:2: wants a "text" and a list of "labels"; labels is not so',
        ),
        (
            {"text": "слово", "labels": [{}]},
            'data.jsonl:2: wants a "text" and a list of "labels"; labels.0 is not so',
        ),
        (
            {"text": "слово", "labels": ["sport"]},
            "data.jsonl:2: no theme 'sport'; did you mean tourism, automotive?",
        ),
        ([1], "data.jsonl:2: not a JSON object but a list"),
    ],
)
def test_a_broken_labelled_line_is_named(
    line: object, message: str, tagger: Tagger, tmp_path: Path
) -> None:
    path = write_jsonl(tmp_path / "data.jsonl", [{"text": TOURISM[0], "labels": []}, line])
    with pytest.raises(InputError) as raised:
        read_labelled(path, tagger.themes)
    assert str(raised.value) == f"{tmp_path}/{message}"
