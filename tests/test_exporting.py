"""Exporting: labelled articles, articles to label with suggestions, and the labelling page."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from rubrika.themes import Theme
from rubrika_train.exchange.label_studio import config
from tests.conftest import NONE, TOURISM, Run, judgement, read_jsonl, write_jsonl

TEXT = f"{TOURISM[0].format(7)} {TOURISM[1].format(9)}"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    rows = [
        {"id": 7, "title": "Курорт", "text": TEXT, "source_url": "https://x.ru", "own": 1},
        {"text": NONE[0].format(3)},
    ]
    return write_jsonl(tmp_path / "new.jsonl", rows)


def test_articles_to_label_with_suggestions(
    run: Run, annotated: Path, tiny_bundle: Path, new: Path, tmp_path: Path
) -> None:
    result = run(
        *("labels", "export", annotated, "--format", "label-studio", "--data", new),
        *("-m", tiny_bundle, "-o", "tasks.json"),
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "2 articles written to tasks.json\n"
    first, second = json.loads((tmp_path / "tasks.json").read_text("utf-8"))
    assert first["data"] == {
        "title": "Курорт",
        "text": TEXT,
        "ref_id": "7",
        "source_url": "https://x.ru",
    }
    (prediction,) = first["predictions"]
    assert prediction["result"] == [
        {
            "from_name": "themes",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": ["Туризм"]},
        }
    ]
    assert 0 < prediction["score"] <= 1
    assert "annotations" not in first
    assert list(second) == ["data"]
    assert second["data"]["ref_id"].startswith("t-")


def test_without_a_tagger_nothing_is_suggested(
    run: Run, annotated: Path, new: Path, tmp_path: Path
) -> None:
    run("labels", "export", annotated, "--format", "csv", "--data", new, "-o", "new.csv")
    raw = (tmp_path / "new.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfref_id;title;text;themes;")
    assert raw.decode("utf-8-sig").splitlines()[1].startswith(f"7;Курорт;{TEXT};;;")


def test_a_labelled_folder_is_written_judgement_by_judgement(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps({**judgement("a0", [], "second"), "labelled_at": "2026-11-02"}))
    run("labels", "export", annotated, "--format", "doccano", "-o", "out.jsonl")
    first, second, third, *_ = read_jsonl((tmp_path / "out.jsonl").read_text("utf-8"))
    assert (first["ref_id"], first["label"], first["annotator"]) == ("a0", ["Туризм"], "first")
    assert (second["ref_id"], second["label"], second["annotator"]) == ("a0", [], "second")
    assert third["ref_id"] == "a1"


def test_gold_is_one_label_an_article(run: Run, annotated: Path, tmp_path: Path) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps({**judgement("a0", [], "second"), "labelled_at": "2026-11-02"}))
    run("labels", "export", annotated, "--format", "jsonl", "--gold", "-o", "out.jsonl")
    first, second, *_ = read_jsonl((tmp_path / "out.jsonl").read_text("utf-8"))
    # Two annotators differ on tourism: it is open, the other theme is a no.
    assert (first["themes"], first["not_themes"]) == ([], ["automotive"])
    assert (first["annotator"], first["labelled_at"]) == ("gold", "2026-11-02")
    assert (second["themes"], "not_themes" in second) == (["tourism"], False)
    run("labels", "export", annotated, "--format", "fasttext", "-o", "out.txt")
    lines = (tmp_path / "out.txt").read_text("utf-8").splitlines()
    assert len(lines) == 47
    assert {line.split(" ")[0] for line in lines} == {
        "__label__tourism",
        "__label__automotive",
        "__label__none",
    }


def test_labels_are_sorted_and_readable(run: Run, annotated: Path, tmp_path: Path) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        both = {**judgement("a0", ["tourism", "automotive"]), "labelled_at": "2026-11-02"}
        file.write(json.dumps(both))
    run("labels", "export", annotated, "--format", "argilla", "-o", "out.json")
    first = json.loads((tmp_path / "out.json").read_text("utf-8"))[0]
    (response,) = first["responses"]["themes"]
    assert response["value"] == ["Автопром", "Туризм"]


def test_the_labelling_page_has_every_theme(run: Run, annotated: Path, tmp_path: Path) -> None:
    result = run(
        *("labels", "export", annotated, "--format", "label-studio", "-o", "tasks.json"),
        *("--config-out", "page.xml"),
    )
    assert result.exit_code == 0
    page = ElementTree.fromstring((tmp_path / "page.xml").read_text("utf-8"))
    assert [one.get("value") for one in page.iter("Choice")] == ["Туризм", "Автопром"]
    (choices,) = page.iter("Choices")
    assert (choices.get("name"), choices.get("choice")) == ("themes", "multiple")


def test_the_labelling_page_takes_any_title() -> None:
    theme = Theme("x", 'A & "B" <c>', "X", "Line\nanother")
    (choice,) = ElementTree.fromstring(config([theme])).iter("Choice")
    assert choice.get("value") == 'A & "B" <c>'


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["--format", "csv", "--config-out", "page.xml", "-o", "x"],
            2,
            "wants --format label-studio",
        ),
        (
            ["--format", "csv", "--data", "new.jsonl", "-o", "new.jsonl"],
            1,
            "new.jsonl: is used twice in this command; name another file",
        ),
        (["--format", "label-studio-min", "-o", "x"], 2, "is not one of"),
        (["--format", "csv"], 2, "Missing option '--output'"),
        (
            ["--format", "csv", "--data", "broken.jsonl", "-o", "x"],
            1,
            "broken.jsonl:1: broken JSON at column 2",
        ),
    ],
)
def test_wrong_arguments(
    run: Run, annotated: Path, new: Path, arguments: list[str], code: int, message: str
) -> None:
    (new.parent / "broken.jsonl").write_text("{oops\n")
    result = run("labels", "export", annotated, *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert not (new.parent / "x").exists()


def test_excel_brings_labels_back(run: Run, annotated: Path, new: Path, tmp_path: Path) -> None:
    """A table is filled in and saved by Excel: cp1251, `;`, quotes where it likes them."""
    run("labels", "export", annotated, "--format", "csv", "--data", new, "-o", "new.csv")
    header, first, second = (tmp_path / "new.csv").read_text("utf-8-sig").splitlines()
    filled = first.replace(f"{TEXT};;", f"{TEXT};туризм, Автопром;")
    saved = "\r\n".join([header, filled, second]) + "\r\n"
    (tmp_path / "saved.csv").write_bytes(saved.encode("cp1251"))
    result = run("labels", "import", "saved.csv", "-a", annotated, "--annotator", "anna")
    assert result.stderr.splitlines()[0] == (
        "Imported judgements: 1 added, 0 updated, 0 unchanged, 0 conflicting"
    )
    assert result.stderr.splitlines()[-2:] == [
        "left out: 0 skipped, 1 unlabelled",
        "1 article without a label may be without a theme: --empty-is-none says that they are",
    ]
    (line,) = read_jsonl((annotated / "labels.jsonl").read_text("utf-8"))[48:]
    assert (line["id"], line["themes"], line["annotator"]) == (
        "7",
        ["automotive", "tourism"],
        "anna",
    )


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="needs /dev/stdout")
def test_a_pipe_is_written_to(annotated: Path) -> None:
    command = [sys.executable, "-m", "rubrika_train", "labels", "export", str(annotated)]
    done = subprocess.run(
        [*command, "--format", "jsonl", "-o", "/dev/stdout"], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert len(read_jsonl(done.stdout.decode())) == 48
