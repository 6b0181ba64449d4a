"""Lines of JSON: one object read, with faults that a person can find, and any value written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson


def parse_object(line: bytes | str) -> dict[str, Any]:
    """Return the JSON object of a line; raise ValueError that says what is wrong with it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"broken JSON at column {error.colno}") from error
    if not isinstance(value, dict):
        raise ValueError(f"not a JSON object but {type(value).__name__}")
    return value


def line_of(value: object) -> bytes:
    """Return a value as a line of JSON; raise orjson.JSONEncodeError for what JSON cannot hold."""
    return orjson.dumps(value, default=plain_value, option=orjson.OPT_APPEND_NEWLINE)


def plain_value(value: object) -> Any:  # noqa: ANN401 (any JSON)
    """Return a value that JSON does not know, from Parquet, as one that it knows.

    A fraction in decimal stays to the digit, a time is written as ISO 8601 has it. Raises TypeError
    for bytes and the like.
    """
    from decimal import Decimal  # which a start need not wait for

    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, timedelta):
        return str(value)
    isoformat = getattr(value, "isoformat", None)  # pandas has times of its own
    if isoformat is None:
        raise TypeError(type(value).__name__)
    return isoformat()
