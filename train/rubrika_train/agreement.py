"""How far annotators agree: kappa by theme, alpha over theme sets, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance

from rubrika_train.annotations import Annotations, Gold, Judgement, resolve

SAMPLES = 200
_INTERVAL = (2.5, 97.5)

ThemeSet = frozenset[str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % bootstrap interval over articles; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two annotators on the articles that both judged.

    `kappas` are Cohen's, by theme; `alpha` is Krippendorff's with MASI distance over the sets of
    themes; `disputed` holds the articles where the sets differ, with either set.
    """

    annotators: tuple[str, str]
    articles: int
    kappas: dict[str, Estimate]
    alpha: Estimate
    disputed: dict[str, tuple[ThemeSet, ThemeSet]]


def agreement(annotations: Annotations, seed: int = 13) -> list[Agreement]:
    """Return the agreement of each pair of annotators that judged an article in common.

    Final judgements are decisions, not independent voices, and partial ones are silent on most
    themes: both are left out. A theme that is newer than a judgement does not count there.
    """
    voices: defaultdict[str, dict[str, Gold]] = defaultdict(dict)
    for judgement in annotations.judgements:
        if _is_independent(judgement):
            voices[judgement.annotator][judgement.id] = resolve([judgement], annotations.themes)
    theme_ids = [theme.id for theme in annotations.themes]
    names = sorted(voices)
    return [
        _of_pair((one, other), voices, theme_ids, seed)
        for k, one in enumerate(names)
        for other in names[k + 1 :]
        if voices[one].keys() & voices[other].keys()
    ]


def _is_independent(judgement: Judgement) -> bool:
    return not judgement.final and judgement.not_themes is None


def _of_pair(
    names: tuple[str, str],
    voices: Mapping[str, Mapping[str, Gold]],
    theme_ids: Sequence[str],
    seed: int,
) -> Agreement:
    one, other = (voices[name] for name in names)
    both = [article for article in one if article in other]
    silent = {article: one[article].open | other[article].open for article in both}
    pairs = {
        article: (one[article].themes - silent[article], other[article].themes - silent[article])
        for article in both
    }
    sets = list(pairs.values())
    generator = np.random.default_rng(seed)
    samples = [generator.integers(0, len(sets), len(sets)).tolist() for _ in range(SAMPLES)]
    return Agreement(
        annotators=names,
        articles=len(sets),
        kappas={
            theme: _estimate(
                [(theme in a, theme in b) for a, b in sets],
                [theme not in silent[article] for article in both],
                samples,
            )
            for theme in theme_ids
        },
        alpha=_alpha_estimate(sets, samples),
        disputed={article: own for article, own in pairs.items() if own[0] != own[1]},
    )


def kappa(pairs: Iterable[tuple[bool, bool]]) -> float | None:
    """Return Cohen's kappa of yes-or-no pairs, by NLTK; None where nobody ever said yes."""
    pairs = list(pairs)
    if not any(a or b for a, b in pairs) or all(a and b for a, b in pairs):
        return None
    return float(_task(pairs).kappa())


def set_distance(one: ThemeSet, other: ThemeSet) -> float:
    """Return the MASI distance of two theme sets (Passonneau 2006), 0 for two empty ones.

    NLTK's divides by zero there.
    """
    return float(masi_distance(one, other)) if one or other else 0.0


def _estimate(
    pairs: Sequence[tuple[bool, bool]], spoken: Sequence[bool], samples: Sequence[Sequence[int]]
) -> Estimate:
    """Return kappa over the pairs in which both spoke."""
    table, counts = np.array(pairs, dtype=np.int64), np.array(spoken)
    drawn = [_kappa_of_counts(table[sample][counts[sample]]) for sample in samples]
    return _with_interval(kappa(compress(pairs, spoken)), drawn)


def _kappa_of_counts(pairs: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float | None:
    """Return Cohen's kappa from the four counts: what NLTK gives, quick enough to resample."""
    if not len(pairs):
        return None
    agreed = float((pairs[:, 0] == pairs[:, 1]).mean())
    one, other = pairs.mean(axis=0)
    expected = one * other + (1 - one) * (1 - other)
    return None if expected == 1 else float((agreed - expected) / (1 - expected))


def _alpha_estimate(
    sets: Sequence[tuple[ThemeSet, ThemeSet]], samples: Sequence[Sequence[int]]
) -> Estimate:
    """Return Krippendorff's alpha over theme sets with its interval.

    NLTK gives the figure; the resamples reuse one matrix of distances between the sets that occur.
    """
    kinds = sorted({one for pair in sets for one in pair}, key=sorted)
    number = {kind: k for k, kind in enumerate(kinds)}
    distances = np.array([[set_distance(a, b) for b in kinds] for a in kinds])
    coded = np.array([[number[a], number[b]] for a, b in sets])
    drawn = [_alpha_of_codes(coded[sample], distances) for sample in samples]
    return _with_interval(alpha_by_nltk(sets), drawn)


def _alpha_of_codes(
    coded: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    distances: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> float | None:
    observed = distances[coded[:, 0], coded[:, 1]].mean()
    counts = np.bincount(coded.ravel(), minlength=len(distances))
    total = counts.sum()
    expected = counts @ distances @ counts / (total * (total - 1))
    return None if expected == 0 else float(1 - observed / expected)


def alpha_by_nltk(sets: Sequence[tuple[ThemeSet, ThemeSet]]) -> float | None:
    """Return Krippendorff's alpha over theme sets, by NLTK; None where all sets are the same."""
    if len({one for pair in sets for one in pair}) < 2:
        return None
    return float(_task(sets, set_distance).alpha())


def _task(pairs: Sequence[tuple[object, object]], distance: object = None) -> AnnotationTask:
    data = [
        (annotator, article, label)
        for article, pair in enumerate(pairs)
        for annotator, label in zip(("one", "other"), pair, strict=True)
    ]
    return AnnotationTask(data, distance) if distance else AnnotationTask(data)


def _with_interval(value: float | None, drawn: Sequence[float | None]) -> Estimate:
    measured = [one for one in drawn if one is not None]
    if value is None or not measured:
        return Estimate(value, None, None)
    low, high = np.percentile(measured, _INTERVAL)
    return Estimate(value, float(low), float(high))
