"""What commands about labels share: formats, and what is written with them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Written(StrEnum):
    """The formats that can be written."""

    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    ARGILLA = "argilla"
    FASTTEXT = "fasttext"
    JSONL = "jsonl"
    CSV = "csv"


class Read(StrEnum):
    """The formats that can be read."""

    LABEL_STUDIO = "label-studio"
    LABEL_STUDIO_MIN = "label-studio-min"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    ARGILLA = "argilla"
    FASTTEXT = "fasttext"
    JSONL = "jsonl"
    CSV = "csv"


DataOption = Annotated[
    list[Path] | None,
    typer.Option(help="Articles to label instead of the folder's; may be repeated."),
]
SuggestOption = Annotated[
    bool, typer.Option("--suggest", help="Add the tagger's tags as suggestions.")
]
PageOption = Annotated[
    Path | None,
    typer.Option("--config-out", help="File for Label Studio's labelling page."),
]
WrittenOption = Annotated[Written, typer.Option("--format", help="Format to write.")]
ReadOption = Annotated[
    Read | None, typer.Option("--format", help="Format of the file; recognised if not given.")
]


def check_page(page: Path | None, format: Written | None) -> None:
    """Raise for a labelling page that no Label Studio is asked for."""
    if page and format is not Written.LABEL_STUDIO:
        raise typer.BadParameter("wants --format label-studio", param_hint="--config-out")
