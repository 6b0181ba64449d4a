"""Figures by kind of article: genre, region, year of publication, length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import numpy as np

from rubrika.errors import InputError
from rubrika_train.describing import length_band, length_bands, year
from rubrika_train.evaluation import Evaluation, evaluate_results
from rubrika_train.labelled import LabelledArticle
from rubrika_train.results import Results

# Kinds with fewer articles are put together: their own figures would say nothing.
MIN_ARTICLES = 20
UNKNOWN = "unknown"


# What articles can be told apart by.
ASPECTS: Mapping[str, Callable[[LabelledArticle], str | None]] = {
    "genre": lambda article: article.genre,
    "region": lambda article: article.region,
    "published": lambda article: year(article.published),
    "length": lambda article: length_band(article.text),
}


def break_down(results: Results, aspect: str) -> dict[str, Evaluation]:
    """Return an evaluation of each kind of article, the kinds in their order.

    Years and lengths go up, other kinds from the most frequent down; kinds of fewer than
    `MIN_ARTICLES` articles are one, named "other (so many)"; articles of no kind come last.
    Raises InputError where no article has a kind.
    """
    kinds = _pooled([ASPECTS[aspect](article) or UNKNOWN for article in results.articles])
    if set(kinds) == {UNKNOWN}:
        others = ", ".join(other for other in ASPECTS if other != aspect)
        raise InputError(f"no article says its {aspect}; break down by another field: {others}")
    names = np.array(kinds)
    return {kind: evaluate_results(results.part(names == kind)) for kind in _ordered(kinds, aspect)}


def break_down_all(results: Results) -> dict[str, dict[str, Evaluation]]:
    """Return the breakdowns by everything that the articles tell."""
    found = {}
    for aspect in ASPECTS:
        with suppress(InputError):
            found[aspect] = break_down(results, aspect)
    return found


def _pooled(kinds: Sequence[str]) -> list[str]:
    counts = Counter(kinds)
    few = {kind for kind, count in counts.items() if count < MIN_ARTICLES and kind != UNKNOWN}
    if len(few) < 2:
        return list(kinds)
    return [f"other ({len(few)})" if kind in few else kind for kind in kinds]


def _ordered(kinds: Sequence[str], aspect: str) -> list[str]:
    counts = Counter(kinds)
    bands = length_bands()

    def place(kind: str) -> tuple[bool, bool, int, str]:
        rank = bands.index(kind) if kind in bands else -counts[kind]
        if aspect == "published":
            rank = 0
        return kind == UNKNOWN, kind.startswith("other ("), rank, kind

    return sorted(counts, key=place)
