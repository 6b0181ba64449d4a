"""From scores to themes: one rule for predict, evaluate and explain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from rubrika.themes import Families

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Status(StrEnum):
    """What Rubrika says of an article as a whole."""

    TAGGED = "tagged"
    NONE = "none"
    UNSURE = "unsure"
    UNKNOWN_WORDS = "unknown_words"
    WRONG_LANGUAGE = "wrong_language"


class By(StrEnum):
    """What made a tag, where it was not the model."""

    KEYWORDS = "keywords"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme of an article, its probability, and the threshold that it had to reach.

    A tag that the model did not make says what made it (`by`), and `because` of what: the phrases
    found, or the children, whose highest probability it has.
    """

    theme: str
    probability: float
    threshold: float
    by: By | None = None
    because: tuple[str, ...] = ()


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
class Choice:
    """Probabilities of themes, which of them reach their thresholds, and which are given.

    A parent is given wherever one of its children is. All have shape (articles, themes).
    """

    probabilities: Floats
    reached: Bools
    given: Bools


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that stands between an article's scores and its themes.

    `thresholds` has shape (themes,). An article is `unsure` when no theme reaches its threshold
    but one reaches `unsure_share` of it, and has `unknown_words` when it holds fewer than
    `min_known` known lemmas, or they are under `min_known_share` of its lemmas. Of all themes only
    those `shown`, of shape (themes,), are told; None shows all.
    """

    calibration: Calibration
    thresholds: Floats
    unsure_share: float
    min_known: int
    min_known_share: float
    shown: Bools | None = None

    def choose(self, probabilities: Floats, families: Families) -> Choice:
        """Return the themes that reach their thresholds, with their parents."""
        return with_parents(probabilities, self.chosen(probabilities), families)

    def told(self, choice: Choice) -> Bools:
        """Return which of the themes given are shown, of shape (articles, themes)."""
        return choice.given if self.shown is None else choice.given & self.shown

    def chosen(self, probabilities: Floats) -> Bools:
        """Return which themes reach their thresholds, of the shape of `probabilities`."""
        return np.asarray(probabilities >= self.thresholds)

    def unsure(self, probabilities: Floats) -> Bools:
        """Return which articles have a theme just under its threshold, of shape (articles,)."""
        near = probabilities >= self.thresholds * self.unsure_share
        if self.shown is not None:
            near &= self.shown
        return np.asarray(near.any(axis=1))

    def enough_known(self, known: npt.NDArray[np.int64], words: npt.NDArray[np.int64]) -> Bools:
        """Return which articles hold enough known words; all three of shape (articles,)."""
        return np.asarray((known >= self.min_known) & (known >= words * self.min_known_share))


def with_parents(probabilities: Floats, reached: Bools, families: Families) -> Choice:
    """Return a choice closed upwards; arrays have shape (articles, themes).

    A parent that only its children give takes the highest of their probabilities for its own.
    """
    if not families:
        return Choice(probabilities, reached, reached)
    probabilities, given = probabilities.copy(), reached.copy()
    for parent, children in families:
        columns = list(children)
        highest = np.where(given[:, columns], probabilities[:, columns], -np.inf).max(axis=1)
        added = (highest > -np.inf) & ~reached[:, parent]
        probabilities[added, parent] = highest[added]
        given[added, parent] = True
    return Choice(probabilities, reached, given)
