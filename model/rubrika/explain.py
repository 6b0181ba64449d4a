"""Which words made a tag: contributions in the article's own words that add up to the score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rubrika.decision import By, Floats
from rubrika.keywords import FOUND, NOT_FOUND, THRESHOLD
from rubrika.tagger import Tagged, Tagger
from rubrika.text import Token, tokens
from rubrika.words import split


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

    Where keywords decide (`by`), `words` are the phrases found, each of which adds one, and one is
    enough. A parent that its children gave (`by`, `because`) keeps its own words and probability.
    """

    theme: str
    given: bool
    probability: float
    threshold: float
    score: float
    bias: float
    words: tuple[Word, ...]
    by: By | None = None
    because: tuple[str, ...] = ()

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
    nearest = _nearest_missed(tagger, tagged, tagger.probabilities([text])[0])
    wanted = list(theme_ids) or [*tagged.themes, *nearest]
    by_model = _by_model(tagger, text, tagged, [one for one in wanted if one not in _ruled(tagger)])
    by_rule = _by_rule(tagger, text, tagged)
    return Explanation(text, tagged, tuple({**by_model, **by_rule}[theme] for theme in wanted))


def _by_model(
    tagger: Tagger, text: str, tagged: Tagged, wanted: Sequence[str]
) -> dict[str, ThemeExplanation]:
    scores = tagger.score([text]).scores[0]
    probabilities = tagger.decision.calibration.probabilities(scores)
    (rows, added), places = tagger.contributions(text), _places(tagger, text)
    all_ids = [theme.id for theme in tagger.themes]
    themes = {}
    for theme in wanted:
        column = all_ids.index(theme)
        words = [
            Word(
                lemma=tagger.vocabulary.lemmas[row],
                tokens=tuple(places[row]),
                contribution=contribution,
            )
            for row, contribution in zip(rows.tolist(), added[:, column].tolist(), strict=True)
        ]
        by, because = _mark(tagged, theme)
        themes[theme] = ThemeExplanation(
            theme=theme,
            given=theme in tagged.themes,
            probability=float(probabilities[column]),
            threshold=float(tagger.decision.thresholds[column]),
            score=float(scores[column]),
            bias=float(tagger.bias[column]),
            words=tuple(sorted(words, key=lambda word: (-abs(word.contribution), word.lemma))),
            by=by,
            because=because,
        )
    return themes


def _by_rule(tagger: Tagger, text: str, tagged: Tagged) -> dict[str, ThemeExplanation]:
    """Explain the themes that keywords decide."""
    if tagger.rules is None:
        return {}
    own_tokens = list(tokens(text))
    words = split(token.form for token in own_tokens)
    places: defaultdict[tuple[str, str], list[Token]] = defaultdict(list)
    for found in tagger.rules.find(np.zeros_like(words.texts), words.hashes):
        numbers = words.texts[found.start : found.start + found.length]
        places[found.theme, found.phrase] += [own_tokens[number] for number in numbers.tolist()]
    themes = {}
    for theme in _ruled(tagger):
        phrases = tuple(
            Word(phrase, tuple(own), 1.0) for (of, phrase), own in places.items() if of == theme
        )
        by, because = _mark(tagged, theme)
        themes[theme] = ThemeExplanation(
            theme=theme,
            given=theme in tagged.themes,
            probability=FOUND if phrases else NOT_FOUND,
            threshold=THRESHOLD,
            score=float(len(phrases)),
            bias=0.0,
            words=phrases,
            by=by or By.KEYWORDS,
            because=because,
        )
    return themes


def _ruled(tagger: Tagger) -> tuple[str, ...]:
    return tuple(tagger.rules.by_theme) if tagger.rules else ()


def _mark(tagged: Tagged, theme: str) -> tuple[By | None, tuple[str, ...]]:
    """Return what made a tag where it was not the model, and because of what."""
    return next(((tag.by, tag.because) for tag in tagged.tags if tag.theme == theme), (None, ()))


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
