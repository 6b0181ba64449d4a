"""Plots of an evaluation; matplotlib comes with the extra `notebooks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import precision_recall_curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rubrika_train.annotations import Annotations
    from rubrika_train.curves import CurvePoint
    from rubrika_train.evaluation import Evaluation
    from rubrika_train.validation import CrossValidated

ACCENT = "#1f5fa8"
MUTED = "#9db4cc"
GRID = "#dddddd"


def plot_themes(evaluation: Evaluation) -> Figure:
    """Draw F1 and average precision of every theme as bars, the best theme on top."""
    measured = {name: own for name, own in evaluation.themes.items() if own.f1 is not None}
    names = sorted(measured, key=lambda name: measured[name].f1 or 0.0)
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(names) + 1.2), layout="constrained")
    places = np.arange(len(names))
    axes.barh(
        places + 0.19, [measured[name].f1 or 0.0 for name in names], 0.36, color=ACCENT, label="F1"
    )
    axes.barh(
        places - 0.19,
        [measured[name].average_precision or 0.0 for name in names],
        0.36,
        color=MUTED,
        label="average precision",
    )
    axes.set_yticks(places, [f"{name} ({measured[name].support})" for name in names])
    axes.set(xlim=(0, 1), xlabel="share")
    axes.set_title("Figures by theme (articles that have it)", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2, frameon=False)
    _plain(axes, "x")
    return figure


def plot_precision_recall(validated: CrossValidated) -> Figure:
    """Draw precision against recall for every theme, with a dot at its threshold."""
    themes = list(validated.evaluation.themes.items())
    rows = -(-len(themes) // 4)
    figure, grid = plt.subplots(
        rows, 4, figsize=(11, 2.6 * rows), sharex=True, sharey=True, layout="constrained"
    )
    for k, (axes, (name, own)) in enumerate(zip(grid.flat, themes, strict=False)):
        known = validated.labels[:, k] >= 0
        if own.support:
            precision, recall, _ = precision_recall_curve(
                validated.labels[known, k], validated.probabilities[known, k]
            )
            axes.plot(recall, precision, color=ACCENT)
            axes.plot(own.recall, own.precision or 0.0, "o", color="#c2410c")
        axes.set_title(name, loc="left", fontsize=10)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
        _plain(axes, "both")
    for axes in grid.flat[len(themes) :]:
        axes.set_visible(False)
    figure.supxlabel("recall")
    figure.supylabel("precision")
    return figure


def plot_counts(counts: Mapping[str, int]) -> Figure:
    """Draw how many articles have each theme, the most frequent on top."""
    names = sorted(counts, key=lambda name: counts[name])
    figure, axes = plt.subplots(figsize=(8, 0.32 * len(names) + 1), layout="constrained")
    bars = axes.barh(names, [counts[name] for name in names], color=ACCENT)
    axes.bar_label(bars, padding=3)
    axes.set(xlabel="articles")
    axes.set_title("Articles by theme", loc="left")
    _plain(axes, "x")
    return figure


def plot_lengths(annotations: Annotations) -> Figure:
    """Draw the lengths of articles with and without themes, in words."""
    words: dict[bool, list[int]] = {True: [], False: []}
    for article in annotations.judged:
        words[bool(annotations.gold[article.id].themes)].append(len(article.text.split()))
    figure, axes = plt.subplots(figsize=(8, 3.4), layout="constrained")
    axes.hist(
        [words[True], words[False]],
        bins=range(0, 501, 20),
        color=[ACCENT, MUTED],
        label=["with themes", "without"],
    )
    axes.set(xlabel="words", ylabel="articles", xlim=(0, 500))
    axes.set_title("Lengths of articles", loc="left")
    axes.legend(frameon=False)
    _plain(axes, "y")
    return figure


def plot_learning_curve(points: Sequence[CurvePoint]) -> Figure:
    """Draw macro-F1 against the number of labelled articles, cross-validated and elsewhere."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    sizes = [point.articles for point in points]
    own = [point.validated.f1_macro or 0.0 for point in points]
    axes.plot(sizes, own, "o-", color=ACCENT, label="cross-validated")
    others = [point.on_data.f1_macro or 0.0 for point in points if point.on_data]
    if others:
        axes.plot(sizes, others, "o-", color="#c2410c", label="on other articles")
    axes.set(xlabel="labelled articles", ylabel="macro-F1", ylim=(0.4, 1), xlim=(0, None))
    axes.set_title("Learning curve", loc="left")
    axes.legend(frameon=False, loc="lower right")
    _plain(axes, "both")
    return figure


def _plain(axes: Axes, grid: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color=GRID, linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
