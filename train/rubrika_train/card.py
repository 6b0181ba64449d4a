"""The model card: what a tagger is, what it was made of, how well it does, where it fails."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rubrika.tagger import Tagger
from rubrika_train.annotations import FEW_ARTICLES

# Figures of the header and of the table of results: key, name.
_HEADLINE = (
    ("f1_macro", "macro-F1"),
    ("f1_micro", "micro-F1"),
    ("average_precision_macro", "mean average precision"),
)
_OVERALL = (
    *_HEADLINE,
    ("f1_by_article", "F1 by article"),
    ("exact_match", "exact match"),
    ("none_precision", 'precision of "no theme"'),
    ("none_recall", 'recall of "no theme"'),
    ("brier", "Brier score, mean of themes"),
    ("ece", "calibration error, mean of themes"),
)
# How many of the strongest and of the weakest themes the summary names.
_NAMED = 3


def render(tagger: Tagger, details: Mapping[str, Any]) -> str:
    """Return the card of a tagger as Markdown, in the sections of the Hugging Face template.

    The same tagger and details give the same card: there is no date of today in it.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rubrika_train"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters.update(cell=_cell, quoted=_quoted)
    metrics, training = details["metrics"], details["training"]
    counts, settings = training["articles_by_theme"], _flat(details["settings"])
    by_rule = tuple(tagger.rules.by_theme) if tagger.rules else ()
    return environment.get_template("card.md").render(
        tagger=tagger,
        lemmas=len(tagger.vocabulary),
        decision=tagger.decision,
        metrics=metrics,
        training=training,
        tuning=details.get("tuning"),
        parent=details.get("parent"),
        settings=settings,
        by_likeness=bool(dict(settings).get("features.likeness")),
        topics=tagger.topics.weights.shape[1] if tagger.topics else 0,
        versions=details["versions"],
        headline=_HEADLINE,
        overall=[(key, name) for key, name in _OVERALL if key in metrics],
        by_rule=by_rule,
        few={
            theme: count
            for theme, count in counts.items()
            if count < FEW_ARTICLES and theme not in by_rule
        },
        few_articles=FEW_ARTICLES,
        summary=_summary(metrics),
        number=lambda count: f"{count:,}",
        figure=_figure,
        interval=_interval,
        span=_span,
        both=_both,
    )


def _summary(metrics: Mapping[str, Any]) -> str:
    """Name the strongest and the weakest themes."""
    measured = {
        theme: own["f1"] for theme, own in metrics["themes"].items() if own["f1"] is not None
    }
    ordered = sorted(measured, key=lambda theme: (-measured[theme], theme))
    if not ordered:
        return "No theme could be measured."
    if len(ordered) <= _NAMED:
        return f"From the strongest theme to the weakest: {_listed(ordered, measured)}."
    weakest = ordered[max(_NAMED, len(ordered) - _NAMED) :]
    strongest = _listed(ordered[:_NAMED], measured)
    return f"Strongest by F1: {strongest}. Weakest: {_listed(weakest[::-1], measured)}."


def _listed(themes: list[str], values: Mapping[str, float]) -> str:
    return ", ".join(f"{theme} ({values[theme]:.2f})" for theme in themes)


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _interval(metrics: Mapping[str, Any], name: str) -> str:
    return _span(metrics.get("intervals", {}).get(name))


def _span(bounds: Mapping[str, float] | None) -> str:
    return f"{bounds['low']:.3f}–{bounds['high']:.3f}" if bounds else "not measured"


def _both(metrics: Mapping[str, Any], name: str) -> str:
    """Return a figure with its interval in brackets."""
    value, bounds = metrics.get(name), metrics.get("intervals", {}).get(name)
    return f"{_figure(value)} ({_interval(metrics, name)})" if bounds else _figure(value)


def _cell(text: str) -> str:
    """Return a text that does not break a table of Markdown."""
    return " ".join(text.split()).replace("|", "\\|")


def _quoted(text: str) -> str:
    """Return a string of YAML: those of JSON are."""
    return json.dumps(text, ensure_ascii=False)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            leaves += _flat(value, f"{prefix}{key}.")
        else:
            leaves.append((prefix + key, value))
    return leaves
