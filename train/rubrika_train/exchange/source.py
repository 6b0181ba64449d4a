"""A file as rows of fields, whatever it is: a JSON array, JSON Lines, or a table."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from rubrika.errors import InputError
from rubrika_train.delimited import read_table
from rubrika_train.encodings import AUTO, decode
from rubrika_train.jsonlines import parse_object

# A row with its place in the file.
Placed = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Source:
    """A file's bytes and what they hold."""

    path: Path
    raw: bytes
    encoding: str = AUTO

    @property
    def is_json(self) -> bool:
        """Whether the file holds JSON rather than a table or text."""
        return self.raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"[", b"{")

    @cached_property
    def rows(self) -> list[Placed]:
        """The rows with their places; raises InputError for the first that is broken."""
        return list(self._json_rows() if self.is_json else self._table_rows())

    @property
    def is_named_table(self) -> bool:
        """Whether the file's name says that it is a table."""
        return self.path.suffix.lower() in (".csv", ".tsv")

    @property
    def names(self) -> set[str]:
        """The names of the first row's fields; none for a text that is no table."""
        try:
            return set(self.rows[0][1]) if self.rows else set()
        except InputError:
            if self.is_json or self.is_named_table:
                raise
            return set()

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the lines of a text that hold anything, with their places."""
        try:
            text = decode(self.raw, self.encoding)
        except InputError as error:
            raise InputError(f"{self.path}: {error}") from error
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{self.path}:{number}", line.strip()

    def _json_rows(self) -> Iterator[Placed]:
        if not self.raw.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
            yield from self._json_lines()
            return
        try:
            array = orjson.loads(self.raw.removeprefix(codecs.BOM_UTF8))
        except orjson.JSONDecodeError as error:
            place = f"{self.path}:{error.lineno}"
            raise InputError(f"{place}: broken JSON at column {error.colno}") from error
        for number, value in enumerate(array, 1):
            place = f"{self.path}: item {number}"
            if not isinstance(value, dict):
                raise InputError(f"{place}: not a JSON object but {type(value).__name__}")
            yield place, value

    def _json_lines(self) -> Iterator[Placed]:
        for place, line in self.lines():
            try:
                yield place, parse_object(line)
            except ValueError as error:
                raise InputError(f"{place}: {error}") from error

    def _table_rows(self) -> Iterator[Placed]:
        try:
            for number, fields in read_table(self.raw.splitlines(keepends=True), self.encoding):
                yield f"{self.path}:{number}", dict(fields)
        except InputError as error:
            raise InputError(f"{self.path}: {error}") from error


def open_source(path: Path, encoding: str = AUTO) -> Source:
    """Read a file; raise InputError where there is none or nothing in it."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; give a file of labelled articles")
    raw = path.read_bytes()
    if not raw.strip():
        raise InputError(f"{path}: the file is empty; export it again")
    return Source(path, raw, encoding)
