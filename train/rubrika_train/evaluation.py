"""Metrics as data: what a tagger got right, theme by theme and over all, with 95 % intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from rubrika.decision import Bools, Floats, Status
from rubrika.tagger import Tagger
from rubrika_train.bootstrap import DRAWS, Interval, cluster_weights, interval, reflected_interval
from rubrika_train.labelled import LabelledArticle
from rubrika_train.metrics import Figures, figures
from rubrika_train.results import Results, collect
from rubrika_train.splits import Ints, Labels

Intervals = dict[str, Interval | None]


@dataclass(frozen=True, slots=True)
class ThemeEvaluation:
    """Counts and metrics of one theme; a metric that cannot be measured is None.

    `support` is the number of articles that have the theme; where it is 0 nothing is measured.
    Articles where the theme is disputed or unknown are left out. `brier` is the mean squared
    error of the probability, `ece` its expected calibration error over ten bins of equally many
    articles. `intervals` holds the bounds of every metric by name.
    """

    support: int
    tp: int
    fp: int
    fn: int
    tn: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None
    threshold: float | None
    brier: float | None
    ece: float | None
    intervals: Intervals


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Metrics of a tagger on labelled articles.

    Macro figures, `brier` and `ece` are means over the measured themes; micro figures pool all
    decisions. In `f1_by_article` and `exact_match` a right "no theme" counts 1; `none_precision`
    and `none_recall` are those of saying "no theme". `hamming_loss` is the share of wrong
    decisions. `statuses` counts articles by status, None where no whole tagger spoke.
    `intervals` come from a bootstrap over `clusters` of near-duplicates.
    """

    articles: int
    clusters: int
    f1_macro: float | None
    precision_macro: float | None
    recall_macro: float | None
    f1_micro: float | None
    precision_micro: float | None
    recall_micro: float | None
    average_precision_macro: float | None
    f1_by_article: float | None
    exact_match: float | None
    hamming_loss: float | None
    label_ranking_average_precision: float | None
    none_precision: float | None
    none_recall: float | None
    brier: float | None
    ece: float | None
    statuses: dict[str, int] | None
    themes: dict[str, ThemeEvaluation]
    intervals: Intervals

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as plain dictionaries and numbers."""
        return asdict(self)


def evaluate(
    theme_ids: Sequence[str],
    labels: Labels,
    probabilities: Floats,
    chosen: Bools,
    thresholds: Sequence[float] | None = None,
    *,
    cluster: Ints | None = None,
    draws: int = DRAWS,
) -> Evaluation:
    """Measure choices against labels, all of shape (articles, themes); -1 is left out.

    Without `cluster`, of shape (articles,), every article is its own; without `draws` there are
    no intervals.
    """
    own_cluster = np.arange(len(labels)) if cluster is None else cluster
    point = figures(labels, probabilities, chosen, np.ones((len(labels), 1)))
    drawn = [
        figures(labels, probabilities, chosen, weights)
        for weights in cluster_weights(own_cluster, draws)
    ]
    own_thresholds: Sequence[float | None] = thresholds or [None] * len(theme_ids)
    return Evaluation(
        articles=len(labels),
        clusters=len(np.unique(own_cluster)),
        statuses=None,
        themes={
            theme: _theme(k, point, drawn, own_thresholds[k]) for k, theme in enumerate(theme_ids)
        },
        intervals={
            name: _interval(name, values[0], [part.overall[name] for part in drawn])
            for name, values in point.overall.items()
        },
        **{name: _number(values[0]) for name, values in point.overall.items()},
    )


def evaluate_results(results: Results, draws: int = DRAWS) -> Evaluation:
    """Measure what a tagger said of labelled articles."""
    evaluation = evaluate(
        results.theme_ids,
        results.labels,
        results.probabilities,
        results.chosen,
        results.thresholds.tolist(),
        cluster=results.cluster,
        draws=draws,
    )
    return replace(evaluation, statuses=_coverage(results.statuses))


def evaluate_tagger(tagger: Tagger, articles: Sequence[LabelledArticle]) -> Evaluation:
    """Measure a tagger on labelled articles by the rule that `rubrika predict` uses."""
    return evaluate_results(collect(tagger, articles))


def _theme(
    row: int, point: Figures, drawn: Sequence[Figures], threshold: float | None
) -> ThemeEvaluation:
    tp, fp, fn, tn = (int(point.counts[name][row, 0]) for name in ("tp", "fp", "fn", "tn"))
    return ThemeEvaluation(
        support=tp + fn,
        tp=tp,
        fp=fp,
        fn=fn,
        tn=tn,
        threshold=threshold,
        intervals={
            name: _interval(name, values[row, 0], [part.themes[name][row] for part in drawn])
            for name, values in point.themes.items()
        },
        **{name: _number(values[row, 0]) for name, values in point.themes.items()},
    )


def _coverage(statuses: Sequence[Status] | None) -> dict[str, int] | None:
    if statuses is None:
        return None
    counts = Counter(statuses)
    return {str(status): counts[status] for status in Status}


def _interval(name: str, value: float, parts: Sequence[Floats]) -> Interval | None:
    if not parts or np.isnan(value):
        return None
    drawn = np.concatenate(parts)
    return reflected_interval(drawn, float(value)) if name == "ece" else interval(drawn)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
