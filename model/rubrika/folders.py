"""A folder of files that is replaced whole or not at all, at whatever line a kill comes."""

from __future__ import annotations

import glob
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def rescued(folder: Path) -> Path:
    """Return a folder, or what was set aside for it when a `replace` was killed in between."""
    if not folder.exists():
        return next(folder.parent.glob(f"{_pattern(folder)}/{glob.escape(folder.name)}"), folder)
    return folder


def _attic(folder: Path) -> str:
    return f".{folder.name}-old-"


def _pattern(folder: Path) -> str:
    return f"{glob.escape(_attic(folder))}*"


def replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their names, to a folder in place of all that is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if (left := rescued(folder)) != folder:
        left.replace(folder)
    for left in folder.parent.glob(_pattern(folder)):
        shutil.rmtree(left)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        fresh.chmod(0o755)
        if folder.exists():
            _swap(folder, fresh)
        else:
            fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(folder: Path, fresh: Path) -> None:
    """Put a folder in another's place; if that fails, the old one comes back."""
    attic = Path(tempfile.mkdtemp(prefix=_attic(folder), dir=folder.parent))
    old = attic / folder.name
    folder.replace(old)  # a kill from here on leaves the old one in the attic, where it is found
    try:
        fresh.replace(folder)
    except BaseException:  # an interruption too: what is in the attic is all there is
        if not folder.exists():
            old.replace(folder)
        raise
    finally:
        if folder.exists():
            shutil.rmtree(attic)
