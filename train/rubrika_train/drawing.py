"""What the charts of a page and the plots of a notebook share: marks on axes, in given colours.

matplotlib comes with the extra `report`. Nothing here knows where a picture will stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import precision_recall_curve

from rubrika.decision import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rubrika_train.curves import CurvePoint
    from rubrika_train.evaluation import Evaluation

# A legend above the axes covers nothing in them.
ABOVE: dict[str, Any] = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "ncols": 3,
    "borderpad": 0.2,
    "columnspacing": 1.2,
    "handlelength": 1.4,
}
_BINS = np.linspace(0, 1, 11)
# Standard errors on either side of a 95 % interval.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they are for: text, quiet text, grid, three kinds of mark."""

    ink: str
    quiet: str
    line: str
    accent: str
    muted: str
    warm: str


def style(palette: Palette, font_size: float) -> dict[Any, Any]:
    """Return matplotlib's settings for a picture in these colours."""
    return {
        "font.size": font_size,
        "font.sans-serif": ["DejaVu Sans"],
        "text.color": palette.ink,
        "axes.labelcolor": palette.ink,
        "axes.edgecolor": palette.quiet,
        "xtick.color": palette.quiet,
        "ytick.color": palette.quiet,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": palette.line,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": font_size - 1,
    }


def precision_recall(
    axes: Axes,
    colours: Palette,
    yes: Bools,
    probabilities: Floats,
    chosen: Bools,
    threshold: float,
) -> None:
    """Draw the precision-recall curve of a theme, a dot where its threshold puts it."""
    precision, recall, _ = precision_recall_curve(yes, probabilities)
    axes.plot(recall, precision, color=colours.accent, linewidth=1.4)
    found = (yes & chosen).sum()
    at = (found / yes.sum(), found / chosen.sum() if chosen.any() else 0.0)
    axes.plot(*at, "o", color=colours.warm, markersize=5, label=f"threshold {threshold:.2f}")
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03))


def reliability(axes: Axes, colours: Palette, yes: Bools, probabilities: Floats) -> None:
    """Draw how often a theme is right where its probability is so high, with 95 % intervals.

    Ten bins of equal width; the bars are Wilson's intervals. Dots on the line are calibrated.
    """
    own = np.clip(np.digitize(probabilities, _BINS) - 1, 0, 9)
    counts = np.bincount(own, minlength=10).astype(np.float64)
    filled = counts > 0
    said = np.bincount(own, probabilities, minlength=10)[filled] / counts[filled]
    share = np.bincount(own, yes, minlength=10)[filled] / counts[filled]
    low, high = wilson(share, counts[filled])
    axes.plot([0, 1], [0, 1], color=colours.quiet, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.vlines(said, low, high, color=colours.muted, linewidth=2)
    axes.plot(said, share, "o", color=colours.accent, markersize=4)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))


def histogram(
    axes: Axes,
    colours: Palette,
    yes: Bools,
    probabilities: Floats,
    threshold: float | None = None,
) -> None:
    """Draw the probabilities of articles that have a theme, and of those that have it not."""
    axes.hist(
        [probabilities[yes], probabilities[~yes]],
        bins=_BINS.tolist(),
        color=[colours.accent, colours.muted],
        label=["has the theme", "has it not"],
    )
    if threshold is not None:
        axes.axvline(threshold, color=colours.warm, linewidth=1.2, label="threshold")
    # From a half: a bar of one article must be seen on a scale of logarithms.
    axes.set(yscale="log", xlim=(0, 1), ylim=(0.5, None))
    axes.yaxis.set_major_formatter("{x:.0f}")


def learning_curve(axes: Axes, colours: Palette, points: Sequence[CurvePoint]) -> None:
    """Draw macro-F1 against the number of labelled articles, with 95 % intervals."""
    validated = [(point.articles, point.validated) for point in points]
    elsewhere = [(point.articles, point.on_data) for point in points if point.on_data]
    _line(axes, validated, colours.accent, "cross-validated")
    if elsewhere:
        _line(axes, elsewhere, colours.warm, f"on {elsewhere[0][1].articles:,} other articles")
    axes.set(xlim=(0, None))


def wilson(share: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of shares of `counts` articles (Wilson 1927)."""
    widened = 1 + _Z**2 / counts
    middle = (share + _Z**2 / (2 * counts)) / widened
    half = _Z / widened * np.sqrt(share * (1 - share) / counts + _Z**2 / (4 * counts**2))
    return middle - half, middle + half


def _line(axes: Axes, points: Sequence[tuple[int, Evaluation]], colour: str, label: str) -> None:
    sizes = [size for size, _ in points]
    values = [np.nan if own.f1_macro is None else own.f1_macro for _, own in points]
    axes.plot(sizes, values, "o-", color=colour, linewidth=1.4, markersize=4, label=label)
    for size, own in points:
        bounds = own.intervals["f1_macro"]
        if bounds:
            axes.vlines(size, bounds.low, bounds.high, color=colour, linewidth=2, alpha=0.4)
