"""What `rubrika compare` does: two taggers, given as folders, on the same labelled articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rubrika import bundle
from rubrika_train.changes import Change, changes
from rubrika_train.comparing import Comparison, compare
from rubrika_train.labelled import read_labelled
from rubrika_train.measuring import trained_on
from rubrika_train.progress import Progress, silent
from rubrika_train.results import collect


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of two taggers, the articles that changed, and what to be warned of."""

    versions: tuple[str, str]
    comparison: Comparison
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain dictionaries and numbers."""
        old, new = self.versions
        changed = [change.to_json() for change in self.changes]
        return {"old": old, "new": new, **self.comparison.to_json(), "changes": changed}


def compare_taggers(old: Path, new: Path, data: Path, progress: Progress = silent) -> Compared:
    """Compare two taggers, given as folders, on the same labelled articles."""
    progress("reading")
    one, other = bundle.load(old), bundle.load(new)
    themes = {theme.id: theme for theme in (*one.themes, *other.themes)}
    articles = read_labelled(data, list(themes.values()))
    before, after = collect(one, articles, progress), collect(other, articles, progress)
    progress("drawing intervals")
    comparison = compare(before, after)
    progress("explaining what changed")
    return Compared(
        versions=(one.version, other.version),
        comparison=comparison,
        changes=tuple(changes(one, other, before, after)),
        warnings=tuple(
            dict.fromkeys((*trained_on(old, data), *trained_on(new, data), *_alone(comparison)))
        ),
    )


def _alone(comparison: Comparison) -> Iterator[str]:
    for which, themes in (("old", comparison.only_old), ("new", comparison.only_new)):
        if themes:
            yield f"not compared, only the {which} tagger has them: {', '.join(themes)}"
