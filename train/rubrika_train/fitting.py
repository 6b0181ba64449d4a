"""From labelled articles to a tagger: a scikit-learn pipeline, calibration, thresholds, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from rubrika.decision import Bools, Decision, Floats
from rubrika.keywords import Rules
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.annotations import Article, Gold
from rubrika_train.features import BackgroundKnowledge, BackgroundTfidf
from rubrika_train.ruling import ruled
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels

# The score of a theme that no training article has: its probability is as good as nothing.
NEVER = -20.0

# liblinear penalises the intercept like a weight; a large scale makes that penalty nothing.
_FREE_INTERCEPT = 10.0
# The primal problem takes a third of the dual's time here, and nothing in it is drawn at random.
_TOLERANCE = 1e-6


class KnownLabelsOneVsRest(ClassifierMixin, BaseEstimator):
    """One linear classifier a theme, each fitted to the articles whose label is known.

    `y` has shape (articles, themes) and holds 1 for yes, 0 for no, -1 for disputed or unknown.
    scikit-learn's OneVsRestClassifier knows no third value. The loss is the squared hinge: it stops
    pulling at articles that are clear, where a logistic loss never does.
    """

    def __init__(self, C: float = 1.0, class_weight: str | None = None) -> None:
        self.C = C
        self.class_weight = class_weight

    def fit(self, X: Any, y: Labels) -> Self:  # noqa: ANN401 (a scipy matrix, untyped)
        """Fit a classifier to each theme that has both a yes and a no."""
        self.classes_ = np.arange(y.shape[1])
        self.n_features_in_ = X.shape[1]
        self.coef_ = np.zeros((y.shape[1], X.shape[1]))
        self.intercept_ = np.full(y.shape[1], NEVER)
        for theme, column in enumerate(y.T):
            known = column >= 0
            if len(np.unique(column[known])) == 2:
                one = LinearSVC(
                    C=self.C,
                    class_weight=self.class_weight,
                    intercept_scaling=_FREE_INTERCEPT,
                    dual=False,
                    tol=_TOLERANCE,
                )
                # Several threads of BLAS would add in another order: not the same bytes.
                with threadpool_limits(limits=1):
                    one.fit(X[known], column[known])
                self.coef_[theme] = one.coef_[0]
                self.intercept_[theme] = one.intercept_[0]
        return self

    def decision_function(self, X: Any) -> Floats:  # noqa: ANN401
        """Return scores of shape (articles, themes)."""
        return np.asarray(X @ self.coef_.T + self.intercept_)

    def predict(self, X: Any) -> npt.NDArray[np.int64]:  # noqa: ANN401
        """Return 1 where a score is above zero, of shape (articles, themes)."""
        return (self.decision_function(X) > 0).astype(np.int64)


def label_matrix(
    articles: Sequence[Article], gold: Mapping[str, Gold], themes: Sequence[Theme]
) -> Labels:
    """Return gold as shape (articles, themes): 1 yes, 0 no, -1 disputed or unknown."""
    rows = [
        [-1 if theme.id in own.open else int(theme.id in own.themes) for theme in themes]
        for own in (gold[article.id] for article in articles)
    ]
    return np.array(rows, dtype=np.int8).reshape(len(articles), len(themes))


def build_pipeline(settings: Settings) -> Pipeline:
    """Return the unfitted pipeline: texts to lemma TF-IDF and topics to one score a theme."""
    features, weight = settings.features, settings.classifier.class_weight
    return Pipeline(
        [
            ("tfidf", BackgroundTfidf(features.min_articles, features.article_words)),
            ("knowledge", BackgroundKnowledge(features.likeness, features.topics)),
            (
                "classifier",
                KnownLabelsOneVsRest(settings.classifier.C, None if weight == "none" else weight),
            ),
        ]
    )


def out_of_fold_scores(
    texts: Sequence[str],
    labels: Labels,
    fold: npt.NDArray[np.int64],
    settings: Settings,
    jobs: int,
    usable: Bools | None = None,
) -> Floats:
    """Return scores of shape (articles, themes), each by a pipeline that never saw the article.

    With `usable`, of shape (articles,), only those articles are trained on; all are scored.
    """
    numbers = np.unique(fold)
    allowed = np.ones(len(fold), dtype=np.bool_) if usable is None else usable
    parts = Parallel(n_jobs=jobs)(
        delayed(_scores)(texts, labels, allowed & (fold != number), fold == number, settings)
        for number in numbers
    )
    scores = np.empty(labels.shape, dtype=np.float64)
    for number, part in zip(numbers, parts, strict=True):
        scores[fold == number] = part
    return scores


def _scores(
    texts: Sequence[str], labels: Labels, seen: Bools, held_out: Bools, settings: Settings
) -> Floats:
    pipeline = build_pipeline(settings)
    pipeline.fit([texts[k] for k in np.flatnonzero(seen).tolist()], labels[seen])
    scores = pipeline.decision_function([texts[k] for k in np.flatnonzero(held_out).tolist()])
    return np.asarray(scores)


def export(
    pipeline: Pipeline,
    themes: Sequence[Theme],
    decision: Decision,
    version: str,
    rules: Rules | None = None,
) -> Tagger:
    """Return the tagger that gives a fitted pipeline's decision values, and obeys rules."""
    tfidf, knowledge, classifier = (step for _, step in pipeline.steps)
    weights, topics = knowledge.fold(classifier.coef_.T)
    return Tagger(
        version=version,
        themes=tuple(themes),
        vocabulary=tfidf.vocabulary_,
        idf=tfidf.idf_,
        weights=weights,
        bias=np.asarray(classifier.intercept_),
        decision=ruled(decision, themes, rules),
        rules=rules,
        topics=topics,
    )
