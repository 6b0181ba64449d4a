"""Articles to tag, from files, folders and standard input, one at a time."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, decode
from rubrika_train.jsonlines import parse_object

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """An article to tag: where it stands, its own fields, and its text."""

    origin: str
    fields: dict[str, Any]
    text: str


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


Reader = Callable[[str, BinaryIO, Reading], Iterator[Row | Reject]]


def read(inputs: Sequence[str], reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of files, folders and `-` (standard input) in order.

    Raises InputError for a file that does not exist or is of no known kind.
    """
    for path in files(inputs):
        if path == STDIN:
            yield from _read_stdin(reading)
        else:
            with Path(path).open("rb") as file:
                yield from _reader(path)(path, file, reading)


def files(inputs: Iterable[str]) -> Iterator[str]:
    """Yield the files that inputs name, those of a folder in order of their names."""
    for name in inputs:
        path = Path(name)
        if name == STDIN or path.is_file():
            yield name
        elif path.is_dir():
            found = sorted(str(file) for file in path.rglob("*") if file.suffix in READERS)
            if not found:
                raise InputError(f"{name}: no articles in this folder; files may be {_kinds()}")
            yield from found
        else:
            raise InputError(f"{name}: no such file or folder")


def read_text(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield a plain text as one article."""
    raw = file.read()
    try:
        text = decode(raw, reading.encoding)
    except InputError as error:
        raise InputError(f"{origin}: {error}") from error
    if text.strip():
        yield Row(origin, {"file": origin}, text)
    else:
        yield Reject(origin, "the text is empty; there is nothing to tag", {"file": origin})


def read_jsonl(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of JSON Lines, one object a line."""
    for number, line in enumerate(file, 1):
        if line.strip():
            yield _parse_line(f"{origin}:{number}", line, reading)


READERS: dict[str, Reader] = {".txt": read_text, ".jsonl": read_jsonl}


def _reader(path: str) -> Reader:
    try:
        return READERS[Path(path).suffix.lower()]
    except KeyError as error:
        raise InputError(
            f"{path}: not a kind of file that is read; it may be {_kinds()}"
        ) from error


def _kinds() -> str:
    return ", ".join(sorted(READERS))


def _read_stdin(reading: Reading) -> Iterator[Row | Reject]:
    file = cast("io.BufferedReader", sys.stdin.buffer)
    reader = read_jsonl if file.peek(1).lstrip()[:1] == b"{" else read_text
    yield from reader(STDIN, file, reading)


def _parse_line(origin: str, line: bytes, reading: Reading) -> Row | Reject:
    try:
        fields = parse_object(line)
    except ValueError as error:
        return Reject(origin, str(error), line.decode("utf-8", "replace").rstrip("\n"))
    return row_of(origin, fields, reading)


def row_of(origin: str, fields: dict[str, Any], reading: Reading) -> Row | Reject:
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
    if not text.strip():
        return Reject(origin, "the text is empty; there is nothing to tag", fields)
    return Row(origin, fields, text)
