"""Agreement: NLTK's figures, quicker intervals that agree with them, and no division by zero."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrika_train.agreement import (
    _alpha_estimate,
    _kappa_of_counts,
    agreement,
    alpha_by_nltk,
    kappa,
    set_distance,
)
from rubrika_train.annotations import read
from tests.conftest import Run, judgement

THEME_SETS = st.frozensets(st.sampled_from("abcd"), max_size=3)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0.0), ("a", "a", 0.0), ("a", "", 1.0), ("a", "b", 1.0), ("ab", "a", 1 - 0.5 * 0.67)],
)
def test_distance_of_theme_sets(one: str, other: str, distance: float) -> None:
    assert set_distance(frozenset(one), frozenset(other)) == pytest.approx(distance, abs=0.01)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=30))
def test_the_quick_kappa_is_that_of_nltk(pairs: list[tuple[bool, bool]]) -> None:
    expected = kappa(pairs)
    if expected is not None:
        assert _kappa_of_counts(np.array(pairs, dtype=np.int64)) == pytest.approx(expected)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(THEME_SETS, THEME_SETS), min_size=3, max_size=15))
def test_the_quick_alpha_is_that_of_nltk(
    sets: list[tuple[frozenset[str], frozenset[str]]],
) -> None:
    found = _alpha_estimate(sets, [list(range(len(sets)))])
    assert found.value == pytest.approx(alpha_by_nltk(sets))
    if found.value is not None:
        assert (found.low, found.high) == pytest.approx((found.value, found.value))


def test_kappa_of_a_theme_that_nobody_gave_is_not_defined() -> None:
    assert kappa([(False, False)] * 5) is None


@pytest.fixture
def twice(annotated: Path) -> Path:
    """Give each article a second judgement, two of them different, and one final."""
    with (annotated / "labels.jsonl").open("a") as file:
        for number in range(48):
            themes = ["tourism"] if number < 16 else ["automotive"] if number < 32 else []
            if number in (0, 20):
                themes = ["tourism", "automotive"]
            file.write(json.dumps(judgement(f"a{number}", themes, "second")) + "\n")
        file.write(json.dumps({**judgement("a0", ["tourism"], "chief"), "final": True}) + "\n")
    return annotated


def test_agreement_of_two_annotators(twice: Path) -> None:
    (found,) = agreement(read(twice))
    assert (found.annotators, found.articles) == (("first", "second"), 48)
    assert sorted(found.disputed) == ["a0", "a20"]
    assert found.kappas["tourism"].value == pytest.approx(1 - (1 / 48) / (1 - 337 / 576), abs=0.02)
    assert found.alpha.value is not None
    assert found.alpha.low is not None
    assert found.alpha.low < found.alpha.value <= 1.0


def test_agreement_on_the_command_line(run: Run, twice: Path) -> None:
    result = run("labels", "agreement", twice, "--disputed")
    assert result.exit_code == 0
    assert "first and second: 48 articles, 2 disputed" in result.stdout
    assert re.search(r"a20\s+tourism", result.stdout)


def test_one_annotator_is_not_enough(run: Run, annotated: Path) -> None:
    result = run("labels", "agreement", annotated)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: {annotated}: no article was judged by two annotators; nothing to compare\n"
    )


def test_a_theme_newer_than_a_judgement_is_no_disagreement(twice: Path) -> None:
    before = agreement(read(twice))[0]
    with (twice / "themes.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[themes]]\nid = "sport"\nru = "Спорт"\nen = "Sport"\ndefinition = ""\n'
            'since = "2026-12-01"\n'
        )
    with (twice / "labels.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(judgement("a1", ["tourism", "sport"], "second")) + "\n")
    after = agreement(read(twice))[0]
    assert after.disputed == before.disputed
    assert after.kappas["sport"].value is None
    assert after.kappas["tourism"] == before.kappas["tourism"]
