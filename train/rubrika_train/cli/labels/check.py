"""rubrika labels check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika.errors import RubrikaError
from rubrika_train.cli.app import (
    AnnotationsArgument,
    JobsOption,
    articles,
    command,
    labels_app,
)

if TYPE_CHECKING:
    from rubrika_train.annotations import Annotations


@labels_app.command("check")
@command
def labels_check(
    folder: AnnotationsArgument = Path("annotations"),
    doubts: Annotated[
        int,
        typer.Option(min=0, help="Show so many labels that a tagger of the rest doubts."),
    ] = 0,
    jobs: JobsOption = 1,
) -> None:
    """Check a folder of annotations and count its articles by theme.

    Example: rubrika labels check annotations
    """
    from rubrika_train import console
    from rubrika_train.annotations import check, counts_by_theme
    from rubrika_train.doubts import duplicates, rare_themes

    annotations, faults = check(folder)
    counts = counts_by_theme(annotations)
    console.print_counts(
        "articles", ((one.id, one.ru, counts[one.id]) for one in annotations.themes)
    )
    without = sum(not gold.themes for gold in annotations.gold.values())
    several = sum(len(gold.themes) > 1 for gold in annotations.gold.values())
    disputed = sum(len(gold.open) for gold in annotations.gold.values())
    console.note(
        f"{articles(len(annotations.judged))} judged, {without:,} without a theme, "
        f"{several:,} with several; {disputed:,} labels disputed or unknown"
    )
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        plural = "s" if faults[1:] else ""
        raise RubrikaError(f"{folder}: {len(faults)} fault{plural}; mend the lines named above")
    for pair in duplicates(annotations):
        console.warn(f"{pair.one} and {pair.other} are near-duplicates ({pair.similarity:.2f})")
    for theme, count in rare_themes(annotations).items():
        console.warn(f"theme {theme}: only {articles(count)}")
    if doubts:
        _print_doubts(annotations, doubts, jobs)


def _print_doubts(annotations: Annotations, count: int, jobs: int) -> None:
    from rubrika_train import console
    from rubrika_train.doubts import contradictions
    from rubrika_train.settings import Settings
    from rubrika_train.validation import cross_validate

    with console.steps() as progress:
        validated = cross_validate(annotations, Settings(), jobs, progress)
    texts = {article.id: article.full_text for article in annotations.judged}
    console.print_doubts(contradictions(annotations, validated)[:count], texts)
