"""All formats in one table: how each is told, read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.exchange import (
    argilla,
    doccano,
    fasttext_lines,
    label_studio,
    prodigy,
    tables,
)
from rubrika_train.exchange.records import Item, Reading, Record
from rubrika_train.exchange.source import Source

Recogniser = Callable[[Source], bool]
Reader = Callable[[Source, Reading], Iterator[Record]]
Writer = Callable[[Iterable[Item], Sequence[Theme], BinaryIO], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is told from others, read and, where it can be, written.

    `annotator` is whose the labels are where a file does not say so.
    """

    recognise: Recogniser
    read: Reader
    write: Writer | None
    annotator: str


# In the order in which they are tried: the more peculiar first.
FORMATS: dict[str, Format] = {
    "fasttext": Format(
        fasttext_lines.recognise, fasttext_lines.read, fasttext_lines.write, "fasttext"
    ),
    "label-studio": Format(
        label_studio.recognise, label_studio.read, label_studio.write, "label-studio"
    ),
    "label-studio-min": Format(
        label_studio.recognise_min, label_studio.read_min, None, "label-studio"
    ),
    "argilla": Format(argilla.recognise, argilla.read, argilla.write, "argilla"),
    "prodigy": Format(prodigy.recognise, prodigy.read, prodigy.write, "prodigy"),
    "jsonl": Format(tables.recognise_jsonl, tables.read, tables.write_jsonl, "jsonl"),
    "doccano": Format(doccano.recognise, doccano.read, doccano.write, "doccano"),
    "csv": Format(tables.recognise_csv, tables.read, tables.write_csv, "csv"),
}
WRITABLE = tuple(name for name, format in FORMATS.items() if format.write)


def recognise(source: Source) -> str:
    """Return the name of the format that a file is in; raise InputError for none."""
    for name, format in FORMATS.items():
        if format.recognise(source):
            return name
    raise InputError(
        f"{source.path}: not in a known format; name it with --format ({', '.join(FORMATS)})"
    )
