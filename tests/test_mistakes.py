"""Mistakes: the surest first, by theme, with the words of the tagger that made them."""

from __future__ import annotations

from dataclasses import replace

from rubrika.tagger import Tagger
from rubrika_train.labelled import LabelledArticle
from rubrika_train.mistakes import rows_of_mistakes, surest_mistakes
from rubrika_train.results import Results, collect
from tests.conftest import AUTOMOTIVE, NONE, TOURISM


def results(tagger: Tagger) -> Results:
    kinds: list[tuple[str, set[str]]] = [
        (TOURISM[0], {"tourism"}),
        (TOURISM[1], set()),  # wrongly given
        (NONE[0], {"tourism"}),  # missed
        (AUTOMOTIVE[0], {"automotive"}),
    ]
    return collect(
        tagger,
        [
            LabelledArticle(f"№ {k}", text, frozenset(themes), frozenset())
            for k, (text, themes) in enumerate(kinds)
        ],
    )


def test_the_surest_mistake_is_first(tagger: Tagger) -> None:
    said = results(tagger)
    rows = rows_of_mistakes(said, said.theme_ids.index("tourism"))
    assert sorted(rows) == [1, 2]
    probabilities = said.probabilities[:, said.theme_ids.index("tourism")]
    surprise = {1: probabilities[1], 2: 1 - probabilities[2]}
    assert surprise[rows[0]] >= surprise[rows[1]]


def test_mistakes_have_their_words(tagger: Tagger) -> None:
    found = surest_mistakes(results(tagger), lambda row: tagger, each=2)
    assert {(one.article, one.theme, one.missed) for one in found} == {
        ("№ 1", "tourism", False),
        ("№ 2", "tourism", True),
    }
    (wrong,) = (one for one in found if not one.missed)
    assert wrong.probability >= wrong.threshold
    assert wrong.words[0][1] > 0
    assert "".join(piece.text for piece in wrong.text) == TOURISM[1]


def test_each_limits_either_kind_of_a_theme(tagger: Tagger) -> None:
    said = results(tagger)
    twice = [*range(len(said.articles)), 1, 2]
    more = replace(
        said,
        articles=tuple(said.articles[row] for row in twice),
        labels=said.labels[twice],
        probabilities=said.probabilities[twice],
        chosen=said.chosen[twice],
    )
    found = surest_mistakes(more, lambda row: tagger, each=1)
    assert [(one.article, one.missed) for one in found] == [("№ 1", False), ("№ 2", True)]
