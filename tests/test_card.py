"""The model card: every section, every figure, no placeholder."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rubrika import bundle
from rubrika_train import card
from rubrika_train.training import Trained

SECTIONS = (
    "## Model Details",
    "### Model Description",
    "## Uses",
    "### Direct Use",
    "### Out-of-Scope Use",
    "## Bias, Risks, and Limitations",
    "### Recommendations",
    "## How to Get Started with the Model",
    "## Training Details",
    "### Training Data",
    "### Training Procedure",
    "#### Training Hyperparameters",
    "## Evaluation",
    "### Testing Data, Factors & Metrics",
    "### Results",
    "#### Summary",
    "### Thresholds and Calibration",
)
# What a card holds that nobody finished: templates' marks, Python's nothings.
PLACEHOLDER = re.compile(
    r"More Information Needed|\{\{|\{%|\bTODO\b|\bTBD\b|\bNone\b|\bnan\b|<[a-z]"
)


@pytest.fixture(scope="module")
def text(tiny_bundle: Path) -> str:
    return (tiny_bundle / "README.md").read_text(encoding="utf-8")


def test_sections_are_those_of_the_template(text: str) -> None:
    found = [line for line in text.splitlines() if re.match(r"##+ ", line)]
    assert tuple(found) == SECTIONS


@pytest.mark.parametrize("folder", ["tiny", "released"])
def test_no_placeholder_is_left(folder: str, tiny_bundle: Path) -> None:
    path = (tiny_bundle if folder == "tiny" else bundle.RELEASED) / "README.md"
    assert PLACEHOLDER.findall(path.read_text(encoding="utf-8")) == []


def test_a_placeholder_would_be_seen(text: str) -> None:
    assert PLACEHOLDER.search(f"{text}\n[More Information Needed]\n")


def test_every_theme_has_its_figures_with_intervals(text: str, trained: Trained) -> None:
    for k, theme in enumerate(trained.tagger.themes):
        threshold = trained.tagger.decision.thresholds[k]
        assert f"| {theme.id} | {theme.ru} | {theme.definition} |" in text
        assert re.search(
            rf"\| {theme.id} \| 16 \| [01]\.\d{{3}} \| [01]\.\d{{3}} "
            r"\| [01]\.\d{3} \([01]\.\d{3}–[01]\.\d{3}\) \|",
            text,
        )
        assert f"| {theme.id} | {threshold:.3f} |" in text
    assert re.search(r"\| macro-F1 \| [01]\.\d{3} \| [01]\.\d{3}–[01]\.\d{3} \|", text)


def test_the_card_says_what_it_was_made_of(text: str, trained: Trained) -> None:
    assert "48 labelled articles, 16 of them without any theme" in text
    assert trained.details["training"]["sha256"] in text
    assert "- `features.min_articles`: 1\n" in text
    assert f"rubrika {trained.details['versions']['rubrika']}, scikit-learn " in text
    assert "fewer than 30 articles, so hardly known:\n  tourism (16),\n  automotive (16).\n" in text
    assert "$ rubrika tune FOLDER labelled.jsonl\n" in text


def test_the_header_is_yaml(text: str, trained: Trained) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML comes with pre-commit")
    header = yaml.safe_load(text.split("---\n")[1])
    assert (header["language"], header["library_name"]) == ("ru", "rubrika")
    (model,) = header["model-index"]
    assert model["name"] == f"rubrika {trained.tagger.version}"
    (result,) = model["results"]
    assert [metric["type"] for metric in result["metrics"]] == [
        "f1_macro",
        "f1_micro",
        "average_precision_macro",
    ]
    assert result["metrics"][0]["value"] == pytest.approx(trained.evaluation.f1_macro, abs=1e-3)


def test_what_was_not_measured_is_said(trained: Trained) -> None:
    own = {**trained.details["metrics"]["themes"]["tourism"], "f1": None, "intervals": {}}
    themes = {**trained.details["metrics"]["themes"], "tourism": own}
    details = {
        **trained.details,
        "metrics": {**trained.details["metrics"], "themes": themes, "none_recall": None},
    }
    found = card.render(trained.tagger, details)
    assert re.search(r"\| tourism \| 16 \| \S+ \| \S+ \| not measured \|", found)
    assert re.search(r'\| recall of "no theme" \| not measured \|', found)
    assert not PLACEHOLDER.search(found)


def test_a_title_cannot_break_the_tables(trained: Trained) -> None:
    first, *others = trained.tagger.themes
    tagger = replace(trained.tagger, themes=(replace(first, ru="А|Б\nВ"), *others))
    assert f"| {first.id} | А\\|Б В | {first.definition} |" in card.render(tagger, trained.details)


def test_the_background_is_told_of_only_where_it_was_used(trained: Trained) -> None:
    settings = trained.details["settings"]
    plain = {**settings, "features": {**settings["features"], "likeness": 0.0, "topics": 0.0}}
    tagger = replace(trained.tagger, topics=None)
    found = card.render(tagger, {**trained.details, "settings": plain})
    assert "Each lemma speaks a little" in card.render(trained.tagger, trained.details)
    assert "Each topic of an article" in card.render(trained.tagger, trained.details)
    assert "Each lemma speaks a little" not in found
    assert "topic of an article" not in found
    assert "pairs of" not in found
    assert not re.search(r"\n\n\n", found)
