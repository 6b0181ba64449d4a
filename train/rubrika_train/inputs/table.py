"""CSV and TSV: an article a row, under a row of column names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from rubrika_train.delimited import Ragged, read_rows
from rubrika_train.inputs.rows import Reading, Reject, Row, row_of


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of CSV or TSV, one a row; the first row names the columns."""
    for number, fields in read_rows(file, reading.encoding):
        if isinstance(fields, Ragged):
            yield Reject(f"{origin}:{number}", fields.reason, fields.cells)
        else:
            yield row_of(f"{origin}:{number}", fields, reading)
