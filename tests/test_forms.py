"""The table of forms gives each form its lemma's row, and nothing to others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrika.forms import SILENT, UNKNOWN, Forms
from rubrika.text import lemma
from rubrika.vocabulary import Vocabulary
from rubrika.words import hashes_of
from rubrika_train.inflecting import inflect, inflected


def joined(upper: int, lower: int) -> int:
    return upper << 30 | lower


# Hashes with the bits that the table keeps and those that it cuts off; some agree in the former.
HASH = st.builds(joined, st.integers(0, 3) | st.integers(0, 2**34 - 1), st.integers(1, 2**30 - 1))
TABLE = st.dictionaries(HASH, st.integers(SILENT, 70_000), max_size=60)


def build(table: dict[int, int]) -> Forms:
    return Forms.build(
        np.array(list(table), dtype=np.uint64), np.array(list(table.values()), dtype=np.int64)
    )


@given(TABLE)
def test_every_form_has_its_row(table: dict[int, int]) -> None:
    assert build(table).rows(np.array(list(table), dtype=np.uint64)).tolist() == [*table.values()]


@given(TABLE, HASH)
def test_others_are_unknown(table: dict[int, int], other: int) -> None:
    if other >> 30 not in {known >> 30 for known in table}:
        assert build(table).rows(np.array([other], dtype=np.uint64)).tolist() == [UNKNOWN]


@given(TABLE)
def test_a_table_is_built_again_from_its_entries(table: dict[int, int]) -> None:
    forms = build(table)
    again = Forms.build(*forms.entries())
    for name, array in forms.tensors().items():
        np.testing.assert_array_equal(again.tensors()[name], array)


@given(TABLE)
def test_a_table_survives_being_saved(table: dict[int, int]) -> None:
    forms = build(table)
    loaded = Forms.from_tensors(forms.tensors(), lemmas=70_001)
    hashes = np.array(list(table), dtype=np.uint64)
    assert loaded.rows(hashes).tolist() == forms.rows(hashes).tolist()


def test_of_forms_cut_off_alike_the_lowest_row_stays() -> None:
    forms = Forms.build(np.array([5 << 30, 5 << 30 | 7], dtype=np.uint64), np.array([4, 2]))
    assert forms.rows(np.array([5 << 30 | 7, 5 << 30 | 1], dtype=np.uint64)).tolist() == [2, 2]


DAMAGE: dict[str, npt.NDArray[Any]] = {
    "sizes": np.zeros(7, dtype=np.uint8),
    "prints": np.zeros(3, dtype=np.uint16),
    "rows": np.full(2, 9, dtype=np.uint16),
    "exact": np.zeros(1, dtype=np.int64),
    "exact_rows": np.zeros((1, 1), dtype=np.int64),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_table_that_does_not_fit_is_refused(name: str) -> None:
    tensors = build({1 << 40: 0, 2 << 50: 1}).tensors()
    with pytest.raises(ValueError, match="form"):
        Forms.from_tensors({**tensors, name: DAMAGE[name]}, lemmas=2)


INFLECTED = """
турист       туристы туристов туристами
экспорт      экспорта экспортом
экспортер    экспортеры экспортерами
маркетплейс  маркетплейсы маркетплейсов маркетплейсами
wildberries  wildberries
"""


@pytest.mark.parametrize("row", INFLECTED.strip().splitlines())
def test_forms_of_a_lemma(row: str) -> None:
    word, *forms = row.split()
    assert inflect(word) >= {word, *forms}


def test_a_form_belongs_to_one_lemma() -> None:
    assert "стали" in inflect("стать")
    assert "стали" not in inflect("сталь")


LEMMAS = ("турист", "маркетплейс", "новослово", "гостиница", "город")
ROWS = """
туристами       турист
ТУРИСТЫ         турист
маркетплейсов   маркетплейс
новословушка    новослово
мини-гостиницы  гостиница
город-спутник   город
экспортом       -
и               -
5               -
"""


@pytest.mark.parametrize("row", ROWS.strip().splitlines())
def test_row_of_a_form(row: str) -> None:
    form, expected = row.split()
    vocabulary = inflected(LEMMAS, {"новослово": ["новословушка"]})
    assert vocabulary.row(form) == (None if expected == "-" else LEMMAS.index(expected))


def test_the_table_agrees_with_pymorphy3_on_the_projects_articles() -> None:
    """Of the tokens of the annotated articles, fewer than one in a thousand differ."""
    from rubrika.text import forms
    from rubrika_train import background
    from tests.test_tagger import project_texts

    lemmas = background.load().lemmas
    # Without «2023-го», whose ending pymorphy3 alone takes for the game of go.
    words = [form for text in project_texts() for form in forms(text) if form[0].isalpha()]
    ours = inflected(lemmas, {}).rows(words)
    alone = Vocabulary.of(lemmas).rows(words)
    differ = np.flatnonzero((ours != alone) & ((ours >= 0) | (alone >= 0)))
    assert len(differ) < len(words) / 1000, [(words[k], lemma(words[k])) for k in differ]
    assert len(hashes_of(words)) > 15_000
