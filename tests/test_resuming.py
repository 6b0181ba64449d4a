"""An interrupted run goes on with nothing lost and nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, read_jsonl, write_jsonl
from tests.test_cli import environment

SENTENCES = (*TOURISM, *AUTOMOTIVE, *NONE)
PART, JOURNAL = "out.jsonl.part", "out.jsonl.part.journal"
BROKEN = "{broken\n"


def articles(count: int) -> list[dict[str, object]]:
    return [
        {"id": number, "text": SENTENCES[number % len(SENTENCES)].format(number)}
        for number in range(count)
    ]


@pytest.fixture
def arguments(tiny_bundle: Path) -> Sequence[object]:
    return ["in.jsonl", "-m", tiny_bundle, "-o", "out.jsonl", "--resume"]


@pytest.fixture
def begun(run: Run, arguments: Sequence[object], tmp_path: Path) -> bytes:
    """Begin a run that a broken row stops at the end; return its lines, all written."""
    write_jsonl(tmp_path / "in.jsonl", articles(4))
    with (tmp_path / "in.jsonl").open("a") as file:
        file.write(BROKEN)
    assert run("predict", *arguments, "--on-error", "skip").exit_code == 4
    whole = (tmp_path / "out.jsonl").read_bytes()
    (tmp_path / "out.jsonl").unlink()
    result = run("predict", *arguments)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: in.jsonl:5: broken JSON at column 2; go on without such rows with "
        "--on-error skip\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", PART, JOURNAL]
    (tmp_path / PART).write_bytes(whole)
    return whole


SKIP = ("--on-error", "skip", "--rejects", "rejects.jsonl")


def test_a_stopped_run_goes_on_without_the_row_that_stopped_it(
    run: Run, arguments: Sequence[object], begun: bytes, tmp_path: Path
) -> None:
    result = run("predict", *arguments, *SKIP)
    assert (result.exit_code, result.stderr) == (
        4,
        "Going on: 4 articles done before\n4 articles done, 1 skipped, written to rejects.jsonl\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in.jsonl",
        "out.jsonl",
        "rejects.jsonl",
    ]
    assert (tmp_path / "out.jsonl").read_bytes() == begun
    (rejected,) = read_jsonl((tmp_path / "rejects.jsonl").read_text())
    assert rejected["origin"] == "in.jsonl:5"


def test_a_run_may_be_cut_at_any_byte(
    run: Run, arguments: Sequence[object], begun: bytes, tmp_path: Path
) -> None:
    journal = (tmp_path / JOURNAL).read_bytes()
    ends = [at for at, byte in enumerate(begun) if byte == ord("\n")]
    near = {at + step for at in (0, *ends) for step in (-1, 0, 1, 2, 60)}
    for cut in sorted(at for at in near if 0 <= at <= len(begun)):
        for tail in (b"", b"\0" * 9, b"\0\n"):
            (tmp_path / PART).write_bytes(begun[:cut] + tail)
            (tmp_path / JOURNAL).write_bytes(journal)
            result = run("predict", *arguments, "--on-error", "skip")
            whole = sum(end < cut for end in ends)
            assert result.stderr.startswith("Going on: " if whole else "Skipped: "), cut
            assert result.stderr.endswith("4 articles done, 1 skipped\n"), cut
            assert (tmp_path / "out.jsonl").read_bytes() == begun, cut


def test_rejects_from_before_the_interruption_are_there_too(
    run: Run, arguments: Sequence[object], tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"id": "first"}, *articles(3), {"id": "last"}])
    assert run("predict", *arguments, *SKIP).exit_code == 4
    whole, rejected = ((tmp_path / n).read_bytes() for n in ("out.jsonl", "rejects.jsonl"))
    (tmp_path / "out.jsonl").unlink()
    # Stopped at the last row, by the default of --on-error; the first was mended away.
    write_jsonl(tmp_path / "in.jsonl", [*articles(3), {"id": "last"}])
    assert run("predict", *arguments).exit_code == 1
    (tmp_path / PART).write_bytes(whole[: len(whole) // 2])
    result = run("predict", *arguments, *SKIP)
    assert result.stderr.endswith("3 articles done, 1 skipped, written to rejects.jsonl\n")
    assert (tmp_path / "out.jsonl").read_bytes() == whole
    assert len(read_jsonl(rejected.decode())) == 2


def test_jobs_may_change_and_files_of_any_kind_be_read(
    run: Run, tiny_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.txt").write_text(SENTENCES[number], encoding="utf-8")
    (tmp_path / "in" / "9.csv").write_text("id,text\n1,a,b,c\n", encoding="utf-8")
    command = ["predict", "in", "-m", tiny_bundle, "-o", "out.jsonl", "--resume"]
    assert run(*command, *SKIP).exit_code == 4
    whole = (tmp_path / "out.jsonl").read_bytes()
    assert run(*command).exit_code == 1
    (tmp_path / PART).write_bytes(whole.splitlines(keepends=True)[0])
    result = run(*command, "--jobs", 2, *SKIP)
    assert result.stderr.startswith("Going on: 1 article done before\n3 articles done, 1 skipped")
    assert (tmp_path / "out.jsonl").read_bytes() == whole


DELETE = "repeat the same command, or delete the file to begin anew"


REFUSED = {
    "other options": (["-t", "0.5"], "other options"),
    "another column": (["--text-column", "x"], "other options"),
    "another file": (["more.jsonl"], "other files"),
}


@pytest.mark.parametrize(("options", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_another_command_is_refused(
    run: Run,
    arguments: Sequence[object],
    begun: bytes,
    tmp_path: Path,
    options: list[str],
    what: str,
) -> None:
    write_jsonl(tmp_path / "more.jsonl", articles(1))
    result = run("predict", *arguments, *options)
    part = tmp_path / PART
    message = f"Error: {part}: was begun with {what}; {DELETE}\n"
    assert (result.exit_code, result.stderr) == (1, message)
    assert part.read_bytes() == begun


def test_a_changed_file_another_tagger_and_a_lost_journal_are_refused(
    run: Run, arguments: Sequence[object], begun: bytes, tmp_path: Path
) -> None:
    part = tmp_path / PART
    released = run("predict", "in.jsonl", "-o", "out.jsonl", "--resume")
    assert released.exit_code == 1
    assert f"Error: {part}: was begun with the tagger 2026-11-01-" in released.stderr
    with (tmp_path / "in.jsonl").open("a") as file:
        file.write("\n")
    grown = run("predict", *arguments)
    assert (grown.exit_code, grown.stderr) == (
        1,
        f"Error: {part}: was begun with in.jsonl as it was before it changed; {DELETE}\n",
    )
    (tmp_path / JOURNAL).unlink()
    lost = run("predict", *arguments)
    assert (lost.exit_code, lost.stderr) == (
        1,
        f"Error: {part}: has no journal that says what it was made from; move it away\n",
    )
    assert part.read_bytes() == begun


def test_two_processes_do_not_write_the_same_file(
    run: Run, arguments: Sequence[object], begun: bytes, tmp_path: Path
) -> None:
    with FileLock(tmp_path / f".{PART}.lock"):
        result = run("predict", *arguments)
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path / PART}: another process writes it now; wait until it is done\n",
    )
    assert (tmp_path / PART).read_bytes() == begun


# The real process, ended for real.


def start(arguments: Sequence[object], folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rubrika_train", "predict", *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE)


def end_at(
    process: subprocess.Popen[bytes], part: Path, size: int, signal_number: signal.Signals
) -> bool:
    """Send a signal once a file has a size; tell whether the process was still at work."""
    while process.poll() is None:
        if part.exists() and part.stat().st_size > size:
            process.send_signal(signal_number)
            break
        time.sleep(0.001)
    process.communicate()
    return process.returncode != 0


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_goes_on(
    arguments: Sequence[object], run: Run, tmp_path: Path, jobs: int
) -> None:
    write_jsonl(tmp_path / "in.jsonl", articles(60_000))
    plain = [*arguments[:-3], "-o", "whole.jsonl"]
    assert run("predict", *plain).exit_code == 0
    whole = (tmp_path / "whole.jsonl").read_bytes()
    kills = 0
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        process = start([*arguments, "--jobs", jobs], tmp_path)
        kills += end_at(process, tmp_path / PART, int(share * len(whole)), signal.SIGKILL)
        assert not (tmp_path / "out.jsonl").exists()
        assert whole.startswith((tmp_path / PART).read_bytes())
    assert kills == 5
    process = start(arguments, tmp_path)
    _, said = process.communicate()
    assert process.returncode == 0
    assert b"Going on: " in said
    assert (tmp_path / "out.jsonl").read_bytes() == whole
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT to send")
def test_ctrl_c_leaves_a_run_to_go_on(
    arguments: Sequence[object], run: Run, tmp_path: Path
) -> None:
    write_jsonl(tmp_path / "in.jsonl", articles(60_000))
    process = start(arguments, tmp_path)
    assert end_at(process, tmp_path / PART, 2**20, signal.SIGINT)
    assert process.returncode == 130
    assert run("predict", *arguments).exit_code == 0
    rows = read_jsonl((tmp_path / "out.jsonl").read_text())
    assert [row["id"] for row in rows] == list(range(60_000))
