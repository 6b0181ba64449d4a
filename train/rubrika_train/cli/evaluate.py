"""rubrika evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli.app import JobsOption, ModelOption, app, command

if TYPE_CHECKING:
    from rubrika_train.measuring import Answer


class By(StrEnum):
    """What figures are broken down by."""

    GENRE = "genre"
    REGION = "region"
    PUBLISHED = "published"
    LENGTH = "length"


def _day(written: str | None) -> str | None:
    try:
        return date.fromisoformat(written).isoformat() if written else None
    except ValueError as error:
        raise typer.BadParameter(f"{written} is no day; write it as 2025-01-01") from error


@app.command()
@command
def evaluate(
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DATA]",
            help="JSONL of id, text, labels, disputed; or a folder of annotations. "
            "Without it taggers made of the annotations are cross-validated.",
        ),
    ] = None,
    model: ModelOption = None,
    metrics_file: Annotated[
        Path | None, typer.Option("--metrics-file", "-M", help="JSON file for the figures.")
    ] = None,
    results_file: Annotated[
        Path | None,
        typer.Option("--results-file", "-r", help="JSONL file of gold and predicted themes."),
    ] = None,
    by: Annotated[
        list[By] | None, typer.Option(help="Break the figures down; may be repeated.")
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            callback=_day,
            help="Only articles published on this day or later; without DATA, "
            "by a tagger made of the earlier ones.",
        ),
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(help="Without DATA: folder of annotations, ./annotations if not given."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Without DATA: TOML file of settings.")
    ] = None,
    override: Annotated[
        list[str] | None,
        typer.Option("--set", help="Without DATA: a setting, as key=value; may be repeated."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="HTML file: charts, and every error with its words.")
    ] = None,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="In the report: figures by number of labels.")
    ] = False,
    jobs: JobsOption = 1,
) -> None:
    """Measure a tagger on labelled articles, or cross-validate on the annotations.

    Example: rubrika evaluate labelled.jsonl --by genre --metrics-file metrics.json
    """
    _refuse_misfits(data, model, {"--config": config, "--set": override})
    _refuse_curve(learning_curve, report, data, after, annotations)
    from rubrika_train import console, files, measuring, settings

    written = [path for path in (metrics_file, results_file, report) if path]
    files.refuse_overlap(written, [data] if data else [])
    request = measuring.Request(
        data=data,
        model=model,
        annotations=annotations or Path("annotations"),
        settings=settings.read(config, override or ()),
        after=after,
        by=tuple(str(one) for one in by or ()),
        report=report is not None,
        curve=learning_curve,
        jobs=jobs,
    )
    with console.steps() as progress:
        answer = measuring.answer(request, progress)
    # Files first: a reader who closes the pipe after the first lines loses nothing.
    _write(answer, metrics_file, results_file, report)
    console.print_evaluation(answer.evaluation)
    for aspect, kinds in answer.by.items():
        console.print_breakdown(aspect, kinds)
    for warning in answer.measured.warnings:
        console.warn(warning)
    console.note(answer.measured.description)


def _write(
    answer: Answer, metrics_file: Path | None, results_file: Path | None, report: Path | None
) -> None:
    from rubrika_train import files

    if metrics_file:
        files.write_json(metrics_file, answer.to_json())
    if results_file:
        files.write_json_lines(results_file, answer.measured.results.lines())
    if report and answer.page:
        files.write_text(report, answer.page)


def _refuse_misfits(
    data: Path | None, model: Path | None, training_only: Mapping[str, object]
) -> None:
    """Refuse options that would be passed over without a word."""
    if data is None and model is not None:
        raise typer.BadParameter(
            "wants DATA; without it taggers made of the annotations are measured",
            param_hint="--model",
        )
    for option, value in training_only.items():
        if data is not None and value:
            raise typer.BadParameter("is for an evaluation without DATA", param_hint=option)


def _refuse_curve(
    curve: bool, report: Path | None, data: Path | None, after: str | None, folder: Path | None
) -> None:
    """Refuse a learning curve without its page, or of articles that are kept apart by time."""
    if curve and report is None:
        raise typer.BadParameter("is part of --report", param_hint="--learning-curve")
    if curve and after and data is None:
        raise typer.BadParameter("does not go with --after", param_hint="--learning-curve")
    if folder and data and not curve:
        raise typer.BadParameter("is for an evaluation without DATA", param_hint="--annotations")
