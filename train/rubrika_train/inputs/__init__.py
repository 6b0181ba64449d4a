"""Articles to tag, from files, folders, patterns and standard input, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

from rubrika.errors import InputError
from rubrika_train.inputs.finding import STDIN, files, paths, shown
from rubrika_train.inputs.kinds import kind_of, suffixes
from rubrika_train.inputs.metering import Meter, size
from rubrika_train.inputs.recoding import in_utf8
from rubrika_train.inputs.rows import Reading, Reject, Row

_BUFFER = 2**18  # bytes: fewer, larger reads

__all__ = ["STDIN", "Meter", "Reading", "Reject", "Row", "files", "paths", "read", "shown", "size"]


def read(
    inputs: Sequence[str], reading: Reading, meter: Meter | None = None
) -> Iterator[Row | Reject]:
    """Yield the articles of files, folders, patterns and `-` (standard input) in order.

    A file that is damaged or may not be read is a reject; what follows in it is not read. `meter`
    counts the bytes that are read.
    Raises InputError for a file that does not exist or is of no known kind, RubrikaError where a
    library is not installed that a kind needs.
    """
    names, meter = list(files(inputs)), meter or Meter()
    for name in names:
        if name != STDIN:
            kind_of(name).require(name)
    for name in names:
        origin = shown(name)
        try:
            yield from (
                _read_stdin(reading) if name == STDIN else _read_file(name, origin, reading, meter)
            )
        except InputError as error:
            yield Reject(origin, str(error), {"file": origin})
        except OSError as error:
            reason = f"{error.strerror}; check the path and who may use it"
            yield Reject(origin, reason, {"file": origin})


def _read_file(path: str, origin: str, reading: Reading, meter: Meter) -> Iterator[Row | Reject]:
    reader, compression = kind_of(path).reader(path), suffixes(path)[1]
    with BufferedReader(Path(path).open("rb", buffering=0), _BUFFER) as stored, meter.over(stored):
        file: BufferedReader[Any] = stored
        if compression:
            from rubrika_train.compression import decompressed

            file = decompressed(stored, compression)
        yield from reader(origin, *in_utf8(file, file.peek(), reading))


def _read_stdin(reading: Reading) -> Iterator[Row | Reject]:
    from rubrika_train.inputs.stdin import read_stdin

    return read_stdin(reading)
