"""Calibration and thresholds from out-of-fold scores.

scikit-learn's CalibratedClassifierCV and TunedThresholdClassifierCV refuse several labels, and
both would bring their own cross-validation: here the same scores serve both, theme by theme.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

from rubrika.decision import Bools, Calibration, Decision, Floats
from rubrika_train.settings import DecisionSettings
from rubrika_train.splits import Labels

# Themes with fewer yes articles keep the identity: two numbers cannot be learnt from them.
MIN_POSITIVES = 5


def fit_decision(scores: Floats, labels: Labels, settings: DecisionSettings) -> Decision:
    """Return calibration and thresholds for scores and labels of shape (articles, themes)."""
    calibration = fit_calibration(scores, labels)
    return Decision(
        calibration=calibration,
        thresholds=fit_thresholds(
            calibration.probabilities(scores), labels, settings.pooled_articles
        ),
        unsure_share=settings.unsure_share,
        min_known=settings.min_known,
        min_known_share=settings.min_known_share,
    )


def fit_calibration(scores: Floats, labels: Labels) -> Calibration:
    """Return Platt's slope and intercept for each theme, by logistic regression on its scores."""
    slope, intercept = np.ones(labels.shape[1]), np.zeros(labels.shape[1])
    for theme, column in enumerate(labels.T):
        known = column >= 0
        if min((column == 1).sum(), (column == 0).sum()) >= MIN_POSITIVES:
            fitted = LogisticRegression(C=1e3).fit(scores[known, theme][:, None], column[known])
            if fitted.coef_[0, 0] > 0:
                slope[theme], intercept[theme] = fitted.coef_[0, 0], fitted.intercept_[0]
    return Calibration(slope, intercept)


def fit_thresholds(probabilities: Floats, labels: Labels, pooled_articles: float) -> Floats:
    """Return each theme's threshold of the best F1, drawn towards a pooled one where it is rare.

    The pooled threshold counts as much as `pooled_articles` articles of the theme would.
    """
    known = labels >= 0
    pooled = best_threshold(probabilities[known], labels[known])
    thresholds = np.full(labels.shape[1], pooled)
    for theme, column in enumerate(labels.T):
        own = known[:, theme]
        positives = int((column == 1).sum())
        if positives:
            best = best_threshold(probabilities[own, theme], column[own])
            share = positives / (positives + pooled_articles)
            thresholds[theme] = share * best + (1 - share) * pooled
    return thresholds


def best_threshold(probabilities: Floats, labels: npt.NDArray[np.int8]) -> float:
    """Return the threshold of the best F1, in the middle of the gap below it; 0.5 without a yes."""
    if not (labels == 1).any():
        return 0.5
    precision, recall, thresholds = precision_recall_curve(labels, probabilities)
    best = int(np.argmax(2 * precision * recall / np.maximum(precision + recall, 1e-12)))
    below = thresholds[best - 1] if best else 0.0
    return float((thresholds[best] + below) / 2)


def cross_fitted(
    scores: Floats, labels: Labels, fold: npt.NDArray[np.int64], settings: DecisionSettings
) -> tuple[Floats, Bools]:
    """Return probabilities and choices of shape (articles, themes), decided without own labels.

    Each fold's calibration and thresholds come from the scores of the other folds.
    """
    probabilities = np.empty_like(scores)
    chosen = np.empty(scores.shape, dtype=np.bool_)
    for number in np.unique(fold):
        own = fold == number
        decision = fit_decision(scores[~own], labels[~own], settings)
        probabilities[own] = decision.calibration.probabilities(scores[own])
        chosen[own] = decision.chosen(probabilities[own])
    return probabilities, chosen
