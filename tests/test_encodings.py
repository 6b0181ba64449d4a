"""Texts are read in the encodings that Russian texts come in."""

from __future__ import annotations

import pytest

from rubrika.errors import InputError
from rubrika_train.encodings import decode, detect

TEXT = "Губернатор открыл выставку «ИННОПРОМ»: приехали гости из Китая и Индии."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "mac-cyrillic"],
)
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "iso8859-5", "cp1251"])
@pytest.mark.parametrize("text", ["экспорт", "РОССИЯ", "Туристы едут на море.", TEXT])
def test_single_byte_encodings_are_told_apart(encoding: str, text: str) -> None:
    plain = text.replace("«", '"').replace("»", '"')
    assert decode(plain.encode(encoding)) == plain


def test_a_named_encoding_overrides() -> None:
    assert decode("да".encode("cp1251"), "cp1251") == "да"


@pytest.mark.parametrize(
    ("raw", "encoding", "message"),
    [
        (
            bytes(range(256)),
            "auto",
            "not a text file; give text, or JSON Lines by the file name",
        ),
        (b"x", "cp9999", "no encoding 'cp9999'; try utf-8, cp1251 or koi8-r"),
        (b"\xff", "utf-8", "not text in utf-8; name its encoding with --encoding"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, encoding: str, message: str) -> None:
    with pytest.raises(InputError, match=message[:40]) as raised:
        decode(raw, encoding)
    assert str(raised.value).startswith(message)


def test_damaged_utf8_is_not_taken_for_an_old_encoding() -> None:
    with pytest.raises(InputError) as raised:
        decode((TEXT * 3).encode()[:100] + b"\xff")
    assert str(raised.value) == ("broken UTF-8 at byte 100; save the file again in one encoding")


def test_plain_ascii_is_utf8() -> None:
    assert detect(b"plain words") == "utf-8"
