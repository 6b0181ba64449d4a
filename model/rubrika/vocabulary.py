"""Which words the tagger knows, and how often a text holds each: counted in numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Self

import numpy as np

from rubrika.debris import (
    MARKS,
    MARKS_BEFORE_IN,
    blank_debris,
    blank_known_lines,
    blank_marked_lines,
)
from rubrika.dictionary import DictionaryRows
from rubrika.forms import SILENT, UNKNOWN, Forms
from rubrika.words import Bools, Hashes, Ints, Words, hashes_of, run_starts, split


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each text holds each lemma.

    Text `texts[k]` holds the lemma of row `rows[k]` `counts[k]` times; the three have shape
    (cells,), cells in order of texts, then rows. `known` and `words` have shape (texts,): how many
    words of each text have a known Russian lemma, and how many say anything at all. A Latin brand
    tells a theme, but does not make a text one that the tagger can read.
    """

    texts: Ints
    rows: Ints
    counts: Ints
    known: Ints
    words: Ints


@dataclass(frozen=True, slots=True)
class Read:
    """The words of some texts, page debris left out; those of one text stand together, in order.

    Word k stands in text `texts[k]` and has the lemma of row `rows[k]`, below zero where that is
    not known, and the hash `hashes[k]`; all have shape (words,). Hashes are there if they were
    asked for, never by a dictionary.
    """

    texts: Ints
    rows: Ints
    hashes: Hashes | None


@dataclass(frozen=True)
class Vocabulary:
    """The lemmas that a tagger knows, in the order of its rows, and the table of their forms.

    `lines` holds the lemmas in UTF-8, each with "\\n" after it: tagging has no need of them as
    texts. Without a table pymorphy3 finds the lemma of each word.
    """

    lines: bytes = field(repr=False)
    forms: Forms | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, lemmas: Iterable[str], forms: Forms | None = None) -> Self:
        """Return the vocabulary of lemmas."""
        return cls("".join(f"{lemma}\n" for lemma in lemmas).encode(), forms)

    @cached_property
    def lemmas(self) -> tuple[str, ...]:
        """The lemmas in the order of their rows."""
        return tuple(self.lines.decode().split("\n")[:-1])

    def __len__(self) -> int:
        return len(self._is_russian)

    def row(self, form: str) -> int | None:
        """Return the row of a word form's lemma, or None for a word that is not known."""
        row = self.rows([form])[0]
        return int(row) if row >= 0 else None

    def rows(self, forms: Sequence[str]) -> Ints:
        """Return the rows of word forms' lemmas, (forms,); below zero for words not known."""
        rows = np.full(len(forms), UNKNOWN, dtype=np.int64)
        places, found = self._words_of(forms)
        rows[places] = found
        return rows

    def count(self, texts: Sequence[str]) -> Counts:
        """Count the lemmas of texts, page debris left out."""
        return self.tally(self.read(texts), len(texts))

    def tally(self, words: Read, texts: int) -> Counts:
        """Count the lemmas of so many texts that were read."""
        places, rows = words.texts, words.rows
        del words  # its arrays are large, and gone as soon as they are not needed
        is_known = np.flatnonzero(rows >= 0)
        says_something = places[rows != SILENT]
        places, rows = places.take(is_known), rows.take(is_known)
        width = max(len(self), 1)
        cells, counts = _distinct(places * width + rows)
        texts_of_cells = cells // width
        return Counts(
            texts=texts_of_cells,
            rows=cells - texts_of_cells * width,
            counts=counts,
            known=np.bincount(places[self._is_russian.take(rows)], minlength=texts),
            words=np.bincount(says_something, minlength=texts),
        )

    def read(self, texts: Sequence[str], *, hashed: bool = False) -> Read:
        """Return the words of texts, page debris left out, with their hashes if asked."""
        if self.forms is None:
            clean_texts = [blank_debris(text) for text in texts]
            return Read(*self._dictionary_rows.of_texts(clean_texts), None)
        words = split(map(blank_known_lines, texts))
        places, rows = words.texts, _rows(words, self.forms)
        marked = set(_marked(words).tolist())
        clean = {number: blank_marked_lines(texts[number]) for number in marked}
        changed = sorted(number for number, text in clean.items() if text != texts[number])
        if not changed:
            return Read(places, rows, words.hashes if hashed else None)
        # The words of few texts are found anew.
        anew = split([clean[number] for number in changed])
        is_changed = np.zeros(len(texts), dtype=np.bool_)
        is_changed[changed] = True
        stay = ~is_changed[places]
        return Read(
            np.concatenate([places[stay], np.array(changed)[anew.texts]]),
            np.concatenate([rows[stay], _rows(anew, self.forms)]),
            np.concatenate([words.hashes[stay], anew.hashes]) if hashed else None,
        )

    def _words_of(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the text and the row of each word, (words,) both."""
        if self.forms is None:
            return self._dictionary_rows.of_texts(texts)
        words = split(texts)
        return words.texts, _rows(words, self.forms)

    @cached_property
    def _dictionary_rows(self) -> DictionaryRows:
        return DictionaryRows(self.lemmas)

    @cached_property
    def _is_russian(self) -> Bools:
        """Which rows hold Russian lemmas, by their first letters; (lemmas,)."""
        # A lemma sorts after "а" exactly if it starts with a Cyrillic letter; so it is in UTF-8.
        octets = np.frombuffer(self.lines, np.uint8)
        starts = np.append(0, np.flatnonzero(octets == ord("\n")) + 1)[:-1]
        beginnings = octets[starts].astype(np.uint16) * 256 + octets[starts + 1]
        return np.asarray(beginnings >= _FIRST_CYRILLIC)


_FIRST_CYRILLIC = int.from_bytes("а".encode(), "big")


def _rows(words: Words, forms: Forms) -> Ints:
    """Return the row of each word, (words,); an unknown compound has that of its last known part.

    That part is its head, as a rule: «мини-гостиница».
    """
    rows = forms.rows(words.hashes)
    asked = np.flatnonzero(rows[words.part_words] == UNKNOWN)
    part_rows = forms.rows(words.part_hashes[asked])
    known = part_rows >= 0
    # Parts come in order, and of several values for one place the last one stays.
    rows[words.part_words[asked[known]]] = part_rows[known]
    rows[(rows == UNKNOWN) & ~words.worded] = SILENT
    return rows


def _marked(words: Words) -> Ints:
    """Return the texts, (marked words,), with words that mark a line of page debris."""
    alone, before, following = _marks()
    marked = _is_one_of(words.hashes, alone)
    marked[:-1] |= _is_one_of(words.hashes[:-1], before) & (words.hashes[1:] == following)
    marked[words.part_words[_is_one_of(words.part_hashes, alone)]] = True
    return words.texts[marked]


def _is_one_of(hashes: Hashes, few: Hashes) -> Bools:
    found = np.zeros(len(hashes), dtype=np.bool_)
    for one in few:
        found |= hashes == one
    return found


@cache
def _marks() -> tuple[Hashes, Hashes, np.uint64]:
    return hashes_of(MARKS), hashes_of(MARKS_BEFORE_IN), hashes_of(["в"])[0]


def _distinct(cells: Ints) -> tuple[Ints, Ints]:
    """Return the distinct values of `cells`, sorted, and how often each occurs."""
    cells = np.sort(cells)
    starts = run_starts(cells)
    return cells.take(starts), np.diff(starts, append=len(cells))
