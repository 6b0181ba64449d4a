"""Argilla: records as its `to_json` and `from_json` have them, nested or flat.

Written records carry everything. Argilla wants the ids of its own users for responses and drops
what else it does not know; the rest of a judgement stands in the metadata and comes back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, BinaryIO

import orjson

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.annotations import joined
from rubrika_train.exchange.flat import Row, article_of, said_of
from rubrika_train.exchange.names import Titles
from rubrika_train.exchange.records import Item, Reading, Record, Said, extras, fields_of
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import text_in

QUESTION = "themes"
# The metadata that hold the rest of judgements, as JSON: Argilla's are texts and numbers alone.
OWN = "judgements"
_FLAT = ".responses"

# A response: the question, and value, user_id and status.
Response = tuple[str, Mapping[str, Any]]


def recognise(source: Source) -> bool:
    """Tell Argilla by `fields`, or by responses with dots in their names."""
    dotted = any(name.endswith((_FLAT, ".suggestion")) for name in source.names)
    old = "annotation_agent" in source.names
    return source.is_json and (dotted or old or "fields" in source.names)


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of records; of responses only those that were submitted."""
    responses = [list(_responses(record)) for _, record in source.rows]
    question = _question(source, responses, reading)
    for (place, record), given in zip(source.rows, responses, strict=True):
        own = [one for name, one in given if name == question]
        done = [one for one in own if one.get("status") in (None, "submitted")]
        nested = record.get("fields")
        metadata = record.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        rest = _rest(place, metadata.get(OWN, record.get(OWN)))
        said = tuple(_said(place, one, rest) for one in done)
        row = Row({**record, **(nested if isinstance(nested, dict) else {})}, titled=True)
        skipped = sum(one.get("status") == "discarded" for one in own)
        yield article_of(place, row, reading, said=said, skipped=skipped)


def write(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write a JSON array of records, as Argilla reads it; the title stands above the text."""
    titles = Titles(themes)
    records = [_record(item, titles) for item in items]
    file.write(orjson.dumps(records, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _responses(record: Mapping[str, Any]) -> Iterator[Response]:
    """Yield the responses of a record in any of the shapes that versions gave them."""
    nested = record.get("responses")
    if isinstance(nested, dict):
        yield from _nested(nested)
    elif isinstance(nested, list):
        yield from _feedback(nested)
    elif record.get("annotation") is not None:  # classification in Argilla 1
        yield QUESTION, {"value": record["annotation"], "user_id": record.get("annotation_agent")}
    yield from _dotted(record)


def _nested(responses: Mapping[str, Any]) -> Iterator[Response]:
    """Yield the responses of Argilla 2."""
    for question, given in responses.items():
        yield from ((question, one) for one in given or [] if isinstance(one, dict))


def _feedback(responses: Sequence[Any]) -> Iterator[Response]:
    """Yield the responses of feedback in Argilla 1."""
    for one in responses:
        for question, value in (one.get("values") or {}).items():
            yield question, {**one, "value": value.get("value")}


def _dotted(record: Mapping[str, Any]) -> Iterator[Response]:
    """Yield the responses of Argilla 2 that stand in columns, one for each of their parts."""
    for name in record:
        if name.endswith(_FLAT):
            question = name.removesuffix(_FLAT)
            columns = (record.get(f"{name}{more}") or [] for more in ("", ".users", ".status"))
            for value, user, status in zip_longest(*columns):
                yield question, {"value": value, "user_id": user, "status": status}


def _question(source: Source, responses: list[list[Response]], reading: Reading) -> str:
    """Return the question about themes; the only one may have any name."""
    known = {name for given in responses for name, _ in given}
    wanted = reading.field or (QUESTION if QUESTION in known or len(known) != 1 else min(known))
    if known and wanted not in known:
        raise InputError(
            f"{source.path}: name the question of themes with --field; "
            f"there are {', '.join(sorted(known))}"
        )
    return wanted


def _said(place: str, response: Mapping[str, Any], rest: Mapping[str, Any]) -> Said:
    user = text_in(response.get("user_id"))
    own = rest.get(user) if user else None
    value = response.get("value")
    return said_of(place, Row(own if isinstance(own, dict) else {}, annotator=user), value)


def _rest(place: str, packed: Any) -> Mapping[str, Any]:  # noqa: ANN401 (a JSON value)
    if packed is None:
        return {}
    try:
        rest = orjson.loads(packed)
    except (orjson.JSONDecodeError, TypeError) as error:
        raise InputError(f"{place}: metadata {OWN!r} are no JSON as Rubrika writes it") from error
    return rest if isinstance(rest, dict) else {}


def _record(item: Item, titles: Titles) -> dict[str, Any]:
    article = item.article
    record: dict[str, Any] = {
        "id": article.id,
        "fields": {"text": joined(article.title, article.text)},
        "metadata": fields_of(item),
        "suggestions": {},
        "responses": {},
    }
    if item.suggestions:
        by_name = sorted((titles.of(one.theme), one.probability) for one in item.suggestions)
        record["suggestions"][QUESTION] = {
            "value": [name for name, _ in by_name],
            "score": [probability for _, probability in by_name],
            "agent": item.model,
        }
    if item.judgements:
        record["responses"][QUESTION] = [
            {
                "value": titles.sorted(one.themes),
                "user_id": one.annotator,
                "status": "submitted",
            }
            for one in item.judgements
        ]
        rest = {one.annotator: extras(one) for one in item.judgements}
        record["metadata"][OWN] = orjson.dumps(rest).decode()
    return record
