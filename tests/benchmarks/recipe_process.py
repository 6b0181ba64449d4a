"""The plain scikit-learn recipe as a process: `python -m tests.benchmarks.recipe_process FILE`.

TfidfVectorizer over lemmas of pymorphy3, each form looked up once, and OneVsRestClassifier of
LogisticRegression. Tags a file of JSON Lines to standard output and says on standard error how many
processor seconds that took, without imports and training.
"""

from __future__ import annotations

import functools
import json
import re
import sys
import time

import pymorphy3
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from rubrika_train.fitting import label_matrix
from tests.benchmarks import corpus

WORDS = re.compile(r"\w+").findall


def main(file: str) -> None:
    """Train the recipe on the annotations, then tag a file."""
    analyzer = pymorphy3.MorphAnalyzer(lang="ru")
    lemma = functools.cache(lambda form: analyzer.parse(form)[0].normal_form)
    annotations = corpus.project()
    labels = label_matrix(annotations.judged, annotations.gold, annotations.themes) > 0
    recipe = make_pipeline(
        TfidfVectorizer(analyzer=lambda text: [lemma(form) for form in WORDS(text.lower())]),
        OneVsRestClassifier(LogisticRegression(C=30, max_iter=1000)),
    )
    recipe.fit([article.full_text for article in annotations.judged], labels)
    lemma.cache_clear()
    before = time.process_time()
    with open(file, encoding="utf-8") as lines:  # noqa: PTH123 (a path as the user gave it)
        rows = [json.loads(line) for line in lines]
    predicted = recipe.predict([row["text"] for row in rows])
    ids = [theme.id for theme in annotations.themes]
    for row, chosen in zip(rows, predicted, strict=True):
        row["themes"] = [theme for theme, given in zip(ids, chosen, strict=True) if given]
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{time.process_time() - before}\n")


if __name__ == "__main__":
    main(sys.argv[1])
