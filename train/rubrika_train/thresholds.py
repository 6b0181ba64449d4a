"""One threshold from the probabilities of labelled articles: the one that meets a target."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_curve

from rubrika.decision import Floats
from rubrika_train.targets import BEST_F1, Goal, Target


def threshold(
    probabilities: Floats,
    labels: npt.NDArray[np.int8],
    target: Target = BEST_F1,
    ordinary: float = 1.0,
) -> float:
    """Return the threshold that meets a target on labelled articles, both of shape (articles,).

    Precision is that of a feed where each article without the theme comes `ordinary` times. Of the
    thresholds of the best F1, and of those with the recall wanted, it is the highest; of those with
    the precision wanted, the one of the highest recall; where none has it, that of the highest
    precision. It lies in the middle of the gap below the last article that gets the theme; it is
    0.5 without any yes.
    """
    if not (labels == 1).any():
        return 0.5
    precision, recall, thresholds = precision_recall_curve(
        labels, probabilities, sample_weight=weights(labels, ordinary)
    )
    chosen = _chosen(precision[:-1], recall[:-1], target)
    below = thresholds[chosen - 1] if chosen else 0.0
    return float((thresholds[chosen] + below) / 2)


def weights(labels: npt.NDArray[np.int8], ordinary: float) -> Floats:
    """Return how often a feed has each article, of shape (articles,)."""
    return np.where(labels == 1, 1.0, ordinary)


def _chosen(precision: Floats, recall: Floats, target: Target) -> int:
    """Return the place of the threshold to take; thresholds rise."""
    if target.goal is Goal.RECALL:
        return int(np.flatnonzero(recall >= target.level)[-1])
    if target.goal is Goal.PRECISION:
        return int(np.flatnonzero(precision >= min(target.level, precision.max()))[0])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return int(np.flatnonzero(f1 == f1.max())[-1])
