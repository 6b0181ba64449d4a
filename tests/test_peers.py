"""The benchmark of peers: fair work for all, no peer lost, rows kept while data are the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score
from typer.testing import CliRunner, Result

from rubrika_train import training
from rubrika_train.annotations import read as read_annotations
from rubrika_train.evaluation import evaluate_tagger
from rubrika_train.labelled import read_labelled
from rubrika_train.settings import Settings
from tests.benchmarks import peers, peers_results, peers_task
from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Bools, Floats, Predict, Task
from tests.benchmarks.peers_results import Row, Section
from tests.benchmarks.peers_roster import CONTENDERS, PEERS, Peer
from tests.benchmarks.peers_table import render
from tests.conftest import write_annotations, write_jsonl

RUBRIKA = PEERS[0]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Write annotations that are enough for five folds of what a test leaves."""
    return write_annotations(tmp_path / "many", copies=10)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {"text": "Туристы бронируют гостиницы курорта.", "labels": ["tourism"]},
        {"text": "Автозавод собрал электромобили.", "labels": [], "disputed": ["automotive"]},
        {"text": "Хоккеисты выиграли матч.", "labels": []},
    ]
    return write_jsonl(tmp_path / "data.jsonl", rows)


def fit_by_word(word: str, texts: object, labels: Bools) -> Predict:
    """Score every theme 1 where the word is in a text."""

    def predict(asked: object) -> Floats:
        assert isinstance(asked, list | tuple)
        return np.array([[float(word in text)] * labels.shape[1] for text in asked])

    return predict


def test_no_article_is_both_learnt_from_and_tested_on(many: Path) -> None:
    work = peers_task.prepare(many, None)
    texts = {article.full_text for article in work.articles}
    assert len(texts & set(work.test_texts)) == 0
    assert len(work.articles) + len(work.test_texts) == len(read_annotations(many).judged)
    assert len(work.test_texts) == len(work.test_labels)


def test_all_annotations_are_learnt_from_when_a_file_is_tested_on(many: Path, data: Path) -> None:
    work = peers_task.prepare(many, data)
    assert len(work.articles) == len(read_annotations(many).judged)
    assert work.test_labels.tolist() == [[1, 0], [0, -1], [0, 0]]


def test_a_contender_sees_no_label_of_a_test_article(many: Path, data: Path) -> None:
    work, folder = peers_task.prepare(many, data), many / "task"
    peers_task.write(work, many, folder, autotune_seconds=5)
    lines = [json.loads(line) for line in (folder / "test.jsonl").read_text("utf-8").splitlines()]
    assert [set(line) for line in lines] == [{"text"}] * 3
    task = protocol.read(folder)
    assert task.test == work.test_texts
    assert task.labels.tolist() == (work.labels == 1).tolist()
    assert read_annotations(folder / "annotations").judged == work.articles


def test_the_best_settings_are_those_of_the_held_out_fold(many: Path, data: Path) -> None:
    folder = many / "task"
    peers_task.write(peers_task.prepare(many, data), many, folder, autotune_seconds=5)

    def ways(task: Task) -> dict[str, protocol.Fit]:
        return {word: partial(fit_by_word, word) for word in ("матч", "урист")}

    outcome = protocol.contend(protocol.read(folder), ways, ["numpy"])
    assert outcome.settings == "урист"
    assert outcome.test.tolist() == [[1, 1], [0, 0], [0, 0]]
    assert outcome.versions == {"numpy": np.__version__}


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 1000)), min_size=1, unique_by=lambda x: x[1])
)
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    if labels.any():
        expected = average_precision_score(labels, scores)
        found = protocol.mean_average_precision(labels[:, None], scores[:, None].astype(float))
        assert found == pytest.approx(expected)


def test_log_odds_keep_the_order_and_are_finite() -> None:
    scores = protocol.log_odds(np.array([0.0, 1e-6, 0.5, 1.0]))
    assert np.isfinite(scores).all()
    assert (np.diff(scores) > 0).all()


def test_rubrikas_row_is_what_rubrika_evaluate_says(many: Path, data: Path) -> None:
    work, folder = peers_task.prepare(many, data), many / "task"
    peers_task.write(work, many, folder, autotune_seconds=5)
    row = peers.contend(RUBRIKA, work, folder)
    annotations = read_annotations(many)
    tagger = training.train(annotations, Settings()).tagger
    told = evaluate_tagger(tagger, read_labelled(data, annotations.themes))
    assert row.reason is None
    assert (row.f1_macro, row.f1_micro) == (told.f1_macro, told.f1_micro)
    assert row.average_precision_macro == told.average_precision_macro


@pytest.mark.parametrize(
    ("peer", "reason"),
    [
        (
            Peer("none", "None", "no_such_module"),
            "cannot be run: .*No module named tests.benchmarks.contenders.no_such_module",
        ),
        (Peer("scikit", "No such recipe", "scikit", "shapes"), "cannot be run: KeyError: 'shapes'"),
    ],
    ids=lambda value: value.key if isinstance(value, Peer) else "",
)
def test_a_peer_that_fails_is_a_row_with_the_reason(
    peer: Peer, reason: str, many: Path, data: Path
) -> None:
    work, folder = peers_task.prepare(many, data), many / "task"
    peers_task.write(work, many, folder, autotune_seconds=5)
    row = peers.contend(peer, work, folder)
    assert re.fullmatch(reason, row.reason or "")
    assert row.f1_macro is None


def section() -> Section:
    fine = Row("2026-11-01", None, "C=1", {"x": "1.0"}, 0.8, 0.7, 0.9, 0.75, 12.0, 3.5, 1234.5)
    poor = replace(fine, f1_macro=0.2, average_precision_macro=0.1)
    bad = Row("2026-11-02", reason="cannot be installed: no wheel | for this Python")
    rows = {"mllm": poor, "rubrika": fine, "spacy": bad}
    return Section("Real news", "make bench-peers", "abc", 2750, 245, rows)


def test_the_table_names_every_peer_the_best_first() -> None:
    lines = [line for line in render({"real": section()}).splitlines() if line.startswith("|")][2:]
    assert len(lines) == len(PEERS)
    assert lines[0] == "| **Rubrika** | 0.800 | 0.700 | 0.900 | 0.750 | 3.5 | 12 | 1,234 |"
    assert lines[1].startswith("| Annif: MLLM | 0.200 |")
    assert any("not run: cannot be installed: no wheel \\| for this Python" in one for one in lines)
    assert sum("not run: not run on these data yet" in one for one in lines) == len(PEERS) - 3


def test_rows_are_kept_only_while_the_data_are_the_same() -> None:
    assert peers.kept(section(), "abc") == section().rows
    assert peers.kept(section(), "other") == {}
    assert peers.kept(None, "abc") == {}


def test_a_section_keeps_its_heading_and_command(many: Path, data: Path) -> None:
    moved = data.rename(data.with_name("moved.jsonl"))
    work = peers_task.prepare(many, moved)
    fresh = peers.begin(work, moved, "", None)
    assert (fresh.title, fresh.command) == ("`moved.jsonl`", "make bench-peers DATA=moved.jsonl")
    assert (fresh.train_articles, fresh.test_articles, fresh.rows) == (120, 3, {})
    again = peers.begin(work, moved, "", replace(section(), sha256=work.sha256))
    assert (again.title, again.command) == ("Real news", "make bench-peers")
    assert again.rows == section().rows
    assert peers.begin(work, moved, "Other news", section()).title == "Other news"


def test_results_come_back_as_they_were_stored(tmp_path: Path) -> None:
    path = tmp_path / "peers.json"
    assert peers_results.load(path) == {}
    peers_results.store(path, {"real": section()})
    assert peers_results.load(path) == {"real": section()}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(peers.app, [str(argument) for argument in arguments])


def test_a_peer_that_is_not_there_is_a_usage_error() -> None:
    result = call("--only", "bert")
    assert result.exit_code == 2
    assert "no peer 'bert'; peers are rubrika, lemmas, words" in result.stderr


def test_annotations_that_are_not_there_are_one_line(tmp_path: Path) -> None:
    result = call("--annotations", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {tmp_path / 'labels.jsonl'}: no such file; a folder of annotations holds "
        "themes.toml, articles.jsonl and labels.jsonl\n"
    )


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.key)
def test_every_peer_has_a_module_and_pinned_versions(peer: Peer) -> None:
    assert (CONTENDERS / f"{peer.module}.py").exists()
    if peer.requirements:
        pins = (CONTENDERS / f"requirements-{peer.requirements}.txt").read_text("utf-8")
        assert all("==" in line for line in pins.split())
