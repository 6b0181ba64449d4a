"""How many bytes of the files that are read, and how many there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(slots=True)
class Meter:
    """The bytes of the files that were read, and the file that is read now."""

    before: int = 0
    file: BinaryIO | None = None

    @contextmanager
    def over(self, file: BinaryIO) -> Iterator[None]:
        """Count a file while it is read; at its end as a whole, however much of it was read."""
        self.file = file
        try:
            yield
        finally:
            self.before += os.fstat(file.fileno()).st_size
            self.file = None

    @property
    def bytes(self) -> int:
        """The bytes read so far; of a compressed file, compressed ones."""
        return self.before + (self.file.tell() if self.file else 0)


def size(paths: Iterable[str]) -> int | None:
    """Return how many bytes files have, None where one of them is a pipe or standard input."""
    total = 0
    for path in map(Path, paths):
        if not path.is_file():
            return None
        total += path.stat().st_size
    return total
