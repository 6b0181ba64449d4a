"""What deserves a second look in labelled articles: duplicates, rare themes, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rubrika_train.annotations import FEW_ARTICLES, Annotations, counts_by_theme
from rubrika_train.splits import near_duplicates
from rubrika_train.validation import CrossValidated


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Two articles whose word shingles have this Jaccard similarity."""

    one: str
    other: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A gold label that a tagger trained on the other articles finds unlikely.

    `probability` is that tagger's probability of the theme; `given` says whether gold has it.
    """

    article: str
    theme: str
    given: bool
    probability: float

    @property
    def surprise(self) -> float:
        """The probability that the label is wrong, by the tagger."""
        return 1 - self.probability if self.given else self.probability


def duplicates(annotations: Annotations) -> list[Duplicates]:
    """Return near-duplicates among the judged articles, the closest first."""
    articles = annotations.judged
    pairs = near_duplicates([article.full_text for article in articles])
    found = [Duplicates(articles[a].id, articles[b].id, similarity) for a, b, similarity in pairs]
    return sorted(found, key=lambda pair: -pair.similarity)


def rare_themes(annotations: Annotations) -> dict[str, int]:
    """Return the themes that too few articles have, with how many do."""
    counts = counts_by_theme(annotations)
    return {theme: count for theme, count in counts.items() if count < FEW_ARTICLES}


def contradictions(annotations: Annotations, validated: CrossValidated) -> list[Contradiction]:
    """Return every known label with its out-of-fold probability, the most surprising first."""
    found = list(_labels(annotations, validated))
    return sorted(found, key=lambda one: (-one.surprise, one.article, one.theme))


def _labels(annotations: Annotations, validated: CrossValidated) -> Iterator[Contradiction]:
    for row, column in zip(*np.nonzero(validated.labels >= 0), strict=True):
        yield Contradiction(
            article=validated.articles[row].id,
            theme=annotations.themes[column].id,
            given=bool(validated.labels[row, column] == 1),
            probability=float(validated.probabilities[row, column]),
        )
