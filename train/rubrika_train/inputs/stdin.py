"""Standard input: what its first bytes say that it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from rubrika_train.inputs.finding import STDIN
from rubrika_train.inputs.kinds import KINDS
from rubrika_train.inputs.peeking import first_bytes, visible
from rubrika_train.inputs.recoding import in_utf8
from rubrika_train.inputs.rows import Reading, Reject, Row

_COMPRESSED = ((b"\x1f\x8b", ".gz"), (b"\x28\xb5\x2f\xfd", ".zst"))
# How a file begins that is of a kind, the first that fits; no article begins so.
_BEGINNINGS = (
    (".parquet", re.compile(rb"PAR1")),
    (".jsonl", re.compile(rb"\{")),
    (".json", re.compile(rb"\[\s*(?:\{|\]\s*\Z)")),
    (".html", re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)),
)


def read_stdin(reading: Reading) -> Iterator[Row | Reject]:
    """Yield the articles of standard input, of any kind that is read and also compressed."""
    start, file = first_bytes(sys.stdin.buffer)
    for magic, suffix in _COMPRESSED:
        if start.startswith(magic):
            from rubrika_train.compression import decompressed

            start, file = first_bytes(decompressed(file, suffix))
    recoded, reading = in_utf8(file, start, reading)
    if recoded is not file:
        start, file = first_bytes(recoded)
    yield from KINDS[_recognised(start, reading)].reader(STDIN)(STDIN, file, reading)


def _recognised(start: bytes, reading: Reading) -> str:
    """Return the suffix of the kind that first bytes are of: plain text if of no other."""
    shown = visible(start)
    for suffix, beginning in _BEGINNINGS:
        if beginning.match(shown):
            return suffix
    return ".csv" if _is_table(start, reading) else ".txt"


def _is_table(start: bytes, reading: Reading) -> bool:
    """Tell a table by its first line: bare names in cells, the text column's among them."""
    from rubrika_train.delimited import column_names

    names = column_names(start, reading.encoding)
    bare = all(name == name.strip() for name in names)
    return len(names) > 1 and bare and reading.text_column in names
