"""Features as scikit-learn has them: lemma TF-IDF, and what is known of the lemmas beforehand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack, identity
from sklearn.base import BaseEstimator, TransformerMixin

from rubrika.decision import Floats
from rubrika.text import LEMMA_OF, forms
from rubrika.topics import Topics, shares
from rubrika.words import Ints
from rubrika_train import background
from rubrika_train.inflecting import inflected


class BackgroundTfidf(TransformerMixin, BaseEstimator):
    """TF-IDF of lemmas whose document frequencies come from a billion words of news.

    The IDF of a lemma is -ln of the chance that an article of `article_words` words holds it.
    Lemmas too new for those frequencies, noted for topics or held by `min_articles` training
    articles, have the smoothed IDF ln((n + 1) / (df + 1)) + 1. A term counts 1 + ln(count); rows
    have length 1.
    """

    def __init__(self, min_articles: int = 3, article_words: int = 200) -> None:
        self.min_articles = min_articles
        self.article_words = article_words

    def fit(self, X: Sequence[str], y: object = None) -> Self:
        """Join the background's lemmas, counted or not, and those of the texts `X`."""
        table = background.load()
        counted, uncounted = frozenset(table.lemmas), frozenset(table.uncounted)
        articles, seen = Counter[str](), defaultdict[str, set[str]](set)
        for text in X:
            new = {form: found for form in set(forms(text)) if (found := LEMMA_OF[form])}
            articles.update(set(new.values()) - counted)
            for form, found in new.items():
                seen[found].add(form)
        enough = (one for one, count in articles.items() if count >= self.min_articles)
        own = [*table.uncounted, *sorted(set(enough) - uncounted)]
        chance = -np.expm1(-self.article_words * table.frequencies)
        held = np.array([articles[one] for one in own], dtype=np.float64)
        self.vocabulary_ = inflected((*table.lemmas, *own), seen)
        self.idf_: Floats = np.concatenate([-np.log(chance), np.log((len(X) + 1) / (held + 1)) + 1])
        return self

    def transform(self, X: Sequence[str]) -> csr_matrix:
        """Return rows of shape (texts, lemmas)."""
        counts = self.vocabulary_.count(X)
        values = (1.0 + np.log(counts.counts)) * self.idf_[counts.rows]
        shape = (len(X), len(self.vocabulary_))
        return _unit_rows(csr_matrix((values, (counts.texts, counts.rows)), shape=shape))


class BackgroundKnowledge(TransformerMixin, BaseEstimator):
    """Lets lemmas speak for their like, X [I + likeness · L], and articles for pairs of topics.

    L holds the background's cosines of lemmas with those most alike: what a theme learns of «отель»
    thus also holds for «гостиница», seen in training or not. The rest are products of the shares of
    two topics in an article, so that a theme can learn what crime or war beside its own words says,
    by words that training never saw; `topics` is how much they weigh. The dot product of two
    articles gains topics² times the square of that of their shares.
    """

    def __init__(self, likeness: float, topics: float) -> None:
        self.likeness = likeness
        self.topics = topics

    def fit(self, X: csr_matrix, y: object = None) -> Self:
        """Lay the background over the columns of `X`: its lemmas come first."""
        table, columns = background.load(), X.shape[1]
        self.alike_ = identity(columns) + self.likeness * _widened(table.likeness, columns, columns)
        self.spoken_ = _widened(table.topics, columns, table.topics.shape[1])
        return self

    def transform(self, X: csr_matrix) -> csr_matrix:
        """Return rows of shape (texts, lemmas + pairs of topics)."""
        alike = (X @ self.alike_).tocsr()
        return hstack([alike, csr_matrix(self._pairs(X))]).tocsr() if self.topics else alike

    def fold(self, weights: Floats) -> tuple[Floats, Topics | None]:
        """Return what does on `X` what weights of shape (lemmas + pairs, themes) do on the result.

        That is weights of shape (lemmas, themes), and topics with what their pairs say.
        """
        lemmas = self.alike_.shape[1]
        folded = np.ascontiguousarray(self.alike_ @ weights[:lemmas])
        return folded, self._topics(weights[lemmas:]) if self.topics else None

    def _pairs(self, X: csr_matrix) -> Floats:
        own = shares((X @ self.spoken_).toarray())
        first, second = np.triu_indices(own.shape[1])
        return np.asarray(own[:, first] * own[:, second] * self._scale(first, second))

    def _scale(self, first: Ints, second: Ints) -> Floats:
        # A pair of two topics stands for itself and for its mirror.
        return self.topics * np.where(first == second, 1.0, np.sqrt(2))

    def _topics(self, weights: Floats) -> Topics:
        topics = self.spoken_.shape[1]
        first, second = np.triu_indices(topics)
        square = np.zeros((weights.shape[1], topics, topics))
        square[:, first, second] = (weights * self._scale(first, second)[:, None]).T / 2
        lengths, links = np.diff(self.spoken_.indptr), (self.spoken_.indices, self.spoken_.data)
        return Topics.of(lengths, *links, square + square.transpose(0, 2, 1))


def _widened(matrix: csr_matrix, rows: int, columns: int) -> csr_matrix:
    starts = np.pad(matrix.indptr, (0, rows + 1 - len(matrix.indptr)), mode="edge")
    return csr_matrix((matrix.data, matrix.indices, starts), shape=(rows, columns))


def _unit_rows(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    return (diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ rows).tocsr()
