"""A folder of versions of a tagger, one of them in use, and the history of which it was.

DIR/<version>/      a tagger, never changed once it is there
DIR/current         a link to the version in use; where there are no links, a file with its name
DIR/history.jsonl   a line a switch: when, what was done, which version, in place of which

`current` alone says what is in use; it is replaced in one step, and the history follows it. Whoever
is killed between the two leaves a history that is a line short, which the next one writes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rubrika import bundle
from rubrika.errors import BundleError
from rubrika_train.files import replace_all

HISTORY = "history.jsonl"
LOCK = ".rubrika.lock"
_PATIENCE_SECONDS = 30.0


class Action(StrEnum):
    """How a version came into use."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Switch:
    """A line of the history: when `version` came into use, how, and `instead_of` which."""

    at: str
    action: Action
    version: str
    instead_of: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version and its lineage, as its manifest has it; `broken` says why it cannot be read."""

    version: str
    current: bool
    parent: str | None = None
    tuned_to: int | None = None
    articles: int | None = None
    sha256: str | None = None
    f1_macro: float | None = None
    f1_macro_interval: dict[str, float] | None = None
    broken: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the version as plain values."""
        return asdict(self)


def is_registry(folder: Path) -> bool:
    """Return whether a folder is a registry: it has a history."""
    return (folder / HISTORY).is_file()


def create(registry: Path) -> None:
    """Make a folder a registry, if it is none; raise BundleError where something else is there."""
    if is_registry(registry):
        return
    others = list(registry.glob("*")) if registry.is_dir() else []
    if others or registry.is_file():
        raise BundleError(f"{registry}: there is something else than versions; choose a new folder")
    registry.mkdir(parents=True, exist_ok=True)
    with _locked(registry):
        if not is_registry(registry):
            replace_all({registry / HISTORY: b""})


def versions(registry: Path) -> list[Version]:
    """Return the versions of a registry in order of their names: by the day of their labels."""
    _require(registry)
    used = current(registry)
    return [_version(folder, folder.name == used) for folder in _folders(registry)]


def current(registry: Path) -> str | None:
    """Return the version in use, None before the first one."""
    pointer = registry / bundle.CURRENT
    with suppress(OSError):
        return pointer.readlink().name if pointer.is_symlink() else _line(pointer)
    return None


def history(registry: Path) -> list[Switch]:
    """Return what was in use and when, the earliest first."""
    _require(registry)
    return _history(registry)


def add(registry: Path, version: str, save: Callable[[Path], object]) -> Path:
    """Add a version that `save` writes to the folder it is given; return the folder.

    A version that is there is left as it is: its name stands for its data and settings. Raises
    BundleError where that is broken.
    """
    _require(registry)
    with _locked(registry):
        folder = registry / version
        if folder.exists():
            bundle.load(folder)
        else:
            save(folder)
        return folder


def add_copy(registry: Path, folder: Path) -> str:
    """Add a copy of a tagger from elsewhere; return its version."""
    source = bundle.locate(folder)
    version = bundle.load(source).version

    def copy(target: Path) -> None:
        fresh = Path(tempfile.mkdtemp(prefix=f".{version}-", dir=registry))
        for file in sorted(source.iterdir()):
            if file.is_file():
                shutil.copyfile(file, fresh / file.name)
        fresh.chmod(0o755)
        fresh.replace(target)

    add(registry, version, copy)
    return version


def promote(registry: Path, version: str) -> Switch:
    """Put a version into use, after reading it whole. Raises BundleError for one that is broken."""
    _require(registry)
    with _locked(registry):
        return _switch(registry, version, Action.PROMOTE)


def rollback(registry: Path) -> Switch:
    """Put the version into use that the current one was promoted in place of."""
    _require(registry)
    with _locked(registry):
        _catch_up(registry)
        used = current(registry)
        promoted = [
            line
            for line in _history(registry)
            if line.version == used and line.action is Action.PROMOTE
        ]
        before = promoted[-1].instead_of if promoted else None
        if before is None:
            raise BundleError(
                f"{registry}: no version was in use before {used or 'the first one'}; "
                "choose one with: rubrika models promote"
            )
        return _switch(registry, before, Action.ROLLBACK)


def _switch(registry: Path, version: str, action: Action) -> Switch:
    if version not in {folder.name for folder in _folders(registry)}:
        listed = ", ".join(folder.name for folder in _folders(registry)) or "none"
        raise BundleError(f"{registry}: no version {version}; there are: {listed}")
    bundle.load(registry / version)
    _catch_up(registry)
    line = Switch(_now(), action, version, current(registry))
    if line.instead_of != version:
        _point(registry, version)
        _append(registry, line)
    return line


def _catch_up(registry: Path) -> None:
    """Write the line of a switch that was killed before its line was written."""
    lines, used = _history(registry), current(registry)
    last = lines[-1].version if lines else None
    if used is not None and used != last:
        _append(registry, Switch(_now(), Action.PROMOTE, used, last))


def _point(registry: Path, version: str) -> None:
    """Let `current` name a version, in one step."""
    pointer = registry / bundle.CURRENT
    fresh = registry / f".{bundle.CURRENT}-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    try:
        try:
            fresh.symlink_to(version, target_is_directory=True)
        except (OSError, NotImplementedError):  # no links here, or none for this user
            with fresh.open("w", encoding="utf-8") as file:
                file.write(f"{version}\n")
                file.flush()
                os.fsync(file.fileno())
        fresh.replace(pointer)
    finally:
        fresh.unlink(missing_ok=True)


def _append(registry: Path, line: Switch) -> None:
    path = registry / HISTORY
    written = json.dumps(asdict(line), ensure_ascii=False)
    replace_all({path: path.read_bytes() + f"{written}\n".encode()})


def _history(registry: Path) -> list[Switch]:
    path = registry / HISTORY
    lines = []
    for number, written in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            fields = json.loads(written)
            lines.append(Switch(**{**fields, "action": Action(fields["action"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise BundleError(
                f"{path}:{number}: not a line of a history; bring the file back from a copy"
            ) from error
    return lines


def _version(folder: Path, used: bool) -> Version:
    try:
        manifest = bundle.read_manifest(folder)
    except BundleError as error:
        return Version(folder.name, used, broken=str(error))
    training, metrics = manifest.get("training", {}), manifest.get("metrics", {})
    return Version(
        version=folder.name,
        current=used,
        parent=manifest.get("parent", {}).get("version"),
        tuned_to=manifest.get("tuning", {}).get("articles"),
        articles=training.get("articles"),
        sha256=training.get("sha256"),
        f1_macro=metrics.get("f1_macro"),
        f1_macro_interval=metrics.get("intervals", {}).get("f1_macro"),
    )


def _folders(registry: Path) -> list[Path]:
    return sorted(
        path
        for path in registry.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )


def _require(registry: Path) -> None:
    if not is_registry(registry):
        raise BundleError(
            f"{registry}: no registry of versions; begin one with: "
            f"rubrika models promote shipped --registry {registry}"
        )


@contextmanager
def _locked(registry: Path) -> Iterator[None]:
    """Keep others from writing to a registry; the lock of a killed one is free again."""
    try:
        with FileLock(registry / LOCK, timeout=_PATIENCE_SECONDS):
            _tidy(registry)
            yield
    except Timeout as error:
        raise BundleError(f"{registry}: another command is at work; try again later") from error


def _tidy(registry: Path) -> None:
    """Remove what a killed command left half-written; nobody else writes here now."""
    for left in registry.glob(".*-*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


def _line(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
