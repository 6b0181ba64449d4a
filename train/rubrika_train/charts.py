"""Charts of a report: small SVGs that take the page's colours, light or dark.

matplotlib comes with the extra `report`. Charts are drawn in stand-in colours, which become
variables of the page's style, and are small, so that they can be read on a phone.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from rubrika.decision import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rubrika_train.curves import CurvePoint
    from rubrika_train.evaluation import Evaluation

# Stand-ins for the variables of report.css.
_COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--quiet)",
    "#030303": "var(--line)",
    "#040404": "var(--accent)",
    "#050505": "var(--muted)",
    "#060606": "var(--warm)",
}
_INK, _QUIET, _LINE, _ACCENT, _MUTED, _WARM = _COLOURS
_STYLE: dict[Any, Any] = {
    "font.size": 8,
    "font.sans-serif": ["DejaVu Sans"],
    "svg.fonttype": "none",  # text stays text: it is small, and can be searched and read out
    "svg.hashsalt": "rubrika",  # the same chart has the same bytes
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 7,
}
# A legend above the chart covers nothing in it.
_ABOVE: dict[str, Any] = {
    "loc": "lower left",
    "bbox_to_anchor": (0, 1),
    "ncols": 3,
    "borderpad": 0.2,
    "columnspacing": 1.2,
    "handlelength": 1.4,
}
# In inches: all charts have one size, so that their text has one size in the page too.
_SIZE = (3.4, 2.6)
_BINS = np.linspace(0, 1, 11)
# Standard errors on either side of a 95 % interval.
_Z = 1.96


def precision_recall(yes: Bools, probabilities: Floats, chosen: Bools, threshold: float) -> str:
    """Return the precision-recall curve of a theme, a dot where its threshold puts it."""

    def draw(axes: Axes) -> None:
        precision, recall, _ = precision_recall_curve(yes, probabilities)
        axes.plot(recall, precision, color=_ACCENT, linewidth=1.4)
        found = (yes & chosen).sum()
        at = (found / yes.sum(), found / chosen.sum() if chosen.any() else 0.0)
        axes.plot(*at, "o", color=_WARM, markersize=5, label=f"threshold {threshold:.2f}")
        axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="recall", ylabel="precision")
        axes.legend(**_ABOVE)

    return _svg(draw, "Precision against recall")


def reliability(yes: Bools, probabilities: Floats) -> str:
    """Return how often a theme is right where its probability is so high, with 95 % intervals.

    Ten bins of equal width; the bars are Wilson's intervals. Dots on the line are calibrated.
    """

    def draw(axes: Axes) -> None:
        own = np.clip(np.digitize(probabilities, _BINS) - 1, 0, 9)
        counts = np.bincount(own, minlength=10).astype(np.float64)
        filled = counts > 0
        said = np.bincount(own, probabilities, minlength=10)[filled] / counts[filled]
        share = np.bincount(own, yes, minlength=10)[filled] / counts[filled]
        low, high = _wilson(share, counts[filled])
        axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.vlines(said, low, high, color=_MUTED, linewidth=2)
        axes.plot(said, share, "o", color=_ACCENT, markersize=4)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        axes.set(xlabel="probability", ylabel="share that has the theme")

    return _svg(draw, "Reliability: share of articles that have the theme against probability")


def histogram(yes: Bools, probabilities: Floats, threshold: float | None = None) -> str:
    """Return the probabilities of articles that have a theme, and of those that have it not."""

    def draw(axes: Axes) -> None:
        axes.hist(
            [probabilities[yes], probabilities[~yes]],
            bins=_BINS.tolist(),
            color=[_ACCENT, _MUTED],
            label=["has the theme", "has it not"],
        )
        if threshold is not None:
            axes.axvline(threshold, color=_WARM, linewidth=1.2, label="threshold")
        # From a half: a bar of one article must be seen on a scale of logarithms.
        axes.set(yscale="log", xlim=(0, 1), ylim=(0.5, None))
        axes.set(xlabel="probability", ylabel="articles, log scale")
        axes.yaxis.set_major_formatter("{x:.0f}")
        axes.legend(**_ABOVE)

    return _svg(draw, "Probabilities by gold")


def learning_curve(points: Sequence[CurvePoint]) -> str:
    """Return macro-F1 against the number of labelled articles, with 95 % intervals."""

    def draw(axes: Axes) -> None:
        validated = [(point.articles, point.validated) for point in points]
        elsewhere = [(point.articles, point.on_data) for point in points if point.on_data]
        _line(axes, validated, _ACCENT, "cross-validated")
        if elsewhere:
            _line(axes, elsewhere, _WARM, "on the data")
        axes.set(xlim=(0, None), xlabel="labelled articles", ylabel="macro-F1")
        axes.legend(**_ABOVE)

    return _svg(draw, "Learning curve")


def _line(axes: Axes, points: Sequence[tuple[int, Evaluation]], colour: str, label: str) -> None:
    sizes = [size for size, _ in points]
    values = [np.nan if own.f1_macro is None else own.f1_macro for _, own in points]
    axes.plot(sizes, values, "o-", color=colour, linewidth=1.4, markersize=4, label=label)
    for size, own in points:
        bounds = own.intervals["f1_macro"]
        if bounds:
            axes.vlines(size, bounds.low, bounds.high, color=colour, linewidth=2, alpha=0.4)


def _wilson(share: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of shares of `counts` articles (Wilson 1927)."""
    widened = 1 + _Z**2 / counts
    middle = (share + _Z**2 / (2 * counts)) / widened
    half = _Z / widened * np.sqrt(share * (1 - share) / counts + _Z**2 / (4 * counts**2))
    return middle - half, middle + half


def _svg(draw: Callable[[Axes], None], label: str) -> str:
    """Return a chart as an SVG element that stands in a page; `label` says what it shows."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw(figure.subplots())
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return _fit_for_page(file.getvalue(), label)


def _fit_for_page(svg: str, label: str) -> str:
    """Strip what a page does not need, and let the page say colours, font and size."""
    own = hashlib.sha256(svg.encode()).hexdigest()[:6]
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="[a-zA-Z.]+[0-9]?[a-z]*_[0-9]+"', "", svg)
    # Charts of one page may define the same marker: each gets names of its own.
    svg = re.sub(r'(id="|#)([a-zA-Z][0-9a-f]{10})\b', rf"\1\2-{own}", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    for stand_in, variable in _COLOURS.items():
        svg = svg.replace(stand_in, variable)
    return svg.replace("'DejaVu Sans'", "system-ui")
