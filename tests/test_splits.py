"""Folds are balanced and do not leak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrika_train.annotations import Article
from rubrika_train.splits import clusters, folds, near_duplicates, shingles

STORY = "Завод в Туле запустил новую линию по выпуску насосов, сообщил директор предприятия в среду"


def article(number: int, text: str, url: str | None = None) -> Article:
    return Article(id=str(number), text=text, source_url=url)


def test_near_duplicates_are_found_and_measured() -> None:
    texts = [STORY, "Суд вынес приговор по делу о взятке в Рязани", STORY + " днём"]
    (pair,) = near_duplicates(texts)
    assert pair[:2] == (0, 2)
    assert pair[2] == pytest.approx(len(shingles(texts[0])) / len(shingles(texts[2])))


def test_clusters_join_duplicates_and_addresses() -> None:
    one, two = "https://a/1", "https://b/2"
    found = clusters(
        [
            article(0, STORY, one),
            article(1, "совсем другой текст о погоде", two),
            article(2, "третий текст про хоккей и матч", f"{one} {two}"),
            article(3, STORY + " утром"),
            article(4, "никак не связанная заметка о музее"),
        ]
    )
    assert len({found[0], found[1], found[2], found[3]}) == 1
    assert found[4] != found[0]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_folds_divide_no_cluster_and_balance_themes(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    labels = (generator.random((120, 3)) < [0.5, 0.2, 0.1]).astype(np.int8)
    cluster = generator.integers(0, 90, 120)
    fold = folds(labels, cluster, count, seed)
    assert all(len(set(fold[cluster == one])) == 1 for one in set(cluster.tolist()))
    sizes = np.bincount(fold, minlength=count)
    assert sizes.max() - sizes.min() <= 12
    for column in labels.T:
        held = np.bincount(fold[column == 1], minlength=count)
        assert held.max() - held.min() <= 8


def test_folds_are_the_same_for_the_same_seed() -> None:
    labels = np.eye(3, dtype=np.int8)[np.arange(60) % 3]
    cluster = np.arange(60)
    assert (folds(labels, cluster, 5, 1) == folds(labels, cluster, 5, 1)).all()
    assert (folds(labels, cluster, 5, 1) != folds(labels, cluster, 5, 2)).any()
