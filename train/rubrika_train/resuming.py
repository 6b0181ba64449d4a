"""Go on with an interrupted run: nothing lost, nothing twice, whatever ended it.

Until a run is done its lines stand in `OUT.part`, and `OUT.part.journal` says what they were made
from. As a line is an article, in order, the lines that are there say how many articles are done.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from rubrika.errors import InputError
from rubrika_train.files import write_json
from rubrika_train.inputs import Reject, Row, shown

_BUFFER = 2**18


@dataclass(frozen=True, slots=True)
class Origin:
    """What lines are made from: files with their sizes and times, the tagger, the options."""

    inputs: Sequence[Mapping[str, Any]]
    tagger: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resumed:
    """A file to go on writing, and how many of its lines have which status."""

    file: BinaryIO
    statuses: Counter[str]


def origin(files: Iterable[str], tagger: str, options: Mapping[str, Any]) -> Origin:
    """Return what the lines of a run are made from."""
    return Origin([_identity(Path(name)) for name in files], tagger, options)


def paths(output: Path) -> tuple[Path, Path]:
    """Return where the lines of an unfinished run stand, and where its journal."""
    part = output.with_name(f"{output.name}.part")
    return part, part.with_name(f"{part.name}.journal")


@contextmanager
def resuming(output: Path, own: Origin) -> Iterator[Resumed]:
    """Open a file that takes the place of `output` at the end, with the lines that are done.

    Whatever stops the work leaves it to be resumed. Raises InputError where it was begun from
    something else, or another process is at it.
    """
    output = output.resolve()
    part, journal = paths(output)
    part.parent.mkdir(parents=True, exist_ok=True)
    with _alone(part):
        if part.exists():
            _check(part, journal, own)
        else:
            write_json(journal, asdict(own))
        with part.open("a+b", buffering=_BUFFER) as file:
            size, statuses = _whole_lines(file, own.tagger)
            file.truncate(size)
            yield Resumed(file, statuses)
            file.flush()
            os.fsync(file.fileno())
        part.replace(output)
        journal.unlink()


def remaining(rows: Iterable[Row | Reject], done: int) -> Iterator[Row | Reject]:
    """Yield rows without the first articles, so many as are done; rejects are given all anew."""
    for row in rows:
        if done and isinstance(row, Row):
            done -= 1
        else:
            yield row


def _identity(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {"file": shown(str(path)), "bytes": status.st_size, "changed_ns": status.st_mtime_ns}


def _check(part: Path, journal: Path, own: Origin) -> None:
    """Raise InputError unless an unfinished run was begun from what this one is."""
    try:
        begun = orjson.loads(journal.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError) as error:
        raise InputError(
            f"{part}: has no journal that says what it was made from; move it away"
        ) from error
    wanted = orjson.loads(orjson.dumps(asdict(own)))
    for name, value in wanted.items():
        if begun.get(name) != value:
            raise InputError(
                f"{part}: was begun with {_difference(name, begun.get(name), value)}; "
                "repeat the same command, or delete the file to begin anew"
            )


def _difference(name: str, begun: Any, wanted: Any) -> str:  # noqa: ANN401 (JSON)
    if name == "tagger":
        return f"the tagger {begun}, not {wanted}"
    if name == "options":
        return "other options"
    before = {one["file"]: one for one in begun or ()}
    changed = [one["file"] for one in wanted if before.get(one["file"], one) != one]
    return f"{changed[0]} as it was before it changed" if changed else "other files"


def _whole_lines(file: BinaryIO, tagger: str) -> tuple[int, Counter[str]]:
    """Return the size of the lines that were written whole, and their statuses.

    What a run was writing when it ended is cut off, or zeros after a power cut.
    """
    end = b'"model":%b}\n' % orjson.dumps(tagger)
    size, statuses = 0, Counter[str]()
    file.seek(0)
    for line in file:
        if not line.endswith(end):
            break
        size += len(line)
        statuses[line.rpartition(b'"status":"')[2].partition(b'"')[0].decode()] += 1
    return size, statuses


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep other processes from the same file; the system ends this with the process."""
    from filelock import FileLock, Timeout

    lock = part.with_name(f".{part.name}.lock")
    try:
        with FileLock(lock, timeout=0):
            try:
                yield
            finally:
                if os.name == "posix":  # elsewhere the lock goes by itself
                    lock.unlink(missing_ok=True)
    except Timeout as error:
        raise InputError(f"{part}: another process writes it now; wait until it is done") from error
