"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rubrika.errors import InputError

_BUFFER = 2**18  # bytes: fewer, larger writes
# As `annotations` names them, which takes long to import.
_ANNOTATIONS = frozenset(("themes.toml", "articles.jsonl", "labels.jsonl"))


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of `path` at the end, unless an error comes.

    A link is followed; what is no plain file, such as a pipe, is written to as it is.
    """
    if path.is_file() or path.is_dir() or not path.exists():
        path = path.resolve()  # not of a pipe: /dev/stdout leads to a name that nobody can open
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = _beside(path)
    try:
        with os.fdopen(handle, "wb", buffering=_BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o666 & ~_umask())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8."""
    with replacing(path) as file:
        file.write(text.encode())


def write_json(path: Path, tree: object) -> None:
    """Write a tree of dictionaries, lists, texts and numbers as indented JSON."""
    import orjson

    with replacing(path) as file:
        file.write(orjson.dumps(tree, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def write_json_lines(path: Path, rows: Iterable[object]) -> None:
    """Write rows as JSON Lines."""
    import orjson

    with replacing(path) as file:
        for row in rows:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def replace_all(contents: Mapping[Path, bytes]) -> None:
    """Replace several files: every new one is on disk before the first takes its place.

    The files change one after another in the order given; whoever stops between two of them leaves
    the first ones new and the others old. Links are followed.
    """
    contents = {path.resolve(): raw for path, raw in contents.items()}
    with ExitStack() as stack:
        fresh = {path: stack.enter_context(_written(path, raw)) for path, raw in contents.items()}
        for path, own in fresh.items():
            own.replace(path)
    for folder in {path.parent for path in contents}:
        _sync(folder)


@contextmanager
def _written(path: Path, raw: bytes) -> Iterator[Path]:
    """Write a temporary file beside `path`, safe on disk; what is left of it goes at the end."""
    handle, fresh = _beside(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o666 & ~_umask())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _beside(path: Path) -> tuple[int, Path]:
    """Make a temporary file beside `path`; an error names `path`, which somebody typed."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except OSError as error:
        error.filename = str(path)
        raise
    return handle, Path(name)


def _sync(folder: Path) -> None:
    """Make new names in a folder survive a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def refuse_overlap(written: Sequence[Path], read: Sequence[Path]) -> None:
    """Raise InputError for a file that is also read, written twice, or part of annotations."""
    taken = {path.resolve() for path in read}
    for path in written:
        if path.name in _ANNOTATIONS and (path.parent / "themes.toml").is_file():
            raise InputError(f"{path}: is part of a folder of annotations; name another file")
        if path.resolve() in taken:
            raise InputError(f"{path}: is used twice in this command; name another file")
        taken.add(path.resolve())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
