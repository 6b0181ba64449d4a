"""Every kind of file is read, its broken rows and its damage are told in one line each."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rubrika.errors import InputError, RubrikaError
from rubrika_train import compression
from rubrika_train.inputs import Reading, Reject, Row, files, read
from rubrika_train.inputs import rows as inputs_rows
from tests.conftest import AUTOMOTIVE, NONE, TOURISM

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Fields = Mapping[str, Any]

ARTICLES: Sequence[Fields] = [
    {"id": "1", "title": "Курорт", "text": f'{TOURISM[0]}\nВторая строка; «ещё», "так".'},
    {"id": "2", "title": "", "text": AUTOMOTIVE[0]},
    {"id": "3", "title": "", "text": NONE[0]},
]


def to_json_lines(articles: Sequence[object]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles).encode()


def to_json(articles: Sequence[object]) -> bytes:
    return json.dumps(articles, ensure_ascii=False, indent=1).encode()


def to_table(articles: Sequence[Fields], separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, articles[0].keys(), delimiter=separator)
    writer.writeheader()
    writer.writerows(articles)
    return text.getvalue().encode()


def to_parquet(articles: Sequence[Fields]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(articles)), file)
    return file.getvalue()


FILES: Mapping[str, Callable[[Sequence[Any]], bytes]] = {
    ".jsonl": to_json_lines,
    ".ndjson": to_json_lines,
    ".json": to_json,
    ".csv": to_table,
    ".tsv": lambda articles: to_table(articles, "\t"),
    ".parquet": to_parquet,
}
COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "": lambda raw: raw,
    ".gz": gzip.compress,
    ".zst": zstd.compress,
}
KINDS = [(kind, compressed) for kind in FILES for compressed in COMPRESSIONS]


def rows(*names: object, reading: Reading = Reading()) -> list[Row | Reject]:  # noqa: B008
    return list(read([str(name) for name in names], reading))


def messages(*names: object, reading: Reading = Reading()) -> list[str]:  # noqa: B008
    return [row.message for row in rows(*names, reading=reading) if isinstance(row, Reject)]


def texts(*names: object) -> list[str]:
    return [row.text for row in rows(*names) if isinstance(row, Row)]


@pytest.fixture(autouse=True)
def _in_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Give bytes as standard input."""

    def give(raw: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return give


@pytest.mark.parametrize(("kind", "compressed"), KINDS)
def test_every_kind_is_read(kind: str, compressed: str) -> None:
    raw = COMPRESSIONS[compressed](FILES[kind](ARTICLES))
    name = f"a{kind}{compressed}".upper()
    Path(name).write_bytes(raw)
    found = [row for row in rows(name) if isinstance(row, Row)]
    assert [row.fields for row in found] == ARTICLES
    assert found[0].text == f"Курорт\n\n{ARTICLES[0]['text']}"


@pytest.mark.parametrize(("kind", "compressed"), KINDS)
def test_every_kind_is_recognised_on_standard_input(
    stdin: Callable[[bytes], None], kind: str, compressed: str
) -> None:
    stdin(COMPRESSIONS[compressed](FILES[kind](ARTICLES)))
    assert [row.fields for row in rows("-") if isinstance(row, Row)] == ARTICLES


@pytest.mark.parametrize(
    "raw",
    [
        TOURISM[0].encode(),
        "[Фото] Текст, который начинается со скобки".encode(),
        "текст, фото: РИА\nЕщё, text".encode(),
        "text\nслово".encode(),
        ("text, и не только\n" + TOURISM[0]).encode("cp1251"),
        "<b>Жирное</b> слово".encode(),
        TOURISM[0].encode("utf-16"),
    ],
)
def test_plain_text_on_standard_input_is_one_article(
    stdin: Callable[[bytes], None], raw: bytes
) -> None:
    stdin(raw)
    (row,) = rows("-")
    assert isinstance(row, Row)
    assert row.fields == {"file": "-"}


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16", "koi8-r"])
def test_a_table_from_excel_on_standard_input(
    stdin: Callable[[bytes], None], encoding: str
) -> None:
    stdin(f"номер;text\r\n7;{TOURISM[0]}\r\n".encode(encoding))
    (row,) = rows("-")
    assert isinstance(row, Row)
    assert row.fields == {"номер": "7", "text": TOURISM[0]}


WIDE = ["utf-16", "utf-32", "utf-16-le", "utf-16-be"]
TEXT_KINDS = [kind for kind in FILES if kind != ".parquet"]


def in_wide(raw: bytes, encoding: str) -> bytes:
    """Return a text in a wide encoding, with its mark where the encoding's name gives it none."""
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""
    return (mark + raw.decode()).encode(encoding)


@pytest.mark.parametrize("place", ["file", "-"])
@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_what_has_the_mark_of_a_wide_encoding_is_read(
    stdin: Callable[[bytes], None], kind: str, encoding: str, place: str
) -> None:
    raw = in_wide(FILES[kind](ARTICLES), encoding)
    stdin(raw)
    Path(f"a{kind}").write_bytes(raw)
    found = rows(f"a{kind}" if place == "file" else "-")
    assert [row.fields for row in found if isinstance(row, Row)] == ARTICLES


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_a_wide_encoding_without_its_mark_is_named(kind: str) -> None:
    Path(f"a{kind}.gz").write_bytes(
        gzip.compress(FILES[kind](ARTICLES).decode().encode("utf-16-be"))
    )
    found = rows(f"a{kind}.gz", reading=Reading(encoding="UTF_16BE"))
    assert [row.fields for row in found if isinstance(row, Row)] == ARTICLES


@pytest.mark.parametrize("named", ["utf-8", "UTF-8", "utf8"])
def test_json_lines_stay_to_the_byte_however_utf_8_is_spelt(named: str) -> None:
    line = b'{"n":123456789012345678901234567890, "text":"a"}'
    Path("a.jsonl").write_bytes(line)
    (row,) = rows("a.jsonl", reading=Reading(encoding=named))
    assert isinstance(row, Row)
    assert row.raw == line


@pytest.mark.parametrize("named", ["UTF8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("marked", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("place", ["file", "-"])
def test_a_mark_is_no_text_whatever_unicode_is_named(
    stdin: Callable[[bytes], None], named: str, marked: str, place: str
) -> None:
    raw = "\ufefftext\tid\r\nда\t7\r\n".encode(marked)
    stdin(raw)
    Path("a.tsv").write_bytes(raw)
    (row,) = rows("a.tsv" if place == "file" else "-", reading=Reading(encoding=named))
    assert isinstance(row, Row)
    assert row.fields == {"text": "да", "id": "7"}


@pytest.mark.parametrize("named", ["utf-16", "UTF16", "utf-32"])
def test_an_encoding_of_either_byte_order_wants_a_mark(named: str) -> None:
    Path("a.jsonl").write_bytes(
        '{"text":"да"}'.encode("utf-16-le" if "16" in named else "utf-32-le")
    )
    name = "utf-16" if "16" in named else "utf-32"
    assert messages("a.jsonl", reading=Reading(encoding=named)) == [
        f"a.jsonl: has no mark of {name}; name it {name}-le or {name}-be with --encoding"
    ]


def test_parquet_has_no_encoding() -> None:
    Path("a.parquet").write_bytes(to_parquet(ARTICLES))
    found = rows("a.parquet", reading=Reading(encoding="utf-16"))
    assert [row.fields for row in found if isinstance(row, Row)] == ARTICLES


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [("a.jsonl", '{"text":"да"}\n', "a.jsonl:1"), ("a.json", '[{"text":"да"}]', "a.json")],
)
def test_json_in_utf_16_says_what_to_do_without_a_mark(name: str, content: str, place: str) -> None:
    Path(name).write_bytes(content.encode("utf-16-le"))
    assert messages(name)[0] == (
        f"{place}: holds zero bytes; if this is UTF-16 without its mark, name it: "
        "--encoding utf-16-le"
    )


def test_a_cut_file_in_utf_16_is_named_after_what_is_whole() -> None:
    Path("a.jsonl").write_bytes('{"text":"да"}\n{"text":"нет"}'.encode("utf-16")[:-1])
    one, broken = rows("a.jsonl")
    assert isinstance(one, Row)
    assert broken == Reject(
        "a.jsonl", "not text in utf-16-le; name its encoding with --encoding", {"file": "a.jsonl"}
    )


def test_memory_does_not_grow_with_a_table_in_utf_16(tmp_path: Path) -> None:
    line = f'7;"{TOURISM[0]}"\r\n'
    Path("a.csv").write_bytes(("номер;text\r\n" + line * 60_000).encode("utf-16"))
    tracemalloc.start()
    assert sum(1 for _ in read(["a.csv"], Reading())) == 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20


PAGE = """<!DOCTYPE html>
<html lang="ru"><head><meta charset="{}"><title>Курорт ждёт гостей</title></head><body>
<nav><a href="/">Главная</a> <a href="/sport">Спорт</a> <a href="/sad">Сад</a></nav>
<article><h1>Курорт ждёт гостей</h1><p>{}</p><p>{}</p></article>
<footer>Все права защищены. Реклама на сайте. Подписка.</footer></body></html>
"""


@pytest.mark.parametrize(
    ("claimed", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("utf-8", "cp1251"),
        ("no-such", "utf-8"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_article_of_a_page(claimed: str, encoding: str) -> None:
    paragraph = " ".join(sentence.format(5) for sentence in TOURISM)
    Path("a.html").write_bytes(PAGE.format(claimed, paragraph, NONE[0]).encode(encoding))
    (row,) = rows("a.html")
    assert isinstance(row, Row)
    assert row.fields == {"file": "a.html", "title": "Курорт ждёт гостей"}
    assert row.text.count("Курорт ждёт гостей") == 1
    assert paragraph in row.text
    assert "Реклама" not in row.text
    assert "Спорт" not in row.text


@pytest.mark.parametrize(
    ("kind", "library", "extra"),
    [(".html", "trafilatura", "html"), (".parquet.gz", "pyarrow", "parquet")],
)
def test_a_missing_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, kind: str, library: str, extra: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    Path(f"a{kind}").touch()
    with pytest.raises(RubrikaError) as raised:
        rows(f"a{kind}")
    assert not isinstance(raised.value, InputError), "no row to skip"
    assert str(raised.value) == (
        f"a{kind}: needs {library}; install it: pip install 'rubrika[{extra}]'"
    )


def test_one_object_is_one_article_and_several_are_several() -> None:
    Path("one.json").write_text('{\n "text": "Завод",\n "n": 1.50\n}\n')
    Path("more.json").write_text('\ufeff{"text": "a"}\n{"text": "b"}\n')
    Path("none.json").write_text(" [ ] ")
    (row,) = rows("one.json")
    assert isinstance(row, Row)
    assert (row.origin, row.fields) == ("one.json", {"text": "Завод", "n": 1.5})
    assert texts("more.json", "none.json") == ["a", "b"]


def test_an_array_is_streamed(stdin: Callable[[bytes], None]) -> None:
    """The first articles come before the array is broken far behind them, on the same line."""
    stdin(b"[" + b'{"text": "x"},' * 100_000 + b"?")
    found = read(["-"], Reading())
    assert isinstance(next(found), Row)
    *_, last = found
    assert isinstance(last, Reject)
    assert last.message.startswith("-: broken JSON after item 100000 (")


def test_json_in_another_encoding_is_named() -> None:
    Path("a.json").write_bytes('[{"text": "Завод"}]'.encode("cp1251"))
    assert [row.text for row in rows("a.json", reading=Reading(encoding="cp1251"))] == ["Завод"]  # type: ignore[union-attr]
    (message,) = messages("a.json")
    assert message.startswith("a.json: broken JSON (")


NO_TEXT = "no text in field 'text' (fields: id); name its field with --text-column"
EMPTY = "the text is empty; there is nothing to tag"
BROKEN: Mapping[str, tuple[bytes, int, list[str]]] = {
    "lines.jsonl": (
        b'{"text":"a"}\n{broken\n[]\n{"id":3}\n{"text":" "}\n{"text":"b"}\n',
        2,
        [
            "lines.jsonl:2: broken JSON at column 2",
            "lines.jsonl:3: not a JSON object but list",
            f"lines.jsonl:4: {NO_TEXT}",
            f"lines.jsonl:5: {EMPTY}",
        ],
    ),
    "array.json": (
        b'[{"text":"a"},[],{"id":3},{"text":" "},null,{"text":"b"}]',
        2,
        [
            "array.json: item 2: not a JSON object but list",
            f"array.json: item 3: {NO_TEXT}",
            f"array.json: item 4: {EMPTY}",
            "array.json: item 5: not a JSON object but NoneType",
        ],
    ),
    "cut.json": (
        b'[{"text":"a"},{"text":"b"},{"te',
        2,
        ["cut.json: broken JSON after item 2 (parse error: premature EOF)"],
    ),
    "binary.json": (
        b"\x01[",
        0,
        ["binary.json: broken JSON (lexical error: invalid char in json text)"],
    ),
    "table.csv": (
        b"id,text\n1,a\n2,b,c,d\n3\n4,e\n",
        2,
        ["table.csv:3: 4 cells under 2 column names", f"table.csv:4: {EMPTY}"],
    ),
    "quote.csv": (
        b'id,text\n1,a\n2,"b\n',
        1,
        ["quote.csv: line 3 is no CSV (unexpected end of data)"],
    ),
    "rows.parquet": (
        to_parquet([{"text": "a"}, {"text": None}, {"text": ""}, {"text": "b"}]),
        2,
        [
            f"rows.parquet: row 2: {NO_TEXT.replace('id', 'text')}",
            f"rows.parquet: row 3: {EMPTY}",
        ],
    ),
    "cut.parquet": (
        to_parquet(ARTICLES)[:-20],
        0,
        [
            "cut.parquet: not a whole Parquet file (Parquet magic bytes not found in footer. "
            "Either the file is corrupted or this is not a parquet file.); copy it again"
        ],
    ),
    "zero.parquet": (
        b"",
        0,
        ["zero.parquet: not a whole Parquet file (Parquet file size is 0 bytes); copy it again"],
    ),
    "zero.txt": (b"", 0, [f"zero.txt: {EMPTY}"]),
    "zero.jsonl": (b"", 0, []),
    "zero.csv": (b"", 0, []),
    "zero.json": (b"", 0, ["zero.json: broken JSON (parse error: premature EOF)"]),
    "zero.html": (b"", 0, ["zero.html: no article found on this page; give its text as .txt"]),
    "binary.csv": (
        bytes(range(256)),
        0,
        ["binary.csv: not a text file; give text, or JSON Lines by the file name .jsonl"],
    ),
    "cut.txt.gz": (
        gzip.compress(b"a" * 1000)[:-4],
        0,
        [
            "cut.txt.gz: not a whole .gz file (Compressed file ended before the end-of-stream "
            "marker was reached); copy or compress it again"
        ],
    ),
    "none.txt.gz": (
        b"plain",
        0,
        [
            "none.txt.gz: not a whole .gz file (Not a gzipped file (b'pl')); "
            "copy or compress it again"
        ],
    ),
    "cut.jsonl.zst": (
        zstd.compress(to_json_lines(ARTICLES))[:-9],
        0,
        [
            "cut.jsonl.zst: not a whole .zst file (Compressed file ended before the "
            "end-of-stream marker was reached); copy or compress it again"
        ],
    ),
    "none.csv.zst": (
        b"plain",
        0,
        [
            "none.csv.zst: not a whole .zst file (Unable to decompress Zstandard data: Unknown "
            "frame descriptor); copy or compress it again"
        ],
    ),
    "cut.parquet.gz": (
        gzip.compress(to_parquet(ARTICLES)[:-20]),
        0,
        [
            "cut.parquet.gz: not a whole Parquet file (Parquet magic bytes not found in footer. "
            "Either the file is corrupted or this is not a parquet file.); copy it again"
        ],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_in_one_line_each(name: str) -> None:
    raw, whole, said = BROKEN[name]
    Path(name).write_bytes(raw)
    assert messages(name) == said
    assert len(texts(name)) == whole


def test_a_damaged_file_does_not_take_the_next_one_with_it() -> None:
    for name in ("cut.json", "cut.txt.gz"):
        Path(name).write_bytes(BROKEN[name][0])
    Path("z.txt").write_text("слово")
    found = rows("cut.json", "cut.txt.gz", "z.txt")
    assert [type(row) for row in found] == [Row, Row, Reject, Reject, Row]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv", ".txt", ".html", ".parquet"])
def test_a_bomb_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, kind: str, suffix: str
) -> None:
    monkeypatch.setattr(compression, "_LONGEST_LINE", 2**20)
    name = Path(f"a{kind}{suffix}")
    start = {".json": b'[{"text":"', ".jsonl": b'{"text":"', ".csv": b"id,text\n1,"}.get(kind, b"")
    name.write_bytes(COMPRESSIONS[suffix](start + b"a" * 2**24))
    (message,) = messages(name)
    assert re.fullmatch(
        rf"{name}: [\d,]+ bytes of {suffix} grow to more than [\d,]+ without a line end; "
        "these are no articles",
        message,
    )


def test_a_long_line_that_shrinks_as_text_does_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_LONGEST_LINE", 2**10)
    articles = [{"id": f"{n * 7919:x}", "text": f"слово {n * n:x}"} for n in range(2000)]
    raw = json.dumps(articles).encode()
    Path("a.json.gz").write_bytes(gzip.compress(raw))
    assert len(texts("a.json.gz")) == 2000


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_text_without_end_is_no_article(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("rubrika_train.inputs.plain.MAX_BYTES", 10)
    Path(name).write_text("слово за словом")
    assert messages(name) == [f"{name}: {inputs_rows.TOO_LARGE}"]


@pytest.mark.parametrize("suffix", COMPRESSIONS)
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_without_end_is_a_broken_row(
    monkeypatch: pytest.MonkeyPatch, suffix: str, end: bytes
) -> None:
    monkeypatch.setattr("rubrika_train.inputs.json_lines.MAX_BYTES", 300)
    first, last = ({"text": word} for word in ("слово", "ещё"))
    giant = b'{"text":"' + b"a" * 1000
    lines = [json.dumps(first).encode(), giant, giant[:300], json.dumps(last).encode()]
    Path(f"a.jsonl{suffix}").write_bytes(COMPRESSIONS[suffix](b"\n".join(lines) + end))
    one, *broken, other = rows(f"a.jsonl{suffix}")
    assert [one.fields, other.fields] == [first, last]  # type: ignore[union-attr]
    assert broken == [
        Reject(f"a.jsonl{suffix}:2", "more than 64 MB in one line; is it an article?", SHOWN),
        Reject(f"a.jsonl{suffix}:3", "more than 64 MB in one line; is it an article?", SHOWN),
    ]


SHOWN = '{"text":"' + "a" * 191 + "…"


def test_several_streams_in_one_file_are_read_as_one() -> None:
    for suffix, compress in list(COMPRESSIONS.items())[1:]:
        Path(f"a.jsonl{suffix}").write_bytes(
            compress(b'{"text":"a"}\n') + compress(b'{"text":"b"}\n')
        )
        assert texts(f"a.jsonl{suffix}") == ["a", "b"]


def test_numbers_of_an_array_are_those_of_json_lines() -> None:
    line = b'{"text":"x","a":1.5,"b":[12345678901234567890123,18446744073709551615],"c":1e3}'
    Path("a.json").write_bytes(b"[" + line + b"]")
    Path("a.jsonl").write_bytes(line)
    one, other = (row.fields for row in rows("a.json", "a.jsonl") if isinstance(row, Row))
    assert one == other
    assert [type(value) for value in one.values()] == [type(value) for value in other.values()]


def test_values_of_parquet_are_read_as_they_are() -> None:
    own = {"text": "x", "at": datetime(2026, 1, 2, tzinfo=UTC), "price": Decimal("1.50")}
    Path("a.parquet").write_bytes(to_parquet([own]))
    (row,) = rows("a.parquet")
    assert isinstance(row, Row)
    assert row.fields == own


def test_patterns_fit_files_and_folders() -> None:
    for name in ("in/b.txt", "in/sub/a.txt", "in/sub/deep/c.html.gz", "in/x.pdf", "[1].txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("слово")
    assert list(files(["in/*.txt"])) == ["in/b.txt"]
    assert list(files(["in/**/*.txt"])) == ["in/b.txt", "in/sub/a.txt"]
    assert list(files(["in/*"])) == ["in/b.txt", "in/sub/a.txt", "in/sub/deep/c.html.gz"]
    assert list(files(["[1].txt"])) == ["[1].txt"], "a file of that very name"
    assert list(files(["in/?.txt", "-"])) == ["in/b.txt", "-"]
    with pytest.raises(InputError, match=r"^in/\*\.pdf: no file that is read fits this pattern"):
        list(files(["in/*.pdf"]))


def test_a_file_that_may_not_be_read_is_a_reject(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str, buffering: int) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    Path("a.txt").touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert messages("a.txt") == ["a.txt: Permission denied; check the path and who may use it"]


def test_an_empty_name_is_no_folder() -> None:
    with pytest.raises(InputError) as raised:
        list(read([""], Reading()))
    assert str(raised.value) == "an input is empty; is a variable of a script not set?"


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text,own,own\nТекст,1,2\n")
    (row,) = read([str(path)], Reading())
    assert isinstance(row, Reject)
    assert row.reason == "two columns are named 'own'; give each a name of its own"


def test_columns_without_a_name_may_be_many(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("text,,\nТекст,,\n")
    (row,) = read([str(path)], Reading())
    assert isinstance(row, Row)
    assert row.text == "Текст"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text")
@pytest.mark.parametrize("text", ["Текст", ""])
def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path, text: str) -> None:
    """A ZIP of Windows, unpacked on Linux, holds names in cp1251 or cp866."""
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xed\xee.txt"))).write_text(text)
    (row,) = read([str(tmp_path)], Reading())
    fields = row.fields if isinstance(row, Row) else row.raw
    assert fields["file"] == f"{tmp_path}/\\udced\\udcee.txt"
