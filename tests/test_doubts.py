"""A second look: duplicates, rare themes, and labels that the rest contradicts."""

from __future__ import annotations

import json
from pathlib import Path

from rubrika_train.annotations import read
from rubrika_train.curves import learning_curve
from rubrika_train.doubts import contradictions, duplicates, rare_themes
from rubrika_train.labelled import from_annotations
from rubrika_train.settings import Settings
from rubrika_train.validation import cross_validate
from tests.conftest import Run, judgement, write_annotations


def test_a_wrong_label_is_the_first_doubt(annotated: Path, tiny_settings: Settings) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps(judgement("a3", ["automotive"])) + "\n")
    annotations = read(annotated)
    found = contradictions(annotations, cross_validate(annotations, tiny_settings))
    assert {(one.article, one.theme, one.given) for one in found[:2]} == {
        ("a3", "automotive", True),
        ("a3", "tourism", False),
    }
    assert found[0].surprise > 0.8


def test_the_command_shows_doubts_and_duplicates(run: Run, tmp_path: Path) -> None:
    folder = write_annotations(tmp_path / "annotations")
    with (folder / "articles.jsonl").open("a") as file:
        text = json.loads((folder / "articles.jsonl").read_text().splitlines()[0])["text"]
        file.write(json.dumps({"id": "copy", "text": f"{text} Ура"}) + "\n")
    with (folder / "labels.jsonl").open("a") as file:
        file.write(json.dumps(judgement("copy", ["automotive"])) + "\n")
    result = run("labels", "check", folder, "--doubts", 3)
    assert result.exit_code == 0
    assert "copy" in result.stdout
    assert "Warning: a0 and copy are near-duplicates" in result.stderr
    assert "Warning: theme tourism: only 16 articles" in result.stderr


def test_duplicates_and_rare_themes(annotated: Path) -> None:
    annotations = read(annotated)
    assert rare_themes(annotations) == {"tourism": 16, "automotive": 16}
    similarities = [pair.similarity for pair in duplicates(annotations)]
    assert similarities == sorted(similarities, reverse=True)


def test_a_learning_curve_grows(annotated: Path, tiny_settings: Settings) -> None:
    annotations = read(annotated)
    data = from_annotations(annotations)[::3]
    points = learning_curve(annotations, [0.3, 1.0], data, tiny_settings)
    assert [point.articles for point in points] == [14, 48]
    validated = cross_validate(annotations, tiny_settings)
    assert points[1].validated.f1_macro == validated.evaluation.f1_macro
    assert points[0].on_data is not None
    assert points[1].on_data is not None
    assert (points[0].on_data.f1_macro or 0) <= (points[1].on_data.f1_macro or 0)


def test_a_learning_curve_is_the_same_by_more_jobs_and_from_what_is_known(
    annotated: Path, tiny_settings: Settings
) -> None:
    annotations = read(annotated)
    data, shares = from_annotations(annotations)[::3], (0.3, 0.6, 1.0)
    alone = learning_curve(annotations, shares, data, tiny_settings)
    validated = cross_validate(annotations, tiny_settings)
    together = learning_curve(annotations, shares, data, tiny_settings, jobs=2, validated=validated)
    assert together == alone
