"""The map of articles: the same for the same texts, and alike articles lie together."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rubrika_train.annotations import read
from rubrika_train.article_map import article_map
from tests.conftest import write_annotations


def test_alike_articles_lie_together(tmp_path: Path) -> None:
    annotations = read(write_annotations(tmp_path))
    texts = [article.full_text for article in annotations.judged]
    places = article_map(texts)
    assert places.shape == (len(texts), 2)
    np.testing.assert_array_equal(places, article_map(texts))
    themes = np.array([str(annotations.gold[one.id].themes) for one in annotations.judged])
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(far, np.inf)
    assert (themes[far.argmin(axis=1)] == themes).mean() > 0.9
