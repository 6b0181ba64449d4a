"""JSON Lines: an article a line."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import Any

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, decode
from rubrika_train.inputs.rows import Reading, Reject, Row, row_of
from rubrika_train.jsonlines import parse_object


def read(origin: str, lines: Iterable[bytes], reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of JSON Lines, one object a line; UTF-8 unless an encoding is named."""
    encoding = "utf-8" if reading.encoding == AUTO else reading.encoding
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if content and not content.isspace():
            yield _parse_line(f"{origin}:{number}", content, encoding, reading)


def _parse_line(origin: str, line: bytes, encoding: str, reading: Reading) -> Row | Reject:
    try:
        fields = _parse(line, encoding)
    except (InputError, ValueError) as error:
        return Reject(origin, str(error), line.decode("utf-8", "backslashreplace").rstrip("\r\n"))
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
