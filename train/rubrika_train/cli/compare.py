"""rubrika compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika.errors import RubrikaError
from rubrika_train.cli.app import EXIT_GATE, app, command, message

if TYPE_CHECKING:
    from rubrika_train.tagger_pairs import Compared


@app.command()
@command
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of the tagger in use.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of the tagger to judge.")],
    data: Annotated[
        Path,
        typer.Option("--data", "-d", help="JSONL of id, text, labels; or a folder of annotations."),
    ],
    fail_if_worse: Annotated[
        bool,
        typer.Option(
            "--fail-if-worse",
            help="Exit with 3 when a loss is real (the 95 % interval of the difference of macro-F1 "
            "or micro-F1 lies below zero, or a theme's F1 fell with p < 5 % after Holm's "
            "correction), or when there is no comparison.",
        ),
    ] = False,
    metrics_file: Annotated[
        Path | None, typer.Option("--metrics-file", "-M", help="JSON file for the comparison.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-l", min=0, help="At most so many changes are shown.")
    ] = 20,
) -> None:
    """Compare two taggers on the same labelled articles.

    Example: rubrika compare old-tagger new-tagger --data labelled.jsonl --fail-if-worse
    """
    from rubrika_train import console, files

    files.refuse_overlap([metrics_file] if metrics_file else [], [data])
    compared = _compared(old, new, data, gate=fail_if_worse)
    comparison = compared.comparison
    if metrics_file:
        files.write_json(metrics_file, compared.to_json())
    console.print_comparison(comparison)
    console.print_changes(compared.changes, limit)
    for warning in compared.warnings:
        console.warn(warning)
    lost = ", ".join(comparison.losses)
    console.note(f"{new} is worse: {lost}" if lost else f"{new} is not worse: no loss is real")
    if fail_if_worse and comparison.worse:
        raise typer.Exit(EXIT_GATE)


def _compared(old: Path, new: Path, data: Path, *, gate: bool) -> Compared:
    """Compare; what cannot be compared must not pass a gate, whatever the reason."""
    from rubrika_train import console
    from rubrika_train.tagger_pairs import compare_taggers

    try:
        with console.steps() as progress:
            return compare_taggers(old, new, data, progress)
    except (RubrikaError, OSError) as error:
        if not gate:
            raise
        typer.echo(f"Error: no comparison: {message(error)}", err=True)
        raise typer.Exit(EXIT_GATE) from error
