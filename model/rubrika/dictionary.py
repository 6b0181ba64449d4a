"""Rows of words by pymorphy3 alone, for taggers of the first format, which hold no forms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from rubrika.forms import SILENT, UNKNOWN
from rubrika.text import NO_LEMMA, TOKEN, lemma
from rubrika.words import Ints

# Forms remembered at most, some 50 MB; then remembering begins anew.
MOST_FORMS = 2**18


class DictionaryRows(dict[str, int]):
    """Word forms with the rows of their lemmas; a form is looked up once while it is remembered."""

    def __init__(self, lemmas: Sequence[str]) -> None:
        super().__init__()
        self._row = {lemma: row for row, lemma in enumerate(lemmas)}

    def of_texts(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the text and the row of each word, (words,) both."""
        rows_of_texts = [[self[form] for form in TOKEN.findall(text)] for text in texts]
        lengths = np.array([len(rows) for rows in rows_of_texts], dtype=np.int64)
        rows = np.fromiter(chain.from_iterable(rows_of_texts), np.int64, lengths.sum())
        return np.repeat(np.arange(len(texts)), lengths), rows

    def __missing__(self, form: str) -> int:
        found = lemma(form)
        row = SILENT if found == NO_LEMMA else self._row.get(found, UNKNOWN)
        if row == UNKNOWN and "-" in found:
            row = self._row_of_part(found)
        if len(self) >= MOST_FORMS:
            self.clear()
        self[form] = row
        return row

    def _row_of_part(self, compound: str) -> int:
        """Return the row of an unknown compound's last known part: its head, as a rule."""
        for part in reversed(compound.split("-")):
            row = self._row.get(lemma(part), UNKNOWN)
            if row != UNKNOWN:
                return row
        return UNKNOWN
