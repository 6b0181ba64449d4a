"""Labelled articles to measure a tagger on: any JSONL of id, text and labels."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from rubrika.errors import InputError, ThemeError
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

    Raises InputError for a broken line or a theme that is none of `themes`.
    """
    articles = from_annotations(read(path)) if path.is_dir() else _read_jsonl(path, themes)
    if not articles:
        raise InputError(f"{path}: no labelled article in it")
    return articles


def from_annotations(annotations: Annotations) -> list[LabelledArticle]:
    """Return the judged articles of annotations with their gold labels."""
    return [
        LabelledArticle(article.id, article.full_text, gold.themes, gold.open)
        for article in annotations.judged
        for gold in [annotations.gold[article.id]]
    ]


class _Line(BaseModel):
    id: str | int | None = None
    title: str | None = None
    text: str
    labels: list[str]
    disputed: list[str] = []


def _read_jsonl(path: Path, themes: Sequence[Theme]) -> list[LabelledArticle]:
    try:
        lines = path.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such file; give a JSONL file of id, text and labels"
        ) from error
    return [
        _parse(path, number, line, themes) for number, line in enumerate(lines, 1) if line.strip()
    ]


def _parse(path: Path, number: int, line: bytes, themes: Sequence[Theme]) -> LabelledArticle:
    try:
        fields = _Line.model_validate(parse_object(line))
        check_ids([*fields.labels, *fields.disputed], themes)
    except ValidationError as error:
        wrong = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(
            f'{path}:{number}: wants a "text" and a list of "labels"; {wrong} is not so'
        ) from error
    except (ValueError, ThemeError) as error:
        raise InputError(f"{path}:{number}: {error}") from error
    return LabelledArticle(
        id=str(number if fields.id is None else fields.id),
        text=joined(fields.title, fields.text),
        themes=frozenset(fields.labels),
        open=frozenset(fields.disputed),
    )
