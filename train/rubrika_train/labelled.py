"""Labelled articles to measure a tagger on: any JSONL of id, text and labels."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError

from rubrika.errors import InputError, ThemeError
from rubrika.themes import Theme, check_ids
from rubrika_train.annotations import Annotations, joined, read
from rubrika_train.closing import closed_sets
from rubrika_train.jsonlines import parse_object


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its themes, those that are disputed or unknown, and what is known of it.

    `text` begins with the title, if there is one: it is what the tagger reads.
    """

    id: str
    text: str
    themes: frozenset[str]
    open: frozenset[str]
    source_url: str | None = None
    published: str | None = None
    genre: str | None = None
    region: str | None = None

    @property
    def full_text(self) -> str:
        """The text with its title."""
        return self.text

    def row(self, theme_ids: Sequence[str]) -> list[int]:
        """Return 1, 0 or -1 (open) for each theme."""
        return [-1 if theme in self.open else int(theme in self.themes) for theme in theme_ids]


def read_labelled(path: Path, themes: Sequence[Theme]) -> list[LabelledArticle]:
    """Read a JSONL file of {"id", "text", "labels", "disputed"?} or a folder of annotations.

    Labels are closed: an article that has a theme has its parents. Raises InputError for a broken
    line or a theme that is none of `themes`.
    """
    articles = _read_folder(path, themes) if path.is_dir() else _read_jsonl(path, themes)
    if not articles:
        raise InputError(f"{path}: no labelled article in it")
    return [_closed(article, themes) for article in articles]


def _read_folder(folder: Path, themes: Sequence[Theme]) -> list[LabelledArticle]:
    """Read a folder of annotations; of a theme that it does not have it says nothing."""
    annotations = read(folder)
    strange = {theme.id for theme in themes} - {theme.id for theme in annotations.themes}
    return [
        replace(article, open=article.open | strange) for article in from_annotations(annotations)
    ]


def _closed(article: LabelledArticle, themes: Sequence[Theme]) -> LabelledArticle:
    """Give an article the parents of its themes."""
    if not any(theme.parent for theme in themes):
        return article
    own, unknown = closed_sets(article.themes, article.open, themes)
    return replace(article, themes=own, open=unknown)


def from_annotations(annotations: Annotations) -> list[LabelledArticle]:
    """Return the judged articles of annotations with their gold labels."""
    return [
        LabelledArticle(
            id=article.id,
            text=article.full_text,
            themes=gold.themes,
            open=gold.open,
            source_url=article.source_url,
            published=article.published,
            genre=article.genre,
            region=article.region,
        )
        for article in annotations.judged
        for gold in [annotations.gold[article.id]]
    ]


# What is only known for breakdowns never refuses an article: a number is taken, the rest left.
_Aside = Annotated[
    str | None, BeforeValidator(lambda value: str(value) if isinstance(value, str | int) else None)
]


_WANTED = 'each line wants a "text" and a list of "labels"'


class _Line(BaseModel):
    id: str | int | None = None
    title: str | None = None
    text: str
    labels: list[str]
    disputed: list[str] = []
    source_url: _Aside = None
    published: _Aside = None
    genre: _Aside = None
    region: _Aside = None


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
        raise InputError(f"{path}:{number}: {_WANTED}; {wrong} is not so") from error
    except ThemeError as error:
        raise InputError(f"{path}:{number}: {error}") from error
    except ValueError as error:
        raise InputError(f"{path}:{number}: {error}; {_WANTED}") from error
    return LabelledArticle(
        id=str(number if fields.id is None else fields.id),
        text=joined(fields.title, fields.text),
        themes=frozenset(fields.labels),
        open=frozenset(fields.disputed),
        source_url=fields.source_url,
        published=fields.published,
        genre=fields.genre,
        region=fields.region,
    )
