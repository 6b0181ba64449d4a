"""rubrika explain."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rubrika.errors import InputError
from rubrika_train.cli.app import ModelOption, TextColumnOption, app, command
from rubrika_train.cli.theme_options import check_themes


class Format(StrEnum):
    """How an explanation is shown."""

    TERMINAL = "terminal"
    HTML = "html"
    JSON = "json"


@app.command()
@command
def explain(
    article: Annotated[str, typer.Argument(metavar="INPUT", help="A file, or - for stdin.")],
    model: ModelOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; else stdout.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to show it.")] = Format.TERMINAL,
    theme: Annotated[
        list[str] | None, typer.Option(help="Explain this theme; may be repeated.")
    ] = None,
    text_column: TextColumnOption = "text",
) -> None:
    """Show which words of an article made its tags, and what the nearest missed theme lacks.

    Example: rubrika explain article.txt --format html -o why.html
    """
    from rubrika import load
    from rubrika.explain import explain as explanation_of
    from rubrika_train.cli.predict import writing
    from rubrika_train.explanations import RENDERERS
    from rubrika_train.files import refuse_overlap
    from rubrika_train.inputs import Reading, Reject, paths, read

    refuse_overlap([output] if output else [], paths([article]))
    tagger = load(model)
    check_themes("--theme", theme or (), tagger.themes)
    rows = read([article], Reading(text_column=text_column))
    row = next(rows, None)
    if row is None or isinstance(row, Reject):
        raise InputError(row.message if row else f"{article}: no article in it")
    shown = RENDERERS[format](explanation_of(tagger, row.text, theme or ()), tagger)
    with writing(output) as file:
        file.write(shown.encode())
    if next(rows, None):
        typer.echo(f"{article}: holds more articles; this is the first one", err=True)
