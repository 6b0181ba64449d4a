"""JSON: an array of articles, or one article; several objects in a row are taken as well.

Streamed by ijson, so that an array may be larger than the memory.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import ijson

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, decode
from rubrika_train.inputs.peeking import first_bytes, visible
from rubrika_train.inputs.recoding import UNMARKED
from rubrika_train.inputs.rows import Reading, Reject, Row, row_of

_BUFFER = 2**16
_DEPTH = 500
_OPEN = frozenset({"start_array", "start_map"})
_CLOSED = frozenset({"end_array", "end_map"})
# Whole numbers that JSON's readers and writers agree on.
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of an array, or the only one; UTF-8 unless an encoding is named.

    Raises InputError, without a place, where the JSON breaks: what follows cannot be found.
    """
    if reading.encoding not in (AUTO, "utf-8"):
        file = io.BytesIO(decode(file.read(), reading.encoding).encode())
    start, file = first_bytes(file)
    if b"\0" in start:
        raise InputError(UNMARKED)
    if start.startswith(codecs.BOM_UTF8):
        file.read(len(codecs.BOM_UTF8))
    is_array = visible(start).startswith(b"[")
    number = 0
    events = ijson.basic_parse(file, multiple_values=not is_array, buf_size=_BUFFER)
    values = ijson.items(ijson.parse(_shallow(events)), "item" if is_array else "")
    try:
        for number, value in enumerate(values, 1):
            yield _row(f"{origin}: item {number}" if is_array else origin, _plain(value), reading)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        place = f" after item {number}" if number else ""
        raise InputError(f"broken JSON{place} ({_said(error)})") from error


def _shallow(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Pass on what a parser says; raise RecursionError where values are nested past all use.

    ijson remembers the way to each value: a hostile file of brackets would fill the memory.
    """
    depth = 0
    for event, value in events:
        if event in _OPEN:
            depth += 1
            if depth > _DEPTH:
                raise RecursionError(f"values nested more than {_DEPTH} deep")
        elif event in _CLOSED:
            depth -= 1
        yield event, value


def _said(error: Exception) -> str:
    """Return what the parser says in one line: it goes on with a picture of the place."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return text.split("\n")[0].strip().rstrip(".")


def _row(origin: str, value: Any, reading: Reading) -> Row | Reject:  # noqa: ANN401 (any JSON)
    if isinstance(value, dict):
        return row_of(origin, value, reading)
    return Reject(origin, f"not a JSON object but {type(value).__name__}", value)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return a JSON value with the numbers that every reader of JSON Lines makes of it."""
    if isinstance(value, dict):
        return {key: _plain(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_plain(own) for own in value]
    is_long = isinstance(value, int) and not _SMALLEST <= value <= _LARGEST
    return float(value) if is_long or isinstance(value, Decimal) else value
