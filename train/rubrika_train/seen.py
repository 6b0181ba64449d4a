"""Which articles, with which labels, a tagger was trained on: short digests in its manifest.

The texts themselves stay with whoever labelled them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from rubrika_train.annotations import Annotations, Gold
from rubrika_train.matching import normalised

# Digits of a text's digest, and of its labels': two of ten thousand texts share a digest once in
# a hundred trainings.
_TEXT_DIGITS = 8
_LABEL_DIGITS = 4


def text_digest(full_text: str) -> str:
    """Return the digest of a text, whatever its blanks and case."""
    return _digest(normalised(full_text), _TEXT_DIGITS)


def written(annotations: Annotations) -> str:
    """Return the digests of all judged articles as one text for the manifest."""
    gold = annotations.gold
    return " ".join(
        f"{text_digest(article.full_text)}:{_label_digest(gold[article.id])}"
        for article in annotations.judged
    )


def read(training: Mapping[str, Any]) -> dict[str, str] | None:
    """Return digests of labels by those of texts; None where a manifest does not have them."""
    found = training.get("seen")
    if not isinstance(found, str):
        return None
    return {text: label for text, _, label in (one.partition(":") for one in found.split())}


def tuned_on(manifest: Mapping[str, Any]) -> frozenset[str]:
    """Return the digests of the texts that a tagger was tuned to."""
    return frozenset(manifest.get("tuning", {}).get("seen", "").split())


def _label_digest(gold: Gold) -> str:
    return _digest(f"{' '.join(sorted(gold.themes))}|{' '.join(sorted(gold.open))}", _LABEL_DIGITS)


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
