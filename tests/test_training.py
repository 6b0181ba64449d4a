"""Training: the same data gives the same tagger; what cannot be learnt is said by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import rubrika
from rubrika import bundle
from rubrika.errors import SettingsError
from rubrika_train.annotations import read
from rubrika_train.deciding import cross_fitted, fit_calibration, fit_thresholds
from rubrika_train.settings import DecisionSettings, Settings, stored
from rubrika_train.settings import read as read_settings
from rubrika_train.targets import Goal, Target
from rubrika_train.thresholds import threshold
from rubrika_train.training import train
from tests.conftest import ROOT, THEMES, TOURISM, Run, judgement


def test_training_twice_gives_the_same_bytes(
    annotated: Path, tmp_path: Path, tiny_settings: Settings
) -> None:
    for name in ("one", "two"):
        train(read(annotated), tiny_settings, jobs=1 if name == "one" else 2).save(tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_training_on_the_annotations_gives_the_released_tagger() -> None:
    released = rubrika.load()
    manifest = bundle.read_manifest(bundle.RELEASED)
    annotations = read(ROOT / "annotations")
    assert manifest["training"]["sha256"] == annotations.sha256
    again = train(annotations, stored(manifest), jobs=2).tagger
    texts = [article.full_text for article in annotations.judged]
    np.testing.assert_allclose(
        again.probabilities(texts), released.probabilities(texts), atol=0.001
    )
    assert [tagged.themes for tagged in again.tag_many(texts)] == [
        tagged.themes for tagged in released.tag_many(texts)
    ]


def test_a_theme_without_articles_is_warned_of_and_never_given(
    annotated: Path, tiny_settings: Settings
) -> None:
    more = THEMES.replace("tourism", "sport").split("[[themes]]")[1]
    (annotated / "themes.toml").write_text(f"{THEMES}\n[[themes]]{more}")
    trained = train(read(annotated), tiny_settings)
    assert trained.warnings == (
        "theme tourism: only 16 articles have it; 30 or more are wanted",
        "theme automotive: only 16 articles have it; 30 or more are wanted",
        "theme sport: no article has it; it will never be given",
    )
    assert trained.tagger.probabilities(TOURISM)[:, 2].max() < 1e-6
    assert trained.evaluation.themes["sport"].f1 is None


def test_an_unknown_theme_trains_nothing(annotated: Path, tiny_settings: Settings) -> None:
    with (annotated / "labels.jsonl").open("a") as file:
        for number in range(48):
            line = {**judgement(f"a{number}", [], "first"), "not_themes": ["tourism"]}
            file.write(json.dumps(line) + "\n")
    annotations = read(annotated)
    assert all(gold.open == {"automotive"} for gold in annotations.gold.values())
    tagger = train(annotations, tiny_settings).tagger
    assert not tagger.weights.any()
    assert tagger.topics is not None
    assert not tagger.topics.weights.any()


def test_the_manifest_names_data_settings_and_versions(tiny_bundle: Path) -> None:
    manifest = bundle.read_manifest(tiny_bundle)
    assert manifest["training"]["articles"] == 48
    assert manifest["training"]["articles_without_theme"] == 16
    assert manifest["settings"]["folds"] == 3
    assert {"rubrika", "scikit-learn", "pymorphy3"} <= manifest["versions"].keys()
    assert manifest["metrics"]["f1_macro"] > 0.9


def test_calibration_makes_scores_probabilities() -> None:
    generator = np.random.default_rng(0)
    scores = generator.normal(size=(20_000, 1)) * 3
    truth = 1 / (1 + np.exp(-(0.7 * scores - 1.0)))
    labels = (generator.random(truth.shape) < truth).astype(np.int8)
    calibration = fit_calibration(scores, labels)
    assert calibration.slope == pytest.approx([0.7], abs=0.05)
    assert calibration.intercept == pytest.approx([-1.0], abs=0.05)


def test_the_threshold_lies_in_the_gap() -> None:
    probabilities = np.array([0.1, 0.2, 0.6, 0.9])
    assert threshold(probabilities, np.array([0, 0, 1, 1], dtype=np.int8)) == 0.4
    assert threshold(probabilities, np.zeros(4, dtype=np.int8)) == 0.5


def test_where_ordinary_news_is_commoner_less_is_claimed_and_more_is_asked() -> None:
    generator = np.random.default_rng(7)
    labels = (generator.random((3000, 1)) < 0.2).astype(np.int8)
    scores = labels * 1.5 + generator.normal(size=(3000, 1))
    here = fit_calibration(scores, labels).probabilities(scores)
    feed = fit_calibration(scores, labels, ordinary=3.0).probabilities(scores)
    assert (feed < here).all()
    assert feed[labels == 1].sum() + 3 * feed[labels == 0].sum() == pytest.approx(
        labels.sum(), rel=0.01
    )
    own = labels[:, 0]
    assert threshold(here, own, ordinary=3.0) > threshold(here, own)


def test_a_precision_asked_for_is_that_of_the_feed() -> None:
    generator = np.random.default_rng(7)
    labels = (generator.random(3000) < 0.2).astype(np.int8)
    probabilities = np.clip(labels * 0.3 + generator.random(3000) * 0.7, 0, 1)
    given = probabilities >= threshold(
        probabilities, labels, Target(Goal.PRECISION, 0.9), ordinary=3.0
    )
    wrong, right = (given & (labels == 0)).sum(), (given & (labels == 1)).sum()
    assert right / (right + 3 * wrong) == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("target", "reached"),
    [("precision=0.95", "precision"), ("recall=0.95", "recall")],
)
def test_training_reaches_the_target_that_is_set(target: str, reached: str) -> None:
    generator = np.random.default_rng(7)
    labels = (generator.random((3000, 2)) < 0.3).astype(np.int8)
    scores = labels * 2.0 + generator.normal(size=labels.shape)
    settings = DecisionSettings(target=target, ordinary=1.0)
    _, chosen = cross_fitted(scores, labels, np.arange(3000) % 3, settings)
    right = (chosen & (labels == 1)).sum(axis=0)
    figures = {"precision": right / chosen.sum(axis=0), "recall": right / labels.sum(axis=0)}
    assert figures[reached] == pytest.approx([0.95, 0.95], abs=0.03)


def test_train_keeps_the_target_with_the_tagger(run: Run, annotated: Path) -> None:
    options = ("--set", "folds=3", "--set", "features.min_articles=1")
    named = ("--set", "decision.target=precision=0.90")
    assert run("train", annotated, "-o", "mine", *options, *named).exit_code == 0
    assert bundle.read_manifest(Path("mine"))["settings"]["decision"]["target"] == "precision=0.9"
    assert "- `decision.target`: precision=0.9\n" in Path("mine/README.md").read_text("utf-8")


@pytest.mark.parametrize("target", ["precision", "0.9", "precision=2"])
def test_a_mistyped_target_says_how_to_write_one(run: Run, annotated: Path, target: str) -> None:
    result = run("train", annotated, "-o", "mine", "--set", f"decision.target={target}")
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: target {target}: write f1, precision=0.9 or recall=0.9; "
        "levels are over 0 and up to 1\n",
    )


def test_a_rare_theme_takes_the_pooled_threshold() -> None:
    generator = np.random.default_rng(1)
    labels = (generator.random((400, 2)) < [0.4, 0.005]).astype(np.int8)
    labels[0] = 1
    probabilities = np.clip(labels * 0.3 + generator.random((400, 2)) * 0.5, 0, 1)
    own = fit_thresholds(probabilities, labels, DecisionSettings(pooled_articles=0))
    drawn = fit_thresholds(probabilities, labels, DecisionSettings(pooled_articles=1e9))
    assert drawn[0] == pytest.approx(drawn[1])
    assert own[0] != own[1]


def test_cross_fitting_never_uses_own_labels() -> None:
    generator = np.random.default_rng(2)
    labels = (generator.random((90, 1)) < 0.5).astype(np.int8)
    scores, fold = generator.normal(size=(90, 1)), np.arange(90) % 3
    before, _ = cross_fitted(scores, labels, fold, DecisionSettings())
    labels[fold == 0] = 1 - labels[fold == 0]
    after, _ = cross_fitted(scores, labels, fold, DecisionSettings())
    np.testing.assert_array_equal(before[fold == 0], after[fold == 0])
    assert (before[fold == 1] != after[fold == 1]).any()


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("classifier.C", "--set classifier.C: write it as key=value, for example classifier.C=5"),
        ("classifier.C=-1", "setting classifier.C: input should be greater than 0"),
        ("classifier.c=1", "setting classifier.c: there is no such setting"),
        ("folds=many", "setting folds: input should be a valid integer"),
    ],
)
def test_settings_that_do_not_fit_are_named(override: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(overrides=[override])
    assert str(raised.value).startswith(message)


def test_the_settings_of_an_older_tagger_are_read() -> None:
    assert stored({}) == Settings()
    older = {"folds": 4, "classifier": {"C": 2.0}, "decision": {"caution": 1.0}, "gone": {"x": 1}}
    assert stored({"settings": older}) == read_settings(overrides=["folds=4", "classifier.C=2.0"])
    manifest = bundle.read_manifest(ROOT / "tests/data/format-1")
    assert stored(manifest).model_dump().keys() == Settings().model_dump().keys()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"folds": 1}, "setting folds: input should be greater than or equal to 2"),
        ({"folds": {"of": 5}}, "setting folds: input should be a valid integer"),
        ({"features": 3}, "setting features: "),
        ([5], "settings of the tagger: not an object; train it again"),
    ],
)
def test_settings_of_a_tagger_edited_by_hand_are_named(settings: object, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        stored({"settings": settings})
    assert str(raised.value).startswith(message)


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("folds = 4\n[classifier]\nC = 3.0\nclass_weight = 'none'\n")
    settings = read_settings(path, ["classifier.C=7"])
    assert (settings.folds, settings.classifier.C) == (4, 7.0)
    assert settings.classifier.class_weight == "none"
