"""What a tagger came from, as its manifest says it: the parent, and figures in so many digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parent_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return how a tagger names another, given by its manifest, as its parent."""
    return {"version": manifest["version"], "sha256": manifest["sha256"]}


def rounded(tree: Any) -> Any:  # noqa: ANN401 (a JSON tree)
    """Return a JSON tree with its fractions to six digits, as many as a figure here can mean."""
    if isinstance(tree, dict):
        return {key: rounded(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [rounded(value) for value in tree]
    return round(tree, 6) if isinstance(tree, float) else tree
