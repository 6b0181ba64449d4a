"""Words in numpy are those of the pattern, and their hashes tell them apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrika import words
from rubrika.text import TOKEN, spelling
from rubrika.words import hashes_of, split
from tests.conftest import ROOT
from tests.test_text import TOKENS, rows

# Text that is anything, and text dense with what words are made of.
ANY_TEXT = st.text() | st.text(alphabet="абвЁё5й -‑'’\u00ad\u0301İſ\ud800😀zZ\n", max_size=30)


def hashes_by_text(texts: list[str]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in texts]
    split_texts = split(texts)
    for text, code in zip(split_texts.texts.tolist(), split_texts.hashes.tolist(), strict=True):
        found[text].append(code)
    return found


def hash_of(word: str) -> int:
    return int(hashes_of([word])[0])


@given(st.lists(ANY_TEXT, max_size=5))
def test_words_are_those_of_the_pattern(texts: list[str]) -> None:
    expected = [[hash_of(word) for word in TOKEN.findall(text)] for text in texts]
    assert hashes_by_text(texts) == expected


# Capitals whose small letters no token may hold: they have no spelling that is a word.
ODD_CAPITALS = str.maketrans("İȺȾ", "IAT")


@given(ANY_TEXT)
def test_a_word_has_the_hash_of_its_spelling(text: str) -> None:
    for word in TOKEN.findall(text.translate(ODD_CAPITALS)):
        assert hash_of(word) == hash_of(spelling(word))


@pytest.mark.parametrize("row", rows(TOKENS))
def test_words_of_a_table(row: str) -> None:
    text, _, expected = row.partition("|")
    assert hashes_by_text([text]) == [[hash_of(word) for word in expected.split()]]


@given(st.lists(ANY_TEXT, max_size=8), st.integers(1, 9))
def test_chunks_change_nothing(texts: list[str], size: int) -> None:
    short = [" ".join(word[:size] for word in TOKEN.findall(text)) for text in texts]
    with pytest.MonkeyPatch.context() as patched:
        whole = hashes_by_text(short)
        patched.setattr(words, "CHUNK", size)
        assert hashes_by_text(short) == whole


def test_different_words_have_different_hashes() -> None:
    text = (ROOT / "model/rubrika/released/vocabulary.txt").read_text("utf-8")
    vocabulary = sorted(set(TOKEN.findall(text)))
    assert len(np.unique(hashes_of(vocabulary))) == len(vocabulary)


HASHES = {
    "экспорт": 0xD4676E92B8EECE90,
    "ёлка": 0xE75A753C4E88C456,
    "b2b": 0xD2EF898549B51E90,
    "онлайн-магазин": 0xF1D62EE0B64CF953,
}


@pytest.mark.parametrize(("word", "expected"), HASHES.items())
def test_hashes_never_change_for_taggers_hold_them(word: str, expected: int) -> None:
    assert hash_of(word) == expected


WORDED = {"экспорт": True, "ии": True, "я": False, "5": False, "5-го": False, "b2b": True}


@pytest.mark.parametrize(("word", "worded"), WORDED.items())
def test_numbers_and_initials_are_no_words(word: str, worded: bool) -> None:
    assert split([word]).worded.tolist() == [worded]


PARTS = """
онлайн-магазин        | онлайн магазин
мини-отель-бутик и дом| мини отель бутик
5-летний              | 5 летний
2-го                  | 2
Су-34                 | Су
O'Key                 |
O'Key-магазин         | магазин
по-прежнему           | по прежнему
"""


@pytest.mark.parametrize("row", rows(PARTS))
def test_parts_of_compounds(row: str) -> None:
    text, _, expected = row.partition("|")
    found = split([text.strip()])
    assert found.part_hashes.tolist() == [hash_of(part) for part in expected.split()]
    assert set(found.part_words.tolist()) <= {0}


@pytest.mark.parametrize("not_one", ["", "два слова", "—"])
def test_what_is_not_one_word_has_no_hash(not_one: str) -> None:
    with pytest.raises(ValueError, match="not one word each"):
        hashes_of(["слово", not_one])
