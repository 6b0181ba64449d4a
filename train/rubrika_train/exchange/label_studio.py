"""Label Studio: tasks as JSON, their short forms JSON_MIN and CSV, and the labelling page.

Tasks written here carry everything. What Label Studio itself drops when it imports them: who made
an annotation and when, `final`, `disputed` and `not_themes`; it takes them all as its own user's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import orjson

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.exchange.flat import Row, article_of, read_rows, said_of
from rubrika_train.exchange.names import Titles
from rubrika_train.exchange.records import Item, Reading, Record, Said, extras, fields_of
from rubrika_train.exchange.source import Source
from rubrika_train.exchange.values import moment_in, names_in, text_in, unpacked

CONTROL = "themes"
# Fields of an annotation that only Rubrika reads.
OWN = "rubrika"


def recognise(source: Source) -> bool:
    """Tell tasks by their `data`."""
    return source.is_json and bool(source.rows) and isinstance(source.rows[0][1].get("data"), dict)


def read(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of tasks; annotations that were skipped are counted, predictions not."""
    control = _control(source, reading)
    for place, task in source.rows:
        data = task.get("data")
        if not isinstance(data, dict):
            raise InputError(f"{place}: no task, for it has no data; export JSON")
        annotations = _annotations(place, task)
        done = [one for one in annotations if not _skipped(one)]
        yield article_of(
            place,
            Row({"meta": task.get("meta"), **data}),
            reading,
            said=tuple(_said(place, one, control) for one in done),
            skipped=len(annotations) - len(done),
        )


def recognise_min(source: Source) -> bool:
    """Tell JSON_MIN and CSV by the number of the annotation."""
    return "annotation_id" in source.names


def read_min(source: Source, reading: Reading) -> Iterator[Record]:
    """Yield the articles of JSON_MIN or CSV; each row is an annotation that was not skipped."""
    yield from read_rows(source, reading, _row)


def write(items: Iterable[Item], themes: Sequence[Theme], file: BinaryIO) -> None:
    """Write tasks: annotations for judgements, a prediction for what a tagger suggests."""
    titles = Titles(themes)
    tasks = [_task(item, titles) for item in items]
    file.write(orjson.dumps(tasks, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def config(themes: Sequence[Theme]) -> str:
    """Return the labelling page for these themes, to paste into a project's settings."""
    titles = Titles(themes)
    choices = "\n".join(
        f"    <Choice value={quoteattr(titles.of(theme.id))} hint={quoteattr(theme.definition)}/>"
        for theme in themes
    )
    return f"""<View>
  <Header value="$title"/>
  <Text name="text" value="$text"/>
  <Choices name="{CONTROL}" toName="text" choice="multiple" showInline="true">
{choices}
  </Choices>
</View>
"""


def _annotations(place: str, task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a task's annotations, which old versions called completions."""
    found = task.get("annotations", task.get("completions")) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(f"{place}: annotations are no list of objects; export JSON")
    return found


def _skipped(annotation: Mapping[str, Any]) -> bool:
    return bool(annotation.get("was_cancelled") or annotation.get("skipped"))


def _control(source: Source, reading: Reading) -> str | None:
    """Return the control that holds themes; the only one may have any name."""
    controls = {
        str(one.get("from_name"))
        for place, task in source.rows
        for annotation in _annotations(place, task)
        for one in _results(annotation)
    }
    wanted = reading.field or (CONTROL if CONTROL in controls else None)
    if controls and (wanted not in controls if wanted else len(controls) > 1):
        raise InputError(
            f"{source.path}: name the control with the themes with --field; "
            f"there are {', '.join(sorted(controls))}"
        )
    return wanted


def _said(place: str, annotation: Mapping[str, Any], control: str | None) -> Said:
    own = annotation.get(OWN)
    own = own if isinstance(own, dict) else {}
    times = (annotation.get(name) for name in ("updated_at", "created_at"))
    moment = next((found for found in map(moment_in, times) if found), None)
    user = annotation.get("completed_by", annotation.get("created_username"))
    annotator = text_in(own.get("annotator")) or _user(user)
    chosen = [
        one.get("value")
        for one in _results(annotation)
        if control is None or one.get("from_name") == control
    ]
    return said_of(place, Row({"labelled_at": moment, **own}, annotator=annotator), chosen)


def _results(annotation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what was chosen in an annotation, control by control."""
    found = [one for one in annotation.get("result") or [] if isinstance(one, dict)]
    return [one for one in found if one.get("type") in ("choices", "taxonomy")]


def _row(fields: dict[str, Any]) -> Row:
    """Return a row of JSON_MIN or CSV; a cell is one choice, or JSON of several."""
    return Row(
        {**fields, "labelled_at": fields.get("updated_at") or fields.get("created_at")},
        names=lambda value: names_in(unpacked(value)),
        ids=("ref_id",),
        annotator=_user(fields.get("annotator")),
        judged=text_in(fields.get("annotation_id")) is not None,
    )


def _user(user: Any) -> str | None:  # noqa: ANN401 (a JSON value)
    """Return a user's e-mail or, where only a number is known, a name with it."""
    if isinstance(user, dict):
        return text_in(user.get("email")) or text_in(user.get("username")) or _user(user.get("id"))
    name = text_in(user)
    return f"label-studio-{name}" if name and name.isdecimal() else name


def _task(item: Item, titles: Titles) -> dict[str, Any]:
    about = fields_of(item)
    # The page shows a title, so every task must have one, if empty.
    task: dict[str, Any] = {"data": {"title": "", "text": item.article.text, **about}}
    if item.judgements:
        task["annotations"] = [
            {"result": _result(titles.sorted(one.themes)), OWN: extras(one)}
            for one in item.judgements
        ]
    if item.suggestions:
        task["predictions"] = [
            {
                "model_version": item.model,
                "score": round(min(one.probability for one in item.suggestions), 6),
                "result": _result(titles.sorted(one.theme for one in item.suggestions)),
            }
        ]
    return task


def _result(names: list[str]) -> list[dict[str, Any]]:
    if not names:
        return []
    value = {"choices": names}
    return [{"from_name": CONTROL, "to_name": "text", "type": "choices", "value": value}]
