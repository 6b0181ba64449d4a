"""Tuning: calibration and thresholds follow one's own sample, and nothing else changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from rubrika import bundle
from rubrika.decision import Calibration, Decision
from rubrika.errors import InputError, SettingsError
from rubrika_train.annotations import read
from rubrika_train.settings import DecisionSettings
from rubrika_train.targets import BEST_F1, Goal, Target, parse
from rubrika_train.thresholds import threshold
from rubrika_train.tuning import _fitted, fit_line, tune
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, write_annotations, write_jsonl

DECISION = Decision(Calibration(np.ones(2), np.zeros(2)), np.array([0.6, 0.4]), 0.7, 3, 0.2)
SETTINGS = DecisionSettings()


def sample(path: Path, copies: int = 3) -> Path:
    """Write articles that the tiny tagger never saw: those with a sum of money are tourism."""
    rows = [
        {"id": f"{name}{copy}{k}", "text": f"{sentence.format(k)} Сумма {copy}.", "labels": labels}
        for name, sentences, labels in (
            ("t", TOURISM, ["tourism"]),
            ("a", AUTOMOTIVE, ["automotive"]),
            ("n", NONE, []),
        )
        for copy in range(copies)
        for k, sentence in enumerate(sentences)
    ]
    return write_jsonl(path, rows)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    return sample(tmp_path / "labelled.jsonl")


def shifted(articles: int, by: float) -> tuple[np.ndarray, np.ndarray]:
    """Return log-odds of two themes that are too high by `by`, and the labels."""
    generator = np.random.default_rng(0)
    truth = generator.normal(-1, 2, size=(articles, 2))
    labels = (generator.random(truth.shape) < expit(truth)).astype(np.int8)
    return truth + by, labels


def boundaries(decision: Decision) -> np.ndarray:
    """Return the scores from which on each theme is given."""
    line = decision.calibration
    return np.asarray((logit(decision.thresholds) - line.intercept) / line.slope)


@pytest.mark.parametrize("written", ["f1", "precision=0.9", "recall=0.75"])
def test_targets_are_written_as_they_are_read(written: str) -> None:
    assert str(parse(written)) == written


@pytest.mark.parametrize("written", ["", "f2", "f1=0.9", "precision", "recall=2", "recall=x"])
def test_a_mistyped_target_is_refused(written: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(written)
    assert str(raised.value) == (
        f"target {written}: write f1, precision=0.9 or recall=0.9; levels are over 0 and up to 1"
    )


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(0, 1)), min_size=1, max_size=40))
def test_the_precision_or_recall_asked_for_is_reached(pairs: list[tuple[float, int]]) -> None:
    probabilities = np.array([probability for probability, _ in pairs])
    labels = np.array([label for _, label in pairs], dtype=np.int8)
    if not labels.any():
        return
    cut = threshold(probabilities, labels, Target(Goal.RECALL, 0.8))
    assert (probabilities[labels == 1] >= cut).mean() >= 0.8
    best = max(labels[probabilities >= one].mean() for one in probabilities)
    cut = threshold(probabilities, labels, Target(Goal.PRECISION, 0.8))
    assert labels[probabilities >= cut].mean() >= min(0.8, best) - 1e-12


def test_a_line_stays_without_articles_and_moves_with_many() -> None:
    logits, labels = shifted(3000, by=2.0)
    few = fit_line(logits[:0, 0], labels[:0, 0], (1.0, 0.0), (0.5, 1.0))
    many = fit_line(logits[:, 0], labels[:, 0], (1.0, 0.0), (0.5, 1.0))
    assert few == (1.0, 0.0)
    assert many == pytest.approx((1.0, -2.0), abs=0.15)


def test_probabilities_that_were_too_high_come_down() -> None:
    logits, labels = shifted(2000, by=2.0)
    tuned = _fitted(DECISION, logits, labels, BEST_F1, SETTINGS)
    mean = tuned.calibration.probabilities(logits).mean(axis=0)
    assert mean == pytest.approx(labels.mean(axis=0), abs=0.02)
    assert (expit(logits).mean(axis=0) > labels.mean(axis=0) + 0.1).all()


def test_a_theme_without_articles_follows_the_others() -> None:
    logits, labels = shifted(2000, by=2.0)
    labels[:, 1] = -1
    tuned = _fitted(DECISION, logits, labels, BEST_F1, SETTINGS)
    assert tuned.calibration.intercept[1] == pytest.approx(tuned.calibration.intercept[0], abs=0.1)
    moved = boundaries(tuned) - logit(DECISION.thresholds)
    assert moved[1] == pytest.approx(moved[0], abs=0.2)


def test_a_theme_that_was_never_learnt_stays_so() -> None:
    logits, labels = shifted(500, by=0.0)
    logits[:, 1] = -20.0
    tuned = _fitted(DECISION, logits, labels, BEST_F1, SETTINGS)
    assert (tuned.calibration.slope[1], tuned.calibration.intercept[1]) == (1.0, 0.0)
    assert not tuned.chosen(tuned.calibration.probabilities(logits))[:, 1].any()


def test_a_few_yes_of_many_articles_move_a_threshold_little() -> None:
    logits, labels = shifted(400, by=0.0)
    rare = labels.copy()
    rare[np.flatnonzero(rare[:, 1] == 1)[3:], 1] = -1
    common = replace(DECISION, thresholds=np.array([0.5, 0.5]))
    moved = boundaries(_fitted(common, logits, rare, BEST_F1, SETTINGS))
    assert abs(moved[1] - moved[0]) < 0.5
    own = SETTINGS.model_copy(update={"pooled_articles": 0.0})
    alone = boundaries(_fitted(common, logits, rare, BEST_F1, own))
    assert abs(alone[1] - alone[0]) > abs(moved[1] - moved[0])


def test_only_the_decision_changes(tiny_bundle: Path, labelled: Path, tmp_path: Path) -> None:
    tuned = tune(tiny_bundle, labelled)
    tuned.save(tmp_path / "tuned")
    for name in (bundle.WEIGHTS, bundle.VOCABULARY, bundle.FORMS, bundle.TOPICS):
        assert (tmp_path / "tuned" / name).read_bytes() == (tiny_bundle / name).read_bytes()
    old, new = bundle.read_manifest(tiny_bundle), bundle.read_manifest(tmp_path / "tuned")
    assert new["parent"] == {"version": old["version"], "sha256": old["sha256"]}
    assert (new["tuning"]["articles"], new["tuning"]["target"]) == (36, "f1")
    assert new["tuning"]["articles_by_theme"] == {"tourism": 12, "automotive": 12}
    assert new["training"] == old["training"]
    assert new["decision"] != old["decision"]
    assert new["version"].startswith(f"{old['version']}-tuned-")
    card = (tmp_path / "tuned" / "README.md").read_text(encoding="utf-8")
    assert "fitted anew to 36 labelled articles" in card
    assert new["tuning"]["sha256"] in card


def test_the_target_stays_until_another_is_named(
    tiny_bundle: Path, labelled: Path, tmp_path: Path
) -> None:
    picky = Target(Goal.PRECISION, 0.9)
    tagger, manifest = bundle.load(tiny_bundle), bundle.read_manifest(tiny_bundle)
    manifest["settings"]["decision"]["target"] = "precision=0.9"
    details = {key: value for key, value in manifest.items() if key not in bundle.OWN_KEYS}
    bundle.save(tagger, tmp_path / "picky", details, "")
    assert tune(tmp_path / "picky", labelled).target == picky
    tune(tmp_path / "picky", labelled, BEST_F1).save(tmp_path / "other")
    assert tune(tmp_path / "other", labelled).target == BEST_F1
    tune(tiny_bundle, labelled, picky).save(tmp_path / "tuned")
    assert tune(tmp_path / "tuned", labelled).target == picky


def test_tuning_twice_gives_the_same_bytes(
    tiny_bundle: Path, labelled: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        tune(tiny_bundle, labelled).save(tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_what_is_after_is_decided_without_own_labels(tiny_bundle: Path, tmp_path: Path) -> None:
    """A sample whose labels are drawn by lot teaches nothing: cross-fitting must not find any."""
    generator = np.random.default_rng(5)
    rows = [
        {"id": str(k), "text": f"{sentence.format(k)} {k * 7}", "labels": labels}
        for k in range(120)
        for sentence in [(*TOURISM, *AUTOMOTIVE, *NONE)[k % 12]]
        for labels in [["tourism"] if generator.random() < 0.3 else []]
    ]
    tuned = tune(tiny_bundle, write_jsonl(tmp_path / "lot.jsonl", rows))
    assert (tuned.after.themes["tourism"].precision or 0) < 0.5


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "Суд."}] * 30, "no article has a theme; label some that do, then tune"),
        (
            [{"text": TOURISM[0], "labels": ["tourism"]}] * 3,
            "too few articles to tune to, 3; two hundred are a good start",
        ),
    ],
)
def test_too_little_is_refused(
    tiny_bundle: Path, tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    path = write_jsonl(tmp_path / "few.jsonl", [{"labels": [], **row} for row in rows])
    with pytest.raises(InputError) as raised:
        tune(tiny_bundle, path)
    assert str(raised.value) == f"{path}: {message}"


def test_the_articles_of_its_training_are_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = write_annotations(tmp_path / "same")
    with pytest.raises(InputError, match="the tagger was trained on these articles"):
        tune(tiny_bundle, folder)


def test_articles_of_its_training_are_left_out(
    tiny_bundle: Path, labelled: Path, annotated: Path
) -> None:
    with labelled.open("a") as file:
        for article in read(annotated).articles[:5]:
            file.write(json.dumps({"text": f" {article.text.upper()}", "labels": []}) + "\n")
    tuned = tune(tiny_bundle, labelled)
    assert tuned.after.articles == 36
    assert tuned.warnings == ("left out, the tagger was trained on them: 5 articles",)


def test_in_a_registry_it_is_a_version_more(run: Run, tiny_bundle: Path, labelled: Path) -> None:
    run("models", "promote", tiny_bundle, "--registry", "own")
    result = run("tune", "own", labelled)
    (new,) = {path.name for path in Path("own").glob("*-tuned-*")}
    assert result.stderr.splitlines()[-1] == (
        f"own: {new} was added; put it into use with: rubrika models promote {new} --registry own"
    )
    promoted = run("tune", tiny_bundle, labelled, "-o", "own", "--promote")
    assert promoted.stderr.splitlines()[-1] == f"own: {new} was added and is in use now"


def test_the_command_writes_a_new_tagger(run: Run, tiny_bundle: Path, labelled: Path) -> None:
    result = run("tune", tiny_bundle, labelled, "-o", "own", "--target", "precision=0.9")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[0].split() == [
        *("theme", "support", "threshold", "precision", "recall"),
        *("F1", "before", "F1", "after"),
    ]
    assert "macro-F1" in result.stdout
    manifest = json.loads(Path("own/manifest.json").read_text())
    assert result.stderr == (
        "Tuned to 36 articles for precision=0.9; what is after is cross-fitted\n"
        f"Tagger {manifest['version']} written to own\n"
    )
    again = run("tune", tiny_bundle, labelled, "-o", "own")
    assert again.stderr == "Error: own: there is a tagger already; replace it with --force\n"
    assert again.exit_code == 1


def test_few_labels_are_one_warning(run: Run, tiny_bundle: Path, tmp_path: Path) -> None:
    sample(tmp_path / "few.jsonl", copies=2)
    result = run("tune", tiny_bundle, "few.jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines()[0] == (
        "Warning: few articles of the sample have these themes, so they follow the others: "
        "tourism (8), automotive (8); 10 or more of each are wanted"
    )


def test_a_tagger_is_not_tuned_in_place(run: Run, tiny_bundle: Path, labelled: Path) -> None:
    before = (tiny_bundle / "manifest.json").read_bytes()
    assert run("tune", tiny_bundle, labelled, "-o", tiny_bundle).exit_code == 1
    assert (tiny_bundle / "manifest.json").read_bytes() == before
