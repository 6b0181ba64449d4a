"""Single values as tools write them: names of themes, ids, times, flags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

SEPARATOR = "; "
_SEPARATORS = re.compile(r"[;#|\n]")

# Where tools keep the names of the themes in an object: choices and paths of a taxonomy in Label
# Studio, the label of an annotation in doccano, an option's text in Prodigy.
_HOLDERS = ("choices", "taxonomy", "label", "text")


def names_in(value: Any) -> tuple[str, ...]:  # noqa: ANN401 (a JSON value)
    """Return the names in a name, a list of names, or an object that holds either.

    A path of a taxonomy counts as its last step. Raises ValueError for anything else.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),)
    if isinstance(value, list):
        steps = (one[-1:] if isinstance(one, list) else one for one in value)
        return tuple(name for step in steps for name in names_in(step))
    if isinstance(value, dict):
        for holder in _HOLDERS:
            if holder in value:
                return names_in(value[holder])
    raise ValueError(f"themes are a name or a list of names, not {orjson.dumps(value).decode()}")


def names_in_cell(cell: Any) -> tuple[str, ...]:  # noqa: ANN401 (a JSON value or a cell)
    """Return the names in a cell: JSON, or names between `;`, `#`, `|` or line ends."""
    value = unpacked(cell)
    if not isinstance(value, str):
        return names_in(value)
    return tuple(name.strip() for name in _SEPARATORS.split(value) if name.strip())


def unpacked(cell: Any) -> Any:  # noqa: ANN401 (a JSON value or a cell)
    """Return what a cell of JSON holds, and anything else as it is."""
    if isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"):
        try:
            return orjson.loads(cell)
        except orjson.JSONDecodeError:
            return cell
    return cell


def cell_of(names: list[str]) -> str:
    """Return names as a cell that `names_in_cell` reads: `; ` between them, or JSON."""
    cell = SEPARATOR.join(names)
    return cell if names_in_cell(cell) == tuple(names) else orjson.dumps(names).decode()


def text_in(value: Any) -> str | None:  # noqa: ANN401 (a JSON value)
    """Return a text or a number as a text, and None for what is empty or neither."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def id_in(*sources: Mapping[str, Any], names: tuple[str, ...] = ("ref_id", "id")) -> str | None:
    """Return the first id that fields give, those named first before the others."""
    ids = (text_in(source.get(name)) for name in names for source in sources)
    return next((one for one in ids if one), None)


def moment_in(value: Any) -> str | None:  # noqa: ANN401 (a JSON value)
    """Return a time of ISO 8601 as it is, seconds since 1970 as ISO 8601, None for no time."""
    try:
        if isinstance(value, str):
            datetime.fromisoformat(value)
            # ISO 8601 has also days of weeks and years; labels.jsonl has dates alone.
            return value if re.match(r"\d{4}-\d{2}-\d{2}", value) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        pass
    return None


def flag_in(value: Any) -> bool | None:  # noqa: ANN401 (a JSON value)
    """Return a flag from JSON or a cell, and None for none."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes", "да") if value.strip() else None
    return bool(value) if value is not None else None


def without_title(title: str | None, text: str) -> str:
    """Return a text without the title that stands at its head, where there is one."""
    return text.removeprefix(f"{title}\n\n") if title else text
