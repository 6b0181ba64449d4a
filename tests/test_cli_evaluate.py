"""rubrika evaluate: tables, files, errors to the letter, exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rubrika import bundle
from rubrika_train import console
from rubrika_train.evaluation import evaluate
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, read_jsonl, write_jsonl
from tests.test_timesplit import dated

ROWS = [
    {"id": "1", "text": TOURISM[0], "labels": ["tourism"], "published": "2024-01-01"},
    {"id": "2", "text": AUTOMOTIVE[0], "labels": ["automotive"], "disputed": ["tourism"]},
    {"id": "3", "text": NONE[0], "labels": [], "published": 2025, "genre": ["x"]},
    {"id": "4", "text": NONE[1], "labels": ["tourism"], "published": "2025-05-01"},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "data.jsonl", ROWS)


def test_evaluate_prints_and_writes_figures(run: Run, tiny_bundle: Path, data: Path) -> None:
    result = run("evaluate", data, "-m", tiny_bundle, "--metrics-file", "m.json")
    assert result.exit_code == 0
    version = bundle.read_manifest(tiny_bundle)["version"]
    assert result.stderr == f"tagger {version} on 4 articles of {data}\n"
    assert re.search(r"tourism\s+2\s+1\.000\s+0\.500\s+0\.667 0\.\d\d–1\.00", result.stdout)
    assert re.search(r"macro-F1\s+0\.833 0\.\d{3}–1\.000", result.stdout)
    assert re.search(r"status tagged\s+2", result.stdout)
    metrics = json.loads(Path("m.json").read_text())
    assert metrics["f1_macro"] == pytest.approx(5 / 6)
    assert metrics["themes"]["tourism"]["support"] == 2
    assert metrics["themes"]["tourism"]["tn"] == 1
    assert metrics["intervals"]["f1_macro"]["high"] == 1.0
    assert metrics["by"] == {}


def test_the_results_file_has_a_line_an_article(run: Run, tiny_bundle: Path, data: Path) -> None:
    assert run("evaluate", data, "-m", tiny_bundle, "-r", "r.jsonl").exit_code == 0
    rows = read_jsonl(Path("r.jsonl").read_text())
    keys = ["id", "gold", "disputed", "predicted", "status", "probabilities", "missed", "wrong"]
    assert [list(row) for row in rows] == [keys] * 4
    assert (rows[1]["gold"], rows[1]["disputed"]) == (["automotive"], ["tourism"])
    assert (rows[3]["gold"], rows[3]["missed"], rows[3]["wrong"]) == (["tourism"], ["tourism"], [])


def test_figures_are_broken_down(run: Run, tiny_bundle: Path, data: Path) -> None:
    arguments = ("evaluate", data, "-m", tiny_bundle, "--by", "published", "--by", "length")
    result = run(*arguments, "-M", "m.json")
    assert re.search(r"published\s+articles.*\nother \(2\)\s+3 .*\nunknown\s+1 ", result.stdout)
    by = json.loads(Path("m.json").read_text())["by"]
    assert {aspect: list(kinds) for aspect, kinds in by.items()} == {
        "published": ["other (2)", "unknown"],
        "length": ["under 80"],
    }
    assert by["length"]["under 80"]["articles"] == 4


def test_only_later_articles_are_measured(run: Run, tiny_bundle: Path, data: Path) -> None:
    result = run("evaluate", data, "-m", tiny_bundle, "--after", "2025-01-01", "-r", "r.jsonl")
    assert result.stderr.endswith(f"on 2 articles of {data} published on 2025-01-01 or later\n")
    assert [row["id"] for row in read_jsonl(Path("r.jsonl").read_text())] == ["3", "4"]


TINY = ("--set", "folds=3", "--set", "features.min_articles=1")


def test_without_data_taggers_of_the_annotations_are_cross_validated(
    run: Run, annotated: Path
) -> None:
    result = run("evaluate", *TINY, "-M", "m.json", "-r", "r.jsonl")  # of the folder annotations
    assert (result.exit_code, result.stderr) == (0, "cross-validated on 48 articles\n")
    metrics = json.loads(Path("m.json").read_text())
    assert metrics["f1_macro"] > 0.8
    assert metrics["clusters"] < metrics["articles"] == 48
    assert metrics["statuses"] is None
    assert "status" not in read_jsonl(Path("r.jsonl").read_text())[0]


def test_without_data_learning_stops_at_the_day(run: Run, annotated: Path) -> None:
    dated(annotated, {0: "2025-03-01"})
    result = run("evaluate", "--annotations", annotated, "--after", "2025-01-01", *TINY)
    assert result.exit_code == 0
    assert re.fullmatch(
        r"trained on \d+ articles published before 2025-01-01, measured on 1 of that day or later; "
        r"\d+ left out, their date is unknown or they repeat a later one\n",
        result.stderr,
    )


def test_a_tagger_measured_on_its_own_articles_is_warned_of(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    run("train", annotated, "-o", "own", *TINY)
    assert run("evaluate", annotated, "-m", "own").stderr.startswith(
        f"Warning: the tagger was trained on the articles of {annotated}: these figures flatter "
        "it; leave DATA out to cross-validate\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.jsonl"], 1, "Error: none.jsonl: no such file; give a JSONL file of id, text and"),
        ([], 1, "Error: annotations/labels.jsonl: no such file; a folder of annotations holds"),
        (["-m", "x"], 2, "Invalid value for --model: wants DATA; without it taggers made of the"),
        (["x", "--set", "a=1"], 2, "Invalid value for --set: is for an evaluation without DATA"),
        (["--after", "May"], 2, "Invalid value for '--after': May is no day; write it as 2025"),
        (["data.jsonl", "--by", "genre"], 1, "Error: no article says its genre; break down by"),
        (["data.jsonl", "--after", "2030-01-01"], 1, "Error: no labelled article was published on"),
        (["data.jsonl", "-M", "data.jsonl"], 1, "Error: data.jsonl: is used twice in this command"),
        (["data.jsonl", "-M", "m", "-r", "m"], 1, "Error: m: is used twice in this command; name"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line(
    run: Run, data: Path, arguments: list[str], code: int, message: str
) -> None:
    result = run("evaluate", *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""


def test_a_reader_who_closes_the_pipe_loses_no_file(tiny_bundle: Path, data: Path) -> None:
    command = f"rubrika evaluate {data} -m {tiny_bundle} -M m.json | true; exit ${{PIPESTATUS[0]}}"
    rubrika = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{rubrika}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=data.parent,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (data.parent / "m.json").exists()


def test_a_narrow_terminal_keeps_names_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rubrika_train.tables._PLAIN_WIDTH", 80)
    labels = np.array([[1], [0]], dtype=np.int8)
    name = "international_cooperation"
    console.print_evaluation(evaluate([name], labels, labels.astype(float), labels == 1))
    header, row = capsys.readouterr().out.splitlines()[:2]
    assert row.startswith(name)
    assert "threshold" not in header
    assert max(len(header), len(row)) <= 80
