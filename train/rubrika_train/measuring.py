"""What `rubrika evaluate` does: measure a tagger on data, or taggers made of the annotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rubrika import bundle
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.annotations import read
from rubrika_train.breakdown import break_down, break_down_all
from rubrika_train.curves import learning_curve
from rubrika_train.evaluation import Evaluation, evaluate_results
from rubrika_train.labelled import read_labelled
from rubrika_train.progress import Progress, silent
from rubrika_train.report import Subject, render, require_matplotlib
from rubrika_train.results import Results, collect
from rubrika_train.settings import Settings
from rubrika_train.timesplit import published_after, train_before
from rubrika_train.validation import cross_validate, tagger_of_row

# Shares of the articles that a learning curve is drawn through.
CURVE_SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Request:
    """What to measure: a tagger on `data`, or, without, taggers made of the annotations.

    With `after`, an ISO day, only articles published then or later are measured; `by` names what
    figures are broken down by; `report` and `curve` ask for the page and its learning curve.
    """

    data: Path | None
    model: Path | None
    annotations: Path
    settings: Settings
    after: str | None = None
    by: tuple[str, ...] = ()
    report: bool = False
    curve: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Results, in words what they are of, and what a reader must be warned of.

    `tagger_of` gives the tagger that spoke on the article of a row.
    """

    results: Results
    description: str
    themes: tuple[Theme, ...]
    tagger_of: Callable[[int], Tagger]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured, its figures over all and by kind of article, and the report's page."""

    measured: Measured
    evaluation: Evaluation
    by: dict[str, dict[str, Evaluation]]
    page: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain dictionaries and numbers."""
        by = {
            aspect: {kind: own.to_json() for kind, own in kinds.items()}
            for aspect, kinds in self.by.items()
        }
        return {**self.evaluation.to_json(), "by": by}


def answer(request: Request, progress: Progress = silent) -> Answer:
    """Measure, draw intervals, break down, and write the report's page where one is asked for."""
    if request.report:
        require_matplotlib()
    if request.data:
        measured = measure_tagger(request.model, request.data, request.after, progress)
    else:
        folder, settings = request.annotations, request.settings
        measured = measure_training(folder, settings, request.after, request.jobs, progress)
    progress("drawing intervals")
    evaluation = evaluate_results(measured.results)
    by = {aspect: break_down(measured.results, aspect) for aspect in request.by}
    page = _page(request, measured, evaluation, by, progress) if request.report else None
    return Answer(measured, evaluation, by, page)


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
        tagger.themes,
        lambda row: tagger,
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
        validated = cross_validate(annotations, settings, jobs, progress)
        return Measured(
            validated.results,
            f"cross-validated on {len(validated.articles):,} articles",
            annotations.themes,
            tagger_of_row(annotations, validated, settings, jobs),
        )
    split = train_before(annotations, after, settings, jobs, progress)
    return Measured(
        collect(split.tagger, split.later, progress),
        f"trained on {split.earlier:,} articles published before {after}, measured on "
        f"{len(split.later):,} of that day or later; {split.left_out:,} left out, their date is "
        "unknown or they repeat a later one",
        annotations.themes,
        lambda row: split.tagger,
    )


def _page(
    request: Request,
    measured: Measured,
    evaluation: Evaluation,
    by: dict[str, dict[str, Evaluation]],
    progress: Progress,
) -> str:
    """Return the report; where no breakdown is asked for it has all that there are."""
    curve = []
    if request.curve:
        data = measured.results.articles if request.data else ()
        annotations = read(request.annotations)
        settings, jobs = request.settings, request.jobs
        curve = learning_curve(annotations, CURVE_SHARES, data, settings, jobs, progress)
    subject = Subject(
        description=measured.description,
        themes=measured.themes,
        results=measured.results,
        evaluation=evaluation,
        tagger_of=measured.tagger_of,
        breakdowns=by or break_down_all(measured.results),
        curve=curve,
    )
    return render(subject, progress)


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
