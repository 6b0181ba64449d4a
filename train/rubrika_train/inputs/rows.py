"""What every kind of file is read into: rows that hold an article, and rows that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rubrika_train.encodings import AUTO

EMPTY = "the text is empty; there is nothing to tag"
# An article beyond this is no article, and would fill the memory.
MAX_BYTES = 2**26
TOO_LARGE = f"more than {MAX_BYTES >> 20} MB in one text; is it an article?"


@dataclass(frozen=True, slots=True)
class Row:
    """An article to tag: where it stands, its own fields, and its text.

    `raw` is the JSON object, in UTF-8, that the fields were read from, if they were; `schema` the
    Arrow schema.
    """

    origin: str
    fields: dict[str, Any]
    text: str
    raw: bytes | None = None
    schema: Any = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that holds no article: where it stands, why not, and what it holds."""

    origin: str
    reason: str
    raw: Any

    @property
    def message(self) -> str:
        """The fault in one line."""
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the fields that hold text and title, and the encoding."""

    text_column: str = "text"
    title_column: str = "title"
    encoding: str = AUTO


def row_of(
    origin: str,
    fields: dict[str, Any],
    reading: Reading,
    raw: bytes | None = None,
    schema: Any = None,  # noqa: ANN401 (an Arrow schema, which need not be installed)
) -> Row | Reject:
    """Return the article that fields hold, its title before its text."""
    text = fields.get(reading.text_column)
    if not isinstance(text, str):
        known = ", ".join(fields) or "none"
        return Reject(
            origin,
            f"no text in field {reading.text_column!r} (fields: {known}); "
            "name its field with --text-column",
            fields,
        )
    title = fields.get(reading.title_column)
    if isinstance(title, str) and title.strip():
        text = f"{title}\n\n{text}"
    if not text or text.isspace():
        return Reject(origin, EMPTY, fields)
    return Row(origin, fields, text, raw, schema)
