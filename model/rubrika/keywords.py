"""Themes given by keywords: a start for a theme that has too few labels to be learnt from.

A keyword is a word or a phrase. A text holds it where its words stand next to each other, each in
any form of its lemma. The forms come with the rule, so that tagging asks no dictionary, and are
matched as 64-bit hashes in numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from rubrika.words import Bools, Hashes, Ints, hashes_of

# A rule knows no degrees: these stand for the probability of a theme, and for its threshold.
FOUND, NOT_FOUND, THRESHOLD = 1.0, 0.0, 0.5

# Words are sifted by so many bits of their hashes before they are looked up.
_SIEVE_BITS = 16


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase, as people wrote it, and the forms of each of its words."""

    phrase: str
    forms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A keyword of a theme in a text: its first word is word `start` of all, it has `length`."""

    text: int
    theme: str
    phrase: str
    start: int
    length: int


@dataclass(frozen=True)
class Rules:
    """The keywords of each theme that keywords decide, by its id."""

    by_theme: Mapping[str, tuple[Keyword, ...]]

    def find(self, texts: Ints, hashes: Hashes) -> list[Found]:
        """Return the keywords in the words of some texts, by theme and phrase.

        Word k has the hash `hashes[k]` and stands in text `texts[k]`; both have shape (words,).
        """
        places = np.flatnonzero(self._sieve[hashes & np.uint64(len(self._sieve) - 1)])
        if not len(places):
            return []
        forms = np.full(len(hashes), len(self._hashes), dtype=np.int64)
        forms[places] = self._forms_of(hashes[places])
        return [
            Found(int(texts[start]), theme, phrase, start, len(accepts))
            for theme, phrase, accepts in self._accepts
            for start in _starts(forms, texts, places, accepts).tolist()
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the rules as plain dictionaries and lists."""
        return {
            theme: {one.phrase: [list(forms) for forms in one.forms] for one in keywords}
            for theme, keywords in self.by_theme.items()
        }

    @classmethod
    def from_json(cls, tree: Mapping[str, Mapping[str, Sequence[Sequence[str]]]]) -> Rules:
        """Return the rules of such dictionaries; raise ValueError for what is not one word."""
        rules = cls(
            {
                theme: tuple(
                    Keyword(phrase, tuple(tuple(forms) for forms in words))
                    for phrase, words in phrases.items()
                )
                for theme, phrases in tree.items()
            }
        )
        if not all(map(all, rules._words)):
            raise ValueError("a keyword without words")
        _ = rules._hashes
        return rules

    @property
    def _words(self) -> Iterator[tuple[tuple[str, ...], ...]]:
        for keywords in self.by_theme.values():
            for keyword in keywords:
                yield keyword.forms or ((),)

    @cached_property
    def _hashes(self) -> Hashes:
        """The hashes of all forms, each once, sorted; (forms,)."""
        return np.unique(
            hashes_of([form for words in self._words for own in words for form in own])
        )

    @cached_property
    def _sieve(self) -> Bools:
        """Which last bits of a hash may belong to a form, (2 ** bits,)."""
        sieve = np.zeros(2**_SIEVE_BITS, dtype=np.bool_)
        sieve[self._hashes & np.uint64(2**_SIEVE_BITS - 1)] = True
        return sieve

    @cached_property
    def _accepts(self) -> tuple[tuple[str, str, tuple[Bools, ...]], ...]:
        """Theme, phrase, and which forms each word of the phrase accepts, (forms + 1,) each."""
        return tuple(
            (theme, keyword.phrase, tuple(map(self._accepted, keyword.forms)))
            for theme, keywords in self.by_theme.items()
            for keyword in keywords
        )

    def _accepted(self, forms: Sequence[str]) -> Bools:
        # The last place is for words that are no form at all.
        accepted = np.zeros(len(self._hashes) + 1, dtype=np.bool_)
        accepted[np.searchsorted(self._hashes, hashes_of(forms))] = True
        return accepted

    def _forms_of(self, hashes: Hashes) -> Ints:
        """Return the number of each form, by its hash; that after the last for none."""
        last = len(self._hashes) - 1
        rows = np.minimum(np.searchsorted(self._hashes, hashes), last)
        return np.where(self._hashes[rows] == hashes, rows, last + 1)


def phrases_of(found: Sequence[Found]) -> dict[tuple[int, str], tuple[str, ...]]:
    """Return the phrases found, each once, by text and theme."""
    phrases: dict[tuple[int, str], dict[str, None]] = {}
    for one in found:
        phrases.setdefault((one.text, one.theme), {})[one.phrase] = None
    return {where: tuple(own) for where, own in phrases.items()}


def _starts(forms: Ints, texts: Ints, places: Ints, accepts: Sequence[Bools]) -> Ints:
    """Return where accepted forms stand in a row, in one text; (places found,)."""
    starts = places[places <= len(forms) - len(accepts)]
    for offset, accepted in enumerate(accepts):
        starts = starts[accepted[forms[starts + offset]]]
    found: Ints = starts[texts[starts] == texts[starts + len(accepts) - 1]]
    return found
