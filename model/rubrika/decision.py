"""From scores to themes: one rule for predict, evaluate and explain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Status(StrEnum):
    """What Rubrika says of an article as a whole."""

    TAGGED = "tagged"
    NONE = "none"
    UNSURE = "unsure"
    UNKNOWN_WORDS = "unknown_words"
    WRONG_LANGUAGE = "wrong_language"


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme of an article, its probability, and the threshold that it had to reach."""

    theme: str
    probability: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a theme's score s into its probability 1 / (1 + exp(-(slope·s + intercept))).

    Two numbers a theme, as Platt (1999) has it: `slope` and `intercept` of shape (themes,).
    """

    slope: Floats
    intercept: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Return probabilities of the shape of `scores`, (articles, themes)."""
        logits = np.clip(scores * self.slope + self.intercept, -500.0, 500.0)
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that stands between an article's scores and its themes.

    `thresholds` has shape (themes,). An article is `unsure` when no theme reaches its threshold
    but one reaches `unsure_share` of it, and has `unknown_words` when it holds fewer than
    `min_known` known lemmas, or they are under `min_known_share` of its lemmas.
    """

    calibration: Calibration
    thresholds: Floats
    unsure_share: float
    min_known: int
    min_known_share: float

    def chosen(self, probabilities: Floats) -> Bools:
        """Return which themes reach their thresholds, of the shape of `probabilities`."""
        return np.asarray(probabilities >= self.thresholds)

    def unsure(self, probabilities: Floats) -> Bools:
        """Return which articles have a theme just under its threshold, of shape (articles,)."""
        near = probabilities >= self.thresholds * self.unsure_share
        return np.asarray(near.any(axis=1))

    def enough_known(self, known: npt.NDArray[np.int64], words: npt.NDArray[np.int64]) -> Bools:
        """Return which articles hold enough known words; all three of shape (articles,)."""
        return np.asarray((known >= self.min_known) & (known >= words * self.min_known_share))
