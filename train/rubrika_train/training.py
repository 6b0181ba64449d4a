"""Training from a folder of annotations to a saved tagger."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

import rubrika
from rubrika import bundle
from rubrika.tagger import Tagger
from rubrika_train import card, seen
from rubrika_train.annotations import FEW_ARTICLES, Annotations, counts_by_theme
from rubrika_train.contradictions import contradictions_by_theme
from rubrika_train.deciding import MIN_ARTICLES
from rubrika_train.evaluation import Evaluation
from rubrika_train.fitting import build_pipeline, export
from rubrika_train.lineage import rounded
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results
from rubrika_train.settings import Settings
from rubrika_train.validation import cross_validate

# The share of contradicted articles among those that have a theme, from which on it is warned of.
MANY_CONTRADICTIONS = 0.25


@dataclass(frozen=True)
class Trained:
    """A tagger with the pipeline that it was exported from, and what cross-validation found."""

    tagger: Tagger
    pipeline: Pipeline
    evaluation: Evaluation
    results: Results
    details: dict[str, Any]
    warnings: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write the tagger with its model card to a folder."""
        bundle.save(self.tagger, folder, self.details, card.render(self.tagger, self.details))


def train(
    annotations: Annotations,
    settings: Settings | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> Trained:
    """Train a tagger; `progress` hears each step. Its figures are cross-validated."""
    settings = settings or Settings()
    validated = cross_validate(annotations, settings, jobs, progress)
    progress("fitting on all articles")
    texts = [article.full_text for article in validated.articles]
    pipeline = build_pipeline(settings).fit(texts, validated.labels)
    version = _version(annotations, settings)
    tagger = export(pipeline, annotations.themes, validated.decision, version, validated.rules)
    details = _details(annotations, settings, validated.evaluation)
    by_rule = frozenset(tagger.rules.by_theme if tagger.rules else ())
    return Trained(
        tagger,
        pipeline,
        validated.evaluation,
        validated.results,
        details,
        (*_too_few(annotations, by_rule), *_contradicted(annotations)),
    )


def _version(annotations: Annotations, settings: Settings) -> str:
    """Name a tagger by its data and settings: the day of the last judgement and a digest."""
    day = max(judgement.labelled_at for judgement in annotations.judgements)[:10]
    content = f"{annotations.sha256} {settings.model_dump_json()} {rubrika.__version__}"
    return f"{day}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def _details(
    annotations: Annotations, settings: Settings, evaluation: Evaluation
) -> dict[str, Any]:
    packages = ("scikit-learn", "numpy", "pymorphy3", "pymorphy3-dicts-ru")
    return {
        "training": {
            "articles": len(annotations.judged),
            "articles_without_theme": sum(not gold.themes for gold in annotations.gold.values()),
            "articles_by_theme": counts_by_theme(annotations),
            "sha256": annotations.sha256,
            "seen": seen.written(annotations),
        },
        "settings": settings.model_dump(),
        "metrics": rounded(evaluation.to_json()),
        "versions": {
            "rubrika": rubrika.__version__,
            **{package: importlib.metadata.version(package) for package in packages},
        },
    }


def _too_few(annotations: Annotations, by_rule: Collection[str]) -> Iterator[str]:
    for theme, count in counts_by_theme(annotations).items():
        if theme in by_rule:
            yield (
                f"theme {theme}: given by its keywords; the model takes over when {MIN_ARTICLES} "
                f"articles have it and {MIN_ARTICLES} have it not"
            )
        elif count == 0:
            yield f"theme {theme}: no article has it; it will never be given"
        elif count < FEW_ARTICLES:
            yield f"theme {theme}: only {count} articles have it; {FEW_ARTICLES} or more are wanted"


def _contradicted(annotations: Annotations) -> Iterator[str]:
    counts = counts_by_theme(annotations)
    for theme, count in contradictions_by_theme(annotations).items():
        if count and count >= MANY_CONTRADICTIONS * (counts[theme] + count):
            yield (
                f"theme {theme}: annotators contradict each other on {count} articles and agree on "
                f"{counts[theme]} that have it; nothing is learnt from those; "
                "settle them: rubrika labels agreement"
            )
