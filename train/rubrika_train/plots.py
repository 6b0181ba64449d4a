"""Pictures of a notebook; matplotlib comes with the extra `notebooks`.

Every function returns a `Picture`, which Jupyter shows; its `figure` is matplotlib's own.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image  # matplotlib draws by it

from rubrika.decision import Bools, Floats
from rubrika.themes import Theme
from rubrika_train import drawing
from rubrika_train.annotations import Annotations, counts_by_theme
from rubrika_train.drawing import ABOVE, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rubrika_train.agreement import Agreement, Estimate
    from rubrika_train.bootstrap import Interval
    from rubrika_train.comparing import Comparison
    from rubrika_train.curves import CurvePoint
    from rubrika_train.evaluation import Evaluation
    from rubrika_train.results import Results
    from rubrika_train.simulating import Simulation

# On white, for a code host shows pictures as they are.
COLOURS = Palette(
    ink="#1b2733",
    quiet="#5b6b7a",
    line="#e3e8ed",
    accent="#1f5fa8",
    muted="#a9bfd6",
    warm="#c2410c",
)
_FAINT = "#d5dce4"
_DPI = 110
_WIDTH = 8.0
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that is shown as a PNG of 110 dots an inch: the same figure, the same bytes."""

    figure: Figure

    def _repr_png_(self) -> bytes:
        with io.BytesIO() as drawn, io.BytesIO() as small:
            self.figure.savefig(drawn, format="png", dpi=_DPI)
            # A few colours and their shades: a palette holds them at a third of the size.
            with Image.open(drawn) as image:
                method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
                reduced = image.convert("RGB").quantize(256, method, dither=dither)
            reduced.save(small, format="png", optimize=True)
            return small.getvalue()

    def save(self, path: Path) -> None:
        """Write the picture to a file, as PNG."""
        path.write_bytes(self._repr_png_())


_Given = ParamSpec("_Given")


def _styled(plot: Callable[_Given, Picture]) -> Callable[_Given, Picture]:
    """Let a plot be drawn in our colours, whatever the reader's own style is."""

    @wraps(plot)
    def drawn(*given: _Given.args, **named: _Given.kwargs) -> Picture:
        with mpl.rc_context({**mpl.rcParamsDefault, **drawing.style(COLOURS, font_size=10)}):
            return plot(*given, **named)

    return drawn


@_styled
def plot_themes(evaluation: Evaluation, themes: Sequence[Theme]) -> Picture:
    """Draw F1 of every theme with its 95 % interval, and average precision; the best on top."""
    measured = [theme for theme in themes if evaluation.themes[theme.id].f1 is not None]
    measured.sort(key=lambda theme: evaluation.themes[theme.id].f1 or 0.0)
    own = [evaluation.themes[theme.id] for theme in measured]
    axes = _axes(0.36 * len(measured) + 1.3)
    _ranges(axes, [one.intervals["f1"] for one in own], COLOURS.muted)
    places = np.arange(len(own))
    f1 = [one.f1 or 0.0 for one in own]
    ranked = [one.average_precision or 0.0 for one in own]
    axes.plot(f1, places, "o", color=COLOURS.accent, label="F1, with its 95 % interval")
    axes.plot(ranked, places, "|", color=COLOURS.warm, markersize=11, label="average precision")
    axes.set_yticks(places, [theme.ru for theme in measured])
    axes.set(xlim=(None, 1.0), xlabel="F1, average precision")
    axes.legend(**ABOVE)
    return Picture(_figure_of(axes))


@_styled
def plot_precision_recall(results: Results, themes: Sequence[Theme]) -> Picture:
    """Draw precision against recall for every theme, with a dot where its threshold puts it."""
    figure, each = _grid(themes, "recall", "precision")
    for axes, theme in each:
        k, known = _column(results, theme)
        yes, chosen = results.labels[known, k] == 1, results.chosen[known, k]
        if yes.any():
            probabilities, threshold = results.probabilities[known, k], float(results.thresholds[k])
            drawing.precision_recall(axes, COLOURS, yes, probabilities, chosen, threshold)
            axes.legend(loc="lower left", fontsize=8, handletextpad=0.2)
    return Picture(figure)


@_styled
def plot_reliability(results: Results, themes: Sequence[Theme]) -> Picture:
    """Draw how often each theme is right where its probability is so high, with intervals."""
    figure, each = _grid(themes, "probability that the tagger gives", "share that has the theme")
    for axes, theme in each:
        k, known = _column(results, theme)
        yes = results.labels[known, k] == 1
        drawing.reliability(axes, COLOURS, yes, results.probabilities[known, k])
    return Picture(figure)


@_styled
def plot_learning_curve(points: Sequence[CurvePoint]) -> Picture:
    """Draw macro-F1 against the number of labelled articles, with 95 % intervals."""
    axes = _axes(3.8)
    drawing.learning_curve(axes, COLOURS, points)
    axes.set(xlabel="labelled articles", ylabel="macro-F1")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.legend(**ABOVE)
    return Picture(_figure_of(axes))


@_styled
def plot_balance(annotations: Annotations) -> Picture:
    """Draw how many articles have each theme, the most frequent on top, and how many have none."""
    counts = counts_by_theme(annotations)
    ordered = sorted(annotations.themes, key=lambda theme: -counts[theme.id])
    none = sum(not gold.themes for gold in annotations.gold.values())
    return plot_counts({theme.ru: counts[theme.id] for theme in ordered} | {"без темы": none})


@_styled
def plot_counts(counts: Mapping[str, int], kinds: str | None = None) -> Picture:
    """Draw how many articles there are of each kind, in the order given from the top down."""
    axes = _axes(0.3 * len(counts) + 0.9)
    names = list(counts)[::-1]
    bars = axes.barh(names, [counts[name] for name in names], color=COLOURS.accent, height=0.7)
    axes.bar_label(bars, fmt="{:,.0f}", padding=3, color=COLOURS.quiet)
    axes.set(xlabel="articles", ylabel=kinds)
    axes.margins(x=0.08, y=0.02)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(visible=False, axis="y")
    return Picture(_figure_of(axes))


@_styled
def plot_lengths(annotations: Annotations, width: int = 20, longest: int = 500) -> Picture:
    """Draw the lengths of articles with and without themes, in words; longer ones come last."""
    words: dict[bool, list[int]] = {True: [], False: []}
    for article in annotations.judged:
        length = min(len(article.text.split()), longest - 1)
        words[bool(annotations.gold[article.id].themes)].append(length)
    axes = _axes(3.2)
    axes.hist(
        [words[True], words[False]],
        bins=range(0, longest + 1, width),
        color=[COLOURS.accent, COLOURS.muted],
        label=["with themes", "without a theme"],
    )
    axes.set(xlim=(0, longest), ylabel="articles")
    axes.set_xlabel(f"words in the text; the last bars hold all of {longest - width} or more")
    axes.legend(**ABOVE)
    return Picture(_figure_of(axes))


@_styled
def plot_agreement(agreement: Agreement, themes: Sequence[Theme]) -> Picture:
    """Draw Cohen's kappa of two annotators for each theme, with its 95 % interval."""
    held = [theme for theme in themes if agreement.kappas[theme.id].value is not None]
    held.sort(key=lambda theme: agreement.kappas[theme.id].value or 0.0)
    axes = _axes(0.32 * len(held) + 1.0)
    own = [agreement.kappas[theme.id] for theme in held]
    _ranges(axes, own, COLOURS.muted)
    axes.plot([one.value or 0.0 for one in own], np.arange(len(own)), "o", color=COLOURS.accent)
    axes.set_yticks(np.arange(len(own)), [theme.ru for theme in held])
    axes.set(xlabel=f"Cohen's kappa of {agreement.annotators[0]} and {agreement.annotators[1]}")
    return Picture(_figure_of(axes))


@_styled
def plot_map(places: Floats, annotations: Annotations) -> Picture:
    """Draw a map of the judged articles, once for each theme; `places` has shape (articles, 2)."""
    figure, each = _grid(annotations.themes, "", "")
    has = [annotations.gold[article.id].themes for article in annotations.judged]
    for axes, theme in each:
        own = np.array([theme.id in themes for themes in has])
        for rows, size, colour in ((~own, 1.5, _FAINT), (own, 3.5, COLOURS.accent)):
            axes.scatter(places[rows, 0], places[rows, 1], s=size, color=colour, linewidths=0)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_aspect("equal")
    return Picture(figure)


@_styled
def plot_comparison(comparison: Comparison, themes: Sequence[Theme]) -> Picture:
    """Draw by how much F1 of each theme differs, new less old, with its 95 % interval."""
    by_title = {
        theme.ru: comparison.themes[theme.id].f1
        for theme in themes
        if theme.id in comparison.themes
    }
    held = [(title, one) for title, one in by_title.items() if one.difference is not None]
    held.sort(key=lambda pair: pair[1].difference or 0.0)
    names, own = zip(("all themes, macro-F1", comparison.f1_macro), *held, strict=True)
    axes = _axes(0.34 * len(own) + 1.0)
    axes.axvline(0, color=COLOURS.quiet, linewidth=1)
    _ranges(axes, [one.interval for one in own], COLOURS.muted)
    values = [one.difference or 0.0 for one in own]
    axes.plot(values[1:], np.arange(1, len(own)), "o", color=COLOURS.accent)
    axes.plot(values[:1], [0], "D", color=COLOURS.warm)
    axes.set_yticks(np.arange(len(own)), names)
    axes.set(xlabel="difference of F1: left of zero the new tagger is worse, right of it better")
    return Picture(_figure_of(axes))


@_styled
def plot_simulation(simulation: Simulation) -> Picture:
    """Draw macro-F1 against labels in both orders; a line is the mean of seeds, a band all."""
    axes = _axes(4.2)
    for values, colour, label in (
        (simulation.queued, COLOURS.accent, "in the order of the queue"),
        (simulation.at_random, COLOURS.warm, "at random"),
    ):
        low, high = values.min(axis=0), values.max(axis=0)
        axes.fill_between(simulation.sizes, low, high, color=colour, alpha=0.15, linewidth=0)
        mean = values.mean(axis=0)
        axes.plot(simulation.sizes, mean, "o-", color=colour, markersize=4, label=label)
    axes.set(xlabel="labelled articles", ylabel="macro-F1 on articles held out")
    axes.legend(**ABOVE)
    return Picture(_figure_of(axes))


def _axes(height: float) -> Axes:
    return Figure(figsize=(_WIDTH, height), layout="constrained").subplots()


def _figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _grid(themes: Sequence[Theme], x: str, y: str) -> tuple[Figure, Iterator[tuple[Axes, Theme]]]:
    """Return a figure and a pair of axes for each theme under its title."""
    rows = -(-len(themes) // _COLUMNS)
    figure = Figure(figsize=(1.25 * _WIDTH, 2.3 * rows + 0.3), layout="constrained")
    grid = figure.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False)
    figure.supxlabel(x, fontsize=10)
    figure.supylabel(y, fontsize=10)
    for axes, theme in zip(grid.flat, themes, strict=False):
        axes.set_title(theme.ru, loc="left", fontsize=9)
        axes.tick_params(labelsize=8)
    for axes in grid.flat[len(themes) :]:
        axes.set_visible(False)
    return figure, zip(grid.flat, themes, strict=False)


def _ranges(axes: Axes, bounds: Sequence[Interval | Estimate | None], colour: str) -> None:
    for place, own in enumerate(bounds):
        if own and own.low is not None and own.high is not None:
            axes.hlines(place, own.low, own.high, color=colour, linewidth=4)


def _column(results: Results, theme: Theme) -> tuple[int, Bools]:
    """Return a theme's column, and the articles where its label is known."""
    column = results.theme_ids.index(theme.id)
    return column, results.labels[:, column] >= 0
