"""Files compressed by gzip or Zstandard, read and written as if they were not."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from rubrika.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER = 2**18
_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)
# Text shrinks three to ten times. What grows a hundred times, and has no line end in so many
# bytes, was made to fill the memory of its reader.
_LONGEST_LINE = 2**26
_LARGEST_RATIO = 100


class _Decompressed(io.RawIOBase):
    """What a compressed file holds, with its damage told as InputError, without a place."""

    def __init__(self, file: BinaryIO, suffix: str) -> None:
        self._suffix = suffix
        self._own = _Counted(file)
        self._content = _opened(self._own, suffix, "rb")
        self._bytes = 0
        self._line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        try:
            block = self._content.read1(len(view))
        except _DAMAGE as error:
            raise InputError(
                f"not a whole {self._suffix} file ({error}); copy or compress it again"
            ) from error
        self._watch(block)
        view[: len(block)] = block
        return len(block)

    def _watch(self, block: bytes) -> None:
        self._bytes += len(block)
        end = block.rfind(b"\n")
        self._line = self._line + len(block) if end < 0 else len(block) - end - 1
        if self._line > _LONGEST_LINE and self._bytes > _LARGEST_RATIO * self._own.bytes:
            raise InputError(
                f"{self._own.bytes:,} bytes of {self._suffix} grow to more than {self._bytes:,} "
                "without a line end; these are no articles"
            )


class _Counted(io.RawIOBase):
    """A file that counts the bytes read of it; standard input cannot tell."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        block = self._file.read(len(view))
        view[: len(block)] = block
        self.bytes += len(block)
        return len(block)


def decompressed(file: BinaryIO, suffix: str) -> io.BufferedReader:
    """Return the content of a `.gz` or `.zst` file, to be read with little memory.

    Reading raises InputError for a damaged or cut file, and for one made to fill the memory.
    """
    return io.BufferedReader(_Decompressed(file, suffix), _BUFFER)


@contextmanager
def compressing(file: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """Give a file to write to, its content compressed into another one."""
    with _opened(file, suffix, "wb") as inner:
        yield cast(BinaryIO, inner)


def _opened(file: BinaryIO | io.RawIOBase, suffix: str, mode: str) -> gzip.GzipFile | zstd.ZstdFile:
    if suffix == ".gz":
        # No name and no time: the same content gives the same bytes.
        return gzip.GzipFile("", mode, 6, cast(BinaryIO, file), 0)
    return zstd.ZstdFile(cast(BinaryIO, file), mode)  # type: ignore[call-overload, no-any-return]
