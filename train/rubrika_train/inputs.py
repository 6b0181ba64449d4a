"""Articles to tag, from files, folders and standard input, one at a time."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from rubrika.errors import InputError
from rubrika_train.delimited import read_table
from rubrika_train.encodings import AUTO, decode
from rubrika_train.jsonlines import parse_object

STDIN = "-"
EMPTY = "the text is empty; there is nothing to tag"


@dataclass(frozen=True, slots=True)
class Row:
    """An article to tag: where it stands, its own fields, and its text.

    `raw` is the JSON object, in UTF-8, that the fields were read from, if they were.
    """

    origin: str
    fields: dict[str, Any]
    text: str
    raw: bytes | None = None


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


# Reads the lines of a file that stands at a place.
Reader = Callable[[str, Iterable[bytes], Reading], Iterator[Row | Reject]]


def read(inputs: Sequence[str], reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of files, folders and `-` (standard input) in order.

    Raises InputError for a file that does not exist or is of no known kind.
    """
    for path in list(files(inputs)):
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
            found = sorted(str(file) for file in path.rglob("*") if _is_readable(file))
            if not found:
                raise InputError(f"{name}: no articles in this folder; files may be {_kinds()}")
            yield from found
        else:
            raise InputError(f"{name}: no such file or folder")


def read_text(origin: str, lines: Iterable[bytes], reading: Reading) -> Iterator[Row | Reject]:
    """Yield a plain text as one article."""
    fields = {"file": origin}
    try:
        text = decode(b"".join(lines), reading.encoding)
    except InputError as error:
        yield Reject(origin, str(error), fields)
        return
    if text.strip():
        yield Row(origin, fields, text)
    else:
        yield Reject(origin, EMPTY, fields)


def read_jsonl(origin: str, lines: Iterable[bytes], reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of JSON Lines, one object a line; UTF-8 unless an encoding is named."""
    encoding = "utf-8" if reading.encoding == AUTO else reading.encoding
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if content and not content.isspace():
            yield _parse_line(f"{origin}:{number}", content, encoding, reading)


def read_csv(origin: str, lines: Iterable[bytes], reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of CSV or TSV, one a row; the first row names the columns."""
    try:
        for number, fields in read_table(lines, reading.encoding):
            yield row_of(f"{origin}:{number}", fields, reading)
    except InputError as error:
        raise InputError(f"{origin}: {error}") from error


READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".jsonl": read_jsonl,
    ".tsv": read_csv,
    ".txt": read_text,
}


def _reader(path: str) -> Reader:
    try:
        return READERS[Path(path).suffix.lower()]
    except KeyError as error:
        raise InputError(
            f"{path}: not a kind of file that is read; it may be {_kinds()}"
        ) from error


def _kinds() -> str:
    return ", ".join(sorted(READERS))


def _is_readable(path: Path) -> bool:
    return path.suffix.lower() in READERS and path.is_file()


def _read_stdin(reading: Reading) -> Iterator[Row | Reject]:
    """Read standard input as JSON Lines if its first line with anything on it opens an object."""
    lines = iter(sys.stdin.buffer)
    start = []
    for line in lines:
        start.append(line)
        if line.removeprefix(codecs.BOM_UTF8).strip():
            break
    is_json = bool(start) and start[-1].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    yield from (read_jsonl if is_json else read_text)(STDIN, chain(start, lines), reading)


def _parse_line(origin: str, line: bytes, encoding: str, reading: Reading) -> Row | Reject:
    try:
        fields = _parse(line, encoding)
    except (InputError, ValueError) as error:
        return Reject(origin, str(error), line.decode("utf-8", "backslashreplace").rstrip("\r\n"))
    return row_of(origin, fields, reading, line.strip() if encoding == "utf-8" else None)


def _parse(line: bytes, encoding: str) -> dict[str, Any]:
    """Return the JSON object of a line; raise InputError or ValueError."""
    if encoding != "utf-8":
        return parse_object(decode(line, encoding))
    try:
        return parse_object(line)
    except ValueError:
        # What is wrong with a line can only be said of its characters.
        return parse_object(decode(line, encoding))


def row_of(
    origin: str, fields: dict[str, Any], reading: Reading, raw: bytes | None = None
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
    if not text.strip():
        return Reject(origin, EMPTY, fields)
    return Row(origin, fields, text, raw)
