"""Importing labels: what is added, updated, known already, or refused, and that all is whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrika_train import importing
from rubrika_train.annotations import Judgement, read
from rubrika_train.exchange.records import Said
from rubrika_train.matching import content_id, normalised
from rubrika_train.merging import settled
from tests.conftest import ROOT, Run, judgement, read_jsonl

NOW = "2026-11-30T12:00:00+00:00"


def task(article: str | None, text: str, *themes: str, **more: object) -> dict[str, Any]:
    value = {"choices": list(themes)}
    result = {"from_name": "themes", "to_name": "text", "type": "choices", "value": value}
    return {
        "data": {"text": text} | ({"ref_id": article} if article else {}),
        "annotations": [
            {
                "completed_by": 1,
                "created_at": "2026-11-20T10:00:00Z",
                "result": [result] if themes else [],
                **more,
            }
        ],
    }


NEW = [
    task("n-1", "Новый отель ждёт туристов.", "Туризм"),
    task("n-2", "Ночью прошёл дождь."),
    task("n-3", "Пропуск.", "Туризм", was_cancelled=True),
    {"data": {"text": "Никто не смотрел."}, "predictions": [{"result": []}]},
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_tasks(tmp_path / "export.json", NEW)


def write_tasks(path: Path, tasks: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(tasks, ensure_ascii=False), "utf-8")
    return path


def added(folder: Path, before: bytes) -> list[dict[str, object]]:
    after = (folder / "labels.jsonl").read_bytes()
    assert after.startswith(before)
    return read_jsonl(after[len(before) :].decode())


def test_labels_are_added_once(run: Run, annotated: Path, export: Path) -> None:
    before = (annotated / "labels.jsonl").read_bytes()
    result = run("labels", "import", export, "--annotations", annotated)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "Imported judgements: 2 added, 0 updated, 0 unchanged, 0 conflicting\n"
        "2 articles added\n"
        "left out: 1 skipped, 1 unlabelled\n"
    )
    said = {"annotator": "label-studio-1", "labelled_at": "2026-11-20T10:00:00Z"}
    assert added(annotated, before) == [
        {"id": "n-1", "themes": ["tourism"], **said},
        {"id": "n-2", "themes": [], **said},
    ]
    articles = read_jsonl((annotated / "articles.jsonl").read_text("utf-8"))
    assert articles[-2:] == [
        {"id": "n-1", "text": "Новый отель ждёт туристов."},
        {"id": "n-2", "text": "Ночью прошёл дождь."},
    ]
    whole = {path.name: path.read_bytes() for path in annotated.glob("*.*l")}
    again = run("labels", "import", export, "--annotations", annotated)
    assert again.stderr.startswith(
        "Imported judgements: 0 added, 0 updated, 2 unchanged, 0 conflicting\n"
    )
    assert {path.name: path.read_bytes() for path in annotated.glob("*.*l")} == whole


def test_a_dry_run_writes_nothing(run: Run, annotated: Path, export: Path) -> None:
    before = (annotated / "labels.jsonl").read_bytes()
    result = run("labels", "import", export, "--annotations", annotated, "--dry-run")
    assert result.stderr.startswith("Would import judgements: 2 added")
    assert (annotated / "labels.jsonl").read_bytes() == before


def test_a_last_line_without_an_end_is_ended(annotated: Path, export: Path, run: Run) -> None:
    path = annotated / "labels.jsonl"
    path.write_bytes(path.read_bytes().rstrip())
    assert run("labels", "import", export, "-a", annotated).exit_code == 0
    assert len(read(annotated).judgements) == 50


def test_texts_are_matched_by_id_then_by_text(run: Run, annotated: Path, tmp_path: Path) -> None:
    known = read_jsonl((annotated / "articles.jsonl").read_text("utf-8"))
    text = str(known[3]["text"])
    tasks = [
        task(None, text.upper().replace(" ", "  "), "Туризм"),
        task("other-id", str(known[4]["text"]), "Туризм"),
        task("a5", str(known[5]["text"])),
        task(None, "Совсем новый текст", "Автопром"),
    ]
    before = (annotated / "labels.jsonl").read_bytes()
    result = run("labels", "import", write_tasks(tmp_path / "x.json", tasks), "-a", annotated)
    assert result.exit_code == 0
    own = content_id("Совсем новый текст")
    assert [line["id"] for line in added(annotated, before)] == ["a3", "a4", "a5", own]
    assert own == "t-" + own[2:]
    assert len(own) == 14


def test_a_text_is_the_same_in_any_dress() -> None:
    assert normalised("Ёлка\u00a0и\n\nе\u00adлка ") == normalised("елка и елка")


def test_a_known_id_with_another_text_is_a_conflict(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    tasks = [
        task("n-1", "Новый отель ждёт туристов.", "Туризм"),
        task("a3", "Другой текст", "Туризм"),
        task("n-1", "Третий текст", "Туризм"),
        task("n-9", "", "Туризм"),
    ]
    file = write_tasks(tmp_path / "x.json", tasks)
    before = {path.name: path.read_bytes() for path in annotated.glob("*.*l")}
    result = run("labels", "import", file, "--annotations", annotated)
    assert result.exit_code == 1
    advice = "is known with another text; mend the text, or give it another id"
    assert result.stderr == (
        f"{file}: item 2: article 'a3' {advice}\n"
        f"{file}: item 3: article 'n-1' {advice}\n"
        f"{file}: item 4: article 'n-9' is unknown and comes without text\n"
        f"Error: {file}: 3 conflicts, nothing was written; mend the lines named above\n"
    )
    assert {path.name: path.read_bytes() for path in annotated.glob("*.*l")} == before


def test_unknown_themes_are_named_once_with_near_ones(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    tasks = [task("n-1", "т", "Турызм"), task("n-2", "у", "турызм", "Спорт")]
    file = write_tasks(tmp_path / "x.json", tasks)
    result = run("labels", "import", file, "--annotations", annotated)
    assert result.exit_code == 1
    assert result.stderr == (
        f"{file}: item 1: no theme 'Турызм'; did you mean Туризм (tourism)?\n"
        f"{file}: item 2: no theme 'Спорт'; did you mean Автопром (automotive), Туризм (tourism)?\n"
        f"Error: {file}: 2 unknown themes, nothing was written; "
        "mend the names, or add them as themes with --new-themes\n"
    )


def test_new_themes_are_added(run: Run, annotated: Path, tmp_path: Path) -> None:
    file = write_tasks(tmp_path / "x.json", [task("n-1", "т", "Спорт «Зима»\\", "Туризм")])
    before = (annotated / "themes.toml").read_bytes()
    result = run("labels", "import", file, "--annotations", annotated, "--new-themes")
    assert result.exit_code == 0
    assert (
        "theme sport_zima (Спорт «Зима»\\) added; judgements before 2026-11-20 say nothing of it "
        "unless they name it; write its definition in themes.toml\n" in result.stderr
    )
    assert (annotated / "themes.toml").read_bytes().startswith(before)
    annotations = read(annotated)
    theme = annotations.themes[-1]
    assert (theme.id, theme.ru, theme.en) == ("sport_zima", "Спорт «Зима»\\", "Спорт «Зима»\\")
    assert theme.since == "2026-11-20"
    assert annotations.gold["a0"].open == {"sport_zima"}
    assert annotations.gold["n-1"].themes == {"sport_zima", "tourism"}


def test_a_list_of_themes_that_cannot_grow_is_refused(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    inline = 'themes = [{id = "tourism", ru = "Туризм", en = "Tourism", definition = ""}, '
    inline += '{id = "automotive", ru = "Автопром", en = "Automotive", definition = ""}]'
    (annotated / "themes.toml").write_text(inline, "utf-8")
    file = write_tasks(tmp_path / "x.json", [task("n-1", "т", "Спорт")])
    result = run("labels", "import", file, "--annotations", annotated, "--new-themes")
    assert result.exit_code == 1
    assert "themes.toml: not a list of [[themes]] tables" in result.stderr
    assert (annotated / "themes.toml").read_text("utf-8") == inline


CONTRADICTIONS = {
    "a theme and none": (
        task("n-1", "т", "Туризм", "без темы"),
        "item 1: 'без темы' stands beside themes",
    ),
    "yes and no": (
        {"text": "т", "themes": ["tourism"], "not_themes": ["Туризм"]},
        "item 1: theme 'tourism' is given and denied at once",
    ),
}


@pytest.mark.parametrize(("row", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_contradictions_are_refused(
    run: Run, annotated: Path, tmp_path: Path, row: dict[str, Any], message: str
) -> None:
    file = write_tasks(tmp_path / "x.json", [row])
    result = run("labels", "import", file, "--annotations", annotated)
    assert (result.exit_code, result.stderr) == (1, f"Error: {file}: {message}\n")


def test_the_annotator_may_be_named(run: Run, annotated: Path, export: Path) -> None:
    before = (annotated / "labels.jsonl").read_bytes()
    run("labels", "import", export, "-a", annotated, "--annotator", "anna", "--final")
    lines = added(annotated, before)
    assert [(line["annotator"], line["final"]) for line in lines] == [("anna", True)] * 2


def test_a_final_judgement_of_somebody_else_is_told(
    run: Run, annotated: Path, export: Path
) -> None:
    run("labels", "import", export, "-a", annotated, "--annotator", "chief", "--final")
    result = run("labels", "import", export, "-a", annotated)
    assert result.stderr.splitlines()[-1] == (
        "Warning: 2 articles among these have a final judgement of somebody else, "
        "which goes before; --final lets these decide"
    )


def test_a_faulty_folder_takes_nothing(run: Run, annotated: Path, export: Path) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        file.write("{oops\n")
    result = run("labels", "import", export, "--annotations", annotated)
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {annotated}/labels.jsonl:49: broken JSON at column 2\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["absent.json"], 1, "absent.json: no such file; give a file of labelled articles"),
        (["empty.json"], 1, "empty.json: the file is empty; export it again"),
        (["export.json", "-a", "no"], 1, "no: no such folder; a folder of annotations holds "),
        (["export.json", "--format", "xls"], 2, "'xls' is not one of 'label-studio'"),
    ],
)
def test_wrong_arguments(
    run: Run, export: Path, arguments: list[str], code: int, message: str
) -> None:
    (export.parent / "empty.json").write_text(" \n")
    result = run("labels", "import", *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_a_folder_in_use_is_left_alone(
    annotated: Path, export: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_PATIENCE_SECONDS", 0.1)
    with FileLock(annotated / importing.LOCK):
        result = run("labels", "import", export, "--annotations", annotated)
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {annotated}: another import is at work; try again later\n",
    )


def test_imports_at_once_lose_nothing(annotated: Path, tmp_path: Path) -> None:
    files = [
        write_tasks(tmp_path / f"{n}.json", [task(f"n-{n}", f"Текст {n}", "Туризм")])
        for n in range(4)
    ]
    command = [sys.executable, "-m", "rubrika_train", "labels", "import", "-a", str(annotated)]
    running = [subprocess.Popen([*command, str(file)], stderr=subprocess.DEVNULL) for file in files]
    assert [process.wait(60) for process in running] == [0] * 4
    assert {one.id for one in read(annotated).judgements} >= {f"n-{n}" for n in range(4)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_line_leaves_a_sound_folder(annotated: Path, tmp_path: Path) -> None:
    tasks = [task("n-1", "Новый отель", "Туризм"), task("n-2", "Матч", "Спорт")]
    file = write_tasks(tmp_path / "x.json", tasks)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", annotated, file, scratch],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    kills, states = (int(word) for word in done.stdout.split() if word.isdecimal())
    # Old, themes new, articles new too, all new.
    assert (kills > 50, states) == (True, 4)


def test_an_error_between_two_files_leaves_a_sound_folder(
    annotated: Path, export: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (annotated / "labels.jsonl").read_bytes()
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "labels.jsonl":
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    result = run("labels", "import", export, "--annotations", annotated)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert (annotated / "labels.jsonl").read_bytes() == before
    assert read(annotated).judged
    assert [path.name for path in annotated.iterdir() if path.name.startswith(".labels")] == []


def said(themes: str, no: str | None = None, when: str | None = None, **more: object) -> Said:
    not_themes = None if no is None else tuple(no.split())
    return Said(tuple(themes.split()), not_themes, None, when, **more)  # type: ignore[arg-type]


FULL = Judgement.model_validate({**judgement("a", ["tourism"]), "labelled_at": "2026-11-10"})
PARTIAL = FULL.model_copy(update={"not_themes": ("automotive",)})
FINAL = FULL.model_copy(update={"final": True})

# The earlier judgement, more words, and the themes, not_themes and time of what comes out.
MERGED: dict[str, tuple[Judgement | None, list[Said], tuple[str, str | None, str]]] = {
    "a first word": (None, [said("tourism")], ("tourism", None, NOW)),
    "the last of several": (None, [said("tourism"), said("")], ("", None, NOW)),
    "times overrule the order": (
        None,
        [said("tourism", when="2026-11-12"), said("", when="2026-11-11")],
        ("tourism", None, "2026-11-12"),
    ),
    "the same again": (FULL, [said("tourism")], ("tourism", None, "2026-11-10")),
    "a later word": (FULL, [said("", when="2026-11-11")], ("", None, "2026-11-11")),
    "an old word": (FULL, [said("", when="2026-11-09T10:00:00Z")], ("tourism", None, "2026-11-10")),
    "a word of the same day": (
        FULL,
        [said("", when="2026-11-10T10:00:00Z")],
        ("", None, "2026-11-10T10:00:00Z"),
    ),
    "another zone": (
        None,
        [said("", when="2026-11-10T10:00:00+03:00"), said("x", when="2026-11-10T08:00:00Z")],
        ("x", None, "2026-11-10T08:00:00Z"),
    ),
    "answers to single questions": (
        None,
        [said("tourism", ""), said("", "automotive")],
        ("tourism", "automotive", NOW),
    ),
    "an answer that takes one back": (
        None,
        [said("tourism", ""), said("", "tourism")],
        ("", "tourism", NOW),
    ),
    "an answer over a full word": (
        FULL,
        [said("automotive", "")],
        ("automotive tourism", None, NOW),
    ),
    "a no over a full word": (FULL, [said("", "tourism")], ("", None, NOW)),
    "an answer over a partial word": (PARTIAL, [said("x", "")], ("tourism x", "automotive", NOW)),
    "an old answer under a full word": (
        FULL,
        [said("automotive", "", when="2026-11-01")],
        ("tourism", None, "2026-11-10"),
    ),
    "a full word over a partial one": (PARTIAL, [said("x")], ("x", None, NOW)),
}


@pytest.mark.parametrize(("known", "words", "result"), MERGED.values(), ids=MERGED.keys())
def test_words_of_one_annotator(
    known: Judgement | None, words: list[Said], result: tuple[str, str | None, str]
) -> None:
    found = settled("a", "first", known, words, NOW)
    not_themes = None if found.not_themes is None else " ".join(found.not_themes)
    assert (" ".join(found.themes), not_themes, found.labelled_at) == result
    assert settled("a", "first", found, words, "2027-01-01") is found


IDS = ("a", "b", "c")
themes = st.sets(st.sampled_from(IDS))
times = st.sampled_from([None, "2026-11-01", "2026-11-02", "2026-11-02T10:00:00Z", "2026-11-03"])


@st.composite
def words(draw: st.DrawFn) -> Said:
    yes = draw(themes)
    no = draw(st.none() | themes.map(lambda found: tuple(sorted(found - yes))))
    final, disputed = draw(st.none() | st.booleans()), draw(st.none() | themes.map(tuple))
    return Said(tuple(sorted(yes)), no, None, draw(times), final, disputed)


@settings(deadline=None)
@given(known=st.lists(words(), max_size=2), said=st.lists(words(), min_size=1, max_size=4))
def test_the_same_words_again_change_nothing(known: list[Said], said: list[Said]) -> None:
    before = settled("a", "x", None, known, "2026-10-01") if known else None
    once = settled("a", "x", before, said, NOW)
    assert settled("a", "x", once, said, "2027-01-01") is once


def test_a_final_word_stays_final_where_the_file_is_silent() -> None:
    assert settled("a", "first", FINAL, [said("tourism")], NOW) is FINAL
    assert settled("a", "first", FINAL, [said("")], NOW).final
    assert not settled("a", "first", FINAL, [said("", final=False)], NOW).final
