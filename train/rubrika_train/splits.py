"""Folds that do not leak: near-duplicates and articles of one source stay together.

No library stratifies several labels over groups, so the folds are dealt here: iterative
stratification (Sechidis, Tsoumakas and Vlahavas 2011) with clusters of articles as its atoms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

from rubrika.text import TOKEN

Ints = npt.NDArray[np.int64]
Labels = npt.NDArray[np.int8]

SHINGLE_WORDS = 3
DUPLICATE_JACCARD = 0.5
_PERMUTATIONS = 128
# The index looks a little below the bound, for MinHash only estimates; pairs are then measured.
_SEARCH_JACCARD = 0.4


class Document(Protocol):
    """What duplicates are found by: the text, and the addresses that it came from."""

    @property
    def full_text(self) -> str:
        """The title and the text."""

    @property
    def source_url(self) -> str | None:
        """Addresses, separated by spaces."""


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three words of a text, in lower case; a shorter text is one run."""
    words = TOKEN.findall(text.lower())
    runs = max(len(words) - SHINGLE_WORDS + 1, 1)
    return frozenset(" ".join(words[k : k + SHINGLE_WORDS]) for k in range(runs))


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of texts whose word shingles have a Jaccard similarity of 0.5 or more."""
    shingled = [shingles(text) for text in texts]
    index = MinHashLSH(threshold=_SEARCH_JACCARD, num_perm=_PERMUTATIONS)
    for number, own in enumerate(shingled):
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update_batch([shingle.encode() for shingle in sorted(own)])
        for other in sorted(index.query(sketch)):
            similarity = len(own & shingled[other]) / len(own | shingled[other])
            if similarity >= DUPLICATE_JACCARD:
                yield other, number, similarity
        index.insert(number, sketch)


def clusters(articles: Sequence[Document]) -> Ints:
    """Return each article's cluster: near-duplicates and articles of one address share one."""
    parent = list(range(len(articles)))

    def root(article: int) -> int:
        while parent[article] != article:
            parent[article] = parent[parent[article]]
            article = parent[article]
        return article

    by_address: dict[str, int] = {}
    for number, article in enumerate(articles):
        for address in (article.source_url or "").split():
            parent[root(number)] = root(by_address.setdefault(address, number))
    for one, other, _ in near_duplicates([article.full_text for article in articles]):
        parent[root(other)] = root(one)
    return np.array([root(number) for number in range(len(articles))], dtype=np.int64)


def folds(labels: Labels, cluster: Ints, count: int, seed: int) -> Ints:
    """Deal articles into folds that are alike in size and themes, clusters undivided.

    `labels` has shape (articles, themes) and holds 1 for a theme that an article has; `cluster`
    has shape (articles,). Returns the fold of each article. "No theme" is balanced like a theme.
    """
    has = np.concatenate([labels == 1, ~(labels == 1).any(axis=1, keepdims=True)], axis=1)
    members = defaultdict(list)
    for article, own in enumerate(cluster.tolist()):
        members[own].append(article)
    atoms = [members[key] for key in sorted(members)]
    counts = np.array([has[atom].sum(axis=0) for atom in atoms])
    sizes = np.array([len(atom) for atom in atoms])
    fold_of_atom = _deal(counts, sizes, count, np.random.default_rng(seed))
    dealt = np.empty(len(cluster), dtype=np.int64)
    for atom, fold in zip(atoms, fold_of_atom, strict=True):
        dealt[atom] = fold
    return dealt


def _deal(counts: Ints, sizes: Ints, folds: int, generator: np.random.Generator) -> list[int]:
    """Deal atoms into folds; `counts` (atoms, labels) is what each holds of every label."""
    wanted = np.tile(counts.sum(axis=0) / folds, (folds, 1))
    room = np.full(folds, sizes.sum() / folds)
    dealt = np.full(len(counts), -1)
    while (free := np.flatnonzero(dealt < 0)).size:
        left = counts[free].sum(axis=0)
        rarest = int(np.argmin(np.where(left > 0, left, np.inf)))
        holders = free[counts[free, rarest] > 0]
        order = generator.permutation(holders)
        for atom in order[np.argsort(-counts[order, rarest], kind="stable")]:
            keys = (generator.random(folds), room, wanted[:, rarest])
            fold = int(np.lexsort(keys)[-1])
            dealt[atom] = fold
            wanted[fold] -= counts[atom]
            room[fold] -= sizes[atom]
    return [int(fold) for fold in dealt]
