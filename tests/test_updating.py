"""Training for people: a plan, warnings by name, and the gate before an old tagger's place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rubrika import bundle
from rubrika_train import registry, seen
from rubrika_train.annotations import read
from rubrika_train.contradictions import contradictions_by_theme
from rubrika_train.settings import Settings, stored
from rubrika_train.training import train
from rubrika_train.training_plan import plan_training
from rubrika_train.tuning import tune
from rubrika_train.updating import judge
from tests.conftest import AUTOMOTIVE, NONE, TOURISM, Run, judgement, write_jsonl

SETTINGS = ("--set", "folds=3", "--set", "features.min_articles=1")
# Words that nobody knows, so that no new article is a near-duplicate of another.
FILLER = ("абв", "где", "жзи", "клм", "ноп", "рст", "уфх", "цчш", "эюя", "вба", "едг", "изж")
KINDS: tuple[tuple[list[str], Sequence[str]], ...] = (
    (["tourism"], TOURISM),
    (["automotive"], AUTOMOTIVE),
    ([], NONE),
)


def more(folder: Path, copies: int = 2) -> None:
    """Add new articles of each kind, rightly labelled."""
    with (
        (folder / "articles.jsonl").open("a") as articles,
        (folder / "labels.jsonl").open("a") as labels,
    ):
        for themes, sentences in KINDS:
            for number in range(copies * len(sentences)):
                one = f"new-{sentences[0][:3]}-{number}"
                own = " ".join(f"{word}{number}" for word in FILLER)
                text = f"{sentences[number % len(sentences)].format(number + 200)} {own}"
                articles.write(json.dumps({"id": one, "text": text}) + "\n")
                labels.write(json.dumps(judgement(one, themes)) + "\n")


def relabel(folder: Path, swap: dict[str, list[str]]) -> None:
    """Let a final judgement give the first articles other themes."""
    before = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    with (folder / "labels.jsonl").open("a") as labels:
        for one in before:
            if not one["id"].startswith("new"):
                themes = swap[" ".join(one["themes"])]
                line = {**judgement(one["id"], themes, "wrong"), "final": True}
                labels.write(json.dumps(line) + "\n")


def test_the_plan_says_what_changed(annotated: Path, tiny_bundle: Path) -> None:
    manifest = bundle.read_manifest(tiny_bundle)
    settings = stored(manifest)
    assert list(plan_training(read(annotated), settings, manifest).lines()) == [
        "Plan: train on 48 labelled articles, 2 themes",
        "  settings other than the default, which is in brackets: features.min_articles=1 (3), "
        "folds=3 (5)",
        f"  the same annotations as of tagger {manifest['version']}",
    ]
    more(annotated)
    with (annotated / "labels.jsonl").open("a") as labels:
        labels.write(json.dumps(judgement("a0", ["automotive"])) + "\n")
    changed = Settings(folds=4, seed=settings.seed, features=settings.features)
    assert list(plan_training(read(annotated), changed, manifest).lines()) == [
        "Plan: train on 72 labelled articles, 2 themes",
        "  settings other than the default, which is in brackets: features.min_articles=1 (3), "
        "folds=4 (5)",
        f"  since tagger {manifest['version']}: 24 articles are new, 0 are gone, "
        "1 have other labels",
        "  articles by theme: tourism 16 → 23, automotive 16 → 25",
        "  settings: folds 3 → 4",
    ]


def test_settings_that_came_and_went_are_in_the_plan(annotated: Path) -> None:
    manifest = {
        "version": "v",
        "settings": {"decision": {"caution": 1.0}, "folds": 5, "old": {"x": 1}},
    }
    line = next(
        line
        for line in plan_training(read(annotated), Settings(), manifest).lines()
        if line.startswith("  settings: ")
    )
    assert "folds" not in line
    assert "decision.caution 1.0 → unset" in line
    assert "old.x 1 → unset" in line
    assert "decision.target unset → f1" in line


def test_an_update_starts_from_the_settings_of_the_old_tagger(
    run: Run, annotated: Path, tiny_bundle: Path
) -> None:
    more(annotated)
    Path("own.toml").write_text("folds = 4\nseed = 1\n[decision]\nmin_known = 2\n")
    arguments = ("--update", tiny_bundle, "-o", "new", "--config", "own.toml", "--set", "seed=2")
    result = run("train", annotated, *arguments)
    assert result.exit_code == 0, result.stderr
    settings = bundle.read_manifest(Path("new"))["settings"]
    assert settings["features"]["min_articles"] == 1
    assert (settings["folds"], settings["seed"], settings["decision"]["min_known"]) == (4, 2, 2)
    assert (
        "  settings other than the default, which is in brackets: features.min_articles=1 (3), "
        "decision.min_known=2 (3), folds=4 (5), seed=2 (13)\n"
    ) in result.stderr
    assert "  settings: decision.min_known 3 → 2, folds 3 → 4, seed 13 → 2\n" in result.stderr


def test_a_tagger_of_other_articles_is_not_counted_against(annotated: Path) -> None:
    manifest = {"version": "v", "training": {"seen": "00000000:0000"}}
    lines = list(plan_training(read(annotated), Settings(), manifest).lines())
    assert lines[1:] == ["  none of them was in tagger v"]


def test_an_older_tagger_cannot_say_what_it_saw(annotated: Path) -> None:
    plan = plan_training(read(annotated), Settings(), {"version": "v", "training": {}})
    assert "  since tagger v: other annotations; it does not say which articles it saw" in (
        plan.lines()
    )


def test_digests_know_a_text_by_its_words(annotated: Path) -> None:
    annotations = read(annotated)
    found = seen.read({"seen": seen.written(annotations)})
    assert found is not None
    assert len(found) == 48
    text = annotations.articles[0].full_text
    assert seen.text_digest(f"  {text.upper()}\n") in found
    assert seen.text_digest(f"{text} и") not in found


def test_contradicting_judgements_are_warned_of(annotated: Path, tiny_settings: Settings) -> None:
    with (annotated / "labels.jsonl").open("a") as labels:
        for number in range(8):
            labels.write(json.dumps(judgement(f"a{number}", [], "second")) + "\n")
        final = {**judgement("a0", ["tourism"], "third"), "final": True}
        labels.write(json.dumps(final) + "\n")
    annotations = read(annotated)
    assert contradictions_by_theme(annotations) == {"tourism": 7, "automotive": 0}
    assert train(annotations, tiny_settings).warnings[2:] == (
        "theme tourism: annotators contradict each other on 7 articles and agree on 9 that have "
        "it; nothing is learnt from those; settle them: rubrika labels agreement",
    )


def test_a_tagger_that_is_not_worse_is_written(
    run: Run, annotated: Path, tiny_bundle: Path
) -> None:
    more(annotated)
    result = run("train", annotated, "--update", tiny_bundle, "-o", "new", *SETTINGS)
    assert result.exit_code == 0, result.stderr
    old = bundle.read_manifest(tiny_bundle)
    assert (
        f"\nOld and new on 24 articles that tagger {old['version']} never saw: the old tagger as "
        "it is, against taggers made like the new one that did not see the article either: fair, "
        "a little in the old one's favour, for these were made of fewer articles than the new one."
    ) in result.stderr
    assert "24 articles that tagger" in result.stderr
    assert "are few: only a large loss could be told from chance" in result.stderr
    assert f"The new tagger is not worse than {old['version']}: no loss is real" in result.stderr
    parent = bundle.read_manifest(Path("new"))["parent"]
    assert parent == {"version": old["version"], "sha256": old["sha256"]}


def test_what_the_old_tagger_was_tuned_to_is_said(
    annotated: Path, tiny_bundle: Path, tmp_path: Path, tiny_settings: Settings
) -> None:
    more(annotated)
    annotations = read(annotated)
    rows = [
        {"text": one.full_text, "labels": sorted(annotations.gold[one.id].themes)}
        for one in annotations.articles
        if one.id.startswith("new")
    ]
    tune(tiny_bundle, write_jsonl(tmp_path / "own.jsonl", rows)).save(tmp_path / "tuned")
    (check,) = judge(tmp_path / "tuned", train(annotations, tiny_settings)).checks
    assert check.fairness.endswith(
        "; the old tagger was tuned to 24 of them, which favours it more"
    )


def test_a_worse_tagger_is_refused(run: Run, annotated: Path, tiny_bundle: Path) -> None:
    more(annotated, copies=4)
    relabel(annotated, {"tourism": ["automotive"], "automotive": ["tourism"], "": []})
    before = (tiny_bundle / "manifest.json").read_bytes()
    result = run("train", annotated, "--update", tiny_bundle, "-o", "new", *SETTINGS)
    assert result.exit_code == 3, result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Refused: the new tagger is worse: macro-F1 on 48 articles that tagger ")
    assert last.endswith(f"; nothing was written, {tiny_bundle} is as it was")
    assert not Path("new").exists()
    assert (tiny_bundle / "manifest.json").read_bytes() == before


def test_without_new_articles_there_is_no_comparison(
    run: Run, annotated: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("rubrika_train.training.train")  # refused before the work
    result = run("train", annotated, "--update", tiny_bundle, "-o", "new", *SETTINGS)
    assert result.exit_code == 3
    old = bundle.read_manifest(tiny_bundle)["version"]
    assert result.stderr.splitlines()[-2:] == [
        f"Warning: not compared: all these articles were there when tagger {old} was trained",
        "Refused: there is no article to compare the taggers on; give labelled articles that "
        "neither saw with --data, or train without --update; nothing was written, "
        f"{tiny_bundle} is as it was",
    ]
    assert not Path("new").exists()


def test_data_serves_as_well_and_what_was_trained_on_is_left_out(
    run: Run, annotated: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    known = read(annotated).articles[0].full_text
    rows = [
        {"text": f"{sentence.format(k)} Срок {k}.", "labels": themes}
        for themes, sentences in KINDS
        for k, sentence in enumerate(sentences)
    ]
    write_jsonl(tmp_path / "own.jsonl", [*rows, {"text": known, "labels": ["tourism"]}])
    arguments = ("--update", tiny_bundle, "--data", "own.jsonl", "-o", "new", *SETTINGS)
    result = run("train", annotated, *arguments)
    assert result.exit_code == 0, result.stderr
    assert (
        "\nOld and new on 12 articles of own.jsonl: both taggers as they are: fair; "
        "1 that one of them was trained on are left out."
    ) in result.stderr


def test_a_registry_gets_a_version_more(run: Run, annotated: Path, tiny_bundle: Path) -> None:
    assert run("models", "promote", tiny_bundle).exit_code == 0
    old = registry.current(Path("models"))
    more(annotated)
    result = run("train", annotated, "--update", "models", *SETTINGS)
    assert result.exit_code == 0, result.stderr
    (new,) = {one.version for one in registry.versions(Path("models"))} - {old}
    assert result.stderr.splitlines()[-1] == (
        f"models: {new} was added; put it into use with: rubrika models promote {new}"
    )
    assert registry.current(Path("models")) == old
    again = run("train", annotated, "-u", "models", "-o", "models", "--promote", *SETTINGS)
    assert again.stderr.splitlines()[-1] == f"models: {new} was added and is in use now"
    assert registry.current(Path("models")) == new
    inside = run("train", annotated, "-o", "models/mine", *SETTINGS)
    assert (inside.exit_code, inside.stderr) == (
        1,
        "Error: models/mine: a version of a registry is named by its data; write -o models\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--data", "own.jsonl"), "is for --update"),
        (("--promote",), "tagger is no registry; begin one with"),
    ],
)
def test_options_that_would_be_passed_over_are_refused(
    run: Run, annotated: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run("train", annotated, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
