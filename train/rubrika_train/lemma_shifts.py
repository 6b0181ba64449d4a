"""Which lemmas more, or fewer, articles hold than those of a reference do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rubrika.decision import Floats

# The z-value that a lemma's log-odds have to reach, and the weight of the prior in articles.
_LEAST_Z = 3.0
_PRIOR_ARTICLES = 100.0


@dataclass(frozen=True, slots=True)
class Shift:
    """A lemma, the shares of articles that hold it, its log-odds ratio and how sure that is."""

    lemma: str
    now: float
    reference: float
    log_odds: float
    z: float


def log_odds(now: Floats, before: Floats, lemmas: Sequence[str]) -> list[Shift]:
    """Return the lemmas that surely shifted, the surest first.

    `now` and `before` say of each article whether it holds each lemma, of shape (articles,
    lemmas). Log-odds ratios with an informative Dirichlet prior, here a beta prior at the common
    share of articles, and their z-values (after Monroe, Colaresi and Quinn 2008, eq. 15-22).
    """
    one, other = (np.asarray(held.sum(axis=0)).ravel() for held in (now, before))
    sizes = now.shape[0], before.shape[0]
    prior = _PRIOR_ARTICLES * (one + other) / sum(sizes)
    moved, variance = np.zeros(len(prior)), np.zeros(len(prior))
    seen = np.flatnonzero(prior > 0)
    for sign, count, size in ((1, one, sizes[0]), (-1, other, sizes[1])):
        yes = count[seen] + prior[seen]
        no = np.maximum(size + _PRIOR_ARTICLES - yes, 1e-9)
        moved[seen] += sign * np.log(yes / no)
        variance[seen] += 1 / yes + 1 / no
    z = np.divide(moved, np.sqrt(variance), out=np.zeros_like(moved), where=variance > 0)
    order = [k for k in np.argsort(-np.abs(z), kind="stable") if abs(z[k]) >= _LEAST_Z]
    return [
        Shift(
            lemma=lemmas[k],
            now=float(one[k] / sizes[0]),
            reference=float(other[k] / sizes[1]),
            log_odds=float(moved[k]),
            z=float(z[k]),
        )
        for k in order
    ]
