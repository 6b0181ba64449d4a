"""What thresholds are to reach: the best F1, or a precision or recall that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve

from rubrika.decision import Floats
from rubrika.errors import SettingsError
from rubrika_train.deciding import best_threshold


class Goal(StrEnum):
    """What is held up by a threshold."""

    F1 = "f1"
    PRECISION = "precision"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Target:
    """A goal; `level` is the precision or recall wanted, over 0 and at most 1."""

    goal: Goal
    level: float = 0.0

    def __str__(self) -> str:
        return str(self.goal) if self.goal is Goal.F1 else f"{self.goal}={self.level:g}"


BEST_F1 = Target(Goal.F1)


def parse(written: str) -> Target:
    """Return the target that is written f1, precision=0.9 or recall=0.9; raise SettingsError."""
    name, equals, level = written.partition("=")
    try:
        target = Target(Goal(name), float(level) if equals else 0.0)
    except ValueError as error:
        raise _unknown(written) from error
    if (target.goal is Goal.F1) == bool(equals) or (equals and not 0 < target.level <= 1):
        raise _unknown(written)
    return target


def threshold(probabilities: Floats, labels: npt.NDArray[np.int8], target: Target) -> float:
    """Return the threshold that meets a target on labelled articles, both of shape (articles,).

    Of those with the precision wanted the one of the highest recall, and the other way round;
    where no threshold has that precision, the one of the highest. It is 0.5 without any yes.
    """
    if target.goal is Goal.F1 or not (labels == 1).any():
        return best_threshold(probabilities, labels)
    precision, recall, thresholds = precision_recall_curve(labels, probabilities)
    if target.goal is Goal.RECALL:
        chosen = int(np.flatnonzero(recall[:-1] >= target.level)[-1])
    else:
        enough = min(target.level, precision[:-1].max())
        chosen = int(np.flatnonzero(precision[:-1] >= enough)[0])
    below = thresholds[chosen - 1] if chosen else 0.0
    return float((thresholds[chosen] + below) / 2)


def _unknown(written: str) -> SettingsError:
    return SettingsError(
        f"--target {written}: write f1, precision=0.9 or recall=0.9; levels are over 0 and up to 1"
    )
