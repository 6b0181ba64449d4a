"""Prodigy: JSON Lines of the views `choice` (several themes) and `classification` (one at a time).

A partial judgement is written as single yes-or-no answers, for a choice says no to all the rest.
Everything comes back but a partial judgement that says nothing of any theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import orjson

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.annotations import Judgement, joined
from rubrika_train.exchange.flat import Row, article_of, said_of
from rubrika_train.exchange.names import Titles
from rubrika_train.exchange.records import Item, Reading, Record, Said, extras, fields_of
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import text_in


def recognise(source: Source) -> bool:
    """Tell Prodigy by its answers or its hashes."""
    return source.is_json and bool(source.names & {"accept", "answer", "_task_hash", "options"})


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of answers; what was ignored is counted as skipped."""
    for place, fields in source.rows:
        answer = fields.get("answer")
        if answer not in (None, "accept", "reject", "ignore"):
            raise InputError(f"{place}: no answer {answer!r}; it is accept, reject or ignore")
        said = () if answer in (None, "ignore") else _said(place, fields)
        row = Row(fields, titled=True)
        yield article_of(place, row, reading, said=said, skipped=int(answer == "ignore"))


def write(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write choices, those that a tagger suggests already made; the title stands above the text."""
    titles = Titles(themes)
    for item in items:
        article = item.article
        task = {**fields_of(item), "text": joined(article.title, article.text)}
        for answer in _answers(item, themes, titles):
            file.write(orjson.dumps(task | answer, option=orjson.OPT_APPEND_NEWLINE))


def _said(place: str, fields: Mapping[str, Any]) -> tuple[Said, ...]:
    """Return what an answer says: all themes in a choice, one theme in a yes-or-no question."""
    user = text_in(fields.get("_annotator_id")) or text_in(fields.get("_session_id"))
    accepted = fields["answer"] == "accept"
    own = {name: value for name, value in fields.items() if name != "not_themes"}
    if "_timestamp" in fields:
        # Answered anew: what an export wrote of an earlier judgement is not of this one.
        own = {"labelled_at": fields["_timestamp"]}
    if "accept" in fields or "options" in fields:
        # A choice that was rejected as a whole says that the task is bad, not what it is about.
        said = said_of(place, Row(own, annotator=user), fields.get("accept") or [])
        return (said,) if accepted else ()
    label = text_in(fields.get("label"))
    if label is None:
        return ()
    if accepted:
        return (said_of(place, Row({**own, "not_themes": []}, annotator=user), label),)
    return (said_of(place, Row({**own, "not_themes": [label]}, annotator=user), []),)


def _answers(item: Item, themes: Sequence[Theme], titles: Titles) -> Iterator[dict[str, Any]]:
    probabilities = {one.theme: one.probability for one in item.suggestions}
    options = [_option(theme, titles, probabilities) for theme in themes]
    choice = {"options": options, "config": {"choice_style": "multiple"}}
    if not item.judgements:
        yield {**choice, "accept": sorted(probabilities)}
    for one in item.judgements:
        if one.not_themes is None:
            yield {**choice, "accept": sorted(one.themes), "answer": "accept", **extras(one)}
        else:
            yield from _single_answers(one)


def _single_answers(judgement: Judgement) -> Iterator[dict[str, Any]]:
    rest = {name: v for name, v in extras(judgement).items() if name != "not_themes"}
    for theme in sorted(judgement.themes):
        yield {"label": theme, "answer": "accept", **rest}
    for theme in sorted(judgement.not_themes or ()):
        yield {"label": theme, "answer": "reject", **rest}


def _option(theme: Theme, titles: Titles, probabilities: Mapping[str, float]) -> dict[str, str]:
    option = {"id": theme.id, "text": titles.of(theme.id)}
    if theme.id in probabilities:
        option["meta"] = f"{probabilities[theme.id]:.2f}"
    return option
