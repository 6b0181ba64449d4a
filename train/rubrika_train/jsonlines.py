"""One object of a JSON Lines file, with faults that a person can find."""

from __future__ import annotations

from typing import Any

import orjson


def parse_object(line: bytes | str) -> dict[str, Any]:
    """Return the JSON object of a line; raise ValueError that says what is wrong with it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"broken JSON at column {error.colno}") from error
    if not isinstance(value, dict):
        raise ValueError(f"not a JSON object but a {type(value).__name__}")
    return value
