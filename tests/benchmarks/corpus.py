"""Articles to measure with: those of the annotations, again and again under new ids."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import orjson

from rubrika_train.annotations import Annotations
from rubrika_train.annotations import read as read_annotations

ROOT = Path(__file__).resolve().parents[2]
WORKPLACE = ROOT / ".bench"


def project() -> Annotations:
    """Return the project's annotations."""
    return read_annotations(ROOT / "annotations")


def lines(articles: int) -> Iterator[bytes]:
    """Yield so many articles as lines of JSON."""
    judged = project().judged
    endless = ((copy, article) for copy in count() for article in judged)
    for copy, article in islice(endless, articles):
        row = {"id": f"{copy}-{article.id}", "text": article.full_text}
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def write(articles: int) -> Path:
    """Write so many articles to a file and return it."""
    WORKPLACE.mkdir(exist_ok=True)
    path = WORKPLACE / f"articles-{articles}.jsonl"
    with path.open("wb") as file:
        file.writelines(lines(articles))
    return path
