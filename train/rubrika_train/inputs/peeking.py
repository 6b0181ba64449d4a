"""The first bytes of a file that cannot be read twice."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 2**18
_ENOUGH = 2**12
_MAX_BLANK = 2**24


class _Rewound(io.RawIOBase):
    """A file whose first bytes were read already, from its start."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        block = self._start[: len(view)] or read_some(self._rest, len(view))
        self._start = self._start[len(block) :]
        view[: len(block)] = block
        return len(block)


def first_bytes(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a file, and the file to be read from its start.

    They hold a line with something on it, or much of it, unless the file holds less.
    """
    start = b""
    while not _is_enough(start):
        block = read_some(file, _BUFFER)
        if not block:
            break
        start += block
    return start, io.BufferedReader(_Rewound(start, file), _BUFFER)


def visible(start: bytes) -> bytes:
    """Return first bytes from the first that shows: no mark of UTF-8, no white space."""
    return start.removeprefix(codecs.BOM_UTF8).lstrip()


def _is_enough(start: bytes) -> bool:
    shown = visible(start)
    return b"\n" in shown or len(shown) > _ENOUGH or len(start) > _MAX_BLANK


def read_some(file: BinaryIO, size: int) -> bytes:
    """Return what is there without waiting for more, at most `size` bytes; none at the end."""
    read = getattr(file, "read1", file.read)
    block: bytes = read(size)
    return block
