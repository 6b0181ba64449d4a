"""What topics that meet in an article say of its themes: crime by a plant is not industry.

Lemmas speak of topics noted for them beforehand. The shares of topics in an article are the square
roots of how much its lemmas speak of each, scaled to length 1. A theme's score gains one number
for every pair of topics, times their two shares: the square of how alike two articles are in their
topics is what training compares by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from rubrika.decision import Floats
from rubrika.words import Ints

MOST_TOPICS = 256
# Half precision holds a strength exactly that training gives; earlier files hold it in single one.
_DTYPES = {
    "lengths": ("uint8",),
    "columns": ("uint8",),
    "strengths": ("float16", "float32"),
    "weights": ("float32",),
}
# Articles multiplied at once: few enough that their products stay in the processor's cache, and
# that numpy starts no threads for them, which would take a second core and save no time.
_BLOCK = 64
# The last bits of a product differ from row to row of a matrix. Those beyond these decimals are
# cut, so that an article is told alone what it is told among others.
_DECIMALS = 9


@dataclass(frozen=True, eq=False)
class Topics:
    """How far lemmas speak of topics, and what two topics together say of themes.

    Lemma r speaks of the topics `columns[:, r]` with the `strengths[:, r]`, both of shape (most
    topics of a lemma, lemmas); where it has fewer, a strength of 0 stands. `weights` has shape
    (themes, topics, topics) and is symmetric: a pair of two topics stands there twice.
    """

    columns: npt.NDArray[np.uint8]
    strengths: npt.NDArray[np.float32]
    weights: Floats

    @classmethod
    def of(
        cls,
        lengths: Ints,
        columns: npt.NDArray[np.generic],
        strengths: npt.NDArray[np.generic],
        weights: Floats,
    ) -> Self:
        """Return topics from all lemmas' in a row, (links,), and how many each has, (lemmas,).

        Raises ValueError for more topics than a byte can number.
        """
        if weights.shape[1] > MOST_TOPICS:
            raise ValueError(f"{weights.shape[1]} topics, where {MOST_TOPICS} is the most")
        place = np.arange(lengths.max(initial=0)) < lengths[:, None]
        wide = cls(
            np.zeros(place.shape[::-1], np.uint8), np.zeros(place.shape[::-1], np.float32), weights
        )
        wide.columns.T[place], wide.strengths.T[place] = columns, strengths
        return wide

    @classmethod
    def from_tensors(
        cls, tensors: Mapping[str, npt.NDArray[np.generic]], lemmas: int, themes: int
    ) -> Self:
        """Return what `tensors` wrote, for so many lemmas and themes.

        Raises KeyError where a tensor is missing, ValueError for one that does not fit.
        """
        for name, dtypes in _DTYPES.items():
            if tensors[name].dtype not in dtypes:
                wanted = " or ".join(dtypes)
                raise ValueError(f"{name} of topics are {tensors[name].dtype}, not {wanted}")
        lengths = tensors["lengths"].astype(np.int64)
        weights = tensors["weights"].astype(np.float64)
        columns, strengths = tensors["columns"], tensors["strengths"].astype(np.float64)
        _check_weights(weights, themes)
        _check_links(lengths, columns, strengths, (lemmas, weights.shape[1]))
        return cls.of(lengths, columns, strengths, weights)

    def tensors(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return what a file holds: the topics of all lemmas in a row, and how many each has."""
        place = self.strengths.T > 0
        return {
            "lengths": place.sum(axis=1).astype(np.uint8),
            "columns": self.columns.T[place],
            "strengths": self.strengths.T[place].astype(np.float16),
            "weights": self.weights.astype(np.float32),
        }

    def scores(self, texts: Ints, rows: Ints, values: Floats, count: int) -> Floats:
        """Return what topics add to the scores of `count` texts, (texts, themes).

        Text `texts[k]` holds the lemma of row `rows[k]` with the TF-IDF `values[k]`.
        """
        own = shares(self._amounts(texts, rows, values, count))
        sums = np.empty((count, len(self.weights)))
        for start in range(0, count, _BLOCK):
            block = own[start : start + _BLOCK]
            beside = block @ self.weights  # (themes, texts of the block, topics)
            np.einsum("kij,ij->ik", beside, block, out=sums[start : start + _BLOCK])
        return sums.round(_DECIMALS)

    def contributions(self, rows: Ints, values: Floats) -> Floats:
        """Return what each lemma of one text adds to the scores by its topics, (lemmas, themes).

        What a topic adds, its share times what it says beside the others, is dealt out to the
        lemmas by how much each speaks of it: the sum is the score that topics add.
        """
        amounts = self._amounts(np.zeros_like(rows), rows, values, 1)
        own = shares(amounts)[0]
        by_topic = own * (self.weights @ own)  # (themes, topics)
        rates = by_topic / np.where(amounts > 0, amounts, 1.0)
        spoken = values * self.strengths[:, rows]  # (most topics, lemmas)
        return np.asarray((spoken * rates[:, self.columns[:, rows]]).sum(axis=1).T)

    def alone(self, theme: int) -> Floats:
        """Return what the topics of each lemma say of a theme where none meets another, (lemmas,).

        It is meant for an article in which strengths times TF-IDF sum to 1.
        """
        own = np.diagonal(self.weights[theme])
        return np.asarray((self.strengths * own[self.columns]).sum(axis=0))

    def _amounts(self, texts: Ints, rows: Ints, values: Floats, count: int) -> Floats:
        """Return how much the lemmas of texts speak of each topic, (texts, topics)."""
        topics = self.weights.shape[1]
        sums = np.zeros(count * topics)
        for columns, strengths in zip(self.columns, self.strengths, strict=True):
            spoken = strengths.take(rows)
            has = np.flatnonzero(spoken)
            # Those without a first topic have no second one either.
            texts, rows, values = texts.take(has), rows.take(has), values.take(has)
            cells = texts * topics + columns.take(rows)
            sums += np.bincount(cells, values * spoken.take(has), minlength=len(sums))
        return sums.reshape(count, topics)


def shares(amounts: Floats) -> Floats:
    """Return the shares of topics, (texts, topics), each row of length 1, or 0 without topics."""
    sums = amounts.sum(axis=1, keepdims=True)
    return np.sqrt(amounts / np.where(sums > 0, sums, 1.0))


def _check_weights(weights: Floats, themes: int) -> None:
    if weights.ndim != 3 or weights.shape != (themes, weights.shape[1], weights.shape[1]):
        raise ValueError(f"weights of topics have shape {weights.shape}")
    if not np.isfinite(weights).all():
        raise ValueError("weights of topics hold a number that is not finite")
    if not np.array_equal(weights, weights.transpose(0, 2, 1)):
        raise ValueError("weights of topics are not symmetric")


def _check_links(
    lengths: Ints, columns: npt.NDArray[np.generic], strengths: Floats, shape: tuple[int, int]
) -> None:
    """Raise ValueError for links that are none of so many lemmas to so many topics."""
    lemmas, topics = shape
    if lengths.shape != (lemmas,):
        raise ValueError(f"topics of {lengths.shape} lemmas, not {lemmas}")
    if columns.shape != (lengths.sum(),) or strengths.shape != columns.shape:
        raise ValueError("topics and their strengths do not fit the lemmas")
    if columns.astype(np.int64).max(initial=0) >= topics:
        raise ValueError("a lemma speaks of an unknown topic")
    if not (np.isfinite(strengths) & (strengths > 0)).all():
        raise ValueError("a lemma speaks of a topic with no strength that can be")
