"""How far articles have moved from those that a tagger was made of, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from threadpoolctl import threadpool_limits

from rubrika import bundle
from rubrika.decision import Bools, Floats
from rubrika.errors import InputError
from rubrika.tagger import BATCH, Tagger
from rubrika_train.annotations import Article, sound
from rubrika_train.bootstrap import Interval, cluster_weights, interval
from rubrika_train.exporting import unlabelled_items
from rubrika_train.lemma_shifts import Shift, log_odds
from rubrika_train.progress import Progress, silent
from rubrika_train.splits import Ints, clusters

# Above such an AUC a classifier tells the articles apart, plainly and at a glance.
TOLD_APART, STRANGERS = 0.7, 0.9
# Below such a share of the reference's the words are unknown too often.
KNOWN_SHARE = 0.95
# So many times as long, or as short, is another kind of text.
OTHER_LENGTH = 1.5
# Fewer articles than this say little about rates.
FEW_ARTICLES = 100

# At most so many articles of either side are compared: more make nothing clearer, only slower.
_MOST = 3000
_FOLDS = 5
_SEED = 13
_DRAWS = 1000
_LEMMAS = 15


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of articles that are given a theme, and the share of the training that had it.

    `differs` says that the intervals do not overlap.
    """

    now: Share
    training: Share | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """How articles differ from a reference: words, themes, and whether they can be told apart.

    `known` and `known_reference` are shares of known words; `auc` is that of a classifier that
    tells the two apart, 0.5 where it cannot, cross-validated. `words` and `words_reference` are
    the median lengths of an article.
    """

    articles: int
    reference: int
    known: Share
    known_reference: Share
    words: float
    words_reference: float
    rates: dict[str, Rate]
    more: tuple[Shift, ...]
    fewer: tuple[Shift, ...]
    auc: Share
    advice: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain dictionaries and numbers."""
        return asdict(self)


def drift(
    model: Path | None,
    data: Path,
    reference: Path,
    progress: Progress = silent,
    text_column: str = "text",
) -> Drift:
    """Compare articles of a file or folder with reference articles, or a folder of annotations.

    Raises InputError where either holds fewer than ten articles, or hardly any but copies.
    """
    progress("reading")
    tagger, manifest = bundle.load(model), bundle.read_manifest(model or bundle.RELEASED)
    now, before = (_articles(path, text_column) for path in (data, reference))
    progress("tagging")
    rates = _rates(tagger, now, manifest.get("training", {}))
    now, before = _some(now), _some(before)
    progress("counting words")
    own, other = _rows(tagger, now), _rows(tagger, before)
    shifts = log_odds(_held(own.values), _held(other.values), tagger.vocabulary.lemmas)
    progress("looking for near-duplicates")
    cluster = clusters([*now, *before])
    _refuse_copies(data, cluster[: len(now)])
    _refuse_copies(reference, cluster[len(now) :])
    progress("telling articles apart")
    auc = _auc(vstack([own.values, other.values]).tocsr(), len(now), cluster)
    known, known_reference = own.known_share(), other.known_share()
    words, words_reference = float(np.median(own.words)), float(np.median(other.words))
    return Drift(
        articles=len(now),
        reference=len(before),
        known=known,
        known_reference=known_reference,
        words=words,
        words_reference=words_reference,
        rates=rates,
        more=tuple(one for one in shifts if one.z > 0)[:_LEMMAS],
        fewer=tuple(one for one in shifts if one.z < 0)[:_LEMMAS],
        auc=auc,
        advice=advise(
            len(now),
            known.value / max(known_reference.value, 1e-9),
            words / max(words_reference, 1.0),
            rates,
            auc,
        ),
    )


def advise(
    articles: int, known: float, length: float, rates: Mapping[str, Rate], auc: Share
) -> tuple[str, ...]:
    """Return what to do, in words.

    `known`, the share of known words, and `length`, of an article, are in units of the reference's.
    """
    advice = []
    if articles < FEW_ARTICLES:
        advice.append(f"{articles} articles say little; give a few hundred")
    if known < KNOWN_SHARE:
        advice.append(
            "many words are unknown: label articles of these and train again, "
            "for tuning cannot teach words"
        )
    if not 1 / OTHER_LENGTH < length < OTHER_LENGTH:
        advice.append(
            f"the articles are {length:.1f} times as long as the reference: for that alone "
            "common words shift, and the two can be told apart"
        )
    moved = [theme for theme, rate in rates.items() if rate.differs]
    if moved:
        advice.append(
            f"some themes are not as frequent as in training ({', '.join(moved)}): label two "
            "hundred of these articles, drawn at random, and set thresholds with: rubrika tune"
        )
    if auc.value >= STRANGERS:
        advice.append(
            "the articles are plainly of another kind than the reference: figures measured there "
            "say little; label some (rubrika labels queue), measure (rubrika evaluate), train again"
        )
    elif auc.value >= TOLD_APART:
        advice.append(
            "the articles can be told from the reference: measure on some of them "
            "with rubrika evaluate before you rely on figures from elsewhere"
        )
    return tuple(advice) or ("nothing to do: the articles are like the reference",)


@dataclass(frozen=True, slots=True)
class _Rows:
    """TF-IDF of shape (articles, lemmas); counts of known and of all words, (articles,)."""

    values: csr_matrix
    known: Floats
    words: Floats

    def known_share(self) -> Share:
        def share(weights: Floats) -> Floats:
            return np.asarray((self.known @ weights) / np.maximum(self.words @ weights, 1e-9))

        everyone = np.arange(len(self.words))
        drawn = [share(weights) for weights in cluster_weights(everyone, _DRAWS)]
        value = float(share(np.ones((len(self.words), 1)))[0])
        return Share(value, interval(np.concatenate(drawn)))


def _rows(tagger: Tagger, articles: Sequence[Article]) -> _Rows:
    found = tagger.values([article.full_text for article in articles])
    shape = (len(articles), len(tagger.vocabulary))
    return _Rows(
        values=csr_matrix((found.values, (found.texts, found.rows)), shape=shape),
        known=found.known.astype(np.float64),
        words=found.words.astype(np.float64),
    )


def _held(values: csr_matrix) -> csr_matrix:
    return (values != 0).astype(np.float64)


def _articles(path: Path, text_column: str) -> list[Article]:
    if path.is_dir() and (path / "themes.toml").is_file():
        articles = list(sound(path).articles)
    else:
        articles = [item.article for item in unlabelled_items([path], text_column)]
    if len(articles) < 2 * _FOLDS:
        raise InputError(
            f"{path}: {len(articles)} articles are too few to compare; give a few hundred"
        )
    return articles


def _refuse_copies(path: Path, cluster: Ints) -> None:
    """Raise InputError where articles cannot be dealt into folds: copies stay together."""
    if len(np.unique(cluster)) < _FOLDS:
        raise InputError(
            f"{path}: nearly all articles are copies of each other; give {_FOLDS} different ones"
        )


def _some(articles: Sequence[Article]) -> list[Article]:
    """Return a seeded draw of the articles, all of them where there are not too many."""
    if len(articles) <= _MOST:
        return list(articles)
    drawn = np.random.default_rng(_SEED).choice(len(articles), _MOST, replace=False)
    return [articles[k] for k in sorted(drawn.tolist())]


def _rates(
    tagger: Tagger, articles: Sequence[Article], training: Mapping[str, Any]
) -> dict[str, Rate]:
    given: list[tuple[str, ...]] = []
    for start in range(0, len(articles), BATCH):
        batch = [article.full_text for article in articles[start : start + BATCH]]
        given += [tagged.themes for tagged in tagger.tag_batch(batch)]
    counts, size = training.get("articles_by_theme", {}), training.get("articles", 0)
    rates = {}
    for theme in (one.id for one in tagger.themes):
        now = _share(sum(theme in themes for themes in given), len(given))
        then = _share(counts[theme], size) if size and theme in counts else None
        rates[theme] = Rate(now, then, then is not None and _apart(now, then))
    return rates


def _share(count: int, size: int) -> Share:
    """Return a share with Wilson's interval."""
    bounds = binomtest(count, size).proportion_ci(method="wilson")
    return Share(count / size, Interval(float(bounds.low), float(bounds.high)))


def _apart(one: Share, other: Share) -> bool:
    if one.interval is None or other.interval is None:
        return False
    return one.interval.low > other.interval.high or one.interval.high < other.interval.low


def _auc(values: csr_matrix, first: int, cluster: Ints) -> Share:
    """Return how well a classifier tells the first articles from the others, cross-validated."""
    is_first = np.arange(values.shape[0]) < first
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    classifier = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000)
    with threadpool_limits(limits=1):
        scores = cross_val_predict(
            classifier, values, is_first, cv=folds, groups=cluster, method="decision_function"
        )
    drawn = [
        roc_auc_score(is_first, scores, sample_weight=weights)
        for part in cluster_weights(cluster, _DRAWS // 5)
        for weights in part.T
        if _both(is_first, weights)
    ]
    return Share(float(roc_auc_score(is_first, scores)), interval(np.array(drawn)))


def _both(is_first: Bools, weights: Floats) -> bool:
    return bool(weights[is_first].any() and weights[~is_first].any())
