"""Every shape in which other tools have written labels, and what is read from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rubrika.errors import InputError
from rubrika_train.cli.labels import options
from rubrika_train.exchange.formats import FORMATS, WRITABLE, recognise
from rubrika_train.exchange.records import Reading, Record, Said
from rubrika_train.exchange.source import open_source


def choices(*names: str, control: str = "themes") -> list[dict[str, Any]]:
    value = {"choices": list(names)}
    return [{"from_name": control, "to_name": "text", "type": "choices", "value": value}]


def task(annotations: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    return {"id": 5, "data": {"text": "т", "ref_id": "a"}, "annotations": annotations, **more}


def annotation(*names: str, **more: object) -> dict[str, Any]:
    return {"id": 1, "result": choices(*names) if names else [], **more}


def tourism(*more: str, annotator: str | None = None, **rest: Any) -> tuple[Said, ...]:  # noqa: ANN401
    return (Said(("Туризм", *more), annotator=annotator, **rest),)


NO_THEME = (Said(()),)

# JSON rows of one article, the format they are in, and what they say.
JSON_SHAPES: dict[str, tuple[str, dict[str, Any], tuple[Said, ...]]] = {
    "LS: a user's number": (
        "label-studio",
        task([annotation("Туризм", completed_by=7)]),
        tourism(annotator="label-studio-7"),
    ),
    "LS: a user with e-mail": (
        "label-studio",
        task([annotation("Туризм", completed_by={"id": 7, "email": "e@x.ru"})]),
        tourism(annotator="e@x.ru"),
    ),
    "LS: a user without e-mail": (
        "label-studio",
        task([annotation("Туризм", completed_by={"id": 7})]),
        tourism(annotator="label-studio-7"),
    ),
    "LS: the last change is the time": (
        "label-studio",
        task(
            [
                annotation(
                    "Туризм",
                    created_at="2026-11-01T10:00:00.5Z",
                    updated_at="2026-11-02T10:00:00.5Z",
                )
            ]
        ),
        tourism(labelled_at="2026-11-02T10:00:00.5Z"),
    ),
    "LS: completions of old, seconds": (
        "label-studio",
        {
            "data": {"text": "т", "id": "a"},
            "completions": [annotation("Туризм", created_at=1600000000)],
        },
        tourism(labelled_at="2020-09-13T12:26:40+00:00"),
    ),
    "LS: several themes": ("label-studio", task([annotation("Туризм", "Авто")]), tourism("Авто")),
    "LS: nothing chosen": ("label-studio", task([annotation()]), NO_THEME),
    "LS: two annotators": (
        "label-studio",
        task([annotation("Туризм", completed_by=1), annotation(completed_by=2)]),
        (Said(("Туризм",), annotator="label-studio-1"), Said((), annotator="label-studio-2")),
    ),
    "LS: skipped": ("label-studio", task([annotation("Туризм", was_cancelled=True)]), ()),
    "LS: skipped of old": ("label-studio", task([annotation("Туризм", skipped=True)]), ()),
    "LS: predictions are no labels": (
        "label-studio",
        task([], predictions=[{"result": choices("Туризм")}]),
        (),
    ),
    "LS: no annotations at all": ("label-studio", {"data": {"text": "т", "ref_id": "a"}}, ()),
    "LS: a taxonomy": (
        "label-studio",
        task(
            [
                {
                    "result": [
                        {
                            "from_name": "themes",
                            "type": "taxonomy",
                            "value": {"taxonomy": [["Отдых", "Туризм"], ["Авто"]]},
                        }
                    ]
                }
            ]
        ),
        tourism("Авто"),
    ),
    "LS: nested choices": (
        "label-studio",
        task([{"result": [{**choices()[0], "value": {"choices": [["Отдых", "Туризм"]]}}]}]),
        tourism(),
    ),
    "LS: the only control may have any name": (
        "label-studio",
        task([{"result": choices("Туризм", control="topic")}]),
        tourism(),
    ),
    "LS: other controls beside themes": (
        "label-studio",
        task([{"result": [*choices("плохо", control="mood"), *choices("Туризм")]}]),
        tourism(),
    ),
    "LS: id in meta": (
        "label-studio",
        {"data": {"text": "т"}, "meta": {"ref_id": "a"}, "annotations": [annotation("Туризм")]},
        tourism(),
    ),
    "JSON_MIN: one choice": (
        "label-studio-min",
        {"text": "т", "ref_id": "a", "id": 5, "annotation_id": 3, "themes": "Туризм"},
        tourism(),
    ),
    "JSON_MIN: several choices": (
        "label-studio-min",
        {
            "text": "т",
            "ref_id": "a",
            "annotation_id": 3,
            "annotator": 2,
            "created_at": "2026-11-01T10:00:00Z",
            "themes": {"choices": ["Туризм", "Авто"]},
        },
        tourism("Авто", annotator="label-studio-2", labelled_at="2026-11-01T10:00:00Z"),
    ),
    "doccano": ("doccano", {"id": 1, "text": "т", "ref_id": "a", "label": ["Туризм"]}, tourism()),
    "doccano: labels": ("doccano", {"text": "т", "id": "a", "labels": ["Туризм"]}, tourism()),
    "doccano: annotations of old": (
        "doccano",
        {
            "id": 1,
            "text": "т",
            "annotations": [{"label": "Туризм", "user": 4}],
            "meta": {"id": "a"},
        },
        tourism(annotator="doccano-4"),
    ),
    "doccano: a user's name": (
        "doccano",
        {"text": "т", "external_id": "a", "label": ["Туризм"], "username": "anna", "Comments": []},
        tourism(annotator="anna"),
    ),
    "doccano: an empty list says nothing": ("doccano", {"text": "т", "id": "a", "label": []}, ()),
    "Prodigy: a choice": (
        "prodigy",
        {
            "text": "т",
            "meta": {"id": "a"},
            "options": [],
            "accept": ["Туризм"],
            "answer": "accept",
            "_annotator_id": "news-anna",
            "_timestamp": 1600000000,
        },
        tourism(annotator="news-anna", labelled_at="2020-09-13T12:26:40+00:00"),
    ),
    "Prodigy: an exported judgement answered anew": (
        "prodigy",
        {
            "text": "т",
            "ref_id": "a",
            "accept": ["Туризм"],
            "answer": "accept",
            "annotator": "chief",
            "labelled_at": "2019-01-01",
            "final": True,
            "_annotator_id": "news-anna",
            "_timestamp": 1600000000,
        },
        tourism(annotator="news-anna", labelled_at="2020-09-13T12:26:40+00:00"),
    ),
    "Prodigy: no theme": (
        "prodigy",
        {"text": "т", "ref_id": "a", "accept": [], "answer": "accept"},
        NO_THEME,
    ),
    "Prodigy: ignored": (
        "prodigy",
        {"text": "т", "ref_id": "a", "accept": ["Туризм"], "answer": "ignore"},
        (),
    ),
    "Prodigy: a task rejected as a whole": (
        "prodigy",
        {"text": "т", "ref_id": "a", "accept": ["Туризм"], "answer": "reject"},
        (),
    ),
    "Prodigy: yes to one theme": (
        "prodigy",
        {"text": "т", "ref_id": "a", "label": "Туризм", "answer": "accept"},
        tourism(not_themes=()),
    ),
    "Prodigy: no to one theme": (
        "prodigy",
        {"text": "т", "ref_id": "a", "label": "Туризм", "answer": "reject"},
        (Said((), not_themes=("Туризм",)),),
    ),
    "Prodigy: an answer to no question": (
        "prodigy",
        {"text": "т", "ref_id": "a", "answer": "reject"},
        (),
    ),
    "Prodigy: not answered": (
        "prodigy",
        {"text": "т", "ref_id": "a", "accept": ["Туризм"], "options": []},
        (),
    ),
    "Argilla: nested": (
        "argilla",
        {
            "id": "a",
            "fields": {"text": "т"},
            "responses": {"themes": [{"value": ["Туризм"], "user_id": "u"}]},
            "suggestions": {"themes": {"value": ["Авто"]}},
        },
        tourism(annotator="u"),
    ),
    "Argilla: only what was submitted": (
        "argilla",
        {
            "id": "a",
            "fields": {"text": "т"},
            "responses": {
                "themes": [
                    {"value": ["Авто"], "user_id": "v", "status": "draft"},
                    {"value": ["Туризм"], "user_id": "u", "status": "submitted"},
                ]
            },
        },
        tourism(annotator="u"),
    ),
    "Argilla: suggestions are no labels": (
        "argilla",
        {"id": "a", "fields": {"text": "т"}, "suggestions": {"themes": {"value": ["Туризм"]}}},
        (),
    ),
    "Argilla: columns": (
        "argilla",
        {
            "id": "a",
            "text": "т",
            "themes.responses": [["Туризм"], ["Авто"]],
            "themes.responses.users": ["u", "v"],
            "themes.responses.status": ["submitted", "discarded"],
        },
        tourism(annotator="u"),
    ),
    "Argilla 1: feedback": (
        "argilla",
        {
            "id": "a",
            "fields": {"text": "т"},
            "responses": [
                {
                    "values": {"themes": {"value": ["Туризм"]}},
                    "status": "submitted",
                    "user_id": "u",
                }
            ],
        },
        tourism(annotator="u"),
    ),
    "Argilla 1: classification": (
        "argilla",
        {"id": "a", "text": "т", "annotation": ["Туризм"], "annotation_agent": "u"},
        tourism(annotator="u"),
    ),
    "our own line": (
        "jsonl",
        {
            "id": "a",
            "text": "т",
            "themes": ["Туризм"],
            "not_themes": ["Авто"],
            "annotator": "x",
            "labelled_at": "2026-11-01",
        },
        tourism(annotator="x", labelled_at="2026-11-01", not_themes=("Авто",)),
    ),
    "our own line without themes": (
        "jsonl",
        {"id": "a", "text": "т", "themes": [], "annotator": "x"},
        (Said((), annotator="x"),),
    ),
}

# Tables and lines, the format they are in, and what their first row says.
TEXT_SHAPES: dict[str, tuple[str, str, tuple[Said, ...]]] = {
    "LS CSV: one choice": (
        "label-studio-min",
        "text,ref_id,id,themes,annotator,annotation_id\nт,a,5,Туризм,2,3\n",
        tourism(annotator="label-studio-2"),
    ),
    "LS CSV: several choices": (
        "label-studio-min",
        'text,ref_id,themes,annotator,annotation_id\nт,a,"{""choices"":[""Туризм"",""Авто""]}",'
        "e@x.ru,3\n",
        tourism("Авто", annotator="e@x.ru"),
    ),
    "LS CSV: nothing chosen": (
        "label-studio-min",
        "text,ref_id,themes,annotator,annotation_id\nт,a,,2,3\n",
        (Said((), annotator="label-studio-2"),),
    ),
    "doccano CSV": ("csv", "id,text,label\na,т,Туризм#Авто\n", tourism("Авто")),
    "a table of one's own": ("csv", 'ID;text;Темы\na;т;"Туризм; "\n', tourism()),
    "a table with commas in a cell": (
        "csv",
        'id\ttext\tthemes\na\tт\t"Туризм|Авто"\n',
        tourism("Авто"),
    ),
    "an empty cell says nothing": ("csv", "id,text,themes\na,т,\n", ()),
    "an empty cell of somebody": (
        "csv",
        "id,text,themes,annotator\na,т,,x\n",
        (Said((), annotator="x"),),
    ),
    "no theme in a table": ("csv", "id,text,themes\na,т,без темы\n", (Said(("без темы",)),)),
    "fastText": (
        "fasttext",
        "__label__Туризм __label__Авто т\n",
        tourism("Авто"),
    ),
    "fastText with tabs": (
        "fasttext",
        "__label__Туризм\t__label__Авто\tт\n",
        tourism("Авто"),
    ),
    "fastText without a label": ("fasttext", "т без метки\n__label__Авто т\n", ()),
}


def read(path: Path, reading: Reading | None = None) -> tuple[str, list[Record]]:
    source = open_source(path)
    name = recognise(source)
    return name, list(FORMATS[name].read(source, reading or Reading()))


@pytest.mark.parametrize("lines", [False, True], ids=["array", "lines"])
@pytest.mark.parametrize(("format", "row", "said"), JSON_SHAPES.values(), ids=JSON_SHAPES.keys())
def test_shapes_in_json(
    tmp_path: Path, format: str, row: dict[str, Any], said: tuple[Said, ...], lines: bool
) -> None:
    path = tmp_path / "labels.json"
    text = json.dumps(row, ensure_ascii=False)
    path.write_text(text if lines else f"\ufeff[{text}]", "utf-8")
    name, (record,) = read(path)
    assert (name, record.said, record.id, record.text) == (format, said, "a", "т")
    assert record.place == (f"{path}:1" if lines else f"{path}: item 1")


@pytest.mark.parametrize(("format", "text", "said"), TEXT_SHAPES.values(), ids=TEXT_SHAPES.keys())
def test_shapes_in_tables_and_lines(
    tmp_path: Path, format: str, text: str, said: tuple[Said, ...]
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, "utf-8" if format == "fasttext" else "cp1251")
    name, (record, *_) = read(path)
    assert (name, record.said) == (format, said)


def test_an_empty_list_is_a_word_if_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"text": "т", "label": []}')
    assert read(path, Reading(empty_is_none=True))[1][0].said == NO_THEME


def test_skipped_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    skipped = annotation("Туризм", was_cancelled=True)
    path.write_text(json.dumps([task([skipped, annotation("Авто")])]))
    assert read(path)[1][0].skipped == 1


TAGGED = {"text": "т", "themes": ["tourism"], "status": "tagged", "tags": [], "model": "m"}


def test_a_plain_text_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Отель\n\nТуристы, отели, море; лето, зима, весна\nконец", "utf-8")
    with pytest.raises(InputError, match="not in a known format"):
        read(path)


def test_own_tags_are_labels_only_if_a_person_checked_them(tmp_path: Path) -> None:
    path = tmp_path / "tagged.jsonl"
    path.write_text(json.dumps(TAGGED))
    with pytest.raises(InputError) as raised:
        read(path)
    assert str(raised.value) == (
        f"{path}:1: these themes are Rubrika's own tags, not labels; "
        "if a person checked them, say so with --confirmed"
    )
    assert read(path, Reading(confirmed=True))[1][0].said == (Said(("tourism",)),)
    path.write_text(json.dumps({**TAGGED, "themes": [], "status": "none"}))
    assert read(path)[1][0].said == ()
    assert read(path, Reading(confirmed=True))[1][0].said == NO_THEME
    path.write_text(json.dumps({**TAGGED, "annotator": "x"}))
    assert read(path)[1][0].said == (Said(("tourism",), annotator="x"),)


BROKEN = {
    "broken JSON": ("{oops", ":1: broken JSON at column 2"),
    "a broken array": ("[{]", ":1: broken JSON at column 3"),
    "no object": ("[1]", ": item 1: not a JSON object but int"),
    "no themes": (
        '{"id": 1, "text": "т", "colour": 1, "annotation_id": 3}',
        ": no field of themes (fields: id, text, colour, annotation_id); "
        "name the right one with --field",
    ),
    "no text": (
        '{"label": ["x"], "body": "т"}',
        ":1: no text in field 'text' (fields: label, body); name its field with --text-column",
    ),
    "a number of themes": (
        '{"text": "т", "label": [1.5]}',
        ":1: themes are a name or a list of names, not 1.5",
    ),
    "a strange answer": (
        '{"text": "т", "answer": "maybe"}',
        ":1: no answer 'maybe'; it is accept, reject or ignore",
    ),
    "two controls": (
        json.dumps(task([{"result": [*choices("x", control="b"), *choices("y", control="a")]}])),
        ": name the control with the themes with --field; there are a, b",
    ),
    "two questions": (
        '{"fields": {"text": "т"}, "responses": {"a": [{"value": "x"}], "b": [{"value": "x"}]}}',
        ": name the question of themes with --field; there are a, b",
    ),
    "labels without a text": ("__label__a\n__label__b т\n", ":1: no text after the labels"),
    "nothing known": (
        '{"text": "т"}',
        f": not in a known format; name it with --format ({', '.join(FORMATS)})",
    ),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_faults_are_named_with_their_place(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        read(path)
    assert str(raised.value) == f"{path}{message}"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("label-studio", task([{"result": choices("x", control="a")}])),
        ("doccano", {"text": "т", "label": ["x"]}),
        ("argilla", {"fields": {"text": "т"}, "responses": {"a": [{"value": "x"}]}}),
    ],
)
def test_a_field_that_is_not_there_is_refused(
    tmp_path: Path, name: str, row: dict[str, Any]
) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(row))
    with pytest.raises(InputError, match="--field"):
        read(path, Reading(field="thems"))


def test_the_command_line_knows_all_formats() -> None:
    assert {one.value for one in options.Read} == set(FORMATS)
    assert {one.value for one in options.Written} == set(WRITABLE)
