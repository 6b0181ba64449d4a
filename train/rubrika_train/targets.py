"""What thresholds are to reach: the best F1, or a precision or recall that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rubrika.errors import SettingsError


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
        return str(self.goal) if self.goal is Goal.F1 else f"{self.goal}={self.level:.15g}"


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


def _unknown(written: str) -> SettingsError:
    return SettingsError(
        f"target {written}: write f1, precision=0.9 or recall=0.9; levels are over 0 and up to 1"
    )
