"""spaCy's textcat_multilabel on a bag of words, over a blank Russian pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import spacy
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Bools, Fit, Floats, Predict, Task

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Way:
    """How long to learn and how fast, and from runs of how many words."""

    epochs: int
    learn_rate: float
    ngrams: int = 1

    def __str__(self) -> str:
        return f"{self.epochs} epochs, learn rate {self.learn_rate:g}, {self.ngrams}-grams"


WAYS = (Way(30, 0.001), Way(2, 0.01), Way(3, 0.01), Way(5, 0.01), Way(3, 0.01, ngrams=2))


def _fit(way: Way, texts: Sequence[str], labels: Bools) -> Predict:
    fix_random_seed(0)
    nlp = spacy.blank("ru")
    model = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": False,
        "ngram_size": way.ngrams,
        "no_output_layer": False,
        "length": 262144,
    }
    nlp.add_pipe("textcat_multilabel", config={"model": model})
    names = [str(theme) for theme in range(labels.shape[1])]
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": dict(zip(names, row, strict=True))})
        for text, row in zip(texts, labels.astype(float).tolist(), strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = way.learn_rate
    generator = np.random.default_rng(0)
    for _ in range(way.epochs):
        shuffled = [examples[k] for k in generator.permutation(len(examples))]
        for batch in minibatch(shuffled, size=_BATCH):
            nlp.update(batch, sgd=optimizer)

    def predict(asked: Sequence[str]) -> Floats:
        cats = [[doc.cats[name] for name in names] for doc in nlp.pipe(asked)]
        return protocol.log_odds(np.array(cats, dtype=np.float64))

    return predict


def ways(task: Task) -> Mapping[str, Fit]:
    """Return the bag of words learnt in each way."""
    return {str(way): partial(_fit, way) for way in WAYS}


if __name__ == "__main__":
    protocol.run(ways, "spacy")
