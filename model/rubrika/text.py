"""From text to tokens to lemmas.

A token keeps its place in the text, so that a tag can be explained in the article's own words.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rubrika.debris import blank_debris

if TYPE_CHECKING:
    import pymorphy3

# A word is a run of letters and digits, or several joined by hyphens or apostrophes:
# «онлайн-магазин», «МС-21», «B2B». The soft hyphen and the stress mark may stand anywhere in one;
# they are not seen, and are dropped from its spelling.
_LETTERS = r"0-9A-Za-zÀ-ɏЀ-ӿ"
HYPHENS = "-‑"
APOSTROPHES = "'’"
INVISIBLE = "\u00ad\u0301"
_RUN = rf"[{_LETTERS}][{_LETTERS}{INVISIBLE}]*"
TOKEN = re.compile(rf"{_RUN}(?:[{HYPHENS}{APOSTROPHES}][{INVISIBLE}]*{_RUN})*")
LETTERS = "".join(re.findall(rf"[{_LETTERS}]", "".join(map(chr, range(0x500)))))

_SPELLING = str.maketrans({"ё": "е", "‑": "-", "’": "'", "\u00ad": None, "\u0301": None})

# Words that never say what an article is about (grammemes of OpenCorpora): prepositions,
# conjunctions, particles, interjections, pronouns, pronominal adjectives; people's names, which
# only tell whose news it was in the training articles.
SILENT_GRAMMEMES = frozenset(
    {"PREP", "CONJ", "PRCL", "INTJ", "NPRO", "Apro", "Surn", "Name", "Patr"}
)

# The lemma of a token that does not count: a number, a letter, a function word, a name.
NO_LEMMA = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text and its place there, as character offsets."""

    form: str
    start: int
    stop: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text in order, page debris left out."""
    for match in TOKEN.finditer(blank_debris(text)):
        yield Token(match.group(), match.start(), match.end())


def forms(text: str) -> list[str]:
    """Return the words of a text in order, page debris left out: `tokens` without the places."""
    return TOKEN.findall(blank_debris(text))


def spelling(form: str) -> str:
    """Return a word form in lower case with one spelling of ё, hyphen and apostrophe."""
    return form.lower().translate(_SPELLING)


@cache
def analyzer() -> pymorphy3.MorphAnalyzer:
    """Return pymorphy3's analyzer, loaded when it is first asked for: tagging does without it."""
    import pymorphy3

    # Loading makes a great many objects and no garbage: the collector only costs time here.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return pymorphy3.MorphAnalyzer(lang="ru")
    finally:
        if collecting:
            gc.enable()


def lemma(form: str) -> str:
    """Return the dictionary form of a word, or NO_LEMMA for a word that says nothing.

    The most probable parse decides: pymorphy3 weighs parses by OpenCorpora's counts.
    """
    word = spelling(form)
    if len(word) < 2 or not _has_letter(word):
        return NO_LEMMA
    parse = analyzer().parse(word)[0]
    if not SILENT_GRAMMEMES.isdisjoint(parse.tag.grammemes):
        return NO_LEMMA
    return str(parse.normal_form).replace("ё", "е")


def _has_letter(word: str) -> bool:
    return any(character.isalpha() for character in word)


class LemmaCache(dict[str, str]):
    """Word forms with their lemmas; a form is looked up once in a process."""

    def __missing__(self, form: str) -> str:
        """Look up a form that was not seen before."""
        found = self[form] = lemma(form)
        return found


LEMMA_OF = LemmaCache()


def lemmas(text: str) -> list[str]:
    """Return the lemmas of a text in order, words without one left out."""
    return [found for form in forms(text) if (found := LEMMA_OF[form])]
