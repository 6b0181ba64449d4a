"""Keywords: which texts hold them, and that they stand for the model until it can be learnt."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rubrika
from rubrika import bundle
from rubrika.decision import By, Tag
from rubrika.errors import BundleError
from rubrika.explain import explain
from rubrika.keywords import Rules, phrases_of
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika.words import split
from rubrika_train.annotations import read
from rubrika_train.deciding import MIN_ARTICLES
from rubrika_train.ruling import rules_of
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels
from rubrika_train.training import train
from tests.conftest import NONE, THEMES, TOURISM, judgement, write_annotations, write_jsonl
from tests.conftest import read_jsonl as lines_of

NO_LABELS = np.zeros((0, 1), dtype=np.int8)


def rules(*keywords: str, labels: Labels = NO_LABELS) -> Rules | None:
    return rules_of([Theme("x", "Х", "X", "", keywords=keywords)], labels)


def found(text: str, *keywords: str) -> list[str]:
    own = rules(*keywords)
    assert own is not None
    words = split([text])
    return [one.phrase for one in own.find(words.texts, words.hashes)]


# A keyword, and a text that holds it or does not.
HELD = [
    ("экспортный центр", "в экспортном центре области", True),
    ("экспортный центр", "Экспортные центры", True),
    ("экспортные центры", "экспортным центром", True),
    ("экспортный центр", "экспортный деловой центр", False),
    ("экспортный центр", "центр экспортный", False),
    ("экспортный центр", "экспортный", False),
    ("сталь", "производство стали", False),  # the form is «стать» more often than «сталь»
    ("сталь", "продажи сталью", True),
    ("производство стали", "производством стали", True),
    ("ёлка", "у елки", True),
    ("елка", "у ёлки", True),
    ("Илон Маск", "Илона Маска", True),  # names are no features, but may be keywords
    ("гостиница на воде", "гостиницу на воде", True),
    ("гостиница на воде", "гостиницу у воды", False),
    ("5G", "сети 5g", True),
    ("МС-21", "самолёт МС-21", True),
    ("МС-21", "самолёт МС", False),
    ("криптоферма", "криптофермы", True),
    ("центр", "центральный", False),
    ("центр", "це\u00adнтра", True),
]


@pytest.mark.parametrize(("keyword", "text", "is_held"), HELD)
def test_keywords_match_by_lemma(keyword: str, text: str, is_held: bool) -> None:
    assert found(text, keyword) == [keyword] * is_held


def test_a_phrase_does_not_run_from_one_text_into_the_next() -> None:
    own = rules("экспортный центр")
    assert own is not None
    words = split(["экспортный", "центр", "экспортный центр"])
    assert phrases_of(own.find(words.texts, words.hashes)) == {(2, "x"): ("экспортный центр",)}


@given(st.lists(st.sampled_from(["экспортный", "центр", "сталь", "и"]), max_size=12))
def test_matching_in_numpy_is_what_a_loop_gives(words: list[str]) -> None:
    pairs = pairwise(words)
    expected = sum(pair == ("экспортный", "центр") for pair in pairs)
    assert len(found(" ".join(words), "экспортный центр")) == expected


def test_rules_survive_json() -> None:
    own = rules("экспортный центр", "5G")
    assert own is not None
    assert Rules.from_json(json.loads(json.dumps(own.to_json()))) == own


@pytest.mark.parametrize(
    ("yes", "no", "by_rule"),
    [
        (0, 0, True),
        (MIN_ARTICLES - 1, 50, True),
        (50, MIN_ARTICLES - 1, True),
        (MIN_ARTICLES, MIN_ARTICLES, False),
    ],
)
def test_the_model_takes_over_when_it_can_be_calibrated(yes: int, no: int, by_rule: bool) -> None:
    labels = np.array([[1]] * yes + [[0]] * no + [[-1]] * 50, dtype=np.int8)
    assert (rules("центр", labels=labels) is not None) == by_rule


def test_a_theme_without_keywords_has_no_rule() -> None:
    assert rules() is None


MORE = """
[[themes]]
id = "health"
ru = "Медицина"
en = "Health"
definition = "Hospitals."
keywords = ["больница", "операция на сердце"]
"""
HOSPITAL = NONE[3].format(5)


def write_with_keywords(folder: Path) -> Path:
    write_annotations(folder)
    (folder / "themes.toml").write_text(THEMES + MORE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def by_rule(tmp_path_factory: pytest.TempPathFactory, tiny_settings: Settings) -> Tagger:
    return train(read(write_with_keywords(tmp_path_factory.mktemp("rule"))), tiny_settings).tagger


def test_a_tag_by_keywords_says_so(by_rule: Tagger) -> None:
    assert by_rule.tag(HOSPITAL).tags == (
        Tag("health", 1.0, 0.5, By.KEYWORDS, ("больница", "операция на сердце")),
    )
    (tag,) = by_rule.tag(TOURISM[0]).tags
    assert (tag.theme, tag.by, tag.because) == ("tourism", None, ())


def test_a_batch_says_what_each_text_says(by_rule: Tagger) -> None:
    texts = [HOSPITAL, TOURISM[0], "", f"{TOURISM[1]} Больница.", f"{HOSPITAL}\nЧитайте также"]
    assert by_rule.tag_batch(texts) == [by_rule.tag(text) for text in texts]
    assert by_rule.probabilities(texts)[:, 2].tolist() == [1, 0, 0, 1, 1]


def test_keywords_in_page_debris_give_nothing(by_rule: Tagger) -> None:
    text = f"{TOURISM[0]}\n\nЧитайте также:\nБольница открыта после ремонта"
    assert by_rule.tag(text).themes == ("tourism",)


def test_rules_come_back_from_the_folder(by_rule: Tagger, tmp_path: Path) -> None:
    bundle.save(by_rule, tmp_path / "saved", {}, "")
    again = rubrika.load(tmp_path / "saved")
    assert (again.rules, again.themes) == (by_rule.rules, by_rule.themes)
    assert again.tag(HOSPITAL) == by_rule.tag(HOSPITAL)


def test_a_tagger_without_rules_has_none_in_its_manifest(tiny_bundle: Path) -> None:
    manifest = bundle.read_manifest(tiny_bundle)
    assert "rules" not in manifest
    assert [sorted(theme) for theme in manifest["themes"]] == [["definition", "en", "id", "ru"]] * 2


@pytest.mark.parametrize(
    "tree",
    [
        {"sport": {"центр": [["центр"]]}},  # no such theme
        {"health": {"центр": [[]]}},
        {"health": {"центр": []}},
        {"health": {"центр": [["два слова"]]}},
        {"health": 5},
    ],
)
def test_rules_that_do_not_fit_are_refused(by_rule: Tagger, tmp_path: Path, tree: object) -> None:
    folder = tmp_path / "saved"
    bundle.save(by_rule, folder, {}, "")
    manifest = {**bundle.read_manifest(folder), "rules": tree}
    manifest["sha256"] = bundle._digest_of_manifest(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="not a tagger that fits together"):
        rubrika.load(folder)


def test_matched_phrases_are_explained_in_their_place(by_rule: Tagger) -> None:
    explained = explain(by_rule, HOSPITAL)
    (health, _) = explained.themes
    assert (health.given, health.by, health.score) == (True, By.KEYWORDS, 2.0)
    for word in health.words:
        assert [HOSPITAL[token.start : token.stop] for token in word.tokens] == [
            token.form for token in word.tokens
        ]
    assert {word.lemma: [token.form for token in word.tokens] for word in health.words} == {
        "больница": ["больницы"],
        "операция на сердце": ["операций", "на", "сердце"],
    }


def test_cross_validation_counts_tags_by_keywords(tmp_path: Path, tiny_settings: Settings) -> None:
    """Four labels are too few for the model: the rule finds those, and articles without one."""
    with_keywords = write_with_keywords(tmp_path / "annotations")
    gold = read(with_keywords)
    hospitals = [one.id for one in gold.articles if "больниц" in one.text]
    later = {"annotator": "first", "labelled_at": "2026-11-02"}
    lines = lines_of((with_keywords / "labels.jsonl").read_text("utf-8"))
    lines += [{**judgement(one, ["health"]), **later} for one in hospitals[: MIN_ARTICLES - 1]]
    write_jsonl(with_keywords / "labels.jsonl", lines)
    trained = train(read(with_keywords), tiny_settings)
    health = trained.evaluation.themes["health"]
    assert (health.tp, health.fn) == (MIN_ARTICLES - 1, 0)
    assert health.fp == len(hospitals) - (MIN_ARTICLES - 1)
    assert health.threshold == 0.5
    assert (
        "theme health: given by its keywords; the model takes over when 5 articles have it and 5 "
        "have it not" in trained.warnings
    )
