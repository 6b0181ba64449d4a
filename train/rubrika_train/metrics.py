"""Every figure of an evaluation as a function of article weights.

With weights of 1 it is the figure itself; with those of a bootstrap its draws. One definition
serves both, and all draws are summed in a few matrix products. NaN stands for "not measured".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from rubrika.decision import Bools, Floats
from rubrika_train.bootstrap import average_precisions, ratio
from rubrika_train.splits import Ints, Labels

# Bins of the expected calibration error: equally many articles in each, from low to high.
CALIBRATION_BINS = 10

# A figure of one theme from yes (articles,), probabilities (articles,), weights (articles, draws).
_Figure = Callable[[Bools, Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and figures of themes, each of shape (themes, draws), and over all, (draws,)."""

    counts: dict[str, Floats]
    themes: dict[str, Floats]
    overall: dict[str, Floats]


def figures(labels: Labels, probabilities: Floats, chosen: Bools, weights: Floats) -> Figures:
    """Return all figures under each column of `weights`, of shape (articles, draws).

    `labels` (1 yes, 0 no, -1 left out), `probabilities` and `chosen` have shape
    (articles, themes). A theme that no article has is not measured and enters no mean.
    """
    # On one thread sums have one order, and these flat products are quicker than on several.
    with threadpool_limits(limits=1):
        counts = _counts(labels, chosen, weights)
        themes = _by_theme(labels, probabilities, counts, weights)
        by_article = _by_article(labels, probabilities, chosen, weights)
    overall = {
        **{f"{name}_macro": _mean(themes[name]) for name in ("precision", "recall", "f1")},
        **_micro(counts),
        "average_precision_macro": _mean(themes["average_precision"]),
        **by_article,
        "brier": _mean(themes["brier"]),
        "ece": _mean(themes["ece"]),
    }
    return Figures(counts, themes, overall)


def f1_macro(labels: Labels, chosen: Bools, weights: Floats) -> Floats:
    """Return macro-F1 alone under each column of `weights`, of shape (draws,)."""
    with threadpool_limits(limits=1):
        counts = _counts(labels, chosen, weights)
    tp, wrong = counts["tp"], counts["fp"] + counts["fn"]
    held = tp + counts["fn"] > 0
    return _mean(np.where(held, ratio(2 * tp, 2 * tp + wrong), np.nan))


def calibration_bins(probabilities: Floats) -> Ints:
    """Return the bin of each article, 0 to 9 by rank of probability; of shape (articles,)."""
    bins = np.empty(len(probabilities), dtype=np.int64)
    order = np.argsort(probabilities, kind="stable")
    for number, members in enumerate(np.array_split(order, CALIBRATION_BINS)):
        bins[members] = number
    return bins


def _counts(labels: Labels, chosen: Bools, weights: Floats) -> dict[str, Floats]:
    yes, no = labels == 1, labels == 0
    cells = {"tp": yes & chosen, "fp": no & chosen, "fn": yes & ~chosen, "tn": no & ~chosen}
    return {name: held.T.astype(np.float64) @ weights for name, held in cells.items()}


def _by_theme(
    labels: Labels, probabilities: Floats, counts: dict[str, Floats], weights: Floats
) -> dict[str, Floats]:
    tp, fp, fn, tn = (counts[name] for name in ("tp", "fp", "fn", "tn"))
    errors = np.where(labels >= 0, probabilities - (labels == 1), 0.0)
    found = {
        "precision": ratio(tp, tp + fp),
        "recall": ratio(tp, tp + fn),
        "f1": ratio(2 * tp, 2 * tp + fp + fn),
        "average_precision": _each_theme(average_precisions, labels, probabilities, weights),
        "brier": ratio((errors**2).T @ weights, tp + fp + fn + tn),
        "ece": _each_theme(_calibration_error, labels, probabilities, weights),
    }
    return {name: np.where(tp + fn > 0, values, np.nan) for name, values in found.items()}


def _each_theme(figure: _Figure, labels: Labels, probabilities: Floats, weights: Floats) -> Floats:
    """Return a figure of every theme over the articles where it is known; (themes, draws)."""
    rows = []
    for column, own in zip(labels.T, probabilities.T, strict=True):
        known = column >= 0
        held = weights if known.all() else weights[known]
        rows.append(figure(column[known] == 1, own[known], held))
    return np.array(rows).reshape(labels.shape[1], weights.shape[1])


def _calibration_error(yes: Bools, probabilities: Floats, weights: Floats) -> Floats:
    """Return the expected calibration error, of shape (draws,).

    The mean over bins of |share of yes - mean probability|, each bin by its weight (Naeini,
    Cooper and Hauskrecht 2015); bins hold equally many articles and stay the same in every draw.
    """
    in_bin = calibration_bins(probabilities) == np.arange(CALIBRATION_BINS)[:, None]
    gaps = (in_bin * (probabilities - yes)) @ weights
    return ratio(np.abs(gaps).sum(axis=0), weights.sum(axis=0))


def _micro(counts: dict[str, Floats]) -> dict[str, Floats]:
    tp, fp, fn = (counts[name].sum(axis=0) for name in ("tp", "fp", "fn"))
    return {
        "precision_micro": ratio(tp, tp + fp),
        "recall_micro": ratio(tp, tp + fn),
        "f1_micro": ratio(2 * tp, 2 * tp + fp + fn),
    }


def _by_article(
    labels: Labels, probabilities: Floats, chosen: Bools, weights: Floats
) -> dict[str, Floats]:
    """Return the means over articles; one whose themes are all open says nothing.

    "No theme" is judged where no theme is open: a disputed one may be the article's only theme.
    """
    yes, known = labels == 1, labels >= 0
    given = chosen & known
    wrong, right = (given != yes).sum(axis=1), (given & yes).sum(axis=1)
    agreed = 2 * right + wrong
    f1 = np.where(agreed > 0, 2 * right / np.maximum(agreed, 1), 1.0)
    ranking = _ranking_precision(yes, known, probabilities)
    judged, sure = known.any(axis=1), known.all(axis=1)
    said_none, is_none = ~given.any(axis=1) & sure, ~yes.any(axis=1) & sure
    right_none = (said_none & is_none) @ weights
    articles = judged @ weights
    return {
        "f1_by_article": ratio((f1 * judged) @ weights, articles),
        "exact_match": ratio(((wrong == 0) & judged) @ weights, articles),
        "hamming_loss": ratio(wrong @ weights, known.sum(axis=1) @ weights),
        "label_ranking_average_precision": ratio((ranking * judged) @ weights, articles),
        "none_precision": ratio(right_none, said_none @ weights),
        "none_recall": ratio(right_none, is_none @ weights),
    }


def _ranking_precision(yes: Bools, known: Bools, probabilities: Floats) -> Floats:
    """Return each article's ranking precision, of shape (articles,).

    The mean, over the themes that an article has, of the share of such themes among those ranked
    as high. As in scikit-learn an article without themes, or with all of them, counts 1.
    """
    as_high = probabilities[:, None, :] >= probabilities[:, :, None]
    rank = (as_high & known[:, None, :]).sum(axis=2)
    of_them_right = (as_high & yes[:, None, :]).sum(axis=2)
    share = np.where(yes, of_them_right / np.maximum(rank, 1), 0.0).sum(axis=1)
    count = yes.sum(axis=1)
    return np.where(count > 0, share / np.maximum(count, 1), 1.0)


def _mean(by_theme: Floats) -> Floats:
    """Return the mean over the themes that are measured, of shape (draws,)."""
    measured = np.isfinite(by_theme)
    total = np.where(measured, by_theme, 0.0).sum(axis=0)
    return ratio(total, measured.sum(axis=0).astype(np.float64))
