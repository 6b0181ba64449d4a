"""What `rubrika evaluate` and `compare` measure: taggers on data, or made of annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rubrika import bundle
from rubrika_train.annotations import read
from rubrika_train.changes import Change, changes
from rubrika_train.comparing import Comparison, compare
from rubrika_train.labelled import read_labelled
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results, collect
from rubrika_train.settings import Settings
from rubrika_train.timesplit import published_after, train_before
from rubrika_train.validation import cross_validate


@dataclass(frozen=True, slots=True)
class Measured:
    """Results, in words what they are of, and what a reader must be warned of."""

    results: Results
    description: str
    warnings: tuple[str, ...] = ()


def measure_tagger(
    model: Path | None, data: Path, after: str | None = None, progress: Progress = silent
) -> Measured:
    """Measure a tagger, the released one if None, on labelled articles or the later of them."""
    progress("reading")
    tagger = bundle.load(model)
    articles = read_labelled(data, tagger.themes)
    if after:
        articles = published_after(articles, after)
    since = f" published on {after} or later" if after else ""
    return Measured(
        collect(tagger, articles, progress),
        f"tagger {tagger.version} on {len(articles):,} articles of {data}{since}",
        trained_on(model, data),
    )


def measure_training(
    folder: Path,
    settings: Settings,
    after: str | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> Measured:
    """Measure taggers made of annotations: out of fold, or on what came `after` a day."""
    progress("reading annotations")
    annotations = read(folder)
    if after is None:
        results = cross_validate(annotations, settings, jobs, progress).results
        return Measured(results, f"cross-validated on {len(results.articles):,} articles")
    split = train_before(annotations, after, settings, jobs, progress)
    return Measured(
        collect(split.tagger, split.later, progress),
        f"trained on {split.earlier:,} articles published before {after}, measured on "
        f"{len(split.later):,} of that day or later; {split.left_out:,} left out, their date is "
        "unknown or they repeat a later one",
    )


def trained_on(model: Path | None, data: Path) -> tuple[str, ...]:
    """Warn where a folder of annotations is the very one that a tagger was trained on."""
    if not data.is_dir():
        return ()
    training = bundle.read_manifest(model or bundle.RELEASED).get("training", {})
    if training.get("sha256") != read(data).sha256:
        return ()
    return (
        f"the tagger was trained on the articles of {data}: these figures flatter it; "
        "leave DATA out to cross-validate",
    )


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
