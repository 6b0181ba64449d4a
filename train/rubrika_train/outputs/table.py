"""Predictions as CSV: for programs, or for a Russian Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import orjson

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.jsonlines import plain_value
from rubrika_train.predicting import Prediction

_LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: its encoding, what stands between cells, and in fractions."""

    encoding: str
    separator: str
    point: str


PLAIN = Dialect("utf-8", ",", ".")
# What Excel writes and opens by a double click where Windows speaks Russian. Without the mark it
# takes UTF-8 for cp1251; with a point it takes 1.05 for the first of May.
EXCEL = Dialect("utf-8-sig", ";", ",")


def write_as(
    dialect: Dialect, predictions: Iterable[Prediction], tagger: Tagger, file: BinaryIO
) -> None:
    """Write CSV: the columns of the first article, then themes, probabilities, status, model.

    A tagger with keywords or a hierarchy adds a column of what made each tag.
    """
    text = io.TextIOWrapper(file, encoding=dialect.encoding, newline="", write_through=True)
    writer: csv.DictWriter[str] | None = None
    is_marked = tagger.rules is not None or any(theme.parent for theme in tagger.themes)
    for prediction in predictions:
        record = _flat(prediction.record(tagger.version), dialect, marked=is_marked)
        if writer is None:
            writer = csv.DictWriter(text, record.keys(), delimiter=dialect.separator)
            writer.writeheader()
        if strange := record.keys() - set(writer.fieldnames):
            raise InputError(
                f"{prediction.row.origin}: field {min(strange)!r} is not in the first row, "
                "so CSV has no column for it; write --format jsonl"
            )
        writer.writerow(record)
    text.detach()


write = partial(write_as, PLAIN)
write_excel = partial(write_as, EXCEL)


def _flat(record: dict[str, Any], dialect: Dialect, *, marked: bool) -> dict[str, Any]:
    """Return a record as columns; `marked` adds what made each tag, where some are not learnt."""
    tags = record.pop("tags")
    record["probabilities"] = _LIST_SEPARATOR.join(
        f"{tag['probability']:.3f}".replace(".", dialect.point) for tag in tags
    )
    if marked:
        record["by"] = _LIST_SEPARATOR.join(tag.get("by", "model") for tag in tags)
    record["themes"] = _LIST_SEPARATOR.join(record["themes"])
    return {
        key: orjson.dumps(value, default=plain_value).decode()
        if isinstance(value, dict | list)
        else value
        for key, value in record.items()
    }
