"""A frame of pandas and one of polars come back tagged alike, their own columns untouched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pytest

from rubrika.errors import InputError, RubrikaError
from rubrika.tagger import Tagger
from tests.conftest import AUTOMOTIVE, NONE, TOURISM

TEXTS = [TOURISM[0].format(90), NONE[0].format(3), AUTOMOTIVE[0].format(5), ""]
COLUMNS = {"id": [7, 5, 3, 1], "text": TEXTS, "head": ["", None, TOURISM[1], "123"]}
KINDS = pytest.mark.parametrize("frame_of", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
FrameOf = Callable[[dict[str, Any]], Any]


def values(frame: Any, column: str) -> list[Any]:  # noqa: ANN401 (of either library)
    return [list(one) if not isinstance(one, str) else one for one in frame[column].to_list()]


@KINDS
def test_a_frame_says_what_the_tagger_says(tagger: Tagger, frame_of: FrameOf) -> None:
    tagged = tagger.tag_frame(frame_of(COLUMNS))
    expected = list(tagger.tag_many(TEXTS))
    assert list(tagged.columns) == [*COLUMNS, "themes", "status", "probabilities"]
    assert values(tagged, "themes") == [list(one.themes) for one in expected]
    assert values(tagged, "status") == ["tagged", "none", "tagged", "unknown_words"]
    assert values(tagged, "probabilities") == [
        [tag.probability for tag in one.tags] for one in expected
    ]


@KINDS
def test_a_title_is_read_before_the_text_where_there_is_one(
    tagger: Tagger, frame_of: FrameOf
) -> None:
    tagged = tagger.tag_frame(frame_of(COLUMNS), title="head")
    joined = [*TEXTS[:2], f"{TOURISM[1]}\n\n{TEXTS[2]}", "123\n\n"]
    assert values(tagged, "themes") == [list(one.themes) for one in tagger.tag_many(joined)]


def test_pandas_keeps_its_index_and_the_frame_given_stays_as_it_was(tagger: Tagger) -> None:
    frame = pd.DataFrame(COLUMNS, index=[10, 10, 3, 4])
    before = frame.copy()
    tagged = tagger.tag_frame(frame)
    pd.testing.assert_frame_equal(tagged[list(COLUMNS)], before)
    pd.testing.assert_frame_equal(frame, before)
    assert tagged["status"].notna().all()


def test_polars_keeps_types_even_where_nothing_is_found(tagger: Tagger) -> None:
    frame = pl.DataFrame(COLUMNS, schema_overrides={"id": pl.UInt8})
    for part in (frame, frame[1:2], frame[:0]):
        tagged = tagger.tag_frame(part)
        assert tagged.select(*COLUMNS).equals(part)
        assert tagged.schema == {
            **frame.schema,
            "themes": pl.List(pl.String),
            "status": pl.String,
            "probabilities": pl.List(pl.Float64),
        }


def test_an_empty_pandas_frame_comes_back_empty(tagger: Tagger) -> None:
    assert list(tagger.tag_frame(pd.DataFrame(COLUMNS)[:0]).columns)[-3:] == [
        "themes",
        "status",
        "probabilities",
    ]


@KINDS
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"id": [1], "текст": ["Завод"]},
            "no column 'text' (columns: id, текст); name the columns with text= and title=",
        ),
        (
            {"text": ["Завод", None]},
            "row 1 (the first is 0): no text in column 'text'; fill or drop such rows first",
        ),
        (
            {"text": ["Завод"], "status": ["мой"], "themes": [1]},
            "column 'themes' is there already; rename or drop themes, status first",
        ),
    ],
    ids=["column", "row", "taken"],
)
def test_a_frame_that_does_not_fit_is_refused_in_one_line(
    tagger: Tagger, frame_of: FrameOf, columns: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as raised:
        tagger.tag_frame(frame_of(columns))
    assert str(raised.value) == message


def test_what_is_no_frame_is_refused(tagger: Tagger) -> None:
    with pytest.raises(RubrikaError) as raised:
        tagger.tag_frame(pl.LazyFrame(COLUMNS))
    assert str(raised.value) == (
        "tag_frame takes a DataFrame of pandas or polars, not LazyFrame; "
        "collect() a lazy frame first"
    )


def test_missing_narwhals_is_named_with_its_extra(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rubrika.frames.find_spec", lambda name: None)
    with pytest.raises(RubrikaError) as raised:
        tagger.tag_frame(pl.DataFrame(COLUMNS))
    assert str(raised.value) == (
        "tag_frame needs narwhals; install it: pip install 'rubrika[frames]'"
    )
