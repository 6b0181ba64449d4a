"""Which words made a tag: contributions in the article's own words that add up to the score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rubrika.decision import Floats
from rubrika.tagger import Tagged, Tagger
from rubrika.text import Token, tokens


@dataclass(frozen=True, slots=True)
class Word:
    """A lemma of an article, every place where it stands there, and what it adds to a score."""

    lemma: str
    tokens: tuple[Token, ...]
    contribution: float


@dataclass(frozen=True, slots=True)
class ThemeExplanation:
    """Why an article has a theme, or has it not.

    `score` is `bias` plus the contributions of all `words`, the strongest first, for and against.
    `probability` comes from the score by calibration and is held against `threshold`.
    """

    theme: str
    given: bool
    probability: float
    threshold: float
    score: float
    bias: float
    words: tuple[Word, ...]

    @property
    def margin(self) -> float:
        """How far the probability is above its threshold, or below if negative."""
        return self.probability - self.threshold


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was said of an article, and why: given themes first, then the nearest missed one."""

    text: str
    tagged: Tagged
    themes: tuple[ThemeExplanation, ...]


def explain(tagger: Tagger, text: str, theme_ids: Sequence[str] = ()) -> Explanation:
    """Explain an article's tags and the nearest missed theme, or the themes asked for."""
    tagged = tagger.tag(text)
    scores = tagger.score([text]).scores[0]
    probabilities = tagger.decision.calibration.probabilities(scores)
    all_ids = [theme.id for theme in tagger.themes]
    wanted = list(theme_ids) or [*tagged.themes, *_nearest_missed(tagger, tagged, probabilities)]
    values, places = tagger.values([text]), _places(tagger, text)
    themes = []
    for theme in wanted:
        column = all_ids.index(theme)
        words = [
            Word(
                lemma=tagger.vocabulary.lemmas[row],
                tokens=tuple(places[row]),
                contribution=float(value * tagger.weights[row, column]),
            )
            for row, value in zip(values.rows.tolist(), values.values.tolist(), strict=True)
        ]
        themes.append(
            ThemeExplanation(
                theme=theme,
                given=theme in tagged.themes,
                probability=float(probabilities[column]),
                threshold=float(tagger.decision.thresholds[column]),
                score=float(scores[column]),
                bias=float(tagger.bias[column]),
                words=tuple(sorted(words, key=lambda word: (-abs(word.contribution), word.lemma))),
            )
        )
    return Explanation(text, tagged, tuple(themes))


def _nearest_missed(tagger: Tagger, tagged: Tagged, probabilities: Floats) -> list[str]:
    """Return the theme whose probability is the largest share of its threshold, if any is left."""
    shares = probabilities / np.maximum(tagger.decision.thresholds, 1e-12)
    missed = [
        (share, theme.id)
        for share, theme in zip(shares.tolist(), tagger.themes, strict=True)
        if theme.id not in tagged.themes
    ]
    return [max(missed)[1]] if missed else []


def _places(tagger: Tagger, text: str) -> dict[int, list[Token]]:
    """Return where each known lemma stands in a text, by its row."""
    places: defaultdict[int, list[Token]] = defaultdict(list)
    words = list(tokens(text))
    rows = tagger.vocabulary.rows([word.form for word in words])
    for row, word in zip(rows.tolist(), words, strict=True):
        if row >= 0:
            places[row].append(word)
    return places
