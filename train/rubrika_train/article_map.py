"""A map of articles: those that share words lie side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.manifold import TSNE
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from rubrika.decision import Floats
from rubrika_train.fitting import build_pipeline
from rubrika_train.settings import Settings

# Directions in which articles differ most; what is left is taken for noise.
_DIRECTIONS = 50
# How many articles one is held together with: t-SNE's perplexity, which fewer texts must narrow.
_NEIGHBOURS = 30.0


def article_map(texts: Sequence[str], settings: Settings | None = None) -> Floats:
    """Return a place in the plane for each text, of shape (texts, 2).

    The singular value decomposition of TF-IDF (latent semantic analysis) keeps fifty directions,
    t-SNE (van der Maaten and Hinton 2008) lays these flat: neighbours are kept, distances are not.
    No label is looked at. The same texts have the same map.
    """
    settings = settings or Settings()
    features = build_pipeline(settings)[:-1].fit_transform(texts)
    # On one thread sums have one order, and the map comes out the same.
    with threadpool_limits(limits=1):
        kept = TruncatedSVD(min(_DIRECTIONS, len(texts) - 1), random_state=settings.seed)
        decomposed = kept.fit_transform(features)
        near = min(_NEIGHBOURS, (len(texts) - 1) / 3)
        flat = TSNE(perplexity=near, init="pca", random_state=settings.seed, n_jobs=1)
        return np.asarray(flat.fit_transform(normalize(decomposed)), dtype=np.float64)
