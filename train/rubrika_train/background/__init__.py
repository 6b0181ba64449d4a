"""What a large corpus of Russian news knows of words: how frequent, and which are alike.

The table was derived by `python -m rubrika_train.background.derive` from
navec_news_v1_1B_250K_300d_100q (Alexander Kukushkin, MIT licence): counts of 250,000 word forms in
a billion words of news, and their vectors.

vocabulary.txt       the lemmas, one a line, the most frequent first
table.safetensors    counts (lemmas,); starts (lemmas + 1,), neighbours and cosines (links,):
                     the lemmas most alike to each, cosines in 1/255
forms.safetensors    the lemmas' forms, by pymorphy3, and silent words, as `rubrika.forms` has them
"""

from __future__ import annotations

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

COSINE_UNIT = 255.0


@dataclass(frozen=True)
class Background:
    """Lemmas with the chance of each word to be theirs, and how alike they are.

    `frequencies` has shape (lemmas,); `likeness` (lemmas, lemmas) is sparse and holds the cosine
    of a row's lemma with the few lemmas most alike to it, itself left out. `forms` knows the forms
    of the lemmas.
    """

    lemmas: tuple[str, ...]
    frequencies: npt.NDArray[np.float64]
    likeness: csr_matrix
    forms: Forms


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
    return Background(lemmas, table["counts"] / table["total"], likeness, forms)
