"""rubrika themes."""

from __future__ import annotations

from typing import Annotated

import typer

from rubrika_train.cli.app import ModelOption, app, command


@app.command()
@command
def themes(
    model: ModelOption = None,
    words: Annotated[int, typer.Option(min=0, help="How many lemmas of each theme to show.")] = 8,
) -> None:
    """Show a tagger's themes and the lemmas that speak most for each, or its keywords.

    Example: rubrika themes --words 20
    """
    from rubrika import load
    from rubrika_train import console

    tagger = load(model)
    by_rule = tagger.rules.by_theme if tagger.rules else {}
    console.print_themes(
        (
            theme.id,
            theme.ru,
            [f"by keywords: {', '.join(theme.keywords)}"]
            if theme.id in by_rule
            else tagger.strongest_lemmas(theme.id, words),
        )
        for theme in tagger.themes
    )
