"""Tables as text: CSV from Excel and elsewhere, TSV; separator and encoding are recognised."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, detect

SEPARATORS = ",;\t|"
_SAMPLE_LINES = 200
# A cell may hold a whole article; Python's own limit of 131,072 characters is too low for some.
_CELL_CHARACTERS = 2**24


def read_table(
    lines: Iterable[bytes], encoding: str = AUTO
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table under its header, with the line on which each ends.

    Raises InputError, without a place, for what is no text, has no header, or breaks its quotes.
    """
    csv.field_size_limit(_CELL_CHARACTERS)
    text = _decoded(iter(lines), encoding)
    start = list(islice(text, _SAMPLE_LINES))
    if not start:
        return
    reader = csv.reader(chain(start, text), delimiter=separator(start[0]), strict=True)
    try:
        header = next(reader)
        for cells in reader:
            if cells:
                yield reader.line_num, _row(header, cells)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num} is no CSV ({error})") from error
    except UnicodeDecodeError as error:
        problem = f"not text in {error.encoding} after line {reader.line_num}"
        raise InputError(f"{problem}; name its encoding with --encoding") from error


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


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(header) and any(cells[len(header) :]):
        raise csv.Error(f"{len(cells)} cells under {len(header)} column names")
    padded = chain(cells, [""] * (len(header) - len(cells)))
    return dict(zip(header, padded, strict=False))
