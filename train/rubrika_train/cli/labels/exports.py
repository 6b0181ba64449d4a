"""rubrika labels export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    Written,
    WrittenOption,
    check_page,
)


@labels_app.command("export")
@command
def labels_export(
    folder: AnnotationsArgument = Path("annotations"),
    *,
    format: WrittenOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    data: DataOption = None,
    model: ModelOption = None,
    suggest: SuggestOption = False,
    gold: Annotated[
        bool, typer.Option("--gold", help="Gold labels instead of each annotator's.")
    ] = False,
    text_column: TextColumnOption = "text",
    page: PageOption = None,
) -> None:
    """Write articles with their labels, or to be labelled, for another tool.

    Example: rubrika labels export --format label-studio --data new.jsonl -o tasks.json
    """
    from rubrika import load
    from rubrika_train import console, exporting
    from rubrika_train.annotations import read_themes
    from rubrika_train.files import refuse_overlap

    check_page(page, format)
    refuse_overlap([path for path in (output, page) if path], data or [])
    themes = read_themes(folder)
    if data:
        items = list(exporting.unlabelled_items(data, text_column))
    else:
        items = exporting.labelled_items(folder, gold=gold or format is Written.FASTTEXT)
    if suggest or model:
        items = exporting.suggested(items, load(model), themes)
    exporting.write(output, format, items, themes)
    if page:
        exporting.write_page(page, themes)
    console.note(f"{articles(len(items))} written to {output}")
