"""The line on a terminal that says how far a long run of predict is."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from rubrika_train.cli.bar import Bar
from rubrika_train.inputs import Meter, Reading, Reject, Row, read, size
from tests.conftest import TOURISM, write_jsonl


def seconds(step: float) -> Iterator[float]:
    return (number * step for number in count())


def drawn(total: int | None, step: float = 0.5) -> list[str]:
    """Return what is drawn while ten articles of ten bytes go by, a moment each."""
    stream, ticks = io.StringIO(), seconds(step)
    passed: list[Row | Reject] = []
    bar = Bar(stream, lambda: 10 * len(passed), lambda: total, lambda: next(ticks))
    for number, row in enumerate(bar.watch(Row("", {}, str(own)) for own in range(10))):
        assert isinstance(row, Row)
        assert row.text == str(number)
        passed.append(row)
    bar.clear()
    return [one.rstrip() for one in stream.getvalue().split("\r")]


def test_a_long_run_shows_its_share_and_what_is_left() -> None:
    lines = drawn(100)
    assert lines[:3] == [
        "",
        "[####....................]  20%  2 articles",
        "[#######.................]  30%  3 articles  0:04 left",
    ]
    assert lines[-3:] == ["[########################] 100%  10 articles  0:00 left", "", ""]


def test_where_the_size_is_unknown_articles_are_counted() -> None:
    assert drawn(None)[:3] == ["", "2 articles", "3 articles"]


def test_a_short_run_says_nothing() -> None:
    assert drawn(100, step=0.01) == [""]


def test_the_line_goes_before_a_broken_row_is_told_of() -> None:
    stream, ticks = io.StringIO(), seconds(0.5)
    bar = Bar(stream, lambda: 1, lambda: None, lambda: next(ticks))
    rows: list[Row | Reject] = [Row("1", {}, ""), Row("2", {}, ""), Reject("3", "broken", None)]
    told = [stream.getvalue() for row in bar.watch(iter(rows)) if isinstance(row, Reject)]
    assert told == [f"\r2 articles\r{'':10}\r"]


def test_bytes_are_counted_over_files(tmp_path: Path) -> None:
    plain = write_jsonl(tmp_path / "a.jsonl", [{"text": sentence} for sentence in TOURISM])
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    paths, meter = [str(plain), str(packed)], Meter()
    shares = [meter.bytes for _ in read(paths, Reading(), meter)]
    assert shares == sorted(shares)
    assert meter.bytes == size(paths) == plain.stat().st_size + packed.stat().st_size
    assert size([*paths, "-"]) is None


@pytest.mark.skipif(os.name != "posix", reason="wants a pseudo-terminal")
@pytest.mark.parametrize("patience", [0.0, 1000.0])
def test_predict_draws_on_a_terminal_once_the_run_is_long(
    tiny_bundle: Path, tmp_path: Path, patience: float
) -> None:
    import pty

    path = write_jsonl(tmp_path / "in.jsonl", [{"text": TOURISM[0]}] * 50)
    code = (
        f"from rubrika_train.cli import bar, app; bar.PATIENCE_SECONDS = {patience}; "
        "app(prog_name='rubrika')"
    )
    arguments = ("predict", path, "-m", tiny_bundle, "-o", tmp_path / "out.jsonl")
    terminal, end = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stderr=end)
    os.close(end)
    shown = b""
    while block := _read(terminal):
        shown += block
    os.close(terminal)
    assert process.wait() == 0
    if patience:
        assert shown == b""
    else:
        assert re.match(rb"\r\[[#.]{24}\] +\d+%  \d+ articles", shown)
        assert shown.endswith(b" \r")
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 50


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 2**16)
    except OSError:  # the other side is closed
        return b""
