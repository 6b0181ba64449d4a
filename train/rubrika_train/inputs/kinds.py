"""The kinds of file that are read: each is a module here, and a line in the table."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from rubrika.errors import InputError, RubrikaError
from rubrika_train.inputs.rows import Reading, Reject, Row

# Reads a file that stands at a place.
Reader = Callable[[str, BinaryIO, Reading], Iterator[Row | Reject]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the module here that reads it; the library and the extra that it needs."""

    module: str
    library: str = ""
    extra: str = ""

    def require(self, origin: str) -> None:
        """Raise RubrikaError that names the extra where the library is not installed."""
        if self.library and importlib.util.find_spec(self.library) is None:
            raise RubrikaError(
                f"{origin}: needs {self.library}; install it: pip install 'rubrika[{self.extra}]'"
            )

    def reader(self, origin: str) -> Reader:
        """Return what reads it; only then its module is imported, as the start must be quick."""
        self.require(origin)
        module = importlib.import_module(f"rubrika_train.inputs.{self.module}")
        read: Reader = module.read
        return read


_HTML = Kind("html", "trafilatura", "html")
KINDS = {
    ".csv": Kind("table"),
    ".htm": _HTML,
    ".html": _HTML,
    ".json": Kind("json_array"),
    ".jsonl": Kind("json_lines"),
    ".ndjson": Kind("json_lines"),
    ".parquet": Kind("parquet", "pyarrow", "parquet"),
    ".tsv": Kind("table"),
    ".txt": Kind("plain"),
}
COMPRESSED = (".gz", ".zst")
READABLE = f"{', '.join(KINDS)}, each also as {' or '.join(COMPRESSED)}"


def suffixes(path: str) -> tuple[str, str]:
    """Return the suffix that names a file's kind, and that of its compression, if any."""
    name = PurePath(path.lower())
    if name.suffix in COMPRESSED:
        return name.with_suffix("").suffix, name.suffix
    return name.suffix, ""


def is_readable(path: str) -> bool:
    """Whether a file's name says that it is of a kind that is read."""
    return suffixes(path)[0] in KINDS


def kind_of(path: str) -> Kind:
    """Return the kind that a file's name says; raise InputError for another."""
    try:
        return KINDS[suffixes(path)[0]]
    except KeyError as error:
        raise InputError(
            f"{path}: not a kind of file that is read; it may be {READABLE}"
        ) from error
