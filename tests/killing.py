"""Kill an import at every line that writes: `python -m tests.killing FOLDER FILE SCRATCH`.

A process of its own, because it forks; the child kills itself with SIGKILL, so that nothing is
tidied up. Prints how many kills there were, and ends with an assertion that failed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Set
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from rubrika_train import files, importing
from rubrika_train.annotations import ARTICLES, LABELS, THEMES, sound
from rubrika_train.exchange.records import Reading
from rubrika_train.planning import Asked

WATCHED = {files.__file__, importing.__file__}


def run_import(folder: Path, file: Path) -> None:
    importing.import_labels(folder, file, Reading(), Asked(new_themes=True))


def kill_at(step: int, action: Callable[[], object], watched: Set[str]) -> bool:
    """Act in a child that is killed before its line number `step`; tell whether it was.

    Lines are counted in the files that are `watched`.
    """
    child = os.fork()
    if child == 0:
        left = step

        def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401
            nonlocal left
            if frame.f_code.co_filename not in watched:
                return None
            left -= event == "line"
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        action()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert status == 0, f"the child failed with {status}"
    return False


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in (THEMES, ARTICLES, LABELS)]


def check(folder: Path, file: Path, old: list[bytes], new: list[bytes]) -> None:
    """Check that a folder is sound, whole old or new file by file, and takes the import again."""
    found = contents(folder)
    changed = [own == after for own, after in zip(found, new, strict=True)]
    assert all(own in pair for own, *pair in zip(found, old, new, strict=True)), "half-written"
    assert changed == sorted(changed, reverse=True), "labels came before what they speak of"
    sound(folder)
    run_import(folder, file)
    assert contents(folder) == new, "the import cannot be repeated"
    left = {path.name for path in folder.iterdir()} - {THEMES, ARTICLES, LABELS, importing.LOCK}
    assert not left, f"temporary files were left: {left}"


def main(folder: Path, file: Path, scratch: Path) -> None:
    old = contents(folder)
    whole = shutil.copytree(folder, scratch / "whole")
    run_import(whole, file)
    new = contents(whole)
    assert all(b != a and b.startswith(a) for a, b in zip(old, new, strict=True))
    step, states = 0, set()
    while True:
        copy = shutil.copytree(folder, scratch / "copy")
        killed = kill_at(step, partial(run_import, copy, file), WATCHED)
        states.add(tuple(own == after for own, after in zip(contents(copy), new, strict=True)))
        check(copy, file, old, new)
        shutil.rmtree(copy)
        if not killed:
            break
        step += 1
    sys.stdout.write(f"{step} kills, {len(states)} states\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
