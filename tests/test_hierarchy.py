"""A theme within a theme: its yes is its parent's, its parent's no is its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rubrika
from rubrika import bundle
from rubrika.decision import By, with_parents
from rubrika.explain import explain
from rubrika.tagger import Tagger
from rubrika.themes import Theme, ancestors, families
from rubrika_train.annotations import read, resolve
from rubrika_train.closing import closed
from rubrika_train.explanations import RENDERERS
from rubrika_train.labelled import read_labelled
from rubrika_train.predicting import Narrowing, narrowed
from rubrika_train.results import collect
from rubrika_train.settings import Settings
from rubrika_train.training import train
from tests.conftest import TOURISM, write_annotations, write_jsonl
from tests.test_annotations import said

# travel > tourism > hotels, travel > flights
TREE = tuple(
    Theme(theme, theme, theme, "", parent)
    for theme, parent in (
        ("hotels", "tourism"),
        ("travel", None),
        ("tourism", "travel"),
        ("flights", "travel"),
    )
)
IDS = tuple(theme.id for theme in TREE)


def test_the_tree() -> None:
    assert ancestors(TREE)["hotels"] == ("tourism", "travel")
    assert families(TREE) == ((2, (0,)), (1, (2, 3)))


GOLD = {
    "a yes climbs": ([said("x", "hotels")], "hotels tourism travel", ""),
    "a no falls": ([said("x", "", not_themes=("travel",))], "", ""),
    "a no stops at parents": (
        [said("x", "", not_themes=("tourism",))],
        "",
        "flights travel",
    ),
    "a parent says nothing of its children": (
        [said("x", "tourism", not_themes=())],
        "tourism travel",
        "flights hotels",
    ),
    "annotators differ on the child alone": (
        [said("x", "hotels"), said("y", "tourism")],
        "tourism travel",
        "hotels",
    ),
    "a yes of the child goes before a no of the parent": (
        [said("x", "hotels", not_themes=("tourism",))],
        "hotels tourism travel",
        "flights",
    ),
    "a no of the parent settles a dispute of the child": (
        [said("x", "", disputed=("hotels",))],
        "",
        "",
    ),
}


@pytest.mark.parametrize(("judgements", "themes", "open_"), GOLD.values(), ids=GOLD.keys())
def test_gold_is_closed(judgements: list[object], themes: str, open_: str) -> None:
    gold = resolve(judgements, TREE)  # type: ignore[arg-type]
    assert (sorted(gold.themes), sorted(gold.open)) == (themes.split(), open_.split())


@given(st.fixed_dictionaries({theme: st.sampled_from([True, False, None]) for theme in IDS}))
def test_closing_ends_and_leaves_no_gap(what: Mapping[str, bool | None]) -> None:
    above = ancestors(TREE)
    result = closed(what, above)
    assert closed(result, above) == result
    for theme, yes in result.items():
        parents = [result[parent] for parent in above[theme]]
        assert not yes or all(parents)
        assert yes is False or False not in parents


@given(
    st.lists(
        st.lists(st.floats(0, 1), min_size=len(IDS), max_size=len(IDS)), min_size=1, max_size=5
    )
)
def test_decisions_close_upwards(rows: list[list[float]]) -> None:
    probabilities = np.array(rows)
    reached = probabilities >= 0.5
    choice = with_parents(probabilities, reached, families(TREE))
    np.testing.assert_array_equal(choice.given >= reached, True)
    for article in range(len(rows)):
        for column, theme in enumerate(TREE):
            for parent in ancestors(TREE)[theme.id]:
                above = IDS.index(parent)
                assert choice.given[article, above] >= choice.given[article, column]
            if not choice.given[article, column]:
                assert choice.probabilities[article, column] == rows[article][column]


def test_an_added_parent_has_the_highest_probability_of_its_children() -> None:
    probabilities = np.array([[0.6, 0.2, 0.3, 0.7], [0.1, 0.2, 0.3, 0.4]])
    choice = with_parents(probabilities, probabilities >= 0.5, families(TREE))
    assert choice.probabilities.tolist() == [[0.6, 0.7, 0.6, 0.7], [0.1, 0.2, 0.3, 0.4]]
    assert choice.given.tolist() == [[True] * 4, [False] * 4]


HOLIDAYS = """
[[themes]]
id = "tourism"
ru = "Туризм"
en = "Tourism"
definition = "Travel and hotels."
parent = "leisure"

[[themes]]
id = "automotive"
ru = "Автопром"
en = "Automotive"
definition = "Makers of cars."

[[themes]]
id = "leisure"
ru = "Отдых"
en = "Leisure"
definition = "What people do when they are free."
"""


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the tiny annotations with a parent that no judgement names."""
    folder = write_annotations(tmp_path_factory.mktemp("nested"))
    (folder / "themes.toml").write_text(HOLIDAYS, "utf-8")
    return folder


@pytest.fixture(scope="module")
def climbing(nested: Path, tiny_settings: Settings) -> Tagger:
    return train(read(nested), tiny_settings).tagger


def test_a_parent_is_trained_on_its_childrens_articles(nested: Path, climbing: Tagger) -> None:
    gold = read(nested).gold
    assert gold["a0"].themes == {"tourism", "leisure"}
    assert climbing.weights[:, 2] == pytest.approx(climbing.weights[:, 0])
    assert climbing.topics is not None
    assert climbing.topics.weights[2] == pytest.approx(climbing.topics.weights[0])


def parent_out_of_reach(tagger: Tagger) -> Tagger:
    thresholds = np.array([*tagger.decision.thresholds[:2], 1.1])
    return replace(tagger, decision=replace(tagger.decision, thresholds=thresholds))


def test_a_parent_added_by_its_child_says_so(climbing: Tagger) -> None:
    child, parent = parent_out_of_reach(climbing).tag(TOURISM[0]).tags
    assert (child.theme, child.by, child.because) == ("tourism", None, ())
    assert (parent.theme, parent.by, parent.because) == ("leisure", By.CHILD, ("tourism",))
    assert parent.probability == child.probability


def test_a_parent_that_the_model_gives_is_not_marked(climbing: Tagger) -> None:
    assert [tag.by for tag in climbing.tag(TOURISM[0]).tags] == [None, None]


@pytest.mark.parametrize(
    ("narrowing", "themes"),
    [
        (Narrowing(themes=["leisure"]), ("leisure",)),
        (Narrowing(excluded=["tourism"]), ("leisure",)),
        (Narrowing(themes=["tourism"]), ("tourism",)),
        (Narrowing(excluded=["leisure"]), ("tourism",)),
        (Narrowing(themes=["automotive"]), ()),
    ],
)
def test_a_child_that_is_not_shown_still_gives_its_parent(
    climbing: Tagger, narrowing: Narrowing, themes: tuple[str, ...]
) -> None:
    tagger = parent_out_of_reach(climbing)
    (tagged,) = tagger.tag_batch([TOURISM[0]], narrowed(tagger, narrowing))
    assert tagged.themes == themes


def test_an_added_parent_is_explained_by_its_child(climbing: Tagger) -> None:
    _, parent = explain(parent_out_of_reach(climbing), TOURISM[0], ["tourism", "leisure"]).themes
    assert (parent.given, parent.by, parent.because) == (True, By.CHILD, ("tourism",))
    assert parent.margin < 0
    total = parent.bias + sum(word.contribution for word in parent.words)
    assert total == pytest.approx(parent.score)


def test_an_added_parent_is_shown_with_its_child(climbing: Tagger) -> None:
    tagger = parent_out_of_reach(climbing)
    shown = RENDERERS["terminal"](explain(tagger, TOURISM[0], ["leisure"]), tagger)
    assert shown.startswith(
        "Отдых (leisure): given with its part tourism; by its own words not; probability "
    )


def test_scoring_closes_gold_and_predictions(climbing: Tagger, tmp_path: Path) -> None:
    data = write_jsonl(
        tmp_path / "data.jsonl", [{"id": 1, "text": TOURISM[0], "labels": ["tourism"]}]
    )
    articles = read_labelled(data, climbing.themes)
    assert articles[0].themes == {"tourism", "leisure"}
    results = collect(parent_out_of_reach(climbing), articles)
    assert results.labels.tolist() == [[1, 0, 1]]
    assert results.chosen.tolist() == [[True, False, True]]
    assert results.probabilities[0, 2] == results.probabilities[0, 0]


def test_a_folder_says_nothing_of_a_theme_that_it_has_not(
    climbing: Tagger, annotated: Path
) -> None:
    by_id = {one.id: one for one in read_labelled(annotated, climbing.themes)}
    assert by_id["a0"].row(["tourism", "automotive", "leisure"]) == [1, 0, 1]
    assert by_id["a20"].row(["tourism", "automotive", "leisure"]) == [0, 1, -1]


def test_the_hierarchy_comes_back_from_the_folder(climbing: Tagger, tmp_path: Path) -> None:
    bundle.save(climbing, tmp_path / "saved", {}, "")
    again = rubrika.load(tmp_path / "saved")
    assert again.themes == climbing.themes
    assert again.tag(TOURISM[0]).themes == ("tourism", "leisure")
