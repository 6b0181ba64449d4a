"""themes.toml: the themes of a folder of annotations, as tables, with the line of every fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from rubrika.errors import AnnotationError
from rubrika.text import TOKEN
from rubrika.themes import Theme, fault_of_parents

_TABLE = re.compile(r"\s*\[\[\s*themes\s*\]\]")


def _with_words(keyword: str) -> str:
    if not TOKEN.search(keyword):
        raise ValueError(f"{keyword!r} holds no word")
    return keyword


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Keyword = Annotated[_Text, AfterValidator(_with_words)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Text
    ru: _Text
    en: _Text
    definition: str
    parent: str | None = None
    keywords: tuple[_Keyword, ...] = ()
    since: date | None = None

    def theme(self) -> Theme:
        fields = self.model_dump(exclude={"since"})
        return Theme(**fields, since=self.since.isoformat() if self.since else None)


def parse_themes(path: Path, content: bytes) -> tuple[Theme, ...]:
    """Return the themes of the content of a themes.toml; raise AnnotationError for a fault."""
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text).get("themes", [])
        lines = _Lines(path, text, len(tables))
        themes = tuple(_theme(table, lines, number) for number, table in enumerate(tables))
    except (ValueError, TypeError, AttributeError) as error:
        raise AnnotationError(f"{path}: not a list of [[themes]] tables ({error})") from error
    if not themes:
        raise AnnotationError(f"{path}: no [[themes]] in it")
    _refuse_faults(themes, lines)
    return themes


def table_of(theme: Theme) -> str:
    """Return a theme as a table of themes.toml, without the fields that it has not."""
    fields = {name: own for name, own in asdict(theme).items() if own or name == "definition"}
    # A JSON text is a TOML text too, but for this one character.
    values = ((name, orjson.dumps(value).decode()) for name, value in fields.items())
    lines = [f"{name} = {value}\n".replace("\x7f", "\\u007f") for name, value in values]
    return "".join(["\n[[themes]]\n", *lines])


class _Lines:
    """Finds the line of a table, or of a field in it: the TOML of the standard library tells none.

    Where tables are not written one under another, there is no line to tell.
    """

    def __init__(self, path: Path, text: str, tables: int) -> None:
        self._path, self._lines = path, text.splitlines()
        starts = [number for number, line in enumerate(self._lines) if _TABLE.match(line)]
        self._starts = [*starts, len(self._lines)] if len(starts) == tables else []

    def place(self, table: int, field: str = "") -> str:
        """Return the path with the line of a field of a table, or of its beginning."""
        if not self._starts:
            return str(self._path)
        start, stop = self._starts[table : table + 2]
        of_field = re.compile(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=")
        own = range(start, stop)
        found = next((line for line in own if field and of_field.match(self._lines[line])), start)
        return f"{self._path}:{found + 1}"


def _theme(table: dict[str, Any], lines: _Lines, number: int) -> Theme:
    try:
        return _Table(**table).theme()
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        reason = f"{first['msg'][0].lower()}{first['msg'][1:]}".removeprefix("value error, ")
        raise AnnotationError(f"{lines.place(number, field)}: {field}: {reason}") from error


def _refuse_faults(themes: Sequence[Theme], lines: _Lines) -> None:
    for number in _repeated([theme.id for theme in themes]):
        raise AnnotationError(f"{lines.place(number, 'id')}: a theme id occurs twice")
    fault = fault_of_parents(themes)
    if fault:
        raise AnnotationError(f"{lines.place(themes.index(fault[0]), 'parent')}: {fault[1]}")


def _repeated(ids: Sequence[str]) -> Iterator[int]:
    return (number for number, own in enumerate(ids) if own in ids[:number])
