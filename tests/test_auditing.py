"""The audit: labels that are confidently another, who gave them, and the words against them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rubrika_train.annotations import read
from rubrika_train.auditing import audit, label_issues
from rubrika_train.settings import Settings
from tests.conftest import Run, judgement

# Labels of one theme, the probabilities of taggers that never saw them, and what is contradicted.
ISSUES = {
    "all is well": ([1, 1, 0, 0], [0.9, 0.8, 0.1, 0.2], [0, 0, 0, 0]),
    "a no that is a yes": ([1, 1, 0, 0, 0], [0.9, 0.8, 0.1, 0.2, 0.95], [0, 0, 0, 0, 1]),
    "a yes that is a no": ([1, 1, 1, 0, 0], [0.9, 0.8, 0.05, 0.1, 0.2], [0, 0, 1, 0, 0]),
    "an unsure one is let be": ([1, 1, 0, 0, 0], [0.9, 0.8, 0.1, 0.2, 0.6], [0, 0, 0, 0, 0]),
    "what is open has no label": ([1, 1, 0, 0, -1], [0.9, 0.8, 0.1, 0.2, 0.95], [0, 0, 0, 0, 0]),
    "a theme that nobody gave": ([0, 0, 0], [0.1, 0.2, 0.9], [0, 0, 0]),
}


@pytest.mark.parametrize(("labels", "yes", "issues"), ISSUES.values(), ids=ISSUES.keys())
def test_label_issues(labels: list[int], yes: list[float], issues: list[int]) -> None:
    found = label_issues(np.array(labels, dtype=np.int8)[:, None], np.array(yes)[:, None])
    assert found[:, 0].astype(int).tolist() == issues


@pytest.fixture
def wrong(annotated: Path) -> Path:
    """Give a folder one wrong label: an article about tourism is called automotive."""
    with (annotated / "labels.jsonl").open("a") as file:
        file.write(json.dumps(judgement("a3", ["automotive"])) + "\n")
    return annotated


def test_a_wrong_label_is_found_with_its_words(wrong: Path, tiny_settings: Settings) -> None:
    found = audit(read(wrong), 2, tiny_settings)
    assert found.articles == ("a3",)
    assert found.contradicted >= 2
    assert found.labels == 96
    by_theme = {doubt.label.theme: doubt for doubt in found.doubts}
    missing = by_theme["tourism"]
    assert (missing.label.given, missing.annotators) == (False, ("first",))
    text = next(one.text for one in read(wrong).articles if one.id == "a3")
    assert missing.words
    assert all(word in text for word in missing.words)
    assert by_theme["automotive"].label.given


def test_the_command_shows_and_queues(run: Run, wrong: Path, tmp_path: Path) -> None:
    result = run("labels", "audit", wrong, "-n", 2, "-o", "again.json", "--config-out", "page.xml")
    assert result.exit_code == 0
    assert "not tourism" in result.stdout
    assert "first" in result.stdout
    shown, written = result.stderr.splitlines()
    assert shown.endswith(" of 96 labels are contradicted; 2 shown")
    assert written == "1 article written to again.json, without their labels"
    (task,) = json.loads((tmp_path / "again.json").read_text("utf-8"))
    assert task["data"]["ref_id"] == "a3"
    assert "annotations" not in task
    assert (tmp_path / "page.xml").exists()


def test_a_second_look_decides(run: Run, wrong: Path, tmp_path: Path) -> None:
    """An article that was looked at again comes back as a final word."""
    row = {"ref_id": "a3", "text": "", "themes": "Туризм"}
    (tmp_path / "again.csv").write_text(";".join(row) + "\n" + ";".join(row.values()), "utf-8")
    assert run("labels", "import", "again.csv", "-a", wrong, "--final").exit_code == 0
    assert read(wrong).gold["a3"].themes == {"tourism"}
