"""doccano: JSON Lines of `text` and `label`.

Written rows carry everything, the rest as doccano's metadata, which it gives back. It imports a row
a judgement, and exports no user's name: give --annotator for rows that somebody labelled anew. A
tagger's suggestions stand as labels, so their rows are read back with --confirmed alone.
An empty list may mean "no theme" or "not labelled": --empty-is-none takes it as the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import orjson

from rubrika.themes import Theme
from rubrika_train.annotations import Judgement, joined
from rubrika_train.exchange.flat import SUGGESTED_BY, Row, read_rows
from rubrika_train.exchange.names import Titles
from rubrika_train.exchange.records import Item, Reading, Record, extras, fields_of
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import text_in

_LABELS = ("label", "labels", "annotations")


def recognise(source: Source) -> bool:
    """Tell doccano by its labels beside a text."""
    return source.is_json and bool(source.names & set(_LABELS))


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of rows; doccano's own number of a text is no id of an article."""
    yield from read_rows(source, reading, _row)


def write(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write a row a judgement; the title stands above the text, for people to read."""
    titles = Titles(themes)
    for item in items:
        article = item.article
        row = {**fields_of(item), "text": joined(article.title, article.text)}
        suggested: dict[str, Any] = {"label": titles.sorted(one.theme for one in item.suggestions)}
        if item.suggestions:
            suggested[SUGGESTED_BY] = item.model
        for one in item.judgements or (None,):
            said = suggested if one is None else _said(one, titles)
            file.write(orjson.dumps(row | said, option=orjson.OPT_APPEND_NEWLINE))


def _said(judgement: Judgement, titles: Titles) -> dict[str, Any]:
    return {"label": titles.sorted(judgement.themes), **extras(judgement)}


def _row(fields: dict[str, Any]) -> Row:
    """Return a row; old versions give annotations of a label and a user."""
    given = ("ref_id", "external_id", *(() if isinstance(fields.get("id"), int) else ("id",)))
    old = fields.get("annotations")
    annotations = [one for one in old if isinstance(one, dict)] if isinstance(old, list) else []
    users = {text_in(one.get("user")) for one in annotations} - {None}
    user = f"doccano-{users.pop()}" if len(users) == 1 else None
    return Row(fields, ids=given, annotator=user, titled=True)
