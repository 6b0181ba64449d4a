"""Features as scikit-learn has them: lemma TF-IDF with a background, and likeness of lemmas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.base import BaseEstimator, TransformerMixin

from rubrika.decision import Floats
from rubrika.text import LEMMA_OF, forms
from rubrika_train import background
from rubrika_train.inflecting import inflected


class BackgroundTfidf(TransformerMixin, BaseEstimator):
    """TF-IDF of lemmas whose document frequencies come from a billion words of news.

    The IDF of a lemma is -ln of the chance that an article of `article_words` words holds it.
    Lemmas that the background lacks join when `min_articles` training articles hold them, with
    the smoothed IDF ln((n + 1) / (df + 1)) + 1. A term counts 1 + ln(count); rows have length 1.
    """

    def __init__(self, min_articles: int = 2, article_words: int = 200) -> None:
        self.min_articles = min_articles
        self.article_words = article_words

    def fit(self, X: Sequence[str], y: object = None) -> Self:
        """Join the background's lemmas and those of the texts `X`."""
        table = background.load()
        known = frozenset(table.lemmas)
        articles, seen = Counter[str](), defaultdict[str, set[str]](set)
        for text in X:
            new = {form: found for form in set(forms(text)) if (found := LEMMA_OF[form])}
            articles.update(set(new.values()) - known)
            for form, found in new.items():
                seen[found].add(form)
        own = sorted(one for one, count in articles.items() if count >= self.min_articles)
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


class LikenessSmoothing(TransformerMixin, BaseEstimator):
    """Lets each lemma speak a little for the lemmas that news uses like it: X + strength · X L.

    L holds the background's cosines of lemmas with those most alike. What a theme learns of
    «отель» thus also holds for «гостиница», seen in training or not. The step is linear, so it
    folds into the weights: W = (I + strength · L) W'.
    """

    def __init__(self, strength: float = 0.6) -> None:
        self.strength = strength

    def fit(self, X: csr_matrix, y: object = None) -> Self:
        """Widen the likeness to the columns of `X`: the background's lemmas come first."""
        likeness = background.load().likeness
        self.likeness_ = csr_matrix(
            (likeness.data, likeness.indices, _padded(likeness.indptr, X.shape[1])),
            shape=(X.shape[1], X.shape[1]),
        )
        return self

    def transform(self, X: csr_matrix) -> csr_matrix:
        """Return rows of the shape of `X`."""
        return X + self.strength * (X @ self.likeness_)

    def fold(self, weights: Floats) -> Floats:
        """Return weights of shape (lemmas, themes) that do on `X` what these do on the result."""
        return np.asarray(weights + self.strength * (self.likeness_ @ weights))


def _padded(starts: npt.NDArray[np.int32], rows: int) -> npt.NDArray[np.int32]:
    return np.pad(starts, (0, rows + 1 - len(starts)), mode="edge")


def _unit_rows(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    return (diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ rows).tocsr()
