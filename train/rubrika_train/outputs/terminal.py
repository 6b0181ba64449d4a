"""Predictions as a table for people."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO

from rubrika.decision import By, Status
from rubrika.keywords import FOUND
from rubrika.tagger import Tagger
from rubrika_train.predicting import Prediction

TABLE_ROWS = 500
PLAIN_WIDTH = 100
_SNIPPET_CHARACTERS = 80


def write(predictions: Iterable[Prediction], tagger: Tagger, file: BinaryIO) -> None:
    """Write tables for people: article, themes with probabilities, status."""
    from rich.console import Console
    from rich.table import Table

    titles = {theme.id: theme.ru for theme in tagger.themes}
    text = io.TextIOWrapper(file, encoding="utf-8", write_through=True)
    console = Console(file=text, highlight=False, width=None if file.isatty() else PLAIN_WIDTH)
    remaining = iter(predictions)
    while chunk := list(islice(remaining, TABLE_ROWS)):
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
        table.add_column("article", ratio=1)
        table.add_column("themes", no_wrap=True)
        for prediction in chunk:
            table.add_row(snippet(prediction), "\n".join(_lines(prediction, titles)))
        console.print(table)
    text.detach()


_MADE_BY = {By.KEYWORDS: "by keywords:", By.CHILD: "with"}
_STATUS_WORDS = {
    Status.NONE: "— no theme",
    Status.UNSURE: "? unsure: a theme is just under its threshold",
    Status.UNKNOWN_WORDS: "? too few known words",
    Status.WRONG_LANGUAGE: "? not Russian",
}


def snippet(prediction: Prediction) -> str:
    """Return an article's place and first words, short enough for a table."""
    fields = prediction.row.fields
    name = fields.get("file") or fields.get("id") or prediction.row.origin
    words = " ".join(prediction.row.text.split())
    short = words if len(words) <= _SNIPPET_CHARACTERS else f"{words[:_SNIPPET_CHARACTERS]}…"
    name = PurePath(str(name)).name if "file" in fields else name
    return f"[bold]{_escape(str(name))}[/bold]\n{_escape(short)}"


def _lines(prediction: Prediction, titles: dict[str, str]) -> Iterator[str]:
    for tag in prediction.tagged.tags:
        title = f"{titles[tag.theme]} [dim]{tag.theme}[/dim]"
        is_rule = tag.by is not None and tag.probability == FOUND
        yield f"{'rule' if is_rule else _percent(tag.probability)}  {title}"
        if tag.by:
            yield f"[dim]      {_MADE_BY[tag.by]} {', '.join(map(_escape, tag.because))}[/dim]"
    if not prediction.tagged.tags:
        yield f"[dim]{_STATUS_WORDS.get(prediction.tagged.status, '— no theme')}[/dim]"


def _percent(probability: float) -> str:
    """Return a probability for people: nothing that a tagger says is certain."""
    return f"{min(probability, 0.99):4.0%}"


def _escape(text: str) -> str:
    from rich.markup import escape

    from rubrika_train.tables import printable

    return escape(printable(text))
