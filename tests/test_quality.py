"""The table of ablations: a change a row, and figures for every set of articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rubrika_train.settings import Settings
from rubrika_train.settings import read as read_settings
from tests.benchmarks import quality
from tests.conftest import write_jsonl


def test_the_first_row_is_as_shipped_and_each_other_changes_what_it_names() -> None:
    shipped, *others = (overrides for _, overrides in quality.ABLATIONS)
    assert shipped == ()
    assert len(set(others)) == len(others)
    for override in {override for overrides in others for override in overrides}:
        assert read_settings(overrides=[override]) != Settings()


def test_the_table_has_two_figures_for_annotations_and_for_data(
    annotated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "ABLATIONS", (("fewer", ("features.min_articles=1",)),))
    rows = [
        {"text": "Туристы едут на море.", "labels": ["tourism"]},
        {"text": "Автозавод собирает седан.", "labels": ["automotive"]},
    ]
    data, page = write_jsonl(tmp_path / "mine.jsonl", rows), tmp_path / "quality.md"
    options = ["--annotations", annotated, "--data", data, "--output", page, "--jobs", 1]
    result = CliRunner().invoke(quality.app, [str(option) for option in options])
    assert result.exit_code == 0
    text = page.read_text("utf-8")
    assert "Written by `make bench-quality DATA=labelled.jsonl`" in text
    head, _, row = [line for line in text.splitlines() if line.startswith("|")]
    assert head.count("macro-F1") == head.count("mean average precision") == 2
    assert "`mine.jsonl`: macro-F1" in head
    assert row.startswith("| fewer | `features.min_articles=1` | ")
    assert str(tmp_path) not in text


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(quality.app, ["--annotations", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
