"""Breakdowns: kinds in their order, small ones together, each with the figures of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rubrika.errors import InputError
from rubrika_train.breakdown import ASPECTS, MIN_ARTICLES, break_down
from rubrika_train.cli.evaluate import By
from rubrika_train.evaluation import evaluate_results
from rubrika_train.labelled import LabelledArticle
from rubrika_train.results import Results


def results(name: str, values: Sequence[str | None]) -> Results:
    """Return results of articles that differ in a field; the first of each ten is wrong."""
    plain = LabelledArticle("1", "слово", frozenset("a"), frozenset())
    articles = tuple(replace(plain, **{name: value}) for value in values)  # type: ignore[arg-type]
    labels = np.ones((len(articles), 1), dtype=np.int8)
    chosen = (np.arange(len(articles)) % 10 > 0)[:, None]
    cluster = np.arange(len(articles))
    return Results(("a",), articles, labels, chosen.astype(float), chosen, np.array([0.5]), cluster)


def test_the_option_has_every_aspect() -> None:
    assert [str(one) for one in By] == list(ASPECTS)


@pytest.mark.parametrize(
    ("aspect", "values", "kinds"),
    [
        ("genre", ["news"] * 20 + ["blog"] * 30 + [None] * 40, ["blog", "news", "unknown"]),
        (
            "region",
            ["Омск"] * 30 + ["Томск", "Тверь"] * 5 + [None],
            ["Омск", "other (2)", "unknown"],
        ),
        ("region", ["Омск"] * 30 + ["Томск"], ["Омск", "Томск"]),
        ("published", ["2025-01-03"] * 20 + ["2024"] * 50, ["2024", "2025"]),
    ],
)
def test_kinds_have_their_order(aspect: str, values: list[str | None], kinds: list[str]) -> None:
    assert list(break_down(results(aspect, values), aspect)) == kinds


def test_lengths_go_up() -> None:
    texts = [" ".join(["слово"] * count) for count in (400, 10, 100)] * MIN_ARTICLES
    assert list(break_down(results("text", texts), "length")) == [
        "under 80",
        "80–159",
        "300 or more",
    ]


def test_a_kind_has_the_figures_of_its_articles() -> None:
    both = results("genre", ["news"] * 20 + ["blog"] * 30)
    rows = np.arange(50) >= 20
    assert break_down(both, "genre")["blog"] == evaluate_results(both.part(rows))
    assert break_down(both, "genre")["blog"].articles == 30


def test_data_without_kinds_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        break_down(results("genre", [None, None]), "genre")
    assert str(raised.value) == (
        "no article says its genre; break down by another field: region, published, length"
    )
