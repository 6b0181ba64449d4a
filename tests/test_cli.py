"""The command line: outputs, errors to the letter, exit codes."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from rubrika_train.cli.app import message
from tests.conftest import AUTOMOTIVE, NONE, ROOT, TOURISM, Run, read_jsonl, write_jsonl

COMMANDS = [
    ["predict"],
    ["train"],
    ["evaluate"],
    ["compare"],
    ["tune"],
    ["drift"],
    ["models", "list"],
    ["models", "promote"],
    ["models", "rollback"],
    ["themes"],
    ["labels", "check"],
    ["labels", "agreement"],
    ["labels", "describe"],
    ["labels", "import"],
    ["labels", "export"],
    ["labels", "queue"],
    ["labels", "audit"],
]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TOURISM[0].format(90), encoding="utf-8")
    return path


def test_a_text_file_is_tagged_as_a_json_line(run: Run, tiny_bundle: Path, article: Path) -> None:
    result = run("predict", "article.txt", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (0, "")
    (row,) = read_jsonl(result.stdout)
    assert list(row) == ["file", "themes", "status", "tags", "model"]
    assert (row["file"], row["themes"], row["status"]) == ("article.txt", ["tourism"], "tagged")
    (tag,) = orjson.loads(result.stdout)["tags"]
    assert sorted(tag) == ["probability", "theme", "threshold"]


def test_own_fields_pass_through_untouched(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    own = {"id": 7, "text": TOURISM[0], "own": {"а": [1, None]}, "title": "Курорт"}
    write_jsonl(tmp_path / "in.jsonl", [own, {"text": NONE[0]}])
    first, second = read_jsonl(run("predict", "in.jsonl", "-m", tiny_bundle).stdout)
    assert {key: first[key] for key in own} == own
    assert (second["themes"], second["status"], second["tags"]) == ([], "none", [])


def test_a_folder_is_read_in_order_of_names(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    for name, text in (("b.txt", TOURISM[0]), ("a.txt", AUTOMOTIVE[0]), ("skip.pdf", "x")):
        (tmp_path / "in" / "sub").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "sub" / name).write_text(text, encoding="utf-8")
    rows = read_jsonl(run("predict", "in", "-m", tiny_bundle).stdout)
    assert [row["file"] for row in rows] == ["in/sub/a.txt", "in/sub/b.txt"]


ROW = json.dumps({"id": 1, "text": TOURISM[0]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("stdin", "rows"),
    [
        (TOURISM[0].encode(), 1),
        (f"\n\n{TOURISM[0]}\n{TOURISM[1]}".encode("cp1251"), 1),
        (f"{ROW}\n{ROW}".encode(), 2),
        (f"\n\r\n{ROW}\r\n{ROW}\r\n".encode(), 2),
        (f"\ufeff{ROW}\n{ROW}\n".encode(), 2),
    ],
)
def test_standard_input_is_text_or_json_lines(tiny_bundle: Path, stdin: bytes, rows: int) -> None:
    result = rubrika("predict", "-", "-m", tiny_bundle, stdin=stdin)
    assert (result.returncode, result.stderr) == (0, b"")
    assert [row["themes"] for row in read_jsonl(result.stdout.decode())] == [["tourism"]] * rows


def test_files_of_other_systems(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "A.TXT").write_text(TOURISM[0], encoding="utf-16")
    (tmp_path / "in" / "B.JSONL").write_bytes(f"\ufeff{ROW}\r\n".encode())
    (tmp_path / "in" / "trap.txt").mkdir()
    rows = read_jsonl(run("predict", "in", "-m", tiny_bundle).stdout)
    assert [row["themes"] for row in rows] == [["tourism"]] * 2


def test_json_lines_in_a_named_encoding(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(ROW.encode("cp1251"))
    named = run("predict", "in.jsonl", "-m", tiny_bundle, "--encoding", "cp1251")
    assert orjson.loads(named.stdout)["text"] == TOURISM[0]
    assert run("predict", "in.jsonl", "-m", tiny_bundle).stderr == (
        "Error: in.jsonl:1: not text in utf-8; name its encoding with --encoding; "
        "go on without such rows with --on-error skip\n"
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["in.jsonl", "-o", "in.jsonl"], "in.jsonl"),
        (["in.jsonl", "-o", "o", "--on-error", "skip", "--rejects", "./o"], "o"),
    ],
)
def test_nothing_is_written_over_what_is_read(
    run: Run, tmp_path: Path, arguments: list[str], named: str
) -> None:
    (tmp_path / "in.jsonl").write_text(ROW)
    result = run("predict", *arguments)
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {named}: is used twice in this command; name another file\n",
    )
    assert (tmp_path / "in.jsonl").read_text() == ROW


def test_fields_named_like_ours_are_kept(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"text": TOURISM[0], "themes": "своё"}])
    first = run("predict", "in.jsonl", "-m", tiny_bundle, "-o", "one.jsonl")
    assert first.exit_code == 0
    (row,) = read_jsonl((tmp_path / "one.jsonl").read_text())
    assert (row["input_themes"], row["themes"]) == ("своё", ["tourism"])
    again = run("predict", "one.jsonl", "-m", tiny_bundle)
    assert read_jsonl(again.stdout) == [row]


def test_csv_refuses_a_column_that_it_would_lose(
    run: Run, tiny_bundle: Path, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"text": TOURISM[0]}, {"text": NONE[0], "more": 1}])
    result = run("predict", "in.jsonl", "-m", tiny_bundle, "--format", "csv", "-o", "out.csv")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: in.jsonl:2: field 'more' is not in the first row, so CSV has no column for it; "
        "write --format jsonl\n",
    )
    assert not (tmp_path / "out.csv").exists()


def test_what_the_system_refuses_is_one_line(
    run: Run, tiny_bundle: Path, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    result = run("predict", article, "-m", tiny_bundle, "-o", "out")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path}/out: Is a directory; check the path and who may use it\n"
    )


def test_csv_has_own_columns_and_the_tags(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"id": 1, "text": f"{TOURISM[0]} {AUTOMOTIVE[0]}"}])
    result = run("predict", "in.jsonl", "-m", tiny_bundle, "--format", "csv", "-t", "0.01")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert list(row) == ["id", "text", "themes", "status", "model", "probabilities"]
    assert sorted(row["themes"].split("; ")) == ["automotive", "tourism"]
    assert all(0 <= float(number) <= 1 for number in row["probabilities"].split("; "))


EXCEL = 'номер;text;автор\r\n7;"{}\nвторая строка; и ещё";Ивановъ\r\n'


@pytest.mark.parametrize(
    ("name", "table", "encoding"),
    [
        ("excel.csv", EXCEL, "cp1251"),
        ("excel.csv", EXCEL, "utf-8-sig"),
        ("excel.csv", EXCEL, "utf-16"),
        ("plain.csv", EXCEL.replace(";", ","), "utf-8"),
        ("tabs.tsv", EXCEL.replace(";", "\t"), "koi8-r"),
    ],
)
def test_tables_are_read_as_people_save_them(
    run: Run, tiny_bundle: Path, tmp_path: Path, name: str, table: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(table.format(TOURISM[0].replace(",", "")).encode(encoding))
    (row,) = read_jsonl(run("predict", name, "-m", tiny_bundle).stdout)
    assert (row["номер"], row["автор"], row["themes"]) == ("7", "Ивановъ", ["tourism"])


TABLE_FAULTS = {
    "no text column": (
        "номер,текст\n1,да",
        "x.csv:2: no text in field 'text' (fields: номер, текст); name its field with "
        "--text-column; go on without such rows with --on-error skip",
    ),
    "too many cells": (
        "id,text\n1,да,нет,или",
        "x.csv:2: 4 cells under 2 column names; go on without such rows with --on-error skip",
    ),
    "a quote that never ends": (
        'id,text\n1,"да\n',
        "x.csv: line 2 is no CSV (unexpected end of data); go on without such rows with "
        "--on-error skip",
    ),
}


@pytest.mark.parametrize(("table", "message"), TABLE_FAULTS.values(), ids=TABLE_FAULTS.keys())
def test_a_broken_table_is_named(
    run: Run, tiny_bundle: Path, tmp_path: Path, table: str, message: str
) -> None:
    (tmp_path / "x.csv").write_text(table, encoding="utf-8")
    result = run("predict", "x.csv", "-m", tiny_bundle)
    assert (result.exit_code, result.stderr) == (1, f"Error: {message}\n")


def test_a_table_shows_titles_and_statuses(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"id": "x-1", "text": TOURISM[0]}, {"text": NONE[0]}])
    shown = run("predict", "in.jsonl", "-m", tiny_bundle, "--format", "table").stdout
    assert "x-1" in shown
    assert "Туризм tourism" in shown
    assert "— no theme" in shown


def test_limit_threshold_and_themes(run: Run, tiny_bundle: Path, article: Path) -> None:
    def themes(*options: object) -> object:
        result = run("predict", article, "-m", tiny_bundle, *options)
        return orjson.loads(result.stdout)["themes"]

    assert themes("-t", 0) == ["tourism", "automotive"]
    assert themes("-t", 0, "-l", 1) == ["tourism"]
    assert themes("-t", 0, "--theme", "automotive") == ["automotive"]
    assert themes("--exclude-theme", "tourism") == []


def test_output_goes_to_a_file(run: Run, tiny_bundle: Path, article: Path, tmp_path: Path) -> None:
    result = run("predict", article, "-m", tiny_bundle, "-o", "out/tagged.jsonl")
    assert (result.exit_code, result.stdout) == (0, "")
    assert orjson.loads((tmp_path / "out/tagged.jsonl").read_bytes())["themes"] == ["tourism"]


ROWS = [json.dumps({"id": 1, "text": TOURISM[0]}), "{broken", '{"id":3}', '{"id":4,"text":" "}']


def test_a_broken_row_stops_and_nothing_is_written(
    run: Run, tiny_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(ROWS), encoding="utf-8")
    result = run("predict", "x.jsonl", "-m", tiny_bundle, "-o", "out.jsonl")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: x.jsonl:2: broken JSON at column 2; go on without such rows with --on-error skip\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


def test_broken_rows_are_skipped_and_kept(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("\n".join(ROWS), encoding="utf-8")
    result = run(
        "predict", "x.jsonl", "-m", tiny_bundle, "--on-error", "skip", "--rejects", "rejects.jsonl"
    )
    assert (result.exit_code, len(read_jsonl(result.stdout))) == (4, 1)
    assert result.stderr == "1 article done, 3 skipped, written to rejects.jsonl\n"
    assert read_jsonl((tmp_path / "rejects.jsonl").read_text()) == [
        {"origin": "x.jsonl:2", "reason": "broken JSON at column 2", "row": "{broken"},
        {
            "origin": "x.jsonl:3",
            "reason": "no text in field 'text' (fields: id); name its field with --text-column",
            "row": {"id": 3},
        },
        {
            "origin": "x.jsonl:4",
            "reason": "the text is empty; there is nothing to tag",
            "row": {"id": 4, "text": " "},
        },
    ]


def test_a_foreign_text_is_warned_of(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("The tourists go to the sea and stay in hotels there.")
    result = run("predict", "en.txt", "-m", tiny_bundle)
    assert result.exit_code == 0
    assert orjson.loads(result.stdout)["status"] == "wrong_language"
    assert result.stderr == "Warning: 1 article not in Russian: left without a theme\n"


KINDS = ".csv, .htm, .html, .json, .jsonl, .ndjson, .parquet, .tsv, .txt, each also as .gz or .zst"
ERRORS = {
    "a missing file": (["none.txt"], 1, "none.txt: no such file or folder"),
    "a folder without articles": (
        ["empty"],
        1,
        f"empty: no articles in this folder; files may be {KINDS}",
    ),
    "an unknown kind of file": (
        ["x.pdf"],
        1,
        f"x.pdf: not a kind of file that is read; it may be {KINDS}",
    ),
    "an empty text": (
        ["empty.txt"],
        1,
        "empty.txt: the text is empty; there is nothing to tag; go on without such rows with "
        "--on-error skip",
    ),
    "a binary file": (
        ["binary.txt"],
        1,
        "binary.txt: not a text file; give text, or JSON Lines by the file name .jsonl; "
        "go on without such rows with --on-error skip",
    ),
    "no tagger": (
        ["ok.txt", "-m", "nowhere"],
        1,
        "nowhere: no such folder; give a tagger's folder, or train one: rubrika train",
    ),
    "a folder that is no tagger": (
        ["ok.txt", "-m", "empty"],
        1,
        "empty: not a whole tagger, manifest.json is missing; copy the tagger again, or train it "
        "with: rubrika train",
    ),
    "a pattern that fits nothing": (
        ["*.html"],
        1,
        f"*.html: no file that is read fits this pattern; files may be {KINDS}",
    ),
}


@pytest.mark.parametrize(("arguments", "code", "message"), ERRORS.values(), ids=ERRORS.keys())
def test_errors_are_one_line(
    run: Run, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "ok.txt").write_text(TOURISM[0], encoding="utf-8")
    (tmp_path / "x.pdf").touch()
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    result = run("predict", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"Error: {message}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict"],
        ["predict", "x", "--formt", "csv"],
        ["nonsense"],
    ],
)
def test_usage_errors_exit_with_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_train_writes_a_tagger_and_shows_figures(run: Run, annotated: Path, tmp_path: Path) -> None:
    options = ["--set", "folds=3", "--set", "features.min_articles=1"]
    result = run("train", annotated, "-o", "mine", *options)
    assert result.exit_code == 0
    assert "macro-F1" in result.stdout
    plan, own, none, warning, *_ = result.stderr.splitlines()
    assert plan == "Plan: train on 48 labelled articles, 2 themes"
    assert own == (
        "  settings other than the default, which is in brackets: features.min_articles=1 (3), "
        "folds=3 (5)"
    )
    assert none.startswith("  none of them was in tagger ")
    assert warning == "Warning: theme tourism: only 16 articles have it; 30 or more are wanted"
    assert re.search(r"cross-validated\nTagger 2026-11-01-\w{8} written to mine\n", result.stderr)
    again = run("train", annotated, "-o", "mine", *options)
    assert again.exit_code == 1
    assert again.stderr == "Error: mine: there is a tagger already; replace it with --force\n"
    assert run("train", annotated, "-o", "mine", "--force", *options).exit_code == 0


def test_train_refuses_to_replace_something_else(run: Run, annotated: Path) -> None:
    result = run("train", annotated, "-o", annotated, "--force")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {annotated}: there is something else than a tagger; choose another folder\n"
    )


def test_themes_shows_the_strongest_lemmas(run: Run, tiny_bundle: Path) -> None:
    shown = run("themes", "-m", tiny_bundle, "--words", 5).stdout
    assert re.search(r"tourism\s+Туризм\s+.*турист", shown)


CHECKED = "48 articles judged, 16 without a theme, 0 with several; 0 labels disputed or unknown\n"


def test_labels_check_counts_and_names_faults(run: Run, annotated: Path) -> None:
    result = run("labels", "check", annotated)
    assert result.exit_code == 0
    assert result.stderr.startswith(CHECKED)
    assert "Warning: theme tourism: only 16 articles\n" in result.stderr
    assert re.search(r"tourism\s+Туризм\s+16", result.stdout)
    with (annotated / "labels.jsonl").open("a") as file:
        file.write("{\n")
    result = run("labels", "check", annotated)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1:] == [
        f"{annotated}/labels.jsonl:49: broken JSON at column 2",
        f"Error: {annotated}: 1 fault; mend the lines named above",
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert f"Example: rubrika {' '.join(command)}" in " ".join(result.stdout.split())


def test_version(run: Run) -> None:
    assert re.fullmatch(r"rubrika \d+\.\d+\.\d+\n", run("--version").stdout)


def test_labels_describe_counts(run: Run, annotated: Path) -> None:
    with (annotated / "articles.jsonl").open("a") as file:
        more = {"genre": "agency", "region": "Тверь", "published": "2019-03", "title": "Да"}
        file.write(json.dumps({"id": "long", "text": "слово " * 170, **more}) + "\n")
    with (annotated / "labels.jsonl").open("a") as file:
        line = {"id": "long", "themes": ["tourism", "automotive"], "annotator": "first"}
        file.write(json.dumps({**line, "labelled_at": "2026-11-01"}) + "\n")
    shown = run("labels", "describe", annotated).stdout
    assert "0: 16, 1: 32, 2: 1" in shown
    assert "under 80: 48, 160–299: 1" in shown
    assert "unknown: 48, agency: 1" in shown
    assert "2019: 1, unknown: 48" in shown
    assert "by region (2)" in shown


# The real process: start-up, pipes, signals.


def rubrika(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "rubrika_train", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment())


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT / 'model'}{os.pathsep}{ROOT / 'train'}"}


def test_predict_imports_nothing_heavy(tiny_bundle: Path, article: Path) -> None:
    code = (
        "import sys; sys.argv = ['rubrika', 'predict', sys.argv[1], '-m', sys.argv[2]]\n"
        "from rubrika_train.cli import app; app(standalone_mode=False)\n"
        "heavy = {'sklearn', 'scipy', 'nltk', 'joblib', 'rich', 'pandas', 'datasketch',\n"
        "         'backports', 'csv', 'filelock', 'gzip', 'ijson', 'pyarrow', 'trafilatura'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, article, tiny_bundle],
        capture_output=True,
        check=True,
        env=environment(),
    )
    assert result.stdout.splitlines()[-1] == b"[]"


def test_a_closed_pipe_is_quiet(tiny_bundle: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "big.jsonl", [{"text": TOURISM[0]}] * 5000)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "rubrika_train",
            "predict",
            tmp_path / "big.jsonl",
            "-m",
            tiny_bundle,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def test_a_wheel_tags_outside_the_checkout(tmp_path: Path) -> None:
    """Copy only what the wheel holds, and tag with the tagger that ships."""
    for package in ("model/rubrika", "train/rubrika_train"):
        shutil.copytree(ROOT / package, tmp_path / "site" / Path(package).name)
    (tmp_path / "article.txt").write_text("Отель принял первых туристов, туроператоры рады.")
    result = subprocess.run(
        [sys.executable, "-m", "rubrika_train", "predict", "article.txt"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )
    assert orjson.loads(result.stdout)["themes"] == ["tourism"]


@pytest.mark.parametrize("file", ["articles.jsonl", "labels.jsonl"])
@pytest.mark.parametrize(
    "command",
    [
        ["predict", "in.jsonl", "-o"],
        ["explain", "in.jsonl", "-o"],
        ["labels", "export", "annotations", "--format", "jsonl", "-o"],
        ["labels", "queue", "--data", "in.jsonl", "--format", "jsonl", "-o"],
        ["labels", "audit", "annotations", "-o"],
        ["evaluate", "in.jsonl", "-M"],
        ["compare", "one", "other", "-d", "in.jsonl", "-M"],
    ],
)
def test_nothing_is_written_over_annotations(
    run: Run, annotated: Path, command: list[str], file: str
) -> None:
    Path("in.jsonl").write_text(ROW)
    before = (annotated / file).read_bytes()
    result = run(*command, f"annotations/{file}")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: annotations/{file}: is part of a folder of annotations; name another file\n",
    )
    assert (annotated / file).read_bytes() == before


def test_an_encoding_that_is_none_is_a_slip_in_typing(run: Run, article: Path) -> None:
    result = run("predict", article, "--encoding", "cp12511")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for --encoding: no encoding 'cp12511'; try" in result.stderr


def test_what_cannot_be_written_is_named_as_it_was_typed(run: Run, article: Path) -> None:
    name = "x" * 250  # the temporary file beside it would have a longer name than a name may be
    result = run("predict", article, "-o", name, "--format", "jsonl")
    assert result.exit_code == 1
    assert name in result.stderr
    assert f".{name}" not in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGTERM")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_stopped_command_leaves_nothing_half_written(
    tiny_bundle: Path, tmp_path: Path, name: str
) -> None:
    os.mkfifo(tmp_path / "endless.jsonl")
    out = tmp_path / "out"
    arguments = [tmp_path / "endless.jsonl", "-m", tiny_bundle, "-o", out / "o.jsonl"]
    process = subprocess.Popen(
        [sys.executable, "-m", "rubrika_train", "predict", *map(str, arguments)],
        env=environment(),
    )
    with (tmp_path / "endless.jsonl").open("w") as pipe:
        pipe.write(ROW)
        pipe.flush()
        while not (out.exists() and any(out.iterdir())):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.Signals[name])
        assert process.wait(20) == 128 + signal.Signals[name]
    assert list(out.iterdir()) == []


def test_a_full_disk_is_no_matter_of_rights() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert message(full) == "No space left on device; make room and run it again"
