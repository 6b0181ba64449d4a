"""A plain text file: one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from rubrika.errors import InputError
from rubrika_train.encodings import decode
from rubrika_train.inputs.rows import EMPTY, MAX_BYTES, TOO_LARGE, Reading, Reject, Row


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield a plain text as one article."""
    fields = {"file": origin}
    try:
        text = decode(read_whole(file), reading.encoding)
    except InputError as error:
        yield Reject(origin, str(error), fields)
        return
    if text.strip():
        yield Row(origin, fields, text)
    else:
        yield Reject(origin, EMPTY, fields)


def read_whole(file: BinaryIO) -> bytes:
    """Return what a file holds; raise InputError where that is too much for an article."""
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InputError(TOO_LARGE)
    return raw
