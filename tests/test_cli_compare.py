"""rubrika compare: the gate says yes, no, and never yes to what it could not compare."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from rubrika_train import training
from rubrika_train.annotations import read
from rubrika_train.settings import Settings
from tests.conftest import (
    AUTOMOTIVE,
    NONE,
    TOURISM,
    Run,
    judgement,
    read_jsonl,
    write_annotations,
    write_jsonl,
)


@pytest.fixture(scope="module")
def wrecked(tmp_path_factory: pytest.TempPathFactory, tiny_settings: Settings) -> Path:
    """Train a tagger on labels that belong to other articles."""
    folder = write_annotations(tmp_path_factory.mktemp("wrecked") / "annotations")
    labels = read_jsonl((folder / "labels.jsonl").read_text(encoding="utf-8"))
    moved = [{**row, "id": f"a{(k * 17 + 16) % 48}"} for k, row in enumerate(labels)]
    write_jsonl(folder / "labels.jsonl", moved)
    training.train(read(folder), tiny_settings).save(folder.parent / "tagger")
    return folder.parent / "tagger"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    kinds: Sequence[tuple[Sequence[str], list[str]]] = (
        (TOURISM, ["tourism"]),
        (AUTOMOTIVE, ["automotive"]),
        (NONE, []),
    )
    rows = [
        {"id": f"{sentence[:3]}-{k}", "text": f"{sentence.format(k)} № {k}", "labels": labels}
        for sentences, labels in kinds
        for k, sentence in enumerate(sentences)
    ]
    return write_jsonl(tmp_path / "data.jsonl", rows)


def test_a_wrecked_tagger_is_refused(
    run: Run, tiny_bundle: Path, wrecked: Path, data: Path
) -> None:
    arguments = ("compare", tiny_bundle, wrecked, "--data", data)
    shown = run(*arguments)
    assert shown.exit_code == 0
    assert re.search(r"macro-F1\s+1\.000 → 0\.\d{3}\s+-0\.\d{3} -\d\.\d\d…-\d\.\d\d", shown.stdout)
    assert re.search(r"\d+ tags changed: \d+ broken\n", shown.stdout)
    result = run(*arguments, "--fail-if-worse", "-M", "m.json")
    assert (result.exit_code, result.stdout) == (3, shown.stdout)
    assert result.stderr.startswith(f"{wrecked} is worse: macro-F1, micro-F1")
    tree = json.loads(Path("m.json").read_text())
    assert tree["worse"] is True
    assert tree["losses"][:2] == ["macro-F1", "micro-F1"]
    assert tree["f1_macro"]["interval"]["high"] < 0
    assert {"id", "theme", "given", "verdict", "words"} <= tree["changes"][0].keys()


def test_a_tagger_passes_beside_itself(run: Run, tiny_bundle: Path, data: Path) -> None:
    result = run("compare", tiny_bundle, tiny_bundle, "--data", data, "--fail-if-worse")
    assert (result.exit_code, result.stderr) == (
        0,
        f"{tiny_bundle} is not worse: no loss is real\n",
    )
    assert "\n0 tags changed\n" in result.stdout


def other_themes(folder: Path, settings: Settings) -> Path:
    """Train a tagger whose themes have other names."""
    write_annotations(folder / "annotations")
    for path in (folder / "annotations").iterdir():
        text = path.read_text(encoding="utf-8")
        text = text.replace("tourism", "travel").replace("automotive", "cars")
        path.write_text(text, encoding="utf-8")
    training.train(read(folder / "annotations"), settings).save(folder / "other")
    return folder / "other"


@pytest.mark.parametrize(
    ("new", "rows", "message"),
    [
        (None, "none.jsonl", "none.jsonl: no such file; give a JSONL file of id, text and labels"),
        (None, "", "data.jsonl: no labelled article in it"),
        (
            None,
            "{",
            "data.jsonl:1: broken JSON at column 2; "
            'each line wants a "text" and a list of "labels"',
        ),
        (
            None,
            '{"text": "Слово", "labels": []}',
            "no article has a theme that both taggers know; give other labelled data",
        ),
        (
            "gone",
            "",
            "gone: no such folder; give a tagger's folder, or train one: rubrika train",
        ),
        (
            "other",
            '{"text": "Слово", "labels": ["travel"]}',
            "the taggers have no theme in common; compare taggers of the same themes",
        ),
    ],
)
def test_what_cannot_be_compared_does_not_pass(
    run: Run,
    tiny_bundle: Path,
    tmp_path: Path,
    tiny_settings: Settings,
    new: str | None,
    rows: str,
    message: str,
) -> None:
    if new == "other":
        other_themes(tmp_path, tiny_settings)
    Path("data.jsonl").write_text(rows, encoding="utf-8")
    data = rows if rows.endswith(".jsonl") else "data.jsonl"
    arguments = ("compare", tiny_bundle, new or tiny_bundle, "--data", data)
    gate = run(*arguments, "--fail-if-worse")
    assert (gate.exit_code, gate.stdout) == (3, "")
    assert gate.stderr == f"Error: no comparison: {message}\n"
    plain = run(*arguments)
    assert (plain.exit_code, plain.stderr) == (1, f"Error: {message}\n")


def test_a_folder_in_place_of_a_file_does_not_pass(run: Run, tiny_bundle: Path) -> None:
    Path("data.jsonl").mkdir()
    result = run("compare", tiny_bundle, tiny_bundle, "-d", "data.jsonl", "--fail-if-worse")
    assert result.exit_code == 3
    assert result.stderr.startswith(
        "Error: no comparison: data.jsonl/labels.jsonl: no such file; a"
    )


def test_data_must_be_named(run: Run, tiny_bundle: Path) -> None:
    result = run("compare", tiny_bundle, tiny_bundle)
    assert result.exit_code == 2
    assert "Missing option '--data'" in result.stderr


def test_a_tagger_trained_on_the_data_is_warned_of(
    run: Run, annotated: Path, tiny_bundle: Path
) -> None:
    with (annotated / "labels.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(judgement("a0", ["tourism"], "second")) + "\n")
    run("train", annotated, "-o", "own", "--set", "folds=3")
    result = run("compare", tiny_bundle, "own", "--data", annotated)
    assert result.stderr.count("Warning: the tagger was trained on the articles of") == 1
