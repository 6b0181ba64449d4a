"""A row that has an article and its themes side by side, in any tool's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rubrika.errors import InputError
from rubrika_train.exchange.records import Reading, Record, Said, about
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import (
    flag_in,
    id_in,
    moment_in,
    names_in,
    text_in,
    without_title,
)

# The field that names the tagger where its suggestions stand in the place of labels.
SUGGESTED_BY = "suggested_by"

# The fields that hold themes if `Reading` names none, the likeliest first.
THEME_FIELDS = (
    "themes",
    "labels",
    "label",
    "annotations",
    "темы",
    "тема",
    "рубрики",
    "рубрика",
    "метки",
    "category",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's fields, and what its tool's way of writing says about them.

    `names` reads names of themes from a field, `ids` are the fields with an article's id. A row is
    `judged` where no theme is a word too, `titled` where the title stands above the text as well.
    """

    fields: Mapping[str, Any]
    names: Callable[[Any], tuple[str, ...]] = names_in
    ids: tuple[str, ...] = ("ref_id", "id")
    annotator: str | None = None
    judged: bool = False
    titled: bool = False


def read_rows(
    source: Source, reading: Reading, row_of: Callable[[dict[str, Any]], Row]
) -> Iterator[Record]:
    """Yield the articles of a file's rows and what was said of each.

    No theme is a judgement only if the row is known to be `judged`, names who said it, says what
    the article is not about, or `Reading` takes emptiness as a word: otherwise nobody looked yet.
    Raises InputError for a file without a field of themes.
    """
    key = theme_field(source, reading)
    for place, fields in source.rows:
        row = row_of(fields)
        if not reading.confirmed:
            _refuse_tags(place, row, key)
        said = said_of(place, row, row.fields.get(key))
        spoken = said.themes or said.annotator or said.not_themes is not None or row.judged
        if spoken or reading.empty_is_none or (reading.confirmed and _tagged(fields)):
            yield article_of(place, row, reading, said=(said,))
        else:
            yield replace(article_of(place, row, reading), empty=True)


def said_of(place: str, row: Row, themes: Any) -> Said:  # noqa: ANN401 (a JSON value)
    """Return what a row says; raises InputError for what is no name."""
    fields = row.fields
    own = text_in(fields.get("annotator")) or text_in(fields.get("username"))
    try:
        not_themes, disputed = (
            None if fields.get(name) in (None, "") else row.names(fields[name])
            for name in ("not_themes", "disputed")
        )
        names = row.names(themes)
    except ValueError as error:
        raise InputError(f"{place}: {error}") from error
    return Said(
        themes=names,
        not_themes=not_themes,
        annotator=row.annotator or own,
        labelled_at=moment_in(fields.get("labelled_at")),
        final=flag_in(fields.get("final")),
        disputed=disputed,
    )


def article_of(
    place: str, row: Row, reading: Reading, *, said: tuple[Said, ...] = (), skipped: int = 0
) -> Record:
    """Return the article of a row: its text, title, id, and what else is told of it."""
    fields, more = row.fields, _more(row.fields)
    title = text_in(fields.get("title")) or text_in(more.get("title"))
    text = text_in(fields.get(reading.text_column))
    given = id_in(fields, more, names=row.ids[:1]) or id_in(fields, names=row.ids) or id_in(more)
    if text is None and given is None:
        known = ", ".join(map(str, fields)) or "none"
        raise InputError(
            f"{place}: no text in field {reading.text_column!r} (fields: {known}); "
            "name its field with --text-column"
        )
    return Record(
        place=place,
        text=without_title(title, text) if text and row.titled else text,
        id=given,
        title=title,
        about=about(fields, more),
        said=said,
        skipped=skipped,
    )


def theme_field(source: Source, reading: Reading) -> str:
    """Return the field of a file's rows that holds themes."""
    present = {name: None for _, fields in source.rows for name in fields}
    by_name = {name.strip().lower(): name for name in reversed(present)}
    wanted = THEME_FIELDS if reading.field is None else (reading.field.strip().lower(),)
    found = next((by_name[name] for name in wanted if name in by_name), None)
    if found is None:
        what = "of themes" if reading.field is None else repr(reading.field)
        known = ", ".join(present) or "none"
        raise InputError(
            f"{source.path}: no field {what} (fields: {known}); name the right one with --field"
        )
    return found


def _refuse_tags(place: str, row: Row, key: str) -> None:
    """Refuse themes that Rubrika gave: tags learnt as labels would only confirm themselves."""
    fields = row.fields
    by_someone = row.annotator or row.judged or text_in(fields.get("annotator"))
    if _tagged(fields) and fields.get(key) and not by_someone:
        raise InputError(
            f"{place}: these themes are Rubrika's own tags, not labels; "
            "if a person checked them, say so with --confirmed"
        )


def _tagged(fields: Mapping[str, Any]) -> bool:
    return ("status" in fields and "model" in fields) or SUGGESTED_BY in fields


def _more(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object in which tools keep what they do not know of an article."""
    for name in ("meta", "metadata"):
        if isinstance(fields.get(name), dict):
            more: Mapping[str, Any] = fields[name]
            return more
    return {}
