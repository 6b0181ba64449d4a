"""JSON Lines: an article a line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, decode
from rubrika_train.inputs.recoding import UNMARKED
from rubrika_train.inputs.rows import MAX_BYTES, Reading, Reject, Row, row_of
from rubrika_train.jsonlines import parse_object

LONG_LINE = f"more than {MAX_BYTES >> 20} MB in one line; is it an article?"
# So much of such a line is kept with the rejects, to know it by.
_SHOWN_BYTES = 200
_PIECE = 2**18


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of JSON Lines, one object a line; UTF-8 unless an encoding is named."""
    encoding = "utf-8" if reading.encoding == AUTO else reading.encoding
    readline = partial(file.readline, MAX_BYTES + 1)  # no more of a line in memory
    for number, line in enumerate(iter(readline, b""), 1):
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if len(line) > MAX_BYTES:
            shown = line[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
            while line and not line.endswith(b"\n"):
                line = file.readline(_PIECE)
            yield Reject(f"{origin}:{number}", LONG_LINE, f"{shown}…")
        elif content and not content.isspace():
            yield _parse_line(f"{origin}:{number}", content, encoding, reading)


def _parse_line(origin: str, line: bytes, encoding: str, reading: Reading) -> Row | Reject:
    try:
        fields = _parse(line, encoding)
    except (InputError, ValueError) as error:
        reason = UNMARKED if b"\0" in line else str(error)
        return Reject(origin, reason, line.decode("utf-8", "backslashreplace").rstrip("\r\n"))
    return row_of(origin, fields, reading, line.lstrip() if encoding == "utf-8" else None)


def _parse(line: bytes, encoding: str) -> dict[str, Any]:
    """Return the JSON object of a line; raise InputError or ValueError."""
    if encoding != "utf-8":
        return parse_object(decode(line, encoding))
    try:
        return parse_object(line)
    except ValueError:
        # What is wrong with a line can only be said of its characters.
        return parse_object(decode(line, encoding))
