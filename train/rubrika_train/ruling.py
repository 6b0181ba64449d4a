"""Which themes keywords decide, in place of the model, and the forms of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from rubrika.debris import blank_debris
from rubrika.decision import Bools, Choice, Decision, Floats, with_parents
from rubrika.keywords import FOUND, NOT_FOUND, THRESHOLD, Keyword, Rules
from rubrika.text import TOKEN, analyzer, spelling
from rubrika.themes import Theme, families
from rubrika.words import split
from rubrika_train.deciding import can_be_learnt
from rubrika_train.splits import Labels


def rules_of(themes: Sequence[Theme], labels: Labels) -> Rules | None:
    """Return the keywords of the themes that have too few labels for the model; None for none.

    The model takes over where a theme can be calibrated: with `deciding.MIN_ARTICLES` articles
    that have it, and as many that have it not. `labels` has shape (articles, themes).
    """
    learnt = can_be_learnt(labels)
    by_theme = {
        theme.id: theme.keywords
        for theme, is_learnt in zip(themes, learnt.tolist(), strict=True)
        if theme.keywords and not is_learnt
    }
    return _compiled(by_theme) if by_theme else None


def ruled(decision: Decision, themes: Sequence[Theme], rules: Rules | None) -> Decision:
    """Return a decision with the threshold of rules for the themes that they decide."""
    thresholds = decision.thresholds.copy()
    thresholds[_columns(themes, rules)] = THRESHOLD
    return replace(decision, thresholds=thresholds)


def overruled(
    probabilities: Floats,
    reached: Bools,
    texts: Sequence[str],
    themes: Sequence[Theme],
    rules: Rules | None,
) -> Choice:
    """Return what a tagger with rules and parents makes of the model's choices.

    `probabilities` and `reached` have shape (articles, themes), `texts` has shape (articles,).
    """
    if rules:
        probabilities, reached = probabilities.copy(), reached.copy()
        own = _columns(themes, rules)
        held = _held(texts, themes, rules)[:, own]
        probabilities[:, own], reached[:, own] = np.where(held, FOUND, NOT_FOUND), held
    return with_parents(probabilities, reached, families(themes))


def _held(texts: Sequence[str], themes: Sequence[Theme], rules: Rules) -> Bools:
    """Return the themes of which texts hold a keyword, of shape (articles, themes)."""
    held = np.zeros((len(texts), len(themes)), dtype=np.bool_)
    columns = {theme.id: column for column, theme in enumerate(themes)}
    words = split(map(blank_debris, texts))
    for one in rules.find(words.texts, words.hashes):
        held[one.text, columns[one.theme]] = True
    return held


def _columns(themes: Sequence[Theme], rules: Rules | None) -> list[int]:
    by_theme = rules.by_theme if rules else {}
    return [column for column, theme in enumerate(themes) if theme.id in by_theme]


def _compiled(by_theme: dict[str, tuple[str, ...]]) -> Rules:
    return Rules({theme: tuple(map(_keyword, phrases)) for theme, phrases in by_theme.items()})


def _keyword(phrase: str) -> Keyword:
    words = [spelling(word) for word in TOKEN.findall(phrase)]
    forms_of = _forms if len(words) == 1 else _all_forms
    return Keyword(phrase, tuple(tuple(sorted(forms_of(word))) for word in words))


@cache
def _forms(word: str) -> frozenset[str]:
    """Return the forms of a word of which its lemma is the most probable: «стали» is of «стать»."""
    own = _lemma(word)
    return frozenset({word, *(form for form in _all_forms(own) if _lemma(form) == own)})


@cache
def _all_forms(word: str) -> frozenset[str]:
    """Return every form of a word: in a phrase its neighbours tell which word is meant."""
    lexemes = (parse.lexeme for parse in analyzer().parse(word))
    return frozenset({word, *(spelling(parse.word) for lexeme in lexemes for parse in lexeme)})


def _lemma(word: str) -> str:
    """Return the lemma of a word; function words and names, which are no features, have one too."""
    return spelling(str(analyzer().parse(word)[0].normal_form))
