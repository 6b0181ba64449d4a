"""Themes that were wrongly given or missed, each with the words that spoke there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rubrika.decision import Floats
from rubrika.explain import ThemeExplanation, explain
from rubrika.tagger import Tagger
from rubrika_train.explanations import Piece, pieces
from rubrika_train.results import Results

_WORDS = 6
# Characters of a text that stand for it in a list.
_LEAD = 140


@dataclass(frozen=True, slots=True)
class Mistake:
    """A theme wrongly given or missed, the article's text with the words that spoke, and those."""

    article: str
    theme: str
    missed: bool
    probability: float
    threshold: float
    lead: str
    text: tuple[Piece, ...]
    words: tuple[tuple[str, float], ...]


def rows_of_mistakes(results: Results, column: int) -> list[int]:
    """Return the articles where a theme was wrongly given or missed, the surest mistakes first."""
    labels, chosen = results.labels[:, column], results.chosen[:, column]
    surprise: Floats = np.abs(results.probabilities[:, column] - (labels == 1))
    rows = np.flatnonzero((labels >= 0) & (chosen != (labels == 1)))
    return [int(row) for row in rows[np.argsort(-surprise[rows], kind="stable")]]


def mistake(results: Results, row: int, column: int, tagger: Tagger) -> Mistake:
    """Return a mistake with the words by which `tagger`, which made it, came to it."""
    article, theme = results.articles[row], results.theme_ids[column]
    (own,) = explain(tagger, article.text, [theme]).themes
    return Mistake(
        article=article.id,
        theme=theme,
        missed=bool(results.labels[row, column] == 1),
        probability=float(results.probabilities[row, column]),
        threshold=own.threshold,
        lead=" ".join(article.text[:_LEAD].split()),
        text=tuple(pieces(article.text, own)),
        words=_strongest(own),
    )


def surest_mistakes(
    results: Results, tagger_of: Callable[[int], Tagger], each: int
) -> list[Mistake]:
    """Return the surest mistakes of every theme: at most `each` wrong tags, and as many missed."""
    return [
        mistake(results, row, column, tagger_of(row))
        for column in range(len(results.theme_ids))
        for label in (0, 1)
        for row in _with_label(results, column, label)[:each]
    ]


def _with_label(results: Results, column: int, label: int) -> list[int]:
    rows = rows_of_mistakes(results, column)
    return [row for row in rows if results.labels[row, column] == label]


def _strongest(theme: ThemeExplanation) -> tuple[tuple[str, float], ...]:
    return tuple((word.lemma, word.contribution) for word in theme.words[:_WORDS])
