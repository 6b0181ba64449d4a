"""What a training is going to be made of, and what has changed since another tagger was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rubrika_train import seen
from rubrika_train.annotations import Annotations, counts_by_theme
from rubrika_train.settings import Settings


@dataclass(frozen=True, slots=True)
class Changes:
    """How many articles are new, gone and labelled otherwise than when a tagger was trained."""

    new: int
    gone: int
    relabelled: int


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What is trained on, and how that differs from what `against`, a version, was trained on.

    `changes` is None where that tagger does not say which articles it saw. `counts` holds the
    articles of each theme then and now, None where there was or is no such theme; `settings` those
    that differ, `own_settings` those that are not the default, both with the other value first.
    """

    articles: int
    themes: int
    against: str
    same: bool
    changes: Changes | None
    counts: Mapping[str, tuple[int | None, int | None]]
    settings: Mapping[str, tuple[object, object]]
    own_settings: Mapping[str, tuple[object, object]]

    def lines(self) -> Iterator[str]:
        """Yield the plan in words, a line a thing."""
        yield f"Plan: train on {self.articles:,} labelled articles, {self.themes} themes"
        if self.own_settings:
            own = (f"{name}={now} ({usual})" for name, (usual, now) in self.own_settings.items())
            yield f"  settings other than the default, which is in brackets: {', '.join(own)}"
        yield from self._differences()

    def _differences(self) -> Iterator[str]:
        if self.changes and self.changes.new == self.articles:
            yield f"  none of them was in tagger {self.against}"
            return
        if self.same:
            yield f"  the same annotations as of tagger {self.against}"
        else:
            yield f"  since tagger {self.against}: {_in_words(self.changes)}"
        moved = {theme: both for theme, both in self.counts.items() if both[0] != both[1]}
        if moved:
            yield f"  articles by theme: {', '.join(_moved(*item) for item in moved.items())}"
        if self.settings:
            listed = (f"{name} {old} → {new}" for name, (old, new) in self.settings.items())
            yield f"  settings: {', '.join(listed)}"


def plan_training(
    annotations: Annotations, settings: Settings, manifest: Mapping[str, Any]
) -> TrainingPlan:
    """Return what is to be trained, against the tagger of a manifest."""
    training = manifest.get("training", {})
    before, now = training.get("articles_by_theme", {}), counts_by_theme(annotations)
    return TrainingPlan(
        articles=len(annotations.judged),
        themes=len(annotations.themes),
        against=manifest["version"],
        same=training.get("sha256") == annotations.sha256,
        changes=_changes(annotations, seen.read(training)),
        counts={theme: (before.get(theme), now.get(theme)) for theme in {**now, **before}},
        settings=_differing(manifest.get("settings", {}), settings.model_dump()),
        own_settings=_differing(Settings().model_dump(), settings.model_dump()),
    )


def _changes(annotations: Annotations, before: Mapping[str, str] | None) -> Changes | None:
    if before is None:
        return None
    now = seen.read({"seen": seen.written(annotations)}) or {}
    return Changes(
        new=len(now.keys() - before.keys()),
        gone=len(before.keys() - now.keys()),
        relabelled=sum(before.get(text, label) != label for text, label in now.items()),
    )


def _differing(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = ""
) -> dict[str, tuple[object, object]]:
    """Return the settings that differ, by their whole names; one that is not there is "unset"."""
    found: dict[str, tuple[object, object]] = {}
    for name in {**new, **old}:
        before, value = old.get(name, "unset"), new.get(name, "unset")
        if isinstance(value, dict) or isinstance(before, dict):
            found |= _differing(_group(before), _group(value), f"{prefix}{name}.")
        elif before != value:
            found[prefix + name] = before, value
    return found


def _group(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _in_words(changes: Changes | None) -> str:
    if changes is None:
        return "other annotations; it does not say which articles it saw"
    return (
        f"{changes.new:,} articles are new, {changes.gone:,} are gone, "
        f"{changes.relabelled:,} have other labels"
    )


def _moved(theme: str, both: tuple[int | None, int | None]) -> str:
    old, new = both
    if old is None:
        return f"{theme} new, {new:,}"
    return f"{theme} gone" if new is None else f"{theme} {old:,} → {new:,}"
