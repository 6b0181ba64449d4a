"""rubrika labels: check."""

from __future__ import annotations

from pathlib import Path

import typer

from rubrika.errors import RubrikaError
from rubrika_train.cli.app import AnnotationsArgument, articles, command, labels_app


@labels_app.command("check")
@command
def labels_check(folder: AnnotationsArgument = Path("annotations")) -> None:
    """Check a folder of annotations and count its articles by theme.

    Example: rubrika labels check annotations
    """
    from rubrika_train import console
    from rubrika_train.annotations import check, counts_by_theme

    annotations, faults = check(folder)
    counts = counts_by_theme(annotations)
    console.print_counts(
        "articles", ((one.id, one.ru, counts[one.id]) for one in annotations.themes)
    )
    without = sum(not gold.themes for gold in annotations.gold.values())
    console.note(f"{articles(len(annotations.judged))} judged, {without:,} without a theme")
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise RubrikaError(
            f"{folder}: {len(faults)} fault{'s' if faults[1:] else ''}; mend the lines named above"
        )
