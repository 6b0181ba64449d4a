"""Topics that meet in an article: what they add to scores, and to which lemmas it goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rubrika
from rubrika.topics import Topics, shares

# Two topics, a plant and a fire. A plant alone speaks for the theme, beside a fire against it.
PLANT, WORKSHOP, FIRE, OTHER = range(4)
TOPICS = Topics.of(
    np.array([1, 1, 1, 0]),
    np.array([0, 0, 1]),
    np.array([1.0, 0.5, 1.0]),
    np.array([[[1.0, -1.5], [-1.5, 0.0]]]),
)

SCORES = {
    "a plant": ([PLANT], [0.4], 1.0),
    "a plant, said oftener": ([PLANT], [0.8], 1.0),
    "a plant and a workshop": ([PLANT, WORKSHOP], [0.4, 0.4], 1.0),
    "a fire": ([FIRE], [0.5], 0.0),
    "a plant beside a fire": ([PLANT, FIRE], [0.3, 0.3], 0.5 - 1.5),
    "a plant beside a word of no topic": ([PLANT, OTHER], [0.3, 0.9], 1.0),
    "a word of no topic": ([OTHER], [1.0], 0.0),
    "no word": ([], [], 0.0),
}


@pytest.mark.parametrize(("rows", "values", "score"), SCORES.values(), ids=SCORES)
def test_topics_speak_by_their_company(rows: list[int], values: list[float], score: float) -> None:
    cells = np.array(rows, dtype=np.int64), np.array(values)
    assert TOPICS.scores(np.zeros_like(cells[0]), *cells, 1)[0, 0] == pytest.approx(score)


def test_a_lemma_gets_what_its_topics_add() -> None:
    added = TOPICS.contributions(np.array([PLANT, WORKSHOP, FIRE, OTHER]), np.array([2, 4, 4, 9.0]))
    # Each topic has half of the shares' square; the plant's part is split as 2 · 1 to 4 · 0.5.
    assert added[:, 0].tolist() == pytest.approx([-0.125, -0.125, -0.75, 0.0])


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=4))
def test_contributions_add_up_to_the_score(values: list[float]) -> None:
    cells = np.arange(len(values)), np.array(values)
    score = TOPICS.scores(np.zeros_like(cells[0]), *cells, 1)[0]
    assert TOPICS.contributions(*cells).sum(axis=0) == pytest.approx(score, abs=1e-8)


def test_texts_are_told_as_if_each_were_alone() -> None:
    texts, rows = np.repeat(np.arange(300), 2), np.tile([PLANT, FIRE], 300)
    values = np.random.default_rng(0).uniform(0.1, 1, 600)
    together = TOPICS.scores(texts, rows, values, 300)
    alone = [
        TOPICS.scores(np.zeros(2, np.int64), rows[k : k + 2], values[k : k + 2], 1)[0]
        for k in range(0, 600, 2)
    ]
    np.testing.assert_array_equal(together, alone)


def test_shares_have_length_one_or_none() -> None:
    own = shares(np.array([[3.0, 1.0], [0.0, 0.0]]))
    assert np.linalg.norm(own, axis=1).tolist() == pytest.approx([1, 0])


COMPANY = {
    "industry": (
        "Завод запустил новый цех и станки.",
        "На заводе сгорел цех, погибли рабочие, следователи возбудили уголовное дело.",
    ),
    "logistics_customs": (
        "Таможня оформила груз в порту за час.",
        "Суд арестовал начальника таможни за взятку, прокурор просил тюрьму.",
    ),
    "small_business": (
        "Предприниматель получил грант на пекарню.",
        "Суд приговорил предпринимателя к семи годам колонии за взятку прокурору.",
    ),
}


@pytest.mark.parametrize(("theme", "texts"), COMPANY.items())
def test_the_released_tagger_reckons_with_company(theme: str, texts: tuple[str, str]) -> None:
    tagger = rubrika.load()
    column = [one.id for one in tagger.themes].index(theme)
    with_theme, in_bad_company = tagger.probabilities(texts)[:, column]
    assert with_theme > tagger.decision.thresholds[column] > in_bad_company
