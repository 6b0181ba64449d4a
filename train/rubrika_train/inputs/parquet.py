"""Parquet: an article a row, read a batch at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from rubrika.errors import InputError
from rubrika_train.inputs.rows import Reading, Reject, Row, row_of

_BATCH_ROWS = 512
_BUFFER = 2**20


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of a Parquet file, one a row.

    Raises InputError, without a place, for what is not Parquet or is damaged.
    """
    with tempfile.TemporaryFile() as whole:
        if not file.seekable():
            shutil.copyfileobj(file, whole)
        try:
            yield from _rows(origin, file if file.seekable() else whole, reading)
        except (pa.ArrowException, OSError) as error:
            said = str(error).split("\n")[0]
            raise InputError(f"not a whole Parquet file ({said}); copy it again") from error


def _rows(origin: str, file: object, reading: Reading) -> Iterator[Row | Reject]:
    # A buffer keeps a column of a large row group out of memory.
    with pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False) as parquet:
        schema = parquet.schema_arrow
        batches = parquet.iter_batches(batch_size=_BATCH_ROWS)
        rows = chain.from_iterable(batch.to_pylist() for batch in batches)
        for number, fields in enumerate(rows, 1):
            yield row_of(f"{origin}: row {number}", fields, reading, None, schema)
