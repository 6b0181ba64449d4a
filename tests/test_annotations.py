"""Annotations: gold from judgements, and every fault named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rubrika.errors import AnnotationError
from rubrika.themes import Theme
from rubrika_train.annotations import Judgement, check, counts_by_theme, read, resolve
from tests.conftest import ROOT, THEMES, judgement, write_jsonl

IDS = (
    Theme("tourism", "Туризм", "Tourism", ""),
    Theme("automotive", "Автопром", "Automotive", ""),
)


def said(annotator: str, themes: str, **more: object) -> Judgement:
    return Judgement.model_validate({**judgement("a", themes.split(), annotator), **more})


GOLD = {
    "one annotator": ([said("x", "tourism")], "tourism", ""),
    "two agree": ([said("x", "tourism"), said("y", "tourism")], "tourism", ""),
    "two differ": (
        [said("x", "tourism automotive"), said("y", "tourism")],
        "tourism",
        "automotive",
    ),
    "the final word wins": (
        [said("x", "tourism"), said("y", ""), said("z", "automotive", final=True)],
        "automotive",
        "",
    ),
    "the latest final word wins": (
        [
            said("x", "tourism", final=True, labelled_at="2026-11-03"),
            said("y", "", final=True, labelled_at="2026-11-02"),
        ],
        "tourism",
        "",
    ),
    "a partial judgement is silent on the rest": (
        [said("x", "tourism", not_themes=())],
        "tourism",
        "automotive",
    ),
    "a partial judgement says no": ([said("x", "", not_themes=("tourism",))], "", "automotive"),
    "silence does not dispute": (
        [said("x", "tourism", not_themes=()), said("y", "tourism automotive")],
        "tourism automotive",
        "",
    ),
    "disputed by its own word": (
        [said("x", "tourism", disputed=("automotive",), final=True)],
        "tourism",
        "automotive",
    ),
}


@pytest.mark.parametrize(("judgements", "themes", "open_"), GOLD.values(), ids=GOLD.keys())
def test_gold_of_judgements(judgements: list[Judgement], themes: str, open_: str) -> None:
    gold = resolve(judgements, IDS)
    assert (sorted(gold.themes), sorted(gold.open)) == (sorted(themes.split()), open_.split())


def test_a_later_judgement_of_the_same_annotator_replaces_the_earlier(annotated: Path) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        file.write('{"id":"a0","themes":[],"annotator":"first","labelled_at":"2026-11-02"}\n')
    assert read(annotated).gold["a0"].themes == frozenset()


def test_counts_by_theme(annotated: Path) -> None:
    assert counts_by_theme(read(annotated)) == {"tourism": 16, "automotive": 16}


FAULTS = {
    "broken JSON": (
        "articles.jsonl",
        "{oops",
        "articles.jsonl:49: broken JSON at column 2",
    ),
    "not an object": (
        "articles.jsonl",
        "[1]",
        "articles.jsonl:49: not a JSON object but list",
    ),
    "empty text": (
        "articles.jsonl",
        '{"id":"b","text":" "}',
        "articles.jsonl:49: text: string should have at least 1 character",
    ),
    "unknown field": (
        "articles.jsonl",
        '{"id":"b","text":"t","colour":1}',
        "articles.jsonl:49: colour: extra inputs are not permitted",
    ),
    "duplicate id": (
        "articles.jsonl",
        '{"id":"a3","text":"t"}',
        "articles.jsonl:49: id 'a3' was used on line 4 already",
    ),
    "unknown theme": (
        "labels.jsonl",
        '{"id":"a1","themes":["turism"],"annotator":"x","labelled_at":"2026-11-01"}',
        "labels.jsonl:49: no theme 'turism'; did you mean tourism?",
    ),
    "unknown article": (
        "labels.jsonl",
        '{"id":"zz","themes":[],"annotator":"x","labelled_at":"2026-11-01"}',
        "labels.jsonl:49: a judgement of 'zz', which is in no article",
    ),
    "no date": (
        "labels.jsonl",
        '{"id":"a1","themes":[],"annotator":"x","labelled_at":"вчера"}',
        "labels.jsonl:49: labelled_at: string should match pattern '^\\d{4}-\\d{2}-\\d{2}'",
    ),
    "yes and no": (
        "labels.jsonl",
        '{"id":"a1","themes":["tourism"],"not_themes":["tourism"],"annotator":"x",'
        '"labelled_at":"2026-11-01"}',
        "labels.jsonl:49: judgement: value error, 'tourism' is in themes and in not_themes",
    ),
    "no annotator": (
        "labels.jsonl",
        '{"id":"a1","themes":[],"labelled_at":"2026-11-01"}',
        "labels.jsonl:49: annotator: field required",
    ),
}


@pytest.mark.parametrize(("name", "line", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_faults_are_named_with_file_and_line(
    annotated: Path, name: str, line: str, message: str
) -> None:
    with (annotated / name).open("a") as file:
        file.write(line + "\n")
    _, faults = check(annotated)
    assert [str(fault) for fault in faults] == [f"{annotated}/{message}"]
    with pytest.raises(AnnotationError, match=name):
        read(annotated)


def test_labels_are_read_before_what_they_speak_of(
    annotated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that ends while a folder is read leaves no label without its article."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        names.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    read(annotated)
    assert names == ["labels.jsonl", "articles.jsonl", "themes.toml"]


def test_a_missing_file_is_named(annotated: Path) -> None:
    (annotated / "labels.jsonl").unlink()
    with pytest.raises(AnnotationError, match=r"labels\.jsonl: no such file; a folder of annot"):
        read(annotated)


@pytest.mark.parametrize(
    ("themes", "message"),
    [
        ("", "no [[themes]] in it"),
        (THEMES + THEMES, "a theme id occurs twice"),
        ("themes = 5", "not a list of [[themes]] tables"),
        ('[[themes]]\nid = "x"', "ru: field required"),
        ("[[", "not a list of [[themes]] tables"),
    ],
)
def test_broken_themes_are_refused(annotated: Path, themes: str, message: str) -> None:
    (annotated / "themes.toml").write_text(themes)
    with pytest.raises(AnnotationError) as raised:
        read(annotated)
    assert message in str(raised.value)


def test_no_label_at_all_is_refused(annotated: Path) -> None:
    write_jsonl(annotated / "labels.jsonl", [])
    with pytest.raises(AnnotationError, match="no labelled article; add judgements, then train"):
        read(annotated)


def test_the_project_annotations_are_without_fault() -> None:
    _, faults = check(ROOT / "annotations")
    assert faults == []
