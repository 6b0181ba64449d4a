"""fastText: a line an article, `__label__` before each theme, `__label__none` for no theme.

Written lines carry the text without its line ends, and gold themes. Ids, titles, annotators, dates
and what is open are lost; an article with an open theme is left out, for a line cannot say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.exchange.names import no_theme
from rubrika_train.exchange.records import Item, Reading, Record, Said
from rubrika_train.exchange.source import Source

PREFIX = "__label__"
_LABEL = rf"{PREFIX}(\S+)"
_LABELS = re.compile(rf"^(?:{_LABEL}(?:\s+|$))*")
_LOOK = 100


def recognise(source: Source) -> bool:
    """Tell fastText by a label at the head of one of the first lines."""
    if source.is_json:
        return False
    first = (line for _, (_, line) in zip(range(_LOOK), source.lines(), strict=False))
    return any(line.startswith(PREFIX) for line in first)


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of lines; a line without any label is unlabelled."""
    for place, line in source.lines():
        text = _LABELS.sub("", line, count=1)
        themes = tuple(re.findall(_LABEL, line.removesuffix(text)))
        if not text:
            raise InputError(f"{place}: no text after the labels")
        judged = bool(themes) or reading.empty_is_none
        said = (Said(themes),) if judged else ()
        yield Record(place=place, text=text, said=said, empty=not judged)


def write(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write a line an article; items hold one judgement at most, the gold one."""
    nothing = no_theme(themes, "none", "-").replace(" ", "_")
    for item in items:
        if any(one.not_themes is not None for one in item.judgements):
            continue
        labels = [
            f"{PREFIX}{theme.replace(' ', '_')} "
            for one in item.judgements
            for theme in sorted(one.themes) or [nothing]
        ]
        text = " ".join(item.article.full_text.split())
        file.write(f"{''.join(labels)}{text}\n".encode())
