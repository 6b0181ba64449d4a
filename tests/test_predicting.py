"""A line of JSON goes out as it came in, to the byte, with what Rubrika says of it at its end."""

from __future__ import annotations

import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrika.decision import Status
from rubrika.tagger import Tagged
from rubrika_train.inputs import Reading, Row
from rubrika_train.inputs.json_lines import read as read_jsonl
from rubrika_train.predicting import Prediction

SAID = b'"themes":[],"status":"none","tags":[],"model":"v1"}\n'
NOTHING = Tagged(Status.NONE, ())


def line_of(raw: bytes) -> bytes:
    (row,) = read_jsonl("a.jsonl", io.BytesIO(raw), Reading())
    assert isinstance(row, Row)
    return Prediction(row, NOTHING).json_line("v1")


LINES = {
    "numbers beyond 64 bits": b'{"id": 123456789012345678901234567890, "text": "x", "y": 1.50',
    "escapes and odd spaces": b'{ "text" :"\\u0430\\/b" , "z":[ 1,2 ]',
    "UTF-8": '{"text":"Завод","город":"Тверь"'.encode(),
}


@pytest.mark.parametrize("start", LINES.values(), ids=LINES.keys())
@pytest.mark.parametrize("end", [b"}", b"}\n", b"}\r\n", b" } \t\n"])
def test_own_fields_stay_to_the_byte(start: bytes, end: bytes) -> None:
    own = (start + end).strip()
    assert line_of(start + end) == own[:-1] + b"," + SAID


def test_the_mark_of_utf_8_goes() -> None:
    assert line_of(b'\xef\xbb\xbf{"text":"x"}\n') == b'{"text":"x",' + SAID


def test_fields_named_like_ours_are_renamed() -> None:
    assert line_of(b'{"themes": 1, "text": "x"}') == b'{"input_themes":1,"text":"x",' + SAID


def test_a_line_stays_one_line() -> None:
    assert line_of(b'{"text":\r"x"}') == b'{"text":"x",' + SAID


@given(st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.none()))
def test_a_line_says_what_the_record_says(fields: dict[str, object]) -> None:
    raw = orjson.dumps({**fields, "text": "слово"})
    (row,) = read_jsonl("a.jsonl", io.BytesIO(raw), Reading(title_column="?"))
    assert isinstance(row, Row)
    prediction = Prediction(row, NOTHING)
    assert orjson.loads(prediction.json_line("v1")) == {
        **prediction.record("v1"),
        "themes": [],
    }


def test_other_encodings_are_written_as_utf_8() -> None:
    raw = '{"text":"Завод"}'.encode("cp1251")
    (row,) = read_jsonl("a.jsonl", io.BytesIO(raw), Reading(encoding="cp1251"))
    assert isinstance(row, Row)
    assert Prediction(row, NOTHING).json_line("v1").startswith('{"text":"Завод",'.encode())
