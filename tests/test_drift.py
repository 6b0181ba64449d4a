"""Drift: what is the same is called the same; new words, themes and texts are found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from rubrika_train.bootstrap import Interval
from rubrika_train.drift import Rate, Share, advise, drift
from rubrika_train.lemma_shifts import log_odds
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, write_jsonl

SAME = Share(0.5, Interval(0.45, 0.55))
STEADY = {"tourism": Rate(Share(0.1, None), Share(0.1, None), differs=False)}
MOVED = {"tourism": Rate(Share(0.4, None), Share(0.1, None), differs=True)}


def articles(path: Path, sentences: tuple[str, ...], count: int = 40, start: int = 0) -> Path:
    """Write articles of two sentences each, with numbers of their own."""
    generator = np.random.default_rng(start)
    rows = [
        {"text": " ".join(sentences[k].format(start + number) for k in chosen)}
        for number in range(count)
        for chosen in [generator.choice(len(sentences), 2, replace=False)]
    ]
    return write_jsonl(path, rows)


def test_a_lemma_that_shifted_is_found_with_its_odds() -> None:
    generator = np.random.default_rng(0)
    now, before = generator.random((400, 3)) < 0.3, generator.random((600, 3)) < 0.3
    now[:, 1] = generator.random(400) < 0.6
    found = log_odds(csr_matrix(now * 1.0), csr_matrix(before * 1.0), ("a", "b", "c"))
    assert [one.lemma for one in found] == ["b"]
    (one,) = found
    assert one.now == pytest.approx(now[:, 1].mean())
    assert one.z > 3
    # Odds of 1.5 against 0.43, drawn together by a prior of a hundred articles a side.
    assert 0.8 < one.log_odds < np.log(1.5 / 0.43)


def test_few_articles_cannot_make_a_shift_sure() -> None:
    now, before = csr_matrix(np.ones((3, 1))), csr_matrix(np.zeros((400, 1)))
    assert log_odds(now, before, ("a",)) == []


@pytest.mark.parametrize(
    ("articles", "known", "length", "rates", "auc", "advice"),
    [
        (400, 1.0, 1.0, STEADY, 0.5, "nothing to do: the articles are like the reference"),
        (50, 1.0, 1.0, STEADY, 0.5, "50 articles say little; give a few hundred"),
        (400, 0.8, 1.0, STEADY, 0.5, "many words are unknown: label articles of these and train"),
        (400, 1.0, 3.0, STEADY, 0.5, "the articles are 3.0 times as long as the reference"),
        (400, 1.0, 1.0, MOVED, 0.5, "some themes are not as frequent as in training (tourism):"),
        (400, 1.0, 1.0, STEADY, 0.8, "the articles can be told from the reference: measure on"),
        (400, 1.0, 1.0, STEADY, 0.97, "the articles are plainly of another kind than the refer"),
    ],
)
def test_each_finding_has_its_advice(
    articles: int, known: float, length: float, rates: dict[str, Rate], auc: float, advice: str
) -> None:
    (said,) = advise(articles, known, length, rates, Share(auc, None))
    assert said.startswith(advice)


def test_the_same_kind_of_article_does_not_drift(tiny_bundle: Path, tmp_path: Path) -> None:
    one = articles(tmp_path / "one.jsonl", (*TOURISM, *AUTOMOTIVE, *NONE), 60)
    other = articles(tmp_path / "other.jsonl", (*TOURISM, *AUTOMOTIVE, *NONE), 60, start=1000)
    found = drift(tiny_bundle, one, other)
    assert found.auc.value < 0.7
    assert found.known.value == pytest.approx(found.known_reference.value, abs=0.02)


def test_other_articles_drift(tiny_bundle: Path, tmp_path: Path) -> None:
    one = articles(tmp_path / "one.jsonl", TOURISM, 60)
    other = articles(tmp_path / "other.jsonl", NONE, 60, start=1000)
    found = drift(tiny_bundle, one, other)
    assert found.auc.value > 0.9
    assert found.rates["tourism"].differs
    assert found.rates["tourism"].now.value > 0.9
    assert {"гостиница", "отель", "турист"} & {shift.lemma for shift in found.more}
    assert {"суд", "больница", "дождь"} & {shift.lemma for shift in found.fewer}
    assert drift(tiny_bundle, one, other) == found


def test_the_command_prints_tables_and_json(run: Run, tiny_bundle: Path, annotated: Path) -> None:
    articles(Path("own.jsonl"), TOURISM)
    table = run("drift", "own.jsonl", "-m", tiny_bundle)
    assert table.exit_code == 0, table.stderr
    assert "lemmas more often" in table.stdout
    assert "40 articles, 48 of annotations" in table.stdout
    assert "- 40 articles say little; give a few hundred" in table.stdout
    found = json.loads(run("drift", "own.jsonl", "-m", tiny_bundle, "--format", "json").stdout)
    assert found["rates"]["tourism"]["differs"] is True
    assert found["auc"]["interval"]["high"] <= 1
    write_jsonl(Path("few.jsonl"), [{"text": TOURISM[0]}])
    few = run("drift", "few.jsonl", "-m", tiny_bundle)
    assert (few.exit_code, few.stderr) == (
        1,
        "Error: few.jsonl: 1 articles are too few to compare; give a few hundred\n",
    )


def test_drift_takes_the_text_from_any_column(run: Run, tiny_bundle: Path, annotated: Path) -> None:
    articles(Path("own.jsonl"), TOURISM)
    renamed = Path("own.jsonl").read_text("utf-8").replace('"text"', '"текст"')
    Path("own.jsonl").write_text(renamed, "utf-8")
    assert "name its field with --text-column" in run("drift", "own.jsonl").stderr
    result = run("drift", "own.jsonl", "--text-column", "текст", "-m", tiny_bundle)
    assert result.exit_code == 0, result.stderr


def test_copies_of_one_article_are_no_sample(run: Run, tiny_bundle: Path, annotated: Path) -> None:
    write_jsonl(Path("own.jsonl"), [{"text": TOURISM[0]}] * 40)
    result = run("drift", "own.jsonl", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: own.jsonl: nearly all articles are copies of each other; give 5 different ones\n",
    )
