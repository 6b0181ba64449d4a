"""Comparison: a real loss is found, chance is not taken for one, equal taggers pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika_train.changes import Verdict, changes
from rubrika_train.comparing import compare, holm, two_sided
from rubrika_train.labelled import LabelledArticle
from rubrika_train.results import Results, collect
from tests.conftest import AUTOMOTIVE, NONE, TOURISM


def results(generator: np.random.Generator, noise: float, articles: int = 150) -> Results:
    """Return results of a tagger that errs by `noise`; labels depend on the articles alone."""
    labels = (np.random.default_rng(4).random((articles, 3)) < 0.3).astype(np.int8)
    probabilities = np.clip(
        0.25 + labels * 0.5 + noise * generator.normal(size=labels.shape), 0.01, 0.99
    )
    return Results(
        theme_ids=("a", "b", "c"),
        articles=tuple(
            LabelledArticle(str(k), "слово", frozenset(), frozenset()) for k in range(articles)
        ),
        labels=labels,
        probabilities=probabilities,
        chosen=probabilities > 0.5,
        thresholds=np.full(3, 0.5),
        cluster=np.arange(articles),
    )


def test_a_tagger_is_not_worse_than_itself() -> None:
    own = results(np.random.default_rng(0), 0.2)
    found = compare(own, own)
    assert (found.worse, found.losses) == (False, ())
    assert found.f1_macro.difference == 0.0
    assert found.f1_macro.interval is not None
    assert (found.f1_macro.interval.low, found.f1_macro.interval.high) == (0.0, 0.0)
    assert (found.decisions.only_old_right, found.decisions.p_value) == (0, 1.0)
    assert {own.p_holm for own in found.themes.values()} == {1.0}


def test_a_real_loss_is_found_and_a_gain_is_none() -> None:
    good, bad = (results(np.random.default_rng(1), noise) for noise in (0.1, 0.6))
    lost = compare(good, bad)
    assert lost.losses == ("macro-F1", "micro-F1", "F1 of a", "F1 of b", "F1 of c")
    assert lost.decisions.only_old_right > lost.decisions.only_new_right
    assert lost.decisions.p_value < 0.001
    gained = compare(bad, good)
    assert gained.losses == ()
    assert gained.f1_macro.difference == pytest.approx(-(lost.f1_macro.difference or 0))


def test_a_loss_in_one_theme_is_named() -> None:
    good, bad = (results(np.random.default_rng(1), noise) for noise in (0.1, 0.6))
    chosen = good.chosen.copy()
    chosen[:, 1] = bad.chosen[:, 1]
    found = compare(good, replace(good, chosen=chosen))
    assert "F1 of b" in found.losses
    assert not {"F1 of a", "F1 of c"} & set(found.losses)


def test_chance_is_seldom_taken_for_a_loss() -> None:
    generator = np.random.default_rng(7)
    alarms = sum(
        compare(results(generator, 0.25), results(generator, 0.25)).worse for _ in range(60)
    )
    assert alarms <= 7  # three looks of 2.5 % each; more than 7 of 60 has a chance of 4 in 1,000


def test_an_article_lost_by_chance_is_no_real_loss_of_a_rare_theme() -> None:
    own = results(np.random.default_rng(2), 0.0)
    labels = own.labels.copy()
    labels[:, 2] = 0
    labels[:3, 2] = 1
    old = replace(own, labels=labels, chosen=labels == 1)
    chosen = labels == 1
    chosen[0, 2] = False
    found = compare(old, replace(old, chosen=chosen))
    assert found.themes["c"].f1.difference == pytest.approx(-0.2)
    assert not found.themes["c"].worse


def test_an_absent_theme_is_not_measured() -> None:
    own = results(np.random.default_rng(3), 0.2)
    labels = own.labels.copy()
    labels[:, 0] = 0
    found = compare(replace(own, labels=labels), replace(own, labels=labels))
    absent = found.themes["a"]
    assert (absent.f1.old, absent.f1.difference, absent.f1.interval) == (None, None, None)
    assert (absent.p_value, absent.p_holm, absent.worse) == (None, None, False)


def test_only_common_themes_are_compared() -> None:
    own = results(np.random.default_rng(3), 0.2)
    found = compare(own.only(["a", "b"]), own.only(["c", "b"]))
    assert (list(found.themes), found.only_old, found.only_new) == (["b"], ("a",), ("c",))
    with pytest.raises(InputError, match=r"^the taggers have no theme in common; compare taggers"):
        compare(own.only(["a"]), own.only(["b"]))
    nothing = replace(own, labels=np.zeros_like(own.labels))
    with pytest.raises(InputError, match=r"^no article has a theme that both taggers know; give"):
        compare(nothing, nothing)


def test_holm_corrects_as_its_author_did() -> None:
    p_values = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}
    assert holm(p_values) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert holm({}) == {}


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [([-1.0] * 99, 0.02), ([-1.0] * 98 + [1.0], 0.04), ([-1.0, 1.0], 1.0), ([0.0] * 9, 1.0)],
)
def test_a_difference_is_as_sure_as_its_draws(drawn: list[float], expected: float) -> None:
    assert two_sided(np.array(drawn)) == pytest.approx(expected)


def test_changes_name_the_words_that_moved_them(tagger: Tagger) -> None:
    """Turn tourism's weights round: what hotels spoke for, they now speak against."""
    assert tagger.topics is not None
    topics = replace(
        tagger.topics, weights=tagger.topics.weights * np.reshape([-1.0, 1.0], (2, 1, 1))
    )
    turned = replace(tagger, weights=tagger.weights * [-1.0, 1.0], topics=topics)
    texts = [(TOURISM[0], {"tourism"}), (AUTOMOTIVE[0], {"automotive"}), (NONE[0], set[str]())]
    articles = [
        LabelledArticle(str(k), text, frozenset(themes), frozenset())
        for k, (text, themes) in enumerate(texts)
    ]
    found = changes(tagger, turned, collect(tagger, articles), collect(turned, articles))
    lost = next(change for change in found if change.id == "0")
    assert (lost.theme, lost.given, lost.verdict) == ("tourism", False, Verdict.BROKEN)
    assert lost.new_probability < lost.new_threshold == lost.old_threshold < lost.old_probability
    assert all(moved < 0 for _, moved in lost.words)
    assert {"турист", "гостиница"} & {lemma for lemma, _ in lost.words[:3]}
    assert [change.verdict for change in found] == sorted(change.verdict for change in found)
    assert changes(tagger, tagger, *[collect(tagger, articles)] * 2) == []
