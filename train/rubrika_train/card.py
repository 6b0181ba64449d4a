"""The model card: what a tagger is, what it was made of, how well it does, where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rubrika.tagger import Tagger


def render(tagger: Tagger, details: Mapping[str, Any]) -> str:
    """Return the card of a tagger as Markdown, in the sections of the Hugging Face template."""
    metrics, training = details["metrics"], details["training"]
    versions = ", ".join(f"{name} {number}" for name, number in details["versions"].items())
    rows = "\n".join(
        _row(theme.id, theme.ru, metrics["themes"][theme.id]) for theme in tagger.themes
    )
    settings = "\n".join(f"- `{name}`: {value}" for name, value in _flat(details["settings"]))
    without = training["articles_without_theme"]
    return f"""---
language: ru
library_name: rubrika
pipeline_tag: text-classification
---

# Rubrika tagger {tagger.version}

## Model Details

Tags Russian news articles with {len(tagger.themes)} themes, several an article or none.
One linear classifier a theme over TF-IDF of lemmas ({len(tagger.vocabulary):,} of them), calibrated
to probabilities, with a threshold a theme. Made with {versions}.

## Uses

Tagging news articles in Russian: `rubrika predict ARTICLES -m FOLDER`. Each tag is a suggestion
with a probability. It is no judge of texts in other languages, of headlines alone, of whole books,
nor of themes outside the list.

## Bias, Risks, and Limitations

The tagger knows words, not facts: irony, negation and an unusual wording of a theme escape it.
It carries the habits of its annotators and of the outlets that its articles came from.
Probabilities hold for a stream in which themes are as frequent as in the training articles; where
yours differ they are too high, and thresholds should be checked on a labelled sample of your own.

## Training Details

{training["articles"]:,} labelled articles, {without:,} of them without any theme.
SHA-256 of the annotations: `{training["sha256"]}`.

{settings}

## Evaluation

Cross-validation over the training articles in folds that keep near-duplicates together; each
fold's calibration and thresholds come from the other folds. Printed by `rubrika train`.

| | |
|---|---|
| macro-F1 | {_number(metrics["f1_macro"])} |
| micro-F1 | {_number(metrics["f1_micro"])} |
| mean average precision | {_number(metrics["average_precision_macro"])} |
| F1 by article ("no theme" rightly said counts 1) | {_number(metrics["f1_by_article"])} |
| exact match | {_number(metrics["exact_match"])} |

| theme | title | articles | precision | recall | F1 | average precision | threshold |
|---|---|---|---|---|---|---|---|
{rows}
"""


def _row(theme_id: str, title: str, metrics: Mapping[str, Any]) -> str:
    names = ("precision", "recall", "f1", "average_precision", "threshold")
    cells = [theme_id, title, metrics["support"], *(_number(metrics[name]) for name in names)]
    return "| " + " | ".join(map(str, cells)) + " |"


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            leaves += _flat(value, f"{prefix}{key}.")
        else:
            leaves.append((prefix + key, value))
    return leaves
