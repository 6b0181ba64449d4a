"""rubrika labels export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rubrika_train.cli.app import (
    AnnotationsArgument,
    ModelOption,
    articles,
    command,
    labels_app,
)
from rubrika_train.cli.labels.options import Written, WrittenOption


@labels_app.command("export")
@command
def labels_export(
    folder: AnnotationsArgument = Path("annotations"),
    *,
    format: WrittenOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Articles to label instead of the folder's; may be repeated."),
    ] = None,
    model: ModelOption = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Add a tagger's tags as suggestions; -m does so too.")
    ] = False,
    gold: Annotated[
        bool, typer.Option("--gold", help="Gold labels instead of each annotator's.")
    ] = False,
    text_column: Annotated[str, typer.Option(help="Field that holds the text.")] = "text",
    config_out: Annotated[
        Path | None, typer.Option(help="File for Label Studio's labelling page.")
    ] = None,
) -> None:
    """Write articles with their labels, or to be labelled, for another tool.

    Example: rubrika labels export --format label-studio --data new.jsonl -o tasks.json
    """
    from rubrika import load
    from rubrika_train import console, exporting
    from rubrika_train.annotations import read_themes
    from rubrika_train.files import refuse_overlap

    if config_out and format is not Written.LABEL_STUDIO:
        raise typer.BadParameter("wants --format label-studio", param_hint="--config-out")
    refuse_overlap([path for path in (output, config_out) if path], data or [])
    themes = read_themes(folder)
    if data:
        items = list(exporting.unlabelled_items(data, text_column))
    else:
        items = exporting.labelled_items(folder, gold=gold or format is Written.FASTTEXT)
    if suggest or model:
        items = exporting.suggested(items, load(model), themes)
    exporting.write(output, format, items, themes)
    if config_out:
        exporting.write_config(config_out, themes)
    console.note(f"{articles(len(items))} written to {output}")
