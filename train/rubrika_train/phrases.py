"""Words and phrases that set the articles of a theme apart, by NLTK's likelihood ratio."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from nltk.metrics import BigramAssocMeasures

from rubrika.text import LEMMA_OF, spelling, tokens
from rubrika_train.annotations import Annotations

# Phrases of fewer articles say more of those articles than of a theme.
MIN_ARTICLES = 5

_Lemmas = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A lemma, or a phrase in its most frequent form, and in how many articles it is.

    `ratio` is Dunning's (1993) log-likelihood ratio of phrase and theme: how far the two are from
    meeting by chance.
    """

    text: str
    with_theme: int
    without: int
    ratio: float


def phrases(annotations: Annotations, words: int, count: int) -> dict[str, list[Phrase]]:
    """Return the phrases of so many `words` that most go with each theme, `count` of each.

    Articles count, not occurrences; inflected forms are one phrase. Where a theme is disputed or
    unknown an article is left out.
    """
    spelt: defaultdict[_Lemmas, Counter[str]] = defaultdict(Counter)
    held: dict[str, set[_Lemmas]] = {}
    for article in annotations.judged:
        found = list(_runs(article.full_text, words))
        held[article.id] = {lemmas for lemmas, _ in found}
        for lemmas, form in found:
            spelt[lemmas][form] += 1
    return {
        theme.id: [
            Phrase(_usual(spelt[lemmas]), inside, outside, ratio)
            for lemmas, inside, outside, ratio in _strongest(annotations, held, theme.id)[:count]
        ]
        for theme in annotations.themes
    }


def _strongest(
    annotations: Annotations, held: dict[str, set[_Lemmas]], theme: str
) -> list[tuple[_Lemmas, int, int, float]]:
    """Return phrases that are more frequent with a theme than without, the strongest first."""
    known = {name: own.themes for name, own in annotations.gold.items() if theme not in own.open}
    has = {name for name, themes in known.items() if theme in themes}
    inside = Counter(lemmas for name in has for lemmas in held[name])
    everywhere = Counter(lemmas for name in known for lemmas in held[name])
    found = [
        (lemmas, own, everywhere[lemmas] - own, _ratio(own, everywhere[lemmas], len(has), known))
        for lemmas, own in inside.items()
        if own >= MIN_ARTICLES and own * len(known) > everywhere[lemmas] * len(has)
    ]
    return sorted(found, key=lambda one: (-one[3], one[0]))


def _ratio(both: int, phrase: int, theme: int, known: dict[str, frozenset[str]]) -> float:
    if min(phrase, theme) == len(known):
        return 0.0
    return float(BigramAssocMeasures.likelihood_ratio(both, (phrase, theme), len(known)))


def _runs(text: str, words: int) -> Iterator[tuple[_Lemmas, str]]:
    """Yield runs of words that follow each other with nothing but space between, and as spelt."""
    run: list[tuple[str, str]] = []
    last = 0
    for token in tokens(text):
        found = LEMMA_OF[token.form]
        if not found or text[last : token.start].strip():
            run = []
        if found:
            run = [*run, (found, found if words == 1 else spelling(token.form))][-words:]
            if len(run) == words:
                lemmas, forms = zip(*run, strict=True)
                yield lemmas, " ".join(forms)
        last = token.stop


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
