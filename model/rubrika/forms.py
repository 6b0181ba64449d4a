"""The forms of a vocabulary's lemmas, as a table of hashes: from a word to its lemma's row.

A tagger knows its words by this table alone, so that tagging asks no dictionary. What the table
lacks is an unknown word. It tells words by 34 bits of their hashes, and the few forms that agree in
those by all 64; so one unknown word in some 20,000 is taken for a known one, the same every time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from rubrika.words import Hashes, Ints

# Rows of words that are not lemmas of the vocabulary.
SILENT = -1  # says nothing of what a text is about: function words, people's names
_ALIKE = -2  # several forms agree in the bits that are kept: `exact` tells them apart
UNKNOWN = -3

BUCKETS = 2**18
_PRINT_SHIFT = np.uint64(30)  # 64 bits of hash: 18 choose the bucket, the 16 under them are kept
_BUCKET_SHIFT = np.uint64(46)
_CUT_OFF = np.uint64(2**30 - 1)


@dataclass(frozen=True, eq=False)
class Forms:
    """Word forms with their rows, sorted into buckets by the upper bits of their hashes.

    `sizes` (BUCKETS,) counts the forms of each bucket, uint8; `prints` (forms,) holds the next bits
    of each form's hash, uint16; `stored` (forms,) its row plus two, uint16 or uint32. Within a
    bucket lower rows come first. `exact` (few,) holds whole hashes, sorted, of forms that agree in
    those bits, and `exact_rows` (few,) their rows, int64.
    """

    sizes: npt.NDArray[np.uint8]
    prints: npt.NDArray[np.uint16]
    stored: npt.NDArray[Any]
    exact: Hashes
    exact_rows: Ints

    @classmethod
    def build(cls, hashes: Hashes, rows: Ints) -> Self:
        """Return the table of forms with `hashes` and `rows`, both (forms,); a row may be SILENT.

        Lower rows are found sooner: let them be the more frequent lemmas.
        """
        hashes, rows = _distinct(hashes, rows)
        keys = hashes >> _PRINT_SHIFT
        again = np.append(False, keys[1:] == keys[:-1])[: len(keys)]
        alike = again | np.append(again[1:], False)[: len(keys)]
        kept = ~again
        stored = np.where(alike, _ALIKE, rows)[kept]
        keys = keys[kept]
        buckets = (keys >> (_BUCKET_SHIFT - _PRINT_SHIFT)).astype(np.int64)
        order = np.lexsort((stored, buckets))
        sizes = np.bincount(buckets, minlength=BUCKETS)
        if sizes.max() > np.iinfo(np.uint8).max:
            raise ValueError(f"{len(keys)} forms are too many for {BUCKETS} buckets")
        width = np.uint16 if rows.max(initial=0) < np.iinfo(np.uint16).max - 1 else np.uint32
        return cls(
            sizes=sizes.astype(np.uint8),
            prints=keys[order].astype(np.uint16),
            stored=(stored[order] - _ALIKE).astype(width),
            exact=hashes[alike],
            exact_rows=rows[alike],
        )

    def __len__(self) -> int:
        return len(self.prints)

    def rows(self, hashes: Hashes) -> Ints:
        """Return the row of each word, SILENT or UNKNOWN; of the shape of `hashes`, (words,)."""
        if not len(self):
            return np.full(len(hashes), UNKNOWN, dtype=np.int64)
        buckets = (hashes >> _BUCKET_SHIFT).view(np.int64)
        prints = (hashes >> _PRINT_SHIFT).astype(np.uint16)
        first_prints, first_rows = self._firsts
        found = first_prints.take(buckets) == prints
        rows = np.where(found, first_rows.take(buckets), UNKNOWN)
        # Two words in three are done. Each round looks at the next form for those that are left.
        left = np.flatnonzero(~found)
        buckets, prints = buckets.take(left), prints.take(left)
        places, stops = self._starts.take(buckets) + 1, self._starts.take(buckets + 1)
        while len(left):
            found = (self.prints.take(places, mode="clip") == prints) & (places < stops)
            hits = np.flatnonzero(found)
            rows[left.take(hits)] = _unpacked(self.stored.take(places.take(hits)))
            places += 1
            on = np.flatnonzero(~found & (places < stops))
            left, prints = left.take(on), prints.take(on)
            places, stops = places.take(on), stops.take(on)
        alike = np.flatnonzero(rows == _ALIKE)
        rows[alike] = self._exact_rows_of(hashes[alike])
        return rows

    def _exact_rows_of(self, hashes: Hashes) -> Ints:
        places = np.searchsorted(self.exact, hashes)
        found = self.exact.take(places, mode="clip") == hashes
        return np.where(found, self.exact_rows.take(places, mode="clip"), UNKNOWN)

    def entries(self) -> tuple[Hashes, Ints]:
        """Return the hashes, cut off where the table cuts them, and the rows, for `build`."""
        buckets = np.repeat(np.arange(BUCKETS, dtype=np.uint64), self.sizes)
        hashes = (buckets << _BUCKET_SHIFT) | (self.prints.astype(np.uint64) << _PRINT_SHIFT)
        rows = _unpacked(self.stored)
        clear = rows != _ALIKE
        return (
            np.concatenate([hashes[clear], self.exact]),
            np.concatenate([rows[clear], self.exact_rows]),
        )

    def tensors(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays to save."""
        return {
            "sizes": self.sizes,
            "prints": self.prints,
            "rows": self.stored,
            "exact": self.exact,
            "exact_rows": self.exact_rows,
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, npt.NDArray[Any]], lemmas: int) -> Self:
        """Return the table that was saved; raise ValueError if it does not fit so many lemmas."""
        forms = cls(
            tensors["sizes"],
            tensors["prints"],
            tensors["rows"],
            tensors["exact"],
            tensors["exact_rows"],
        )
        stored: list[tuple[str, npt.NDArray[Any], int, tuple[type, ...]]] = [
            ("sizes", forms.sizes, BUCKETS, (np.uint8,)),
            ("prints", forms.prints, int(forms.sizes.sum(dtype=np.int64)), (np.uint16,)),
            ("rows", forms.stored, len(forms), (np.uint16, np.uint32)),
            ("exact", forms.exact, forms.exact.size, (np.uint64,)),
            ("exact_rows", forms.exact_rows, forms.exact.size, (np.int64,)),
        ]
        for name, array, length, types in stored:
            if array.shape != (length,) or array.dtype not in types:
                raise ValueError(f"{name} of forms is {array.dtype} {array.shape}, not ({length},)")
        if (
            int(forms.stored.max(initial=0)) + _ALIKE >= lemmas
            or int(forms.exact_rows.max(initial=SILENT)) >= lemmas
        ):
            raise ValueError(f"a form is of a lemma beyond the {lemmas} there are")
        return forms

    @cached_property
    def _starts(self) -> Ints:
        """Return where each bucket starts, (BUCKETS + 1,)."""
        starts = np.zeros(BUCKETS + 1, dtype=np.int64)
        starts[1:] = self.sizes
        return np.cumsum(starts, out=starts)

    @cached_property
    def _firsts(self) -> tuple[npt.NDArray[np.uint16], Ints]:
        """Return print and row of the first form in each bucket, (BUCKETS,) both.

        An empty bucket has any print, and the row UNKNOWN.
        """
        starts = self._starts[:-1]
        rows = _unpacked(self.stored.take(starts, mode="clip"))
        rows[self.sizes == 0] = UNKNOWN
        return self.prints.take(starts, mode="clip"), rows


def _unpacked(stored: npt.NDArray[Any]) -> Ints:
    """Return rows as they were before they were packed, of the shape of `stored`."""
    return stored.astype(np.int64) + _ALIKE


def _distinct(hashes: Hashes, rows: Ints) -> tuple[Hashes, Ints]:
    """Return forms sorted by hash, one of each.

    Of those with one hash the lowest row stays; so it does where a hash that was cut off leaves
    nothing else to go by.
    """
    keys = hashes >> _PRINT_SHIFT
    cut_off = keys[(hashes & _CUT_OFF) == 0]
    hashes = np.where(np.isin(keys, cut_off), keys << _PRINT_SHIFT, hashes)
    order = np.lexsort((rows, hashes))
    hashes, rows = hashes[order], rows[order]
    first = np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)]
    return hashes[first], rows[first]
