"""What a large corpus of Russian news knows of words: how frequent, and which are alike.

The table was derived by `python -m rubrika_train.background.derive` from
navec_news_v1_1B_250K_300d_100q (Alexander Kukushkin, MIT licence): counts of 250,000 word forms in
a billion words of news, and their vectors.

vocabulary.txt       the lemmas, one a line, the most frequent first
table.safetensors    counts (lemmas,); starts (lemmas + 1,), neighbours and cosines (links,):
                     the lemmas most alike to each, cosines in 1/255
forms.safetensors    the lemmas' forms, by pymorphy3, and silent words, as `rubrika.forms` has them

The topics were not derived: a language model, asked to judge as a news editor, read the lemmas one
by one, those that training articles add among them, and noted what an article with such a word is
likely about. No news text went into them.

topics.toml          the topics and what they mean
topics.txt           a lemma a line and its topics; `!` marks a word that nearly gives one away
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from scipy.sparse import csr_matrix

from rubrika.forms import Forms

FOLDER = Path(__file__).parent
VOCABULARY = FOLDER / "vocabulary.txt"
TABLE = FOLDER / "table.safetensors"
FORMS = FOLDER / "forms.safetensors"
TOPICS = FOLDER / "topics.toml"
RATED = FOLDER / "topics.txt"

COSINE_UNIT = 255.0
# How far a lemma speaks of a topic that it only leans to, where one with `!` counts 1.
_LEANING = 0.5


@dataclass(frozen=True)
class Background:
    """Lemmas with the chance of each word to be theirs, and how alike they are.

    `frequencies` has shape (lemmas,); `likeness` (lemmas, lemmas) is sparse and holds the cosine
    of a row's lemma with the few lemmas most alike to it, itself left out. `forms` knows the forms
    of the lemmas. `topics`, of shape (lemmas + uncounted, topics), is sparse and holds how far a
    lemma speaks of a topic, up to 1; the `uncounted` lemmas are too new for the counts.
    """

    lemmas: tuple[str, ...]
    frequencies: npt.NDArray[np.float64]
    likeness: csr_matrix
    forms: Forms
    uncounted: tuple[str, ...]
    topics: csr_matrix


@cache
def load() -> Background:
    """Load the table that ships with Rubrika."""
    lemmas = tuple(VOCABULARY.read_text(encoding="utf-8").splitlines())
    table = safetensors.numpy.load(TABLE.read_bytes())
    cosines = table["cosines"] / COSINE_UNIT
    likeness = csr_matrix(
        (cosines, table["neighbours"].astype(np.int64), table["starts"].astype(np.int64)),
        shape=(len(lemmas), len(lemmas)),
    )
    forms = Forms.from_tensors(safetensors.numpy.load(FORMS.read_bytes()), len(lemmas))
    rated = _rated()
    uncounted = tuple(sorted(rated.keys() - frozenset(lemmas)))
    topics = _topics(rated, (*lemmas, *uncounted))
    return Background(lemmas, table["counts"] / table["total"], likeness, forms, uncounted, topics)


def _rated() -> dict[str, list[str]]:
    lines = RATED.read_text(encoding="utf-8").splitlines()
    return {lemma: topics for lemma, *topics in map(str.split, lines)}


def _topics(rated: Mapping[str, Sequence[str]], lemmas: Sequence[str]) -> csr_matrix:
    """Return how far each of `lemmas` speaks of each topic, of shape (lemmas, topics)."""
    column_of = {topic: column for column, topic in enumerate(topic_meanings())}
    links = [
        (row, column_of[topic.removesuffix("!")], 1.0 if topic.endswith("!") else _LEANING)
        for row, lemma in enumerate(lemmas)
        for topic in rated.get(lemma, ())
    ]
    rows, columns, strengths = zip(*links, strict=True)
    return csr_matrix((strengths, (rows, columns)), shape=(len(lemmas), len(column_of)))


def topic_meanings() -> dict[str, str]:
    """Return what each topic means, in the order of the columns of `Background.topics`."""
    return dict(tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topics"])
