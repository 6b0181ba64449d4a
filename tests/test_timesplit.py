"""Evaluation on time: what is later, and that nothing of it is learnt from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rubrika.errors import AnnotationError, InputError
from rubrika_train.annotations import Annotations, read
from rubrika_train.labelled import LabelledArticle
from rubrika_train.settings import Settings
from rubrika_train.timesplit import is_after, published_after, train_before
from tests.conftest import read_jsonl, write_jsonl


@pytest.mark.parametrize(
    ("published", "after"),
    [
        ("2025-03-14", True),
        ("2025-03-13", False),
        ("2025-03-14T09:30:00+03:00", True),
        ("2025-03", None),  # may be either
        ("2025-04", True),
        ("2025-02", False),
        ("2025", None),
        ("2026", True),
        ("2024", False),
        ("вчера", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_may_be_rough(published: str | None, after: bool | None) -> None:
    assert is_after(published, "2025-03-14") is after


def dated(folder: Path, dates: dict[int, str]) -> Annotations:
    """Give articles dates; the others were published in 2024."""
    rows = read_jsonl((folder / "articles.jsonl").read_text(encoding="utf-8"))
    for number, row in enumerate(rows):
        row["published"] = dates.get(number, "2024-06-01")
    write_jsonl(folder / "articles.jsonl", rows)
    return read(folder)


def test_only_earlier_articles_are_learnt_from(annotated: Path, tiny_settings: Settings) -> None:
    annotations = dated(annotated, {5: "2025-01-01", 20: "2025-02", 40: "once"})
    split = train_before(annotations, "2025-01-01", tiny_settings)
    assert [article.id for article in split.later] == ["a5", "a20"]
    assert (split.earlier, split.left_out) == (45, 1)
    assert split.tagger.themes == annotations.themes


def test_a_near_duplicate_of_a_later_article_is_not_learnt_from(
    annotated: Path, tiny_settings: Settings
) -> None:
    with (annotated / "articles.jsonl").open("a", encoding="utf-8") as file:
        for name in ("copy", "original"):
            file.write(json.dumps({"id": name, "text": "Совсем другой текст о погоде."}) + "\n")
    with (annotated / "labels.jsonl").open("a", encoding="utf-8") as file:
        for name in ("copy", "original"):
            line = {"id": name, "themes": [], "annotator": "x", "labelled_at": "2025-01-01"}
            file.write(json.dumps(line) + "\n")
    annotations = dated(annotated, {48: "2024-12-31", 49: "2025-01-01"})
    split = train_before(annotations, "2025-01-01", tiny_settings)
    assert (split.earlier, len(split.later), split.left_out) == (48, 1, 1)


def test_articles_without_dates_are_refused() -> None:
    article = LabelledArticle("1", "слово", frozenset(), frozenset(), published="вчера")
    with pytest.raises(InputError) as raised:
        published_after([article], "2025-01-01")
    assert str(raised.value) == (
        'no labelled article says when it was "published"; give dates to the data'
    )


def test_a_day_without_articles_on_either_side_is_refused(annotated: Path) -> None:
    annotations = dated(annotated, {})
    with pytest.raises(InputError) as late:
        train_before(annotations, "2026-01-01", Settings())
    assert str(late.value) == (
        "no labelled article was published on 2026-01-01 or later; choose another day"
    )
    with pytest.raises(AnnotationError) as early:
        train_before(annotations, "2020-01-01", Settings())
    assert str(early.value) == (
        "no labelled article was published before 2020-01-01; choose another day"
    )
