"""Kill what writes taggers and registries at every line: `python -m tests.killing_models SCRATCH`.

A process of its own, because it forks. Prints how many kills there were of each action, and ends
with an assertion that failed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Set
from pathlib import Path

import numpy as np

from rubrika import bundle, folders
from rubrika.decision import Calibration, Decision
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika.vocabulary import Vocabulary
from rubrika_train import files, registry
from tests.killing import kill_at

WATCHED = {files.__file__, registry.__file__}
SAVING = {bundle.__file__, folders.__file__}
WHEN_TRAINED = WATCHED | SAVING


def small(version: str) -> Tagger:
    """Return a tagger of two lemmas: it is written and read in no time."""
    return Tagger(
        version=version,
        themes=(Theme("tourism", "Туризм", "Tourism", "Travel."),),
        vocabulary=Vocabulary.of(("отель", "турист")),
        idf=np.ones(2),
        weights=np.ones((2, 1)),
        bias=np.zeros(1),
        decision=Decision(Calibration(np.ones(1), np.zeros(1)), np.array([0.5]), 0.7, 1, 0.1),
    )


def save(folder: Path, version: str) -> Path:
    bundle.save(small(version), folder, {}, "card")
    return folder


def kill_save(scratch: Path, old: str | None) -> int:
    """Kill a save of version "new" at every line; `old` is there already, and must stay whole."""
    step, killed = 0, True
    while killed:
        folder = scratch / f"save-{old}-{step}" / "tagger"
        if old:
            save(folder, old)
        killed = kill_at(step, lambda own=folder: save(own, "new"), SAVING)  # type: ignore[misc]
        if old or bundle.locate(folder).exists():
            assert bundle.load(folder).version in {old, "new"} - {None}
        assert bundle.load(save(folder, "newer")).version == "newer"
        step += 1
    return step - 1


def check(models: Path, action: Callable[[Path], object], before: Path, after: Path) -> None:
    """Check that a registry is whole, is old or new, and that the action can be done again."""
    used = registry.current(models)
    assert used in {registry.current(before), registry.current(after)}
    assert bundle.load(models).version == used
    written = (models / registry.HISTORY).read_bytes()
    assert written.startswith((before / registry.HISTORY).read_bytes()), "history was lost"
    registry.history(models)
    for folder in before.iterdir():
        if bundle.is_bundle(folder) and not folder.is_symlink():
            assert bundle.load(models / folder.name).version == folder.name
    for one in registry.versions(models):
        assert one.broken is None, one.broken
    if used != registry.current(after):
        action(models)
    assert registry.current(models) == registry.current(after)
    registry.promote(models, str(registry.current(models)))  # tidies, and completes the history
    switches = registry.history(models)
    assert switches[-1].version == registry.current(models)
    assert [line.instead_of for line in switches[1:]] == [line.version for line in switches[:-1]]
    hidden = {path.name for path in models.iterdir() if path.name.startswith(".")}
    assert hidden <= {registry.LOCK}, f"temporary files were left: {hidden}"


def kill_everywhere(
    name: str,
    start: Path,
    action: Callable[[Path], object],
    scratch: Path,
    watched: Set[str] = WATCHED,
) -> int:
    after = shutil.copytree(start, scratch / f"{name}-after", symlinks=True)
    action(after)
    step = 0
    while True:
        copy = shutil.copytree(start, scratch / f"{name}-copy", symlinks=True)
        killed = kill_at(step, lambda own=copy: action(own), watched)  # type: ignore[misc]
        check(copy, action, start, after)
        shutil.rmtree(copy)
        if not killed:
            return step
        step += 1


def main(scratch: Path) -> None:
    new = save(scratch / "new", "new")
    models = scratch / "models"
    registry.create(models)
    registry.promote(models, registry.add_copy(models, save(scratch / "old", "old")))

    def add_and_promote(own: Path) -> None:
        registry.promote(own, registry.add_copy(own, new))

    counts = [kill_everywhere("add", models, add_and_promote, scratch)]
    add_and_promote(models)
    counts.append(kill_everywhere("rollback", models, registry.rollback, scratch))
    registry.rollback(models)
    counts.append(
        kill_everywhere("promote", models, lambda own: registry.promote(own, "new"), scratch)
    )

    def train_and_promote(own: Path) -> None:
        registry.add(own, "newest", lambda folder: save(folder, "newest"))
        registry.promote(own, "newest")

    counts.append(kill_everywhere("train", models, train_and_promote, scratch, WHEN_TRAINED))
    counts += [kill_save(scratch, old) for old in (None, "old")]
    sys.stdout.write(f"{counts}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
