"""What the background says of lemmas and of topics, and that a tagger does it without scipy."""

from __future__ import annotations

import numpy as np
import pytest

from rubrika.text import LEMMA_OF
from rubrika.topics import shares
from rubrika_train import background
from rubrika_train.features import BackgroundKnowledge, BackgroundTfidf

TEXTS = [
    "Таможенники задержали фуру с контрабандой.",
    "Гостиница у моря принимает туристов.",
    "Сборная выиграла матч, вратарь отбил пенальти.",
]

TOPICS = {
    "таможенный": {"cust": 1.0},
    "гостиница": {"tour": 1.0},
    "матч": {"spor": 1.0},
    "маркетплейс": {"eshp": 1.0},
    "посылка": {"post": 1.0, "eshp": 0.5},
    "ограбление": {"crim": 1.0},
    "приговор": {"jury": 1.0},
    "быть": {},
}


def topics_of(lemma: str) -> dict[str, float]:
    table = background.load()
    row = (*table.lemmas, *table.uncounted).index(lemma)
    strengths = dict(zip(background.topic_meanings(), table.topics[row].toarray()[0], strict=True))
    return {topic: strength for topic, strength in strengths.items() if strength}


@pytest.mark.parametrize(("lemma", "topics"), TOPICS.items())
def test_lemmas_speak_of_topics(lemma: str, topics: dict[str, float]) -> None:
    assert topics_of(lemma) == topics


def test_no_lemma_is_noted_twice_and_the_topics_are_known() -> None:
    lines = background.RATED.read_text(encoding="utf-8").splitlines()
    noted = [line.split() for line in lines]
    assert len({lemma for lemma, *_ in noted}) == len(noted)
    meanings = background.topic_meanings()
    assert {topic.removesuffix("!") for _, *topics in noted for topic in topics} == set(meanings)
    assert all(topics for _, *topics in noted)


def test_lemmas_too_new_for_the_counts_have_forms_all_the_same() -> None:
    assert "маркетплейс" in background.load().uncounted
    vocabulary = BackgroundTfidf().fit(TEXTS).vocabulary_
    assert vocabulary.row("маркетплейсов") == vocabulary.lemmas.index("маркетплейс")


@pytest.mark.parametrize(("likeness", "topics"), [(0.0, 0.0), (0.6, 0.0), (0.0, 0.8), (0.6, 0.8)])
def test_folded_weights_do_what_those_of_the_wider_features_do(
    likeness: float, topics: float
) -> None:
    rows = BackgroundTfidf().fit_transform(TEXTS)
    knowledge = BackgroundKnowledge(likeness, topics).fit(rows)
    wide = knowledge.transform(rows)
    weights = np.random.default_rng(0).normal(size=(wide.shape[1], 2))
    folded, own_topics = knowledge.fold(weights)
    scores = rows @ folded
    if own_topics:
        cells = rows.tocoo()
        scores += own_topics.scores(cells.row, cells.col, cells.data, len(TEXTS))
    assert (own_topics is None) == (topics == 0)
    np.testing.assert_allclose(scores, wide @ weights)


def pairs_of(
    texts: list[str],
) -> dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return what each pair of topics is worth in texts, by their names."""
    rows = BackgroundTfidf().fit(TEXTS).transform(texts)
    wide = BackgroundKnowledge(0.0, 1.0).fit(rows).transform(rows).toarray()[:, rows.shape[1] :]
    names = list(background.topic_meanings())
    pairs = zip(*np.triu_indices(len(names)), strict=True)
    return {(names[i], names[j]): wide[:, k] for k, (i, j) in enumerate(pairs)}


def test_an_article_has_the_topics_of_its_lemmas() -> None:
    pairs = pairs_of(TEXTS)
    strongest = [int(np.argmax(pairs[topic, topic])) for topic in ("cust", "tour", "spor")]
    assert strongest == [0, 1, 2]


def test_topics_that_meet_in_an_article_are_told_from_those_of_two_articles() -> None:
    both = pairs_of(["Матч в гостинице.", "Матч.", "Гостиница."])["tour", "spor"]
    assert both[0] > 0
    assert both[1:].tolist() == [0, 0]


def test_the_product_of_two_articles_is_the_square_of_that_of_their_shares() -> None:
    rows = BackgroundTfidf().fit_transform(TEXTS)
    knowledge = BackgroundKnowledge(0.0, 1.0).fit(rows)
    pairs = knowledge.transform(rows)[:, rows.shape[1] :].toarray()
    own = shares((rows @ knowledge.spoken_).toarray())
    np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1)
    np.testing.assert_allclose(pairs @ pairs.T, (own @ own.T) ** 2)


def test_words_of_no_topic_add_nothing() -> None:
    assert LEMMA_OF["был"] == "быть"
    rows = BackgroundTfidf().fit(TEXTS).transform(["Был."])
    wide = BackgroundKnowledge(0.0, 1.0).fit(rows).transform(rows)
    assert wide[:, rows.shape[1] :].nnz == 0
