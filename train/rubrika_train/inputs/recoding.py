"""Files in UTF-16 and UTF-32, read as UTF-8: their line ends are no single bytes."""

from __future__ import annotations

import codecs
import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO
from rubrika_train.inputs.peeking import read_some
from rubrika_train.inputs.rows import Reading

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Of JSON, which holds no zero byte in any other encoding.
UNMARKED = "holds zero bytes; if this is UTF-16 without its mark, name it: --encoding utf-16-le"

_BUFFER = 2**18
# The first that fits; the mark itself is recoded too, and so says UTF-8 to who reads on.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PARQUET = b"PAR1"  # has no encoding, whatever is named for the files beside it
_WIDE = ("utf-16", "utf-32")


class _Recoded(io.RawIOBase):
    """A file whose bytes in a wide encoding come out as UTF-8."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        more = True
        while more and not self._pending:
            block = read_some(self._file, _BUFFER)
            more = bool(block)
            self._pending = self._recoded(block)
        taken = self._pending[: len(view)]
        self._pending = self._pending[len(taken) :]
        view[: len(taken)] = taken
        return len(taken)

    def _recoded(self, block: bytes) -> bytes:
        try:
            return self._decoder.decode(block, final=not block).encode()
        except UnicodeDecodeError as error:
            problem = f"not text in {error.encoding}; name its encoding with --encoding"
            raise InputError(problem) from error
        except UnicodeError as error:  # what Python says of "utf-16" and "utf-32" without a mark
            own = self._encoding
            problem = f"has no mark of {own}; name it {own}-le or {own}-be with --encoding"
            raise InputError(problem) from error


def in_utf8(file: BinaryIO, start: bytes, reading: Reading) -> tuple[BinaryIO, Reading]:
    """Return a file and how to read it: as UTF-8 if its mark or the encoding named says a wide one.

    The mark is believed first. `start` are the first bytes, still to be read. Reading raises
    InputError, without a place, for what is not in that encoding.
    """
    named = _python_name(reading.encoding)
    if start.startswith(_PARQUET) or not named.startswith((AUTO, "utf-")):
        return file, reading
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    encoding = marked or named
    is_wide = encoding.startswith(_WIDE)
    if marked:
        reading = replace(reading, encoding=AUTO)
    elif is_wide or named == "utf-8":  # "UTF8", too
        reading = replace(reading, encoding="utf-8")
    if is_wide:
        file = io.BufferedReader(_Recoded(file, encoding), _BUFFER)
    return file, reading


def _python_name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding  # "auto"; of any other a reader says so, with the place
