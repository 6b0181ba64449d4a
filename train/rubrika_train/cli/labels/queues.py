"""rubrika labels queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rubrika_train.cli.app import (
    AnnotationsArgument,
    ModelOption,
    TextColumnOption,
    articles,
    command,
    labels_app,
)
from rubrika_train.cli.labels.options import (
    DataOption,
    PageOption,
    SuggestOption,
    WrittenOption,
    check_page,
)

if TYPE_CHECKING:
    from rubrika_train.queueing import Queue


@labels_app.command("queue")
@command
def labels_queue(
    folder: AnnotationsArgument = Path("annotations"),
    *,
    format: WrittenOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many articles.")] = 50,
    data: DataOption = None,
    model: ModelOption = None,
    random_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share drawn at random, for an honest estimate.")
    ] = 0.2,
    seed: Annotated[int, typer.Option(min=0, help="Seed of that draw.")] = 13,
    suggest: SuggestOption = False,
    text_column: TextColumnOption = "text",
    page: PageOption = None,
) -> None:
    """Choose the unlabelled articles that are most worth labelling, for another tool.

    Example: rubrika labels queue --data new.jsonl -n 50 --format label-studio -o tasks.json
    """
    from rubrika import load
    from rubrika_train import exporting
    from rubrika_train.annotations import sound
    from rubrika_train.files import refuse_overlap
    from rubrika_train.queueing import Wanted, queue

    check_page(page, format)
    refuse_overlap([path for path in (output, page) if path], data or [])
    annotations, tagger = sound(folder), load(model)
    if data:
        offered = list(exporting.unlabelled_items(data, text_column))
    else:
        offered = exporting.waiting_items(folder)
    chosen = queue(annotations, offered, tagger, Wanted(count, random_share, seed))
    items = list(chosen.items)
    if suggest:
        items = exporting.suggested(items, tagger, annotations.themes)
    exporting.write(output, format, items, annotations.themes)
    if page:
        exporting.write_page(page, annotations.themes)
    _report(chosen, output)


def _report(chosen: Queue, output: Path) -> None:
    from rubrika_train import console

    reasons = ", ".join(f"{reason} {count}" for reason, count in chosen.reasons.items())
    console.note(
        f"{articles(len(chosen.items))} of {chosen.offered:,} written to {output}: {reasons}"
    )
    if chosen.duplicates or chosen.mute:
        console.note(
            f"left out: {chosen.duplicates:,} near-duplicates, "
            f"{chosen.mute:,} not Russian or of unknown words"
        )
