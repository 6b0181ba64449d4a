"""How a long function tells its caller what it does now."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def silent(step: str) -> None:
    """Tell nobody of a step."""
