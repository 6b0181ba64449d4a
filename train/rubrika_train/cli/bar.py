"""A line on a terminal that says how far a long run is; plain, as rich takes long to load."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TextIO

from rubrika_train.inputs import Meter, Reject, Row, files, size

# A run that is shorter says nothing.
PATIENCE_SECONDS = 1.0
_INTERVAL_SECONDS = 0.2
# What is left is reckoned by the speed of the last ten seconds.
_WINDOW = 50
_CELLS = 24
_PLAIN_WIDTH = 80


@dataclass(slots=True)
class Bar:
    """Counts the articles that pass, and shows them and the share of `total()` that is `done()`.

    `total` gives None where nobody can know; it is asked only once the run is long.
    """

    stream: TextIO
    done: Callable[[], int]
    total: Callable[[], int | None]
    clock: Callable[[], float] = monotonic
    _whole: int | None = None
    _shown: int = 0
    _marks: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_WINDOW))

    def watch(self, rows: Iterator[Row | Reject]) -> Iterator[Row | Reject]:
        """Pass rows on, and draw from time to time."""
        clock = self.clock
        due = clock() + PATIENCE_SECONDS
        for count, row in enumerate(rows, 1):
            if isinstance(row, Reject):
                self.clear()  # who hears of it may write to the same terminal
            yield row
            if (now := clock()) >= due:
                self._draw(count, now)
                due = now + _INTERVAL_SECONDS

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")
            self._shown = 0

    def _draw(self, count: int, now: float) -> None:
        if not self._marks:
            self._whole = self.total()
        share = min(self.done() / self._whole, 1.0) if self._whole else None
        self._marks.append((now, share or 0.0))
        said = f"{count:,} articles"
        if share is not None:
            cells = "#" * int(share * _CELLS)
            said = f"[{cells:.<{_CELLS}}] {share:4.0%}  {said}{self._left(share)}"
        self._write(said)

    def _left(self, share: float) -> str:
        """Return in words how long what is left will take."""
        (then, before), (now, _) = self._marks[0], self._marks[-1]
        if share <= before:
            return ""
        minutes, seconds = divmod(round((1 - share) * (now - then) / (share - before)), 60)
        return f"  {minutes}:{seconds:02} left"

    def _write(self, said: str) -> None:
        said = said[: _width(self.stream) - 1]
        self.stream.write(f"\r{said:<{self._shown}}" if said else f"\r{'':{self._shown}}\r")
        self.stream.flush()
        self._shown = len(said)


@contextmanager
def watched(
    rows: Iterator[Row | Reject], inputs: Sequence[str], meter: Meter
) -> Iterator[Iterator[Row | Reject]]:
    """Give rows that a bar on standard error counts; it goes at the end, whatever ended them."""
    bar = Bar(sys.stderr, lambda: meter.bytes, lambda: size(files(inputs)))
    try:
        yield bar.watch(rows)
    finally:
        bar.clear()


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _PLAIN_WIDTH
    except OSError:
        return _PLAIN_WIDTH
