"""Whether a text is Russian: asked only of texts with few known words, so it may be plain."""

from __future__ import annotations

import re

# Letters that Russian does not have and its neighbours on the page do.
_FOREIGN_LETTERS = re.compile(r"[іїєґўјљњћђџѓќәғқңөұүһҷӣӯ]")
_CYRILLIC = re.compile(r"[а-яё]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")

# Frequent words of Russian that Bulgarian, Macedonian, Serbian, Ukrainian and Belarusian lack.
_RUSSIAN_WORDS = frozenset(
    [
        "в",
        "и",
        "что",
        "как",
        "это",
        "к",
        "из",
        "у",
        "его",
        "она",
        "он",
        "они",
        "были",
        "был",
        "была",
        "было",
        "или",
        "же",
        "с",
        "еще",
        "ещё",
        "уже",
        "также",
        "которые",
        "который",
        "при",
        "после",
        "чтобы",
        "если",
        "для",
        "году",
        "лет",
        "со",
        "об",
    ]
)
# Frequent words of those languages that Russian lacks, or hardly ever writes alone.
_FOREIGN_WORDS = frozenset(
    [
        "та",
        "що",
        "й",
        "є",
        "від",
        "які",
        "який",
        "цього",
        "це",
        "у",
        "проти",
        "року",
        "про",
        "при",
        "гэта",
        "што",
        "ў",
        "і",
        "ад",
        "якія",
        "каб",
        "пра",
        "года",
        "се",
        "ще",
        "са",
        "е",
        "че",
        "със",
        "от",
        "като",
        "това",
        "който",
        "които",
        "беше",
        "във",
        "бе",
        "ли",
        "де",
        "му",
        "ни",
        "ја",
        "ќе",
        "сум",
        "је",
        "су",
        "да",
        "ће",
        "би",
        "њ",
    ]
) - frozenset(["у", "при", "про", "от", "да", "би", "ли", "ни", "му", "года", "де"])

# Below these shares the text is taken for another language.
CYRILLIC_SHARE = 0.5
FOREIGN_LETTER_SHARE = 0.02


def is_russian(text: str) -> bool:
    """Return whether a text is Russian, by its letters and most frequent words.

    A text without a single letter counts as Russian: it is empty, not foreign.
    """
    lowered = text.lower()
    letters = len(_LETTER.findall(lowered))
    if not letters:
        return True
    cyrillic = len(_CYRILLIC.findall(lowered))
    foreign = len(_FOREIGN_LETTERS.findall(lowered))
    if (cyrillic + foreign) / letters < CYRILLIC_SHARE or foreign / letters > FOREIGN_LETTER_SHARE:
        return False
    words = _WORD.findall(lowered)
    russian_words = sum(word in _RUSSIAN_WORDS for word in words)
    foreign_words = sum(word in _FOREIGN_WORDS for word in words)
    return foreign_words <= russian_words
