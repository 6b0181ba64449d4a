"""Which unlabelled articles are worth a person's time, and why each was taken.

Most lie near a theme's threshold, where a label teaches most; themes with few labels come first. A
share is drawn at random, for only those tell how good the tagger is on the stream as it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rubrika.decision import Floats, Status
from rubrika.errors import InputError
from rubrika.keywords import FOUND
from rubrika.tagger import BATCH, Tagger
from rubrika_train.annotations import Annotations, counts_by_theme
from rubrika_train.exchange.records import Item
from rubrika_train.splits import near_duplicates

RANDOM = "random"
# What a queue cannot use: a label there would teach nothing about words.
_MUTE = (Status.WRONG_LANGUAGE, Status.UNKNOWN_WORDS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many articles, and the share of them that is drawn at random from a seed."""

    count: int
    random_share: float = 0.2
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Queue:
    """The articles to label, those at random first, and what was left out of account.

    Each says what it was `queued_for`: a theme, or "random".
    """

    items: tuple[Item, ...]
    offered: int
    duplicates: int
    mute: int

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many articles were taken for each reason, in order of their names."""
        return dict(sorted(Counter(item.queued_for or "" for item in self.items).items()))


def queue(
    annotations: Annotations, offered: Sequence[Item], tagger: Tagger, wanted: Wanted
) -> Queue:
    """Choose among unlabelled articles; near-duplicates of labelled ones and of others go.

    Raises InputError where nothing is left to choose from.
    """
    fresh = _without_duplicates(annotations, offered)
    tagged = tagger.tag_many(item.article.full_text for item in fresh)
    usable = [item for item, one in zip(fresh, tagged, strict=True) if one.status not in _MUTE]
    if not usable:
        raise InputError("no unlabelled article to queue; give some with --data")
    reasons = choose(distances(tagger, usable), _weights(annotations, tagger), wanted)
    return Queue(
        items=tuple(replace(usable[row], queued_for=reason) for row, reason in reasons.items()),
        offered=len(offered),
        duplicates=len(offered) - len(fresh),
        mute=len(fresh) - len(usable),
    )


def distances(tagger: Tagger, items: Sequence[Item]) -> Floats:
    """Return how far every theme is from its threshold, as log-odds of shape (articles, themes).

    Keywords know no distance: an article that holds one is at none, for it may have the theme.
    """
    texts = [item.article.full_text for item in items]
    parts = [tagger.probabilities(texts[k : k + BATCH]) for k in range(0, len(texts), BATCH)]
    probabilities = np.concatenate(parts)
    far = far_from_thresholds(probabilities, tagger.decision.thresholds)
    by_rule = tagger.rules.by_theme if tagger.rules else {}
    ruled = np.array([theme.id in by_rule for theme in tagger.themes])
    return np.where(ruled & (probabilities == FOUND), 0.0, far)


def far_from_thresholds(probabilities: Floats, thresholds: Floats) -> Floats:
    """Return |log-odds - log-odds of the threshold|, of the shape of `probabilities`."""
    return np.abs(_log_odds(probabilities) - _log_odds(thresholds))


def choose(far: Floats, weights: Mapping[str, float], wanted: Wanted) -> dict[int, str]:
    """Return the rows that are taken and why: a draw first, then themes in turn by their weight.

    Turns are dealt by D'Hondt's method: the theme with the largest weight / (1 + turns it had).
    """
    count = min(wanted.count, len(far))
    drawn = np.random.default_rng(wanted.seed).permutation(len(far))
    taken = {int(row): RANDOM for row in drawn[: round(count * wanted.random_share)]}
    nearest = {
        theme: iter(np.argsort(far[:, column], kind="stable").tolist())
        for column, theme in enumerate(weights)
    }
    turns = dict.fromkeys(weights, 0)
    while len(taken) < count:
        theme = max(weights, key=lambda one: weights[one] / (1 + turns[one]))
        turns[theme] += 1
        taken[next(row for row in nearest[theme] if row not in taken)] = theme
    return taken


def weight(labels: int) -> float:
    """Return what share of turns a theme gets: a fourth of the labels, twice the turns."""
    return float((1 + labels) ** -0.5)


def _weights(annotations: Annotations, tagger: Tagger) -> dict[str, float]:
    counts = counts_by_theme(annotations)
    if not any(theme.id in counts for theme in tagger.themes):
        raise InputError("the tagger knows none of these themes; name another with --model")
    return {
        theme.id: weight(counts[theme.id]) if theme.id in counts else 0.0 for theme in tagger.themes
    }


def _without_duplicates(annotations: Annotations, offered: Sequence[Item]) -> list[Item]:
    labelled = [article.full_text for article in annotations.judged]
    texts = [*labelled, *(item.article.full_text for item in offered)]
    repeated = {later for _, later, _ in near_duplicates(texts)}
    return [item for row, item in enumerate(offered, start=len(labelled)) if row not in repeated]


def _log_odds(probabilities: Floats) -> Floats:
    kept = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)))
