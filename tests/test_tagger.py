"""The numpy tagger does what the scikit-learn pipeline does, and says what it does not know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrika.decision import Status
from rubrika.tagger import Tagger
from rubrika_train.annotations import read as read_annotations
from rubrika_train.training import Trained
from tests.conftest import AUTOMOTIVE, NONE, ROOT, TOURISM

TEXTS = [sentence.format(7) for sentence in (*TOURISM, *AUTOMOTIVE, *NONE)]


def project_texts() -> list[str]:
    judged = read_annotations(ROOT / "annotations").judged
    return [article.full_text for article in judged[::20]]


def test_scores_are_those_of_the_pipeline_on_real_text(trained: Trained) -> None:
    texts = TEXTS + project_texts() + ["", "—", "слово"]
    expected = trained.pipeline.decision_function(texts)
    np.testing.assert_allclose(trained.tagger.score(texts).scores, expected, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*TEXTS, "", "5", "Hello world"]), max_size=12))
def test_a_batch_says_what_each_article_alone_gets(tagger: Tagger, texts: list[str]) -> None:
    assert list(tagger.tag_many(texts)) == [tagger.tag(text) for text in texts]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_any_size_of_batch_says_the_same(
    tagger: Tagger, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = TEXTS + project_texts()
    expected = list(tagger.tag_many(texts))
    monkeypatch.setattr("rubrika.tagger.BATCH", size)
    assert list(tagger.tag_many(texts)) == expected


def test_a_very_long_article_counts_to_its_end(tagger: Tagger) -> None:
    filler = " ".join(NONE) * 400
    once = tagger.vocabulary.count([f"{filler} {TOURISM[0]}"])
    assert tagger.vocabulary.row("туристы") in once.rows
    assert once.words[0] > 400 * 20


def test_several_processes_say_the_same_in_order(tagger: Tagger) -> None:
    texts = TEXTS * 200
    assert list(tagger.tag_many(texts, jobs=2)) == list(tagger.tag_many(texts))


def test_themes_come_the_most_probable_first(tagger: Tagger) -> None:
    tagged = tagger.tag(f"{TOURISM[0]} {AUTOMOTIVE[0]} {AUTOMOTIVE[1]}")
    assert [tag.probability for tag in tagged.tags] == sorted(
        (tag.probability for tag in tagged.tags), reverse=True
    )
    assert all(tag.probability >= tag.threshold for tag in tagged.tags)


STATUSES = {
    TOURISM[0]: Status.TAGGED,
    NONE[0]: Status.NONE,
    "": Status.UNKNOWN_WORDS,
    "123 456 789": Status.UNKNOWN_WORDS,
    "Кварк глюон бозон адрон лептон мюон": Status.UNKNOWN_WORDS,
    "The tourists are going to the sea this summer, hotels said.": Status.WRONG_LANGUAGE,
    "Туристи їдуть на море, готелі курорту заповнені, і це ще не межа.": Status.WRONG_LANGUAGE,
    "Турысты едуць на мора, гатэлі курорта запоўненыя на дзевяноста.": Status.WRONG_LANGUAGE,
    "Туристите отиват на море, а хотелите са пълни и ще се пълнят още.": Status.WRONG_LANGUAGE,
}


@pytest.mark.parametrize(("text", "status"), STATUSES.items())
def test_status_of_a_text(tagger: Tagger, text: str, status: Status) -> None:
    tagged = tagger.tag(text)
    assert tagged.status is status
    assert bool(tagged.themes) == (status is Status.TAGGED)


def test_unsure_is_just_under_the_threshold(tagger: Tagger) -> None:
    from dataclasses import replace

    probability = tagger.probabilities([TOURISM[0]]).max()
    decision = replace(tagger.decision, thresholds=np.full(2, probability + 1e-6))
    (tagged,) = tagger.tag_batch([TOURISM[0]], decision)
    assert (tagged.status, tagged.tags) == (Status.UNSURE, ())


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_adds_a_theme(tagger: Tagger, one: float, other: float) -> None:
    from dataclasses import replace

    low, high = sorted((one, other))
    given_themes = [
        set(
            tagger.tag_batch([text], replace(tagger.decision, thresholds=np.full(2, value)))[
                0
            ].themes
        )
        for text in TEXTS[:6]
        for value in (low, high)
    ]
    for at_low, at_high in zip(given_themes[::2], given_themes[1::2], strict=True):
        assert at_high <= at_low


def test_strongest_lemmas_speak_for_the_theme(tagger: Tagger) -> None:
    assert "турист" in tagger.strongest_lemmas("tourism", 8)
    assert "турист" not in tagger.strongest_lemmas("automotive", 8)
