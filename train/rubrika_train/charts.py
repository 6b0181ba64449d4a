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
from matplotlib.figure import Figure

from rubrika.decision import Bools, Floats
from rubrika_train import drawing
from rubrika_train.drawing import ABOVE, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rubrika_train.curves import CurvePoint

# Stand-ins for the variables of report.css.
_COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--quiet)",
    "#030303": "var(--line)",
    "#040404": "var(--accent)",
    "#050505": "var(--muted)",
    "#060606": "var(--warm)",
}
_PALETTE = Palette(*_COLOURS)
_STYLE: dict[Any, Any] = {
    **drawing.style(_PALETTE, font_size=8),
    "svg.fonttype": "none",  # text stays text: it is small, and can be searched and read out
    "svg.hashsalt": "rubrika",  # the same chart has the same bytes
}
# In inches: all charts have one size, so that their text has one size in the page too.
_SIZE = (3.4, 2.6)


def precision_recall(yes: Bools, probabilities: Floats, chosen: Bools, threshold: float) -> str:
    """Return the precision-recall curve of a theme, a dot where its threshold puts it."""

    def draw(axes: Axes) -> None:
        drawing.precision_recall(axes, _PALETTE, yes, probabilities, chosen, threshold)
        axes.set(xlabel="recall", ylabel="precision")
        axes.legend(**ABOVE)

    return _svg(draw, "Precision against recall")


def reliability(yes: Bools, probabilities: Floats) -> str:
    """Return how often a theme is right where its probability is so high, with 95 % intervals."""

    def draw(axes: Axes) -> None:
        drawing.reliability(axes, _PALETTE, yes, probabilities)
        axes.set(xlabel="probability", ylabel="share that has the theme")

    return _svg(draw, "Reliability: share of articles that have the theme against probability")


def histogram(yes: Bools, probabilities: Floats, threshold: float | None = None) -> str:
    """Return the probabilities of articles that have a theme, and of those that have it not."""

    def draw(axes: Axes) -> None:
        drawing.histogram(axes, _PALETTE, yes, probabilities, threshold)
        axes.set(xlabel="probability", ylabel="articles, log scale")
        axes.legend(**ABOVE)

    return _svg(draw, "Probabilities by gold")


def learning_curve(points: Sequence[CurvePoint]) -> str:
    """Return macro-F1 against the number of labelled articles, with 95 % intervals."""

    def draw(axes: Axes) -> None:
        drawing.learning_curve(axes, _PALETTE, points)
        axes.set(xlabel="labelled articles", ylabel="macro-F1")
        axes.legend(**ABOVE)

    return _svg(draw, "Learning curve")


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
