"""The forms of lemmas, by pymorphy3: what a tagger's table of forms is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from rubrika.forms import SILENT, UNKNOWN, Forms
from rubrika.text import analyzer, lemma, spelling
from rubrika.vocabulary import Vocabulary
from rubrika.words import Hashes, Ints, hashes_of
from rubrika_train import background


@cache
def inflect(word: str) -> frozenset[str]:
    """Return the forms, as they are spelled, of which a lemma is the lemma.

    They come from the lexemes that pymorphy3 knows of it, or supposes for a word that it does not
    know. A form that more often belongs to another lemma is left out: «стали» is of «стать».
    """
    lexemes = (parse.lexeme for parse in analyzer().parse(word))
    forms = {spelling(parse.word) for lexeme in lexemes for parse in lexeme}
    return frozenset(form for form in forms if lemma(form) == word)


def inflected(lemmas: Sequence[str], seen: Mapping[str, Iterable[str]]) -> Vocabulary:
    """Return the vocabulary of lemmas with the table of their forms.

    Lemmas of the background have their forms there; to those that pymorphy3 gives of others come
    the ones `seen` in articles. `seen` maps lemmas to forms.
    """
    known = background.load()
    row_of = {lemma: row for row, lemma in enumerate(lemmas)}
    entries = [_renumbered(known, row_of)]
    for own in sorted(row_of.keys() - frozenset(known.lemmas)):
        forms = sorted(inflect(own) | set(seen.get(own, ())))
        entries.append((hashes_of(forms), np.full(len(forms), row_of[own])))
    hashes, rows = (np.concatenate(arrays) for arrays in zip(*entries, strict=True))
    return Vocabulary.of(lemmas, Forms.build(hashes, rows))


def _renumbered(known: background.Background, row_of: Mapping[str, int]) -> tuple[Hashes, Ints]:
    """Return the background's forms with the rows that their lemmas have in `row_of`."""
    hashes, rows = known.forms.entries()
    # The last place is for SILENT, which is -1.
    new_rows = np.array([*(row_of.get(one, UNKNOWN) for one in known.lemmas), SILENT])
    rows = new_rows[rows]
    kept = rows != UNKNOWN
    return hashes[kept], rows[kept]
