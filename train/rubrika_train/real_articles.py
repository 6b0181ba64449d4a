"""Real articles to measure on that are nobody's to ship: a file that the environment names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rubrika.themes import Theme
from rubrika_train.labelled import LabelledArticle, read_labelled

VARIABLE = "RUBRIKA_REAL"
HOW_TO_GET = f"let {VARIABLE} name a JSON Lines file of id, text and labels, and run this again"


def real_articles(themes: Sequence[Theme]) -> list[LabelledArticle]:
    """Read the labelled articles of the file that RUBRIKA_REAL names; none where it is not set.

    Raises InputError for a file that is not there or has a broken line.
    """
    path = os.environ.get(VARIABLE)
    return read_labelled(Path(path), themes) if path else []
