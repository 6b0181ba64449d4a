"""Training from a folder of annotations to a saved tagger."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

import rubrika
from rubrika import bundle
from rubrika.tagger import Tagger
from rubrika_train import card
from rubrika_train.annotations import FEW_ARTICLES, Annotations, counts_by_theme
from rubrika_train.deciding import MIN_ARTICLES
from rubrika_train.evaluation import Evaluation
from rubrika_train.fitting import build_pipeline, export
from rubrika_train.progress import Progress, silent
from rubrika_train.settings import Settings
from rubrika_train.validation import cross_validate


@dataclass(frozen=True)
class Trained:
    """A tagger with the pipeline that it was exported from, and its cross-validated figures."""

    tagger: Tagger
    pipeline: Pipeline
    evaluation: Evaluation
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
    warnings = _warnings(annotations, by_rule)
    return Trained(tagger, pipeline, validated.evaluation, details, warnings)


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
        },
        "settings": settings.model_dump(),
        "metrics": rounded(evaluation.to_json()),
        "versions": {
            "rubrika": rubrika.__version__,
            **{package: importlib.metadata.version(package) for package in packages},
        },
    }


def rounded(tree: Any) -> Any:  # noqa: ANN401 (a JSON tree)
    """Return a JSON tree with its fractions to six digits, as many as a figure here can mean."""
    if isinstance(tree, dict):
        return {key: rounded(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [rounded(value) for value in tree]
    return round(tree, 6) if isinstance(tree, float) else tree


def _warnings(annotations: Annotations, by_rule: Collection[str]) -> tuple[str, ...]:
    found = []
    for theme, count in counts_by_theme(annotations).items():
        if theme in by_rule:
            found.append(
                f"theme {theme}: given by its keywords; the model takes over when {MIN_ARTICLES} "
                f"articles have it and {MIN_ARTICLES} have it not"
            )
        elif count == 0:
            found.append(f"theme {theme}: no article has it; it will never be given")
        elif count < FEW_ARTICLES:
            found.append(
                f"theme {theme}: only {count} articles have it; {FEW_ARTICLES} or more are wanted"
            )
    return tuple(found)
