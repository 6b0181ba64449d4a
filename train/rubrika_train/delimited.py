"""Tables as text: CSV from Excel and elsewhere, TSV; separator and encoding are recognised."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, detect, unknown

SEPARATORS = ",;\t|"
_SAMPLE_LINES = 200
# A cell may hold a whole article; Python's own limit of 131,072 characters is too low for some.
_CELL_CHARACTERS = 2**24


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that has more cells than there are column names."""

    cells: list[str]
    names: int

    @property
    def reason(self) -> str:
        """The fault in words."""
        return f"{len(self.cells)} cells under {self.names} column names"


def read_table(
    lines: Iterable[bytes], encoding: str = AUTO
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table under its header, with the line on which each ends.

    Raises InputError, without a place, for what is no text, has no header, breaks its quotes, or
    has a row with more cells than there are columns.
    """
    for number, row in read_rows(lines, encoding):
        if isinstance(row, Ragged):
            raise InputError(f"line {number} is no CSV ({row.reason})")
        yield number, row


def read_rows(
    lines: Iterable[bytes], encoding: str = AUTO
) -> Iterator[tuple[int, dict[str, str] | Ragged]]:
    """Yield what `read_table` does, and rows with too many cells as they are."""
    csv.field_size_limit(_CELL_CHARACTERS)
    reader = None
    try:
        text = _decoded(iter(lines), encoding)
        start = list(islice(text, _SAMPLE_LINES))
        if not start:
            return
        reader = csv.reader(chain(start, text), delimiter=separator(start[0]), strict=True)
        header = next(reader)
        _refuse_repeated(header)
        for cells in reader:
            if cells:
                yield reader.line_num, _row(header, cells)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num if reader else 1} is no CSV ({error})") from error
    except LookupError as error:
        raise InputError(unknown(encoding)) from error
    except UnicodeDecodeError as error:
        line = reader.line_num if reader else 0
        problem = f"not text in {error.encoding} after line {line}"
        raise InputError(f"{problem}; name its encoding with --encoding") from error


def column_names(start: bytes, encoding: str = AUTO) -> list[str]:
    """Return the cells of the first line that holds anything; none for what is no text."""
    start = start[: start.rfind(b"\n") + 1] or start  # a letter may be cut at the end
    try:
        found = detect(start) if encoding == AUTO else encoding
        text = start.decode(found, errors="replace").lstrip("\ufeff")
    except (InputError, LookupError):
        return []
    header = text.lstrip().partition("\n")[0].rstrip("\r")
    return next(csv.reader([header], delimiter=separator(header)), [])


def separator(header: str) -> str:
    """Return the separator of a header line: the one that occurs most, or a comma."""
    return max(SEPARATORS, key=header.count)


def _decoded(lines: Iterator[bytes], encoding: str) -> Iterator[str]:
    sample = list(islice(lines, _SAMPLE_LINES))
    found = detect(b"".join(sample)) if encoding == AUTO else encoding
    everything = chain(sample, lines)
    if found.startswith(("utf-16", "utf-32")):
        # Their line ends are not single bytes, so lines must be found in the text.
        return iter(b"".join(everything).decode(found).splitlines(keepends=True))
    return codecs.iterdecode(everything, found)


def _refuse_repeated(header: list[str]) -> None:
    """Raise InputError for a name that two columns have: one would hide the other."""
    names = Counter(filter(None, header))
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise InputError(f"two columns are named {twice!r}; give each a name of its own")


def _row(header: list[str], cells: list[str]) -> dict[str, str] | Ragged:
    if len(cells) > len(header) and any(cells[len(header) :]):
        return Ragged(cells, len(header))
    padded = chain(cells, [""] * (len(header) - len(cells)))
    return dict(zip(header, padded, strict=False))
