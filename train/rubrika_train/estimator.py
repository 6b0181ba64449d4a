"""The way from texts to themes as one scikit-learn estimator, for cross-validation and grids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.metrics import f1_score
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from rubrika.decision import Floats
from rubrika_train.deciding import fit_decision
from rubrika_train.fitting import build_pipeline, out_of_fold_scores
from rubrika_train.settings import Classifier, DecisionSettings, Features, Settings
from rubrika_train.splits import Labels, clusters, folds

_DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class _Text:
    full_text: str
    source_url: str | None = None


class RubrikaClassifier(ClassifierMixin, BaseEstimator):
    """Lemma TF-IDF and topics, a linear classifier a theme, its calibration and threshold.

    `fit` takes texts and `y` of shape (texts, themes) that holds 1 for yes, 0 for no, -1 for
    unknown. Calibration and thresholds come from scores of `folds` folds within these texts, which
    keep near-duplicates together. The parameters are the settings of the same names;
    `random_state` is the seed, and `n_jobs` processes fit the folds. scikit-learn's own metrics
    know no -1, and its `cross_val_predict` takes it for a class: known labels only, there.

    Fitted, it has `pipeline_`, `decision_`, and `classes_` of shape (themes, 2): 0 and 1.
    """

    def __init__(
        self,
        *,
        C: float = _DEFAULT.classifier.C,
        class_weight: Literal["balanced"] | None = None,
        min_articles: int = _DEFAULT.features.min_articles,
        article_words: int = _DEFAULT.features.article_words,
        likeness: float = _DEFAULT.features.likeness,
        topics: float = _DEFAULT.features.topics,
        pooled_articles: float = _DEFAULT.decision.pooled_articles,
        folds: int = _DEFAULT.folds,
        random_state: int = _DEFAULT.seed,
        n_jobs: int = 1,
    ) -> None:
        self.C = C
        self.class_weight = class_weight
        self.min_articles = min_articles
        self.article_words = article_words
        self.likeness = likeness
        self.topics = topics
        self.pooled_articles = pooled_articles
        self.folds = folds
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Iterable[str], y: npt.ArrayLike) -> Self:
        """Fit to texts and their themes.

        Raises ValueError for what are no texts, a `y` of another shape or with other values,
        parameters out of range, and texts that are all near-duplicates of each other.
        """
        texts, settings = _texts(X), self._settings()
        labels = _labels(y, len(texts))
        fold = _folds(texts, labels, settings)
        scores = out_of_fold_scores(texts, labels, fold, settings, self.n_jobs)
        self.decision_ = fit_decision(scores, labels, settings.decision)
        self.pipeline_ = build_pipeline(settings).fit(texts, labels)
        # By theme, so that scikit-learn sees labels, not classes; cross_val_predict wants an array.
        self.classes_ = np.tile([0, 1], (labels.shape[1], 1))
        return self

    def decision_function(self, X: Iterable[str]) -> Floats:
        """Return each theme's score less the score at its threshold, of shape (texts, themes)."""
        scores, calibration = self._scores(X), self.decision_.calibration
        # A threshold of 1 would stand infinitely far away.
        logits = logit(np.minimum(self.decision_.thresholds, 1 - np.finfo(np.float64).eps))
        at_threshold = (logits - calibration.intercept) / calibration.slope
        return np.asarray(scores - at_threshold)

    def predict_proba(self, X: Iterable[str]) -> Floats:
        """Return the probability of each theme, of shape (texts, themes)."""
        scores = self._scores(X)
        return self.decision_.calibration.probabilities(scores)

    def predict(self, X: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return 1 where a theme reaches its threshold, of shape (texts, themes)."""
        probabilities = self.predict_proba(X)
        return self.decision_.chosen(probabilities).astype(np.int64)

    def score(self, X: Iterable[str], y: npt.ArrayLike) -> float:
        """Return macro-F1 over known labels and themes that some text has; NaN without any."""
        texts = _texts(X)
        labels, predicted = _labels(y, len(texts)), self.predict(texts)
        by_theme = [
            f1_score(own[own >= 0], given[own >= 0])
            for own, given in zip(labels.T, predicted.T, strict=True)
            if (own == 1).any()
        ]
        return float(np.mean(by_theme)) if by_theme else float("nan")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.single_output = False
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.multi_label = True
        return tags

    def _scores(self, X: Iterable[str]) -> Floats:
        check_is_fitted(self)
        return np.asarray(self.pipeline_.decision_function(_texts(X)))

    def _settings(self) -> Settings:
        return Settings(
            features=Features(
                min_articles=self.min_articles,
                article_words=self.article_words,
                likeness=self.likeness,
                topics=self.topics,
            ),
            classifier=Classifier(C=self.C, class_weight=self.class_weight or "none"),
            decision=DecisionSettings(pooled_articles=self.pooled_articles),
            folds=self.folds,
            seed=self.random_state,
        )


def _folds(texts: list[str], labels: Labels, settings: Settings) -> npt.NDArray[np.int64]:
    cluster = clusters([_Text(text) for text in texts])
    count = min(settings.folds, len(np.unique(cluster)))
    if count < 2:
        raise ValueError("fit wants two texts or more that are no near-duplicates of each other")
    return folds(labels, cluster, count, settings.seed)


def _texts(X: Iterable[str]) -> list[str]:
    """Return texts as a list; raises ValueError for anything else."""
    if isinstance(X, str):
        raise ValueError("X is one text; give a list of texts")
    texts = list(X)
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"X wants texts; row {row} is {type(text).__name__}")
    return texts


def _labels(y: npt.ArrayLike, texts: int) -> Labels:
    """Return the labels; raises ValueError where they are not 1, 0 or -1 a text and theme."""
    labels = np.asarray(y)
    if labels.ndim != 2 or len(labels) != texts:
        raise ValueError(
            f"y wants shape ({texts}, themes), a row for each text; not {labels.shape}"
        )
    if not np.isin(labels, (-1, 0, 1)).all():
        raise ValueError("y wants 1 for yes, 0 for no, -1 for unknown, and nothing else")
    return labels.astype(np.int8)
