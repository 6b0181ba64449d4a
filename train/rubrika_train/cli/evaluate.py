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
    from rubrika_train.evaluation import Evaluation


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
            help="JSONL of id, text, labels, disputed; or a folder of annotations. "
            "Without it taggers made of the annotations are cross-validated."
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
        typer.Option(help="Without DATA: folder of annotations.  [default: annotations]"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Without DATA: TOML file of settings.")
    ] = None,
    override: Annotated[
        list[str] | None,
        typer.Option("--set", help="Without DATA: a setting, as key=value; may be repeated."),
    ] = None,
    jobs: JobsOption = 1,
) -> None:
    """Measure a tagger on labelled articles, or cross-validate on the annotations.

    Example: rubrika evaluate labelled.jsonl --by genre --metrics-file metrics.json
    """
    of_training = {"--annotations": annotations, "--config": config, "--set": override}
    _refuse_misfits(data, model, of_training)
    from rubrika_train import console, files, measuring, settings
    from rubrika_train.breakdown import break_down
    from rubrika_train.evaluation import evaluate_results

    written = [path for path in (metrics_file, results_file) if path]
    files.refuse_overlap(written, [data] if data else [])
    with console.steps() as progress:
        if data:
            measured = measuring.measure_tagger(model, data, after, progress)
        else:
            measured = measuring.measure_training(
                annotations or Path("annotations"),
                settings.read(config, override or ()),
                after,
                jobs,
                progress,
            )
        progress("drawing intervals")
        evaluation = evaluate_results(measured.results)
        parts = {str(one): break_down(measured.results, str(one)) for one in by or ()}
    console.print_evaluation(evaluation)
    for aspect, kinds in parts.items():
        console.print_breakdown(aspect, kinds)
    for warning in measured.warnings:
        console.warn(warning)
    console.note(measured.description)
    if metrics_file:
        files.write_json(metrics_file, _tree(evaluation, parts))
    if results_file:
        files.write_json_lines(results_file, measured.results.lines())


def _tree(evaluation: Evaluation, parts: dict[str, dict[str, Evaluation]]) -> dict[str, object]:
    by = {
        aspect: {kind: own.to_json() for kind, own in kinds.items()}
        for aspect, kinds in parts.items()
    }
    return {**evaluation.to_json(), "by": by}


def _refuse_misfits(
    data: Path | None, model: Path | None, of_training: Mapping[str, object]
) -> None:
    """Refuse options that would be passed over without a word."""
    if data is None and model is not None:
        raise typer.BadParameter(
            "wants DATA; without it taggers made of the annotations are measured",
            param_hint="--model",
        )
    for option, value in of_training.items():
        if data is not None and value:
            raise typer.BadParameter("is for an evaluation without DATA", param_hint=option)
