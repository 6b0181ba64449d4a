"""Which words the tagger knows, and how often a text holds each: counted in numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from rubrika.text import NO_LEMMA, forms, lemma

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each text holds each lemma.

    Text `texts[k]` holds the lemma of row `rows[k]` `counts[k]` times; the three have shape
    (cells,), cells in order of texts, then rows. `known` and `words` have shape (texts,): how many
    words of each text have a known Russian lemma, and any lemma. A Latin brand tells a theme, but
    does not make a text one that the tagger can read.
    """

    texts: Ints
    rows: Ints
    counts: Ints
    known: Ints
    words: Ints


class _Rows(dict[str, int]):
    """Word forms with the rows of their lemmas; a form is looked up once in a process."""

    def __init__(self, lemmas: Sequence[str]) -> None:
        super().__init__()
        self._row = {lemma: row for row, lemma in enumerate(lemmas)}
        self.unknown = len(lemmas)
        self.no_lemma = self.unknown + 1

    def __missing__(self, form: str) -> int:
        found = lemma(form)
        row = self.no_lemma if found == NO_LEMMA else self._row.get(found, self.unknown)
        if row == self.unknown and "-" in found:
            row = self._row_of_part(found)
        self[form] = row
        return row

    def _row_of_part(self, compound: str) -> int:
        """Return the row of an unknown compound's last known part: its head, as a rule."""
        for part in reversed(compound.split("-")):
            row = self._row.get(lemma(part), self.unknown)
            if row != self.unknown:
                return row
        return self.unknown


@dataclass(frozen=True)
class Vocabulary:
    """The lemmas that a tagger knows, in the order of its rows."""

    lemmas: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lemmas)

    def row(self, form: str) -> int | None:
        """Return the row of a word form's lemma, or None for a word that is not known."""
        row = self._rows[form]
        return row if row < len(self.lemmas) else None

    def count(self, texts: Sequence[str]) -> Counts:
        """Count the lemmas of texts."""
        rows_of_forms = self._rows
        rows_of_texts = [[rows_of_forms[form] for form in forms(text)] for text in texts]
        lengths = np.array([len(rows) for rows in rows_of_texts], dtype=np.int64)
        rows = np.fromiter(chain.from_iterable(rows_of_texts), dtype=np.int64, count=lengths.sum())
        places = np.repeat(np.arange(len(texts)), lengths)
        is_word = rows != rows_of_forms.no_lemma
        is_known = rows < len(self.lemmas)
        width = max(len(self.lemmas), 1)
        cells, counts = np.unique(places[is_known] * width + rows[is_known], return_counts=True)
        return Counts(
            texts=cells // width,
            rows=cells % width,
            counts=counts,
            known=np.bincount(places[is_known & self._is_russian[rows]], minlength=len(texts)),
            words=np.bincount(places[is_word], minlength=len(texts)),
        )

    @cached_property
    def _rows(self) -> _Rows:
        return _Rows(self.lemmas)

    @cached_property
    def _is_russian(self) -> npt.NDArray[np.bool_]:
        """Which rows hold Russian lemmas, by their first letters; the last two hold none."""
        russian = np.zeros(len(self.lemmas) + 2, dtype=np.bool_)
        # A lemma sorts after "а" exactly if it starts with a Cyrillic letter.
        russian[:-2] = np.fromiter(map("а".__le__, self.lemmas), np.bool_, len(self.lemmas))
        return russian
