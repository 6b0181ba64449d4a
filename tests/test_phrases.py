"""Phrases of a theme: inflected forms are one, chance is left out, the ratio is the G statistic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from scipy.stats import chi2_contingency

from rubrika_train.annotations import Annotations, read
from rubrika_train.phrases import Phrase, phrases
from tests.conftest import THEMES, judgement, write_jsonl

# Of 20 articles 8 are on tourism; "пункт выдачи" is in 6 of these and in 3 of the others.
TEXTS = (
    ["Открыли пункт выдачи. Новости города"] * 2
    + ["В пунктах выдачи ждут. Новости города"] * 4
    + ["Море и песок. Новости города"] * 2
    + ["У пункта выдачи очередь. Новости города"] * 3
    + ["Суд вынес приговор. Новости города"] * 9
)


def folder(path: Path, texts: Sequence[str], tourism: int) -> Annotations:
    (path / "themes.toml").write_text(THEMES, encoding="utf-8")
    write_jsonl(path / "articles.jsonl", [{"id": f"{k}", "text": t} for k, t in enumerate(texts)])
    labels = [judgement(f"{k}", ["tourism"] * (k < tourism)) for k in range(len(texts))]
    write_jsonl(path / "labels.jsonl", labels)
    return read(path)


def test_phrases_are_counted_by_article_in_their_most_frequent_form(tmp_path: Path) -> None:
    found = phrases(folder(tmp_path, TEXTS, 8), words=2, count=5)
    expected = chi2_contingency([[6, 2], [3, 9]], correction=False, lambda_="log-likelihood")
    (only,) = found["tourism"]
    assert only == Phrase("пунктах выдачи", 6, 3, only.ratio)
    assert only.ratio == pytest.approx(expected.statistic, rel=1e-6)
    assert found["automotive"] == []


def test_a_word_is_given_as_its_lemma(tmp_path: Path) -> None:
    found = phrases(folder(tmp_path, TEXTS, 8), words=1, count=2)
    assert {one.text for one in found["tourism"]} == {"пункт", "выдача"}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("пункт выдачи", True),
        ("пункт\nвыдачи", True),
        ("пункт. Выдачи", False),
        ("пункт, выдачи", False),
        ("пункт для выдачи", False),  # a word without a lemma parts them
        ("пункт 5 выдачи", False),
    ],
)
def test_words_of_a_phrase_follow_each_other(tmp_path: Path, text: str, held: bool) -> None:
    texts = [text] * 6 + ["Суд вынес приговор"] * 6
    found = phrases(folder(tmp_path, texts, 6), words=2, count=9)["tourism"]
    assert ("пункт выдачи" in [one.text for one in found]) is held


def test_few_articles_make_no_phrase(tmp_path: Path) -> None:
    texts = ["пункт выдачи"] * 4 + ["Суд вынес приговор"] * 6
    assert phrases(folder(tmp_path, texts, 4), words=2, count=9)["tourism"] == []
