"""Rows in Rubrika's own words, as CSV or JSON Lines.

Both carry everything. CSV is written as a Russian Excel opens it: UTF-8 with a mark, `;` between
cells; "без темы" in the column of themes says that there is none, an empty cell that nobody judged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

import orjson

from rubrika.themes import Theme
from rubrika_train.annotations import Judgement
from rubrika_train.exchange.flat import THEME_FIELDS, Row, read_rows
from rubrika_train.exchange.names import Titles, no_theme
from rubrika_train.exchange.records import ABOUT, Item, Reading, Record, extras, fields_of
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import cell_of, names_in_cell

COLUMNS = (
    *("ref_id", "title", "text", "themes", "not_themes", "annotator", "labelled_at"),
    *("final", "disputed", "suggested", "queued_for", *ABOUT),
)


def recognise_csv(source: Source) -> bool:
    """Tell a table by its name, or by a column of themes."""
    if source.is_json:
        return False
    return source.is_named_table or any(
        name.strip().lower() in THEME_FIELDS for name in source.names
    )


def recognise_jsonl(source: Source) -> bool:
    """Tell our own JSON Lines by `themes`."""
    return source.is_json and "themes" in source.names


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of rows."""
    yield from read_rows(source, reading, lambda fields: Row(fields, names_in_cell))


def write_jsonl(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write a JSON object a judgement; the themes of an article without one are null."""
    for item in items:
        article: dict[str, Any] = {**fields_of(item), "text": item.article.text}
        if item.suggestions:
            article["tags"] = [asdict(one) for one in item.suggestions]
        for one in item.judgements or (None,):
            said = (
                {"themes": None} if one is None else {"themes": sorted(one.themes), **extras(one)}
            )
            file.write(orjson.dumps(article | said, option=orjson.OPT_APPEND_NEWLINE))


def write_csv(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write a row a judgement, and one for an article without any."""
    titles, nothing = Titles(themes), no_theme(themes)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", restval="")
    writer.writeheader()
    for item in items:
        suggested = "; ".join(
            f"{titles.of(one.theme)} {one.probability:.2f}" for one in item.suggestions
        )
        article = {**fields_of(item), "text": item.article.text, "suggested": suggested}
        for one in item.judgements or (None,):
            writer.writerow(article | ({} if one is None else _cells(one, titles, nothing)))
    text.detach()


def _cells(judgement: Judgement, titles: Titles, nothing: str) -> dict[str, str]:
    said = extras(judgement)
    lists: dict[str, str] = {
        name: cell_of(titles.sorted(said[name])) if said[name] else "[]"
        for name in ("not_themes", "disputed")
        if name in said
    }
    return {
        "themes": cell_of(titles.sorted(judgement.themes))
        or ("" if "not_themes" in said else nothing),
        "annotator": judgement.annotator,
        "labelled_at": judgement.labelled_at,
        "final": "1" if judgement.final else "",
        **lists,
    }
