"""Calibration and thresholds from out-of-fold scores.

scikit-learn's CalibratedClassifierCV and TunedThresholdClassifierCV refuse several labels, and
both would bring their own cross-validation: here the same scores serve both, theme by theme.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from rubrika.decision import Bools, Calibration, Decision, Floats
from rubrika_train.settings import DecisionSettings
from rubrika_train.splits import Labels
from rubrika_train.targets import parse
from rubrika_train.thresholds import threshold, weights

# Themes with fewer yes or no articles keep the identity: two numbers cannot be learnt from them.
MIN_ARTICLES = 5


def fit_decision(scores: Floats, labels: Labels, settings: DecisionSettings) -> Decision:
    """Return calibration and thresholds for scores and labels of shape (articles, themes)."""
    calibration = fit_calibration(scores, labels, settings.ordinary)
    return Decision(
        calibration=calibration,
        thresholds=fit_thresholds(calibration.probabilities(scores), labels, settings),
        unsure_share=settings.unsure_share,
        min_known=settings.min_known,
        min_known_share=settings.min_known_share,
    )


def fit_calibration(scores: Floats, labels: Labels, ordinary: float = 1.0) -> Calibration:
    """Return Platt's slope and intercept for each theme, by logistic regression on its scores.

    An article without the theme counts `ordinary` times: as often as a feed holds such articles for
    each that the annotations hold, beside those with the theme.
    """
    slope, intercept = np.ones(labels.shape[1]), np.zeros(labels.shape[1])
    for theme, column in enumerate(labels.T):
        known = column >= 0
        if can_be_learnt(column):
            fitted = LogisticRegression(C=1e3).fit(
                scores[known, theme][:, None],
                column[known],
                sample_weight=weights(column[known], ordinary),
            )
            if fitted.coef_[0, 0] > 0:
                slope[theme], intercept[theme] = fitted.coef_[0, 0], fitted.intercept_[0]
    return Calibration(slope, intercept)


def fit_thresholds(probabilities: Floats, labels: Labels, settings: DecisionSettings) -> Floats:
    """Return each theme's threshold, drawn towards a pooled one where the theme is rare.

    The pooled threshold counts as much as `pooled_articles` articles of the theme would.
    """
    target, ordinary = parse(settings.target), settings.ordinary
    known = labels >= 0
    pool = known & can_be_learnt(labels)
    pooled = threshold(probabilities[pool], labels[pool], target, ordinary)
    thresholds = np.full(labels.shape[1], pooled)
    for theme, column in enumerate(labels.T):
        own = known[:, theme]
        positives = int((column == 1).sum())
        if positives:
            best = threshold(probabilities[own, theme], column[own], target, ordinary)
            share = positives / (positives + settings.pooled_articles)
            thresholds[theme] = share * best + (1 - share) * pooled
    return thresholds


def can_be_learnt(labels: Labels) -> Bools:
    """Return which themes have enough articles of either kind, of shape (themes,)."""
    fewer = np.minimum((labels == 1).sum(axis=0), (labels == 0).sum(axis=0))
    return np.asarray(fewer >= MIN_ARTICLES)


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
