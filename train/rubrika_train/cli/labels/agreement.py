"""rubrika labels agreement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rubrika.errors import RubrikaError
from rubrika_train.cli.app import AnnotationsArgument, command, labels_app


@labels_app.command("agreement")
@command
def labels_agreement(
    folder: AnnotationsArgument = Path("annotations"),
    disputed: Annotated[bool, typer.Option(help="List the articles that are disputed.")] = False,
) -> None:
    """Measure how far annotators agree: kappa by theme, alpha over theme sets, with intervals.

    Example: rubrika labels agreement annotations --disputed
    """
    from rubrika_train import console
    from rubrika_train.agreement import agreement
    from rubrika_train.annotations import read

    found = agreement(read(folder))
    if not found:
        raise RubrikaError(f"{folder}: no article was judged by two annotators; nothing to compare")
    for pair in found:
        console.print_agreement(pair)
        if disputed:
            console.print_disputed(pair)
