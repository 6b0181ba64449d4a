"""Two taggers on the same articles: how far they differ, and whether the new one is worse.

Both are measured on the same bootstrap draws, so what is hard in an article is hard for both and
leaves the difference: intervals of the difference are narrower than those of either figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

from rubrika.decision import Bools, Floats
from rubrika.errors import InputError
from rubrika_train.bootstrap import DRAWS, Interval, cluster_weights, interval
from rubrika_train.metrics import Figures, figures
from rubrika_train.results import Results

# The rule of `--fail-if-worse`. A loss is real when
# 1. the 95 % interval of the difference of one of these figures lies below zero, or
# 2. the F1 of a theme fell, and its p-value is under ALPHA after Holm's correction over all
#    measured themes (that is: its interval, widened for as many looks, lies below zero).
GUARDED = {"f1_macro": "macro-F1", "f1_micro": "micro-F1"}
ALPHA = 0.05

_OVERALL = ("f1_macro", "f1_micro", "average_precision_macro")
_BY_THEME = ("f1", "average_precision")
# Holm's correction multiplies p-values by up to the number of themes: they must be fine enough.
_DRAWS_A_THEME = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of either tagger, and new - old with its 95 % interval; None is not measured."""

    old: float | None
    new: float | None
    difference: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class McNemar:
    """How many decisions only one tagger got right, and the exact binomial p-value of that.

    Decisions over all themes are not independent: there the p-value is a little too small.
    """

    only_old_right: int
    only_new_right: int
    p_value: float


@dataclass(frozen=True, slots=True)
class ThemeComparison:
    """The differences of one theme; `p_value` is that of the difference of F1, two-sided.

    `p_holm` is the same after Holm's correction over the themes; `worse` says the loss is real.
    """

    support: int
    f1: Difference
    average_precision: Difference
    decisions: McNemar
    p_value: float | None
    p_holm: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two taggers differ in over the themes that both have; `losses` names the real ones."""

    articles: int
    clusters: int
    f1_macro: Difference
    f1_micro: Difference
    average_precision_macro: Difference
    decisions: McNemar
    themes: dict[str, ThemeComparison]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    losses: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether the new tagger is worse by the rule at the top of this module."""
        return bool(self.losses)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain dictionaries and numbers."""
        return {**asdict(self), "worse": self.worse}


def compare(old: Results, new: Results) -> Comparison:
    """Compare the results of two taggers on the same articles.

    Raises InputError where they have no theme in common, or no article has one of these.
    """
    common = [theme for theme in old.theme_ids if theme in new.theme_ids]
    if not common:
        raise InputError("the taggers have no theme in common; compare taggers of the same themes")
    one, other = old.only(common), new.only(common)
    if not (one.labels == 1).any():
        raise InputError("no article has a theme that both taggers know; give other labelled data")
    paired = _Paired.of(one, other)
    themes = _themes(one, other, paired)
    overall = {name: paired.overall(name) for name in _OVERALL}
    return Comparison(
        articles=len(one.articles),
        clusters=len(np.unique(one.cluster)),
        decisions=_mcnemar(*_right(one, other)),
        themes=themes,
        only_old=tuple(theme for theme in old.theme_ids if theme not in common),
        only_new=tuple(theme for theme in new.theme_ids if theme not in common),
        losses=_losses(overall, themes),
        **overall,
    )


@dataclass(frozen=True)
class _Paired:
    """Figures of both taggers on all articles, and on the same draws."""

    old: Figures
    new: Figures
    draws: list[tuple[Figures, Figures]]

    @classmethod
    def of(cls, old: Results, new: Results) -> _Paired:
        def both(weights: Floats) -> tuple[Figures, Figures]:
            return _figures(old, weights), _figures(new, weights)

        count = max(DRAWS, _DRAWS_A_THEME * len(old.theme_ids))
        drawn = [both(weights) for weights in cluster_weights(old.cluster, count)]
        return cls(*both(np.ones((len(old.articles), 1))), drawn)

    def overall(self, name: str) -> Difference:
        drawn = [new.overall[name] - old.overall[name] for old, new in self.draws]
        return _difference(self.old.overall[name][0], self.new.overall[name][0], drawn)

    def of_theme(self, name: str, row: int) -> tuple[Difference, Floats]:
        drawn = [new.themes[name][row] - old.themes[name][row] for old, new in self.draws]
        values = self.old.themes[name][row, 0], self.new.themes[name][row, 0]
        return _difference(*values, drawn), np.concatenate(drawn)


def _figures(results: Results, weights: Floats) -> Figures:
    return figures(results.labels, results.probabilities, results.chosen, weights)


def _difference(old: float, new: float, drawn: Sequence[Floats]) -> Difference:
    measured = bool(np.isfinite([old, new]).all())
    return Difference(
        old=None if np.isnan(old) else float(old),
        new=None if np.isnan(new) else float(new),
        difference=float(new - old) if measured else None,
        interval=interval(np.concatenate(drawn)) if measured else None,
    )


def _themes(old: Results, new: Results, paired: _Paired) -> dict[str, ThemeComparison]:
    right = _right(old, new)
    differences = [
        [paired.of_theme(name, row) for name in _BY_THEME] for row in range(len(old.theme_ids))
    ]
    p_values = {
        theme: two_sided(drawn)
        for theme, ((f1, drawn), _) in zip(old.theme_ids, differences, strict=True)
        if f1.difference is not None
    }
    corrected = holm(p_values)
    themes = {}
    for row, theme in enumerate(old.theme_ids):
        (f1, _), (average_precision, _) = differences[row]
        p_holm = corrected.get(theme)
        themes[theme] = ThemeComparison(
            support=int((old.labels[:, row] == 1).sum()),
            f1=f1,
            average_precision=average_precision,
            decisions=_mcnemar(*(own[:, row] for own in right)),
            p_value=p_values.get(theme),
            p_holm=p_holm,
            worse=p_holm is not None and p_holm < ALPHA and (f1.difference or 0.0) < 0,
        )
    return themes


def _losses(
    overall: Mapping[str, Difference], themes: Mapping[str, ThemeComparison]
) -> tuple[str, ...]:
    figures_lost = [
        title
        for name, title in GUARDED.items()
        if (bounds := overall[name].interval) is not None and bounds.high < 0
    ]
    return (*figures_lost, *(f"F1 of {theme}" for theme, own in themes.items() if own.worse))


def two_sided(drawn: Floats) -> float:
    """Return the bootstrap p-value of a difference: how readily its draws come to zero.

    Twice the share of draws on the rarer side, the figure itself counted as one more draw
    (Davison and Hinkley 1997, eq. 4.11).
    """
    measured = drawn[np.isfinite(drawn)]
    rarer = min((measured >= 0).sum(), (measured <= 0).sum())
    return min(1.0, 2 * float(1 + rarer) / (1 + measured.size))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values corrected for their number, after Holm (1979)."""
    corrected, highest = {}, 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for rank, (name, p_value) in enumerate(ordered):
        highest = max(highest, min(1.0, p_value * (len(ordered) - rank)))
        corrected[name] = highest
    return corrected


def _right(old: Results, new: Results) -> tuple[Bools, Bools]:
    """Return the decisions that only the old, and only the new tagger got right."""
    known, yes = old.labels >= 0, old.labels == 1
    old_right, new_right = known & (old.chosen == yes), known & (new.chosen == yes)
    return old_right & ~new_right, new_right & ~old_right


def _mcnemar(only_old: Bools, only_new: Bools) -> McNemar:
    old, new = int(only_old.sum()), int(only_new.sum())
    p_value = float(binomtest(old, old + new).pvalue) if old + new else 1.0
    return McNemar(old, new, p_value)
