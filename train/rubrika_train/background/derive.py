"""Derive the background table: `python -m rubrika_train.background.derive NATASHA.whl`.

The wheel of `natasha` carries the counts and vectors; it is opened as an archive, for its code is
not needed. Get it with: pip download --no-deps natasha==1.6.0; and the reader: pip install navec.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import safetensors.numpy

from rubrika.forms import SILENT, Forms
from rubrika.text import NO_LEMMA, lemma, spelling
from rubrika.words import hashes_of
from rubrika_train.background import COSINE_UNIT, FORMS, TABLE, VOCABULARY
from rubrika_train.files import replacing

MEMBER = "natasha/data/emb/navec_news_v1_1B_250K_300d_100q.tar"
LEMMAS = 60_000
NEIGHBOURS = 10
MIN_COSINE = 0.35
_BLOCK = 2_000

Floats = npt.NDArray[np.float32]


def derive(wheel: Path) -> None:
    """Write the tables that `rubrika_train.background` loads."""
    words, counts, vectors = _read(wheel)
    lemmas, totals, means = _by_lemma(words, counts, vectors)
    order = np.argsort(-totals, kind="stable")[:LEMMAS]
    starts, neighbours, cosines = _links(means[order], totals[order])
    with replacing(VOCABULARY) as file:
        file.write("".join(f"{lemmas[k]}\n" for k in order).encode())
    with replacing(TABLE) as file:
        file.write(
            safetensors.numpy.save(
                {
                    "counts": totals[order].astype(np.uint32),
                    "total": np.array([counts.sum()], dtype=np.float64),
                    "starts": starts.astype(np.uint32),
                    "neighbours": neighbours.astype(np.uint16),
                    "cosines": np.round(cosines * COSINE_UNIT).astype(np.uint8),
                }
            )
        )
    with replacing(FORMS) as file:
        file.write(safetensors.numpy.save(_forms([lemmas[k] for k in order], words).tensors()))


def _forms(lemmas: Sequence[str], words: Sequence[str]) -> Forms:
    """Return the table of the lemmas' forms, and of the forms and silent ones among `words`."""
    from rubrika_train.inflecting import inflect

    row_of_form = {form: row for row, one in enumerate(lemmas) for form in inflect(one)}
    row_of_lemma = {one: row for row, one in enumerate(lemmas)}
    for word in words:
        if len(word) > 1 and any(map(str.isalpha, word)) and not word.startswith("<"):
            found = lemma(word)
            row = SILENT if found == NO_LEMMA else row_of_lemma.get(found)
            if row is not None:
                row_of_form[spelling(word)] = row
    return Forms.build(hashes_of(list(row_of_form)), np.array(list(row_of_form.values())))


def _read(wheel: Path) -> tuple[Sequence[str], npt.NDArray[np.float64], Floats]:
    from navec import Navec

    with tempfile.TemporaryDirectory() as folder:
        path = zipfile.ZipFile(wheel).extract(MEMBER, folder)
        navec = Navec.load(path)
    counts = np.array(navec.vocab.counts, dtype=np.float64)
    return navec.vocab.words, counts, navec.pq.unpack().astype(np.float32)


def _by_lemma(
    words: Sequence[str], counts: npt.NDArray[np.float64], vectors: Floats
) -> tuple[list[str], npt.NDArray[np.float64], Floats]:
    """Return lemmas, their counts, and the count-weighted means of their forms' vectors."""
    number: dict[str, int] = {}
    lemma_of_word = np.full(len(words), -1)
    for k, word in enumerate(words):
        found = NO_LEMMA if word.startswith("<") else lemma(word)
        if found != NO_LEMMA:
            lemma_of_word[k] = number.setdefault(found, len(number))
    has = lemma_of_word >= 0
    totals = np.bincount(lemma_of_word[has], counts[has], minlength=len(number)).astype(np.float64)
    means = np.zeros((len(number), vectors.shape[1]), dtype=np.float32)
    np.add.at(means, lemma_of_word[has], vectors[has] * counts[has, None].astype(np.float32))
    return list(number), totals, (means / totals[:, None]).astype(np.float32)


def _links(
    vectors: Floats, counts: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return the lemmas most alike to each, as starts, neighbours and cosines.

    The mean over running words is taken off first: what all words share makes none alike. The
    mean over lemmas would not do; it leaves frequent words as everybody's neighbours.
    """
    centred = vectors - np.average(vectors, axis=0, weights=counts).astype(np.float32)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    lengths, neighbours, cosines = [], [], []
    for start in range(0, len(unit), _BLOCK):
        block = unit[start : start + _BLOCK] @ unit.T
        own = np.arange(len(block))
        block[own, start + own] = 0
        best = np.sort(np.argpartition(-block, NEIGHBOURS, axis=1)[:, :NEIGHBOURS], axis=1)
        values = np.take_along_axis(block, best, axis=1)
        near = values > MIN_COSINE
        lengths.append(near.sum(axis=1))
        neighbours.append(best[near])
        cosines.append(values[near])
    starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    return starts, np.concatenate(neighbours), np.concatenate(cosines)


if __name__ == "__main__":
    derive(Path(sys.argv[1]))
