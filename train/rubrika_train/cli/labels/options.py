"""What commands about labels share: the names of formats."""

from __future__ import annotations

from enum import StrEnum
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


WrittenOption = Annotated[Written, typer.Option("--format", help="Format to write.")]
ReadOption = Annotated[
    Read | None, typer.Option("--format", help="Format of the file; recognised if not given.")
]
