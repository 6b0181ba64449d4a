"""Evaluation on time: learn from what was published before a day, measure on what came after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rubrika.errors import AnnotationError, InputError
from rubrika.tagger import Tagger
from rubrika_train.annotations import Annotations
from rubrika_train.labelled import LabelledArticle, from_annotations
from rubrika_train.progress import Progress, silent
from rubrika_train.settings import Settings
from rubrika_train.splits import clusters
from rubrika_train.training import train

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_FIRST, _LAST = "0000-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """A tagger made of so many earlier articles, the later ones, and how many are neither."""

    tagger: Tagger
    earlier: int
    later: tuple[LabelledArticle, ...]
    left_out: int


def is_after(published: str | None, day: str) -> bool | None:
    """Return whether a date is `day` or later; None where it is missing or too rough to tell.

    Dates are ISO, 2025-03-14, and may lack the day or the month and day.
    """
    found = _DATE.match(published or "")
    if not found:
        return None
    date = found.group()
    if date + _FIRST[len(date) :] >= day:
        return True
    return False if date + _LAST[len(date) :] < day else None


def published_after(articles: Sequence[LabelledArticle], day: str) -> list[LabelledArticle]:
    """Return the articles published on a day or later; raise InputError where there is none."""
    later = [article for article in articles if is_after(article.published, day)]
    if not any(_DATE.match(article.published or "") for article in articles):
        raise InputError('no labelled article says when it was "published"; give dates to the data')
    if not later:
        raise InputError(f"no labelled article was published on {day} or later; choose another day")
    return later


def train_before(
    annotations: Annotations,
    day: str,
    settings: Settings,
    jobs: int = 1,
    progress: Progress = silent,
) -> TimeSplit:
    """Train on the articles published before a day, to measure on the later ones.

    Articles without a date are left out, and so is an earlier one that is a near-duplicate of a
    later one. Raises AnnotationError where nothing is earlier, InputError where nothing is later.
    """
    later = published_after(from_annotations(annotations), day)
    names = {article.id for article in later}
    cluster = clusters(annotations.judged)
    is_later = np.array([article.id in names for article in annotations.judged])
    leaking = np.isin(cluster, cluster[is_later])
    earlier = {
        article.id
        for article, leaks in zip(annotations.judged, leaking.tolist(), strict=True)
        if not leaks and is_after(article.published, day) is False
    }
    if not earlier:
        raise AnnotationError(f"no labelled article was published before {day}; choose another day")
    progress(f"training on {len(earlier):,} articles before {day}")
    return TimeSplit(
        tagger=train(_only(annotations, earlier), settings, jobs, progress).tagger,
        earlier=len(earlier),
        later=tuple(later),
        left_out=len(annotations.judged) - len(earlier) - len(later),
    )


def _only(annotations: Annotations, ids: set[str]) -> Annotations:
    return replace(
        annotations,
        articles=tuple(article for article in annotations.articles if article.id in ids),
        judgements=tuple(one for one in annotations.judgements if one.id in ids),
    )
