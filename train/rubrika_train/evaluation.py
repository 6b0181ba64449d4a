"""Metrics as data: what a tagger got right, theme by theme and over all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from rubrika.decision import Bools, Floats
from rubrika.tagger import Tagger
from rubrika_train.labelled import LabelledArticle
from rubrika_train.splits import Labels


@dataclass(frozen=True, slots=True)
class ThemeEvaluation:
    """Counts and metrics of one theme; a metric that cannot be measured is None.

    `support` is the number of articles that have the theme. Articles where it is disputed or
    unknown are left out.
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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Metrics of a tagger on labelled articles; macro figures are over the measured themes.

    In `f1_by_article` and `exact_match` a right "no theme" counts 1. `none_precision` and
    `none_recall` are those of saying "no theme".
    """

    articles: int
    f1_macro: float | None
    f1_micro: float | None
    average_precision_macro: float | None
    f1_by_article: float
    exact_match: float
    none_precision: float | None
    none_recall: float | None
    themes: dict[str, ThemeEvaluation]

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as plain dictionaries and numbers."""
        return asdict(self)


def evaluate(
    theme_ids: Sequence[str],
    labels: Labels,
    probabilities: Floats,
    chosen: Bools,
    thresholds: Sequence[float] | None = None,
) -> Evaluation:
    """Measure choices against labels, all of shape (articles, themes); -1 is left out."""
    own_thresholds: Sequence[float | None] = thresholds or [None] * len(theme_ids)
    themes = {
        theme: _theme(labels[:, k], probabilities[:, k], chosen[:, k], threshold)
        for k, (theme, threshold) in enumerate(zip(theme_ids, own_thresholds, strict=True))
    }
    measured = [theme for theme in themes.values() if theme.support]
    tp, fp, fn = (
        sum(getattr(theme, name) for theme in themes.values()) for name in ("tp", "fp", "fn")
    )
    by_article, exact, said_none, is_none = _articles(labels, chosen)
    return Evaluation(
        articles=len(labels),
        f1_macro=_mean([theme.f1 for theme in measured]),
        f1_micro=_ratio(2 * tp, 2 * tp + fp + fn),
        average_precision_macro=_mean([theme.average_precision for theme in measured]),
        f1_by_article=float(by_article.mean()),
        exact_match=float(exact.mean()),
        none_precision=_ratio(int((said_none & is_none).sum()), int(said_none.sum())),
        none_recall=_ratio(int((said_none & is_none).sum()), int(is_none.sum())),
        themes=themes,
    )


def evaluate_tagger(tagger: Tagger, articles: Sequence[LabelledArticle]) -> Evaluation:
    """Measure a tagger on labelled articles by the rule that `rubrika predict` uses."""
    theme_ids = [theme.id for theme in tagger.themes]
    labels = np.array([article.row(theme_ids) for article in articles], dtype=np.int8)
    texts = [article.text for article in articles]
    given = [tagged.themes for tagged in tagger.tag_many(texts)]
    chosen = np.array([[theme in themes for theme in theme_ids] for themes in given])
    thresholds = tagger.decision.thresholds.tolist()
    return evaluate(theme_ids, labels, tagger.probabilities(texts), chosen, thresholds)


def _theme(
    labels: Labels, probabilities: Floats, chosen: Bools, threshold: float | None
) -> ThemeEvaluation:
    yes, no = labels == 1, labels == 0
    tp, fn = int((chosen & yes).sum()), int((~chosen & yes).sum())
    fp, tn = int((chosen & no).sum()), int((~chosen & no).sum())
    known = yes | no
    return ThemeEvaluation(
        support=tp + fn,
        tp=tp,
        fp=fp,
        fn=fn,
        tn=tn,
        precision=_ratio(tp, tp + fp) if tp + fn else None,
        recall=_ratio(tp, tp + fn),
        f1=_ratio(2 * tp, 2 * tp + fp + fn) if tp + fn else None,
        average_precision=float(average_precision_score(labels[known], probabilities[known]))
        if tp + fn
        else None,
        threshold=threshold,
    )


def _articles(labels: Labels, chosen: Bools) -> tuple[Floats, Bools, Bools, Bools]:
    """Return F1, exact match, "said none" and "is none" of each article, open labels left out.

    An article whose only possible themes are disputed says nothing of "no theme".
    """
    yes, known = labels == 1, labels >= 0
    given: Bools = np.asarray(chosen & known)
    right, wrong = (given & yes).sum(axis=1), (given != yes).sum(axis=1)
    agreed = 2 * right + wrong
    f1: Floats = np.where(agreed > 0, 2 * right / np.maximum(agreed, 1), 1.0)
    sure = np.asarray(known.all(axis=1))
    said_none = np.asarray(~given.any(axis=1) & sure)
    is_none = np.asarray(~yes.any(axis=1) & sure)
    return f1, np.asarray(wrong == 0), said_none, is_none


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float | None]) -> float | None:
    measured = [value for value in values if value is not None]
    return sum(measured) / len(measured) if measured else None
