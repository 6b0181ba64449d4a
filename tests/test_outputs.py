"""A file in, tags out: fields come through untouched, in every format."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, read_jsonl, write_jsonl
from tests.test_inputs import ARTICLES, COMPRESSIONS, FILES, KINDS, to_parquet

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EXPECTED = [["tourism"], ["automotive"], []]
ADDED = ["themes", "status", "tags", "model"]


@pytest.mark.parametrize(("kind", "compressed"), KINDS)
def test_every_kind_goes_to_json_lines(
    run: Run, tiny_bundle: Path, tmp_path: Path, kind: str, compressed: str
) -> None:
    (tmp_path / f"in{kind}{compressed}").write_bytes(
        COMPRESSIONS[compressed](FILES[kind](ARTICLES))
    )
    result = run("predict", f"in{kind}{compressed}", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = read_jsonl(result.stdout)
    assert [{name: row[name] for name in ARTICLES[0]} for row in rows] == ARTICLES
    assert [row["themes"] for row in rows] == EXPECTED


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_goes_to_csv(run: Run, tiny_bundle: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / f"in{kind}").write_bytes(FILES[kind](ARTICLES))
    assert run("predict", f"in{kind}", "-m", tiny_bundle, "-o", "out.csv").exit_code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{name: row[name] for name in ARTICLES[0]} for row in rows] == ARTICLES
    assert [row["themes"] for row in rows] == ["tourism", "automotive", ""]


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_goes_to_parquet(run: Run, tiny_bundle: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / f"in{kind}").write_bytes(FILES[kind](ARTICLES))
    assert run("predict", f"in{kind}", "-m", tiny_bundle, "-o", "out.parquet").exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names == [*ARTICLES[0], *ADDED]
    assert table.select(list(ARTICLES[0])).to_pylist() == ARTICLES
    assert table["themes"].to_pylist() == EXPECTED
    assert sorted(table["tags"][0].as_py()[0]) == ["probability", "theme", "threshold"]


@pytest.mark.parametrize("compressed", list(COMPRESSIONS)[1:])
@pytest.mark.parametrize("kind", [".jsonl", ".csv", ".parquet"])
def test_output_is_compressed_by_its_name(
    run: Run, tiny_bundle: Path, tmp_path: Path, kind: str, compressed: str
) -> None:
    write_jsonl(tmp_path / "in.jsonl", ARTICLES)
    name = f"out{kind}{compressed}"
    assert run("predict", "in.jsonl", "-m", tiny_bundle, "-o", name).exit_code == 0
    decompress = gzip.decompress if compressed == ".gz" else zstd.decompress
    (tmp_path / f"plain{kind}").write_bytes(decompress((tmp_path / name).read_bytes()))
    again = run("predict", f"plain{kind}", "-m", tiny_bundle)
    assert (again.exit_code, len(read_jsonl(again.stdout))) == (0, 3)
    before = (tmp_path / name).read_bytes()
    assert run("predict", "in.jsonl", "-m", tiny_bundle, "-o", name).exit_code == 0
    assert (tmp_path / name).read_bytes() == before, "the same input gives the same bytes"


TYPED = pa.schema(
    [
        ("id", pa.int16()),
        ("text", pa.large_string()),
        ("at", pa.timestamp("ms", "UTC")),
        ("day", pa.date32()),
        ("price", pa.decimal128(9, 2)),
        ("kind", pa.dictionary(pa.int8(), pa.string())),
        ("parts", pa.list_(pa.struct([("n", pa.int8())]))),
        ("raw", pa.binary()),
        ("nothing", pa.null()),
        ("themes", pa.int32()),
    ]
)
TYPED_ROW = {
    "id": 7,
    "text": TOURISM[0],
    "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "price": Decimal("1.50"),
    "kind": "новость",
    "parts": [{"n": 1}, {"n": None}],
    "raw": b"\xff",
    "nothing": None,
    "themes": 5,
}


def test_columns_of_parquet_keep_types_and_values(
    run: Run, tiny_bundle: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.Table.from_pylist([TYPED_ROW] * 3, TYPED), tmp_path / "in.parquet")
    assert run("predict", "in.parquet", "-m", tiny_bundle, "-o", "out.parquet").exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet")
    names = [*TYPED.names[:-1], "input_themes"]
    assert [table.schema.field(name).type for name in names] == TYPED.types
    assert table.select(names).rename_columns(TYPED.names).to_pylist() == [TYPED_ROW] * 3
    again = run("predict", "out.parquet", "-m", tiny_bundle, "-o", "again.parquet")
    assert again.exit_code == 0
    assert pq.read_table(tmp_path / "again.parquet") == table


def test_values_of_parquet_in_json(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    own: dict[str, Any] = {name: TYPED_ROW[name] for name in ("text", "at", "day", "price")}
    own["took"] = timedelta(seconds=90)
    (tmp_path / "in.parquet").write_bytes(to_parquet([own]))
    line = run("predict", "in.parquet", "-m", tiny_bundle).stdout
    assert '"at":"2026-01-02T03:04:05+00:00","day":"2026-01-02","price":1.50' in line
    assert '"took":"0:01:30"' in line
    (tmp_path / "raw.parquet").write_bytes(to_parquet([{"text": "x", "raw": b"\xff"}]))
    result = run("predict", "raw.parquet", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: raw.parquet: row 1: cannot be written as JSON: Type is not JSON serializable: "
        "bytes\n",
    )


def test_a_rejected_row_of_parquet_is_kept(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    rows = [{"text": None, "at": TYPED_ROW["at"]}, {"text": NONE[0], "at": TYPED_ROW["at"]}]
    (tmp_path / "in.parquet").write_bytes(to_parquet(rows))
    options = ["--on-error", "skip", "--rejects", "r.jsonl"]
    result = run("predict", "in.parquet", "-m", tiny_bundle, *options)
    assert (result.exit_code, len(read_jsonl(result.stdout))) == (4, 1)
    (rejected,) = read_jsonl((tmp_path / "r.jsonl").read_text())
    assert rejected["row"] == {"text": None, "at": "2026-01-02T03:04:05+00:00"}


def to_parquet_from(rows: list[Any], run: Run, bundle: Path) -> Result:
    write_jsonl(Path("in.jsonl"), rows)
    return run("predict", "in.jsonl", "-m", bundle, "-o", "out.parquet")


PARQUET_FAULTS = {
    "numbers and texts": (
        [{"text": "a", "n": 1}, {"text": "b", "n": "x"}],
        "in.jsonl:2: field 'n' is not of the type int64 that it has in the first rows; "
        "write --format jsonl",
    ),
    "lists and texts": (
        [{"text": "a"}, {"text": "b", "n": ["x"]}, {"text": "c", "n": "x"}],
        "in.jsonl:3: field 'n' is not of the type list<item: string> that it has in the first "
        "rows; write --format jsonl",
    ),
    "a number that is too large": (
        [{"text": "a", "n": 2**64 - 1}],
        "in.jsonl:1: field 'n' is not of the type int64 that it has in the first rows; "
        "write --format jsonl",
    ),
    "an object without fields": (
        [{"text": "a", "n": {}}],
        "cannot be written as Parquet: Cannot write struct type 'n' with no child field to "
        "Parquet. Consider adding a dummy child field.; write --format jsonl",
    ),
    "another type later": (
        [*[{"text": "a", "n": 1}] * 4096, {"text": "b", "n": 1}, {"text": "b", "n": "x"}],
        "in.jsonl:4098: field 'n' is not of the type int64 that it has in the first rows; "
        "write --format jsonl",
    ),
    "a field that comes late": (
        [*[{"text": "a"}] * 4096, {"text": "b", "late": 1}],
        "in.jsonl:4097: field 'late' is not in the first rows, so Parquet has no column for it; "
        "write --format jsonl",
    ),
}


@pytest.mark.parametrize(("rows", "message"), PARQUET_FAULTS.values(), ids=PARQUET_FAULTS.keys())
def test_what_does_not_fit_parquet_is_named(
    run: Run, tiny_bundle: Path, tmp_path: Path, rows: list[Any], message: str
) -> None:
    result = to_parquet_from(rows, run, tiny_bundle)
    assert (result.exit_code, result.stderr) == (1, f"Error: {message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_fields_that_some_articles_lack_are_null(run: Run, tiny_bundle: Path) -> None:
    rows = [{"text": "a"}, {"text": "b", "own": {"x": [1, 2]}}, {"text": "c", "own": None}]
    assert to_parquet_from(rows, run, tiny_bundle).exit_code == 0
    table = pq.read_table("out.parquet")
    assert table["own"].to_pylist() == [None, {"x": [1, 2]}, None]


def test_no_article_makes_an_empty_table(run: Run, tiny_bundle: Path) -> None:
    assert to_parquet_from([], run, tiny_bundle).exit_code == 0
    assert pq.read_table("out.parquet").column_names == ADDED


def test_excel_opens_it_by_a_double_click(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", ARTICLES)
    assert run("predict", "in.jsonl", "-m", tiny_bundle, "--excel", "-o", "out.csv").exit_code == 0
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid;title;text;themes;status;model;probabilities\r\n")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [{name: row[name] for name in ARTICLES[0]} for row in rows] == ARTICLES
    assert re.fullmatch(r"[01],\d{3}", rows[0]["probabilities"])
    assert read_jsonl(run("predict", "out.csv", "-m", tiny_bundle).stdout)[0]["id"] == "1"


def test_the_name_of_the_output_says_its_format_and_format_overrides(
    run: Run, tiny_bundle: Path, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "in.jsonl", ARTICLES)
    run("predict", "in.jsonl", "-m", tiny_bundle, "-o", "out.csv", "--format", "jsonl")
    assert len(read_jsonl((tmp_path / "out.csv").read_text())) == 3
    run("predict", "in.jsonl", "-m", tiny_bundle, "-o", "out")
    assert len(read_jsonl((tmp_path / "out").read_text())) == 3
    run("predict", "in.jsonl", "-m", tiny_bundle, "-o", "out.txt", "--excel")
    assert (tmp_path / "out.txt").read_bytes().startswith(codecs.BOM_UTF8)


def test_parquet_without_its_library_names_the_extra(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    Path("a.txt").touch()
    result = run("predict", "a.txt", "-o", "out.parquet")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: --format parquet: needs pyarrow; install it: pip install 'rubrika[parquet]'\n",
    )


@pytest.mark.parametrize(
    ("options", "themes"),
    [
        (["-t", "0"], ["tourism", "automotive"]),
        (["-t", "tourism=1"], []),
        (["-t", "automotive=0"], ["tourism", "automotive"]),
        (["-t", "0", "-t", "tourism=1"], ["automotive"]),
        (["-t", "tourism=1", "-t", "automotive=0"], ["automotive"]),
        (["-t", "tourism=0", "--exclude-theme", "tourism"], []),
    ],
)
def test_thresholds_of_all_and_of_single_themes(
    run: Run, tiny_bundle: Path, tmp_path: Path, options: list[str], themes: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(TOURISM[0], encoding="utf-8")
    result = run("predict", "a.txt", "-m", tiny_bundle, *options)
    assert orjson.loads(result.stdout)["themes"] == themes


THRESHOLD = "is no number from 0 to 1, such as 0.7, and no theme=number"
ENDINGS = (
    "has an ending of no format; endings are .jsonl, .ndjson, .csv, .parquet, each also as .gz or "
    ".zst; or name the --format"
)
USAGE = {
    "a number too large": (["-t", "2"], f"Invalid value for --threshold: '2' {THRESHOLD}"),
    "not a number": (["-t", "nan"], f"Invalid value for --threshold: 'nan' {THRESHOLD}"),
    "a comma": (["-t", "0,7"], f"Invalid value for --threshold: '0,7' {THRESHOLD}"),
    "a theme without a number": (
        ["-t", "tourism="],
        f"Invalid value for --threshold: 'tourism=' {THRESHOLD}",
    ),
    "two numbers": (
        ["-t", "0.5", "-t", "0.6"],
        "Invalid value for --threshold: one number for all themes",
    ),
    "a theme twice": (
        ["-t", "tourism=0.5", "-t", "tourism=0.6"],
        "Invalid value for --threshold: tourism is named twice",
    ),
    "a mistyped theme with a threshold": (
        ["-t", "turism=0.5"],
        "Invalid value for --threshold: no theme 'turism'; did you mean tourism?",
    ),
    "a mistyped theme": (
        ["--theme", "turism"],
        "Invalid value for --theme: no theme 'turism'; did you mean tourism?",
    ),
    "a mistyped theme to leave out": (
        ["--exclude-theme", "xyz"],
        "Invalid value for --exclude-theme: no theme 'xyz'; did you mean tourism, automotive?",
    ),
    "excel and another format": (
        ["--excel", "--format", "parquet"],
        "Invalid value for --excel: writes CSV; leave out --format",
    ),
    "an ending of no format": (
        ["-o", "out.xlsx"],
        f"Invalid value for --output: out.xlsx {ENDINGS}",
    ),
    "the same, compressed": (
        ["-o", "out.txt.gz"],
        f"Invalid value for --output: out.txt.gz {ENDINGS}",
    ),
    "CSV by the name of a workbook": (
        ["--excel", "-o", "out.XLSX"],
        "Invalid value for --output: out.XLSX: Excel opens no CSV by that name; write out.csv",
    ),
    "rejects without skip": (
        ["--rejects", "r.jsonl"],
        "Invalid value for --rejects: wants --on-error skip",
    ),
    "resume without a file": (
        ["--resume"],
        "Invalid value for --resume: wants -o with the name of a file",
    ),
    "resume to a folder": (
        ["--resume", "-o", "."],
        "Invalid value for --resume: wants -o with the name of a file",
    ),
    "resume of CSV": (
        ["--resume", "-o", "out.csv"],
        "Invalid value for --resume: goes on with JSON Lines only, not compressed",
    ),
    "resume of a compressed file": (
        ["--resume", "-o", "out.jsonl.gz"],
        "Invalid value for --resume: goes on with JSON Lines only, not compressed",
    ),
    "resume of standard input": (
        ["-", "--resume", "-o", "out.jsonl"],
        "Invalid value for --resume: cannot read standard input again; give files",
    ),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE.keys())
def test_slips_in_typing_exit_with_2(
    run: Run, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    Path("a.txt").write_text(AUTOMOTIVE[0], encoding="utf-8")
    result = run("predict", "a.txt", "-m", tiny_bundle, *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert [path.name for path in Path().iterdir()] == ["a.txt"]
