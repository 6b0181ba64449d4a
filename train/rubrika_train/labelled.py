"""Labelled articles to measure a tagger on: any JSONL of id, text and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rubrika.errors import InputError
from rubrika.themes import Theme, check_ids
from rubrika_train.annotations import Annotations, joined, read
from rubrika_train.jsonlines import parse_object


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its themes, and those that are disputed or unknown there."""

    id: str
    text: str
    themes: frozenset[str]
    open: frozenset[str]

    def row(self, theme_ids: Sequence[str]) -> list[int]:
        """Return 1, 0 or -1 (open) for each theme."""
        return [-1 if theme in self.open else int(theme in self.themes) for theme in theme_ids]


def read_labelled(path: Path, themes: Sequence[Theme]) -> list[LabelledArticle]:
    """Read a JSONL file of {"id", "text", "labels", "disputed"?} or a folder of annotations.

    Raises InputError for a broken line and ThemeError for a theme that is none of `themes`.
    """
    articles = from_annotations(read(path)) if path.is_dir() else _read_jsonl(path)
    if not articles:
        raise InputError(f"{path}: no labelled article in it")
    for article in articles:
        check_ids(sorted(article.themes | article.open), themes)
    return articles


def from_annotations(annotations: Annotations) -> list[LabelledArticle]:
    """Return the judged articles of annotations with their gold labels."""
    return [
        LabelledArticle(article.id, article.full_text, gold.themes, gold.open)
        for article in annotations.judged
        for gold in [annotations.gold[article.id]]
    ]


def _read_jsonl(path: Path) -> list[LabelledArticle]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(
            f"{path}: no such file; give a JSONL file of id, text and labels"
        ) from error
    return [_parse(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _parse(path: Path, number: int, line: bytes) -> LabelledArticle:
    try:
        fields = parse_object(line)
    except ValueError as error:
        raise InputError(f"{path}:{number}: {error}") from error
    match fields:
        case {"text": str(text), "labels": list(labels)}:
            return LabelledArticle(
                id=str(fields.get("id", number)),
                text=joined(fields.get("title"), text),
                themes=frozenset(labels),
                open=frozenset(fields.get("disputed") or ()),
            )
    raise InputError(f'{path}:{number}: wants a "text" and a list of "labels"')
