"""The files that are meant by what a user names: files, folders, patterns, standard input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rubrika.errors import InputError
from rubrika_train.inputs.kinds import READABLE, is_readable

STDIN = "-"
_MAGIC = set("*?[")


def files(inputs: Iterable[str]) -> Iterator[str]:
    """Yield the files that inputs name, those of a folder or a pattern in order of their names.

    A pattern has `*`, `?` or `[…]`; `**` stands for folders in folders. Shells of Windows leave
    it to us to see what it fits, and so does a quoted one. Raises InputError for what is not there.
    """
    for name in inputs:
        path = Path(name)
        if not name:
            raise InputError("an input is empty; is a variable of a script not set?")
        if name == STDIN or path.is_file():
            yield name
        elif path.is_dir():
            yield from _found(name, _in_folder(path), "no articles in this folder")
        elif _MAGIC & set(name):
            yield from _found(name, _matching(name), "no file that is read fits this pattern")
        elif path.exists():
            yield name  # a named pipe
        else:
            raise InputError(f"{name}: no such file or folder")


def paths(inputs: Iterable[str]) -> list[Path]:
    """Return the files that inputs name, without standard input."""
    return [Path(name) for name in files(inputs) if name != STDIN]


def shown(name: str) -> str:
    """Return a file's name as it can be written: what in it is no text becomes `\\udc…`."""
    return name.encode("utf-8", errors="backslashreplace").decode()


def _in_folder(folder: Path) -> Iterator[str]:
    return (str(file) for file in folder.rglob("*") if is_readable(file.name) and file.is_file())


def _matching(pattern: str) -> Iterator[str]:
    import glob  # which a start need not wait for

    for name in glob.iglob(pattern, recursive=True):  # noqa: PTH207 (may begin at a root)
        if Path(name).is_dir():
            yield from _in_folder(Path(name))
        elif is_readable(name):
            yield name


def _found(name: str, found: Iterable[str], problem: str) -> list[str]:
    # A pattern may fit a folder and what is in it.
    names = sorted(set(found))
    if not names:
        raise InputError(f"{name}: {problem}; files may be {READABLE}")
    return names
