"""What every table for people is made of: the console, columns, figures with intervals."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rubrika_train.bootstrap import Interval

_PLAIN_WIDTH = 100
# What would move a terminal's cursor, colour it, or rename its window.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line, as for all that is printed; rich would exit with 1."""
        raise BrokenPipeError


def output(*, stderr: bool = False) -> Console:
    """Return a console; what is no terminal is a hundred columns wide."""
    stream = sys.stderr if stderr else sys.stdout
    return _Console(file=stream, highlight=False, width=None if stream.isatty() else _PLAIN_WIDTH)


def printable(text: str) -> str:
    """Return an article's text as a terminal may have it: no control characters but line ends."""
    return _CONTROLS.sub("\ufffd", text)


def table(first: str, *others: str) -> Table:
    """Return an empty table: a column of names, then columns of figures."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column(first, no_wrap=True)
    for name in others:
        made.add_column(name, justify="right")
    return made


def print_table(first: str, others: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a column of names, then columns of figures; a row holds as many texts."""
    made = table(first, *others)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    output().print(made)


def figure(value: float | None) -> str:
    """Return a figure to three digits."""
    return "not measured" if value is None else f"{value:.3f}"


def with_interval(value: float | None, interval: Interval | None, digits: int = 2) -> str:
    """Return a figure and the bounds of its interval."""
    if interval is None:
        return figure(value)
    return f"{figure(value)} {interval.low:.{digits}f}–{interval.high:.{digits}f}"
