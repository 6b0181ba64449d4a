"""rubrika labels describe."""

from __future__ import annotations

from pathlib import Path

from rubrika_train.cli.app import AnnotationsArgument, command, labels_app


@labels_app.command("describe")
@command
def labels_describe(folder: AnnotationsArgument = Path("annotations")) -> None:
    """Count labelled articles by number of themes, length, genre, year and region.

    Example: rubrika labels describe annotations
    """
    from rubrika_train import console
    from rubrika_train.annotations import read
    from rubrika_train.describing import describe

    console.print_description(describe(read(folder)))
