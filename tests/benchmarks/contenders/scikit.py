"""The plain scikit-learn recipes: `words` to LinearSVC, or `lemmas` to logistic regression."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np
from pymorphy3 import MorphAnalyzer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Bools, Fit, Floats, Predict, Task

_WORD = re.compile(r"\w\w+")
_MORPH = MorphAnalyzer()


@lru_cache(maxsize=200_000)
def _lemma(word: str) -> str:
    return str(_MORPH.parse(word)[0].normal_form)


def _lemmas(text: str) -> list[str]:
    return [_lemma(word) for word in _WORD.findall(text)]


def _words_svc(C: float) -> Pipeline:
    return make_pipeline(TfidfVectorizer(), OneVsRestClassifier(LinearSVC(C=C)))


def _lemmas_regression(C: float) -> Pipeline:
    return make_pipeline(
        TfidfVectorizer(tokenizer=_lemmas, token_pattern=None),
        OneVsRestClassifier(LogisticRegression(C=C, solver="liblinear")),
    )


def _fit(pipeline: Callable[[], Pipeline], texts: Sequence[str], labels: Bools) -> Predict:
    fitted = pipeline().fit(texts, labels.astype(np.int64))

    def predict(asked: Sequence[str]) -> Floats:
        return np.asarray(fitted.decision_function(asked))

    return predict


RECIPES = {"words": (_words_svc, (0.1, 1.0, 10.0)), "lemmas": (_lemmas_regression, (1, 10, 100))}


def ways(recipe: str, task: Task) -> Mapping[str, Fit]:
    """Return the recipe with each strength of its penalty."""
    pipeline, strengths = RECIPES[recipe]
    return {f"C={C:g}": partial(_fit, partial(pipeline, C)) for C in strengths}


if __name__ == "__main__":
    protocol.run(partial(ways, sys.argv[3]), "scikit-learn", "pymorphy3")
