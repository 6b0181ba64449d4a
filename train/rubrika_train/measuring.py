"""What `rubrika evaluate` measures: a tagger on data, or taggers made of the annotations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rubrika import bundle
from rubrika_train.annotations import read
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
        _trained_on(model, data),
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


def _trained_on(model: Path | None, data: Path) -> tuple[str, ...]:
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
