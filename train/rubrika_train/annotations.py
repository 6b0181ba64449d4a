"""Labelled articles: themes.toml, articles.jsonl and labels.jsonl of a folder.

labels.jsonl is only appended to. Gold is computed from its judgements and never stored.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from rubrika.errors import AnnotationError, ThemeError
from rubrika.themes import Theme, ancestors, check_ids
from rubrika_train.closing import Said, as_sets, closed
from rubrika_train.jsonlines import parse_object
from rubrika_train.theme_tables import parse_themes

THEMES = "themes.toml"
ARTICLES = "articles.jsonl"
LABELS = "labels.jsonl"

# Themes with fewer articles than this are named in warnings: their figures mean little.
FEW_ARTICLES = 30

NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Article(_Line):
    """An article as articles.jsonl has it."""

    id: NonEmpty
    title: str | None = None
    text: NonEmpty
    source_url: str | None = None
    published: str | None = None
    genre: str | None = None
    region: str | None = None

    @property
    def full_text(self) -> str:
        """The title, if there is one, and the text: what the tagger reads."""
        return joined(self.title, self.text)


class Judgement(_Line):
    """One annotator's word on one article, as labels.jsonl has it.

    With `not_themes` it is partial: of a theme in neither list it says nothing.
    """

    id: NonEmpty
    themes: tuple[str, ...]
    not_themes: tuple[str, ...] | None = None
    annotator: NonEmpty
    labelled_at: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}")]
    final: bool = False
    disputed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        both = set(self.themes) & set(self.not_themes or ())
        if both:
            raise ValueError(f"{min(both)!r} is in themes and in not_themes")
        return self

    def says(self, theme: Theme) -> bool | None:
        """Return whether the article has the theme, or None where the judgement is silent.

        It is silent on a theme that came later, unless it names it.
        """
        if theme.id in self.disputed:
            return None
        if theme.id in self.themes:
            return True
        if self.not_themes is not None:
            return False if theme.id in self.not_themes else None
        return None if self._is_before(theme.since) else False

    def _is_before(self, day: str | None) -> bool:
        return day is not None and self.labelled_at[: len(day)] < day


@dataclass(frozen=True, slots=True)
class Gold:
    """The themes that an article has, and those that are disputed or unknown there."""

    themes: frozenset[str]
    open: frozenset[str]


@dataclass(frozen=True)
class Annotations:
    """A folder of labelled articles: only those that somebody judged take part in training."""

    themes: tuple[Theme, ...]
    articles: tuple[Article, ...]
    judgements: tuple[Judgement, ...]
    sha256: str

    @cached_property
    def gold(self) -> Mapping[str, Gold]:
        """Gold labels by article id, for the articles that were judged."""
        by_article: defaultdict[str, dict[str, Judgement]] = defaultdict(dict)
        for judgement in self.judgements:
            by_article[judgement.id][judgement.annotator] = judgement
        return {
            article.id: resolve(by_article[article.id].values(), self.themes)
            for article in self.articles
            if article.id in by_article
        }

    @cached_property
    def judged(self) -> tuple[Article, ...]:
        """The articles that somebody judged."""
        return tuple(article for article in self.articles if article.id in self.gold)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and on which line."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def joined(title: str | None, text: str) -> str:
    """Return an article's title and text as one text."""
    return f"{title}\n\n{text}" if title and title.strip() else text


def resolve(judgements: Iterable[Judgement], themes: Sequence[Theme]) -> Gold:
    """Return the gold label of an article from the last judgement of each of its annotators.

    The latest final judgement wins. Without one, a theme is a yes or a no where all say so. Each
    judgement also says what follows for the parents and children of a theme.
    """
    judgements = list(judgements)
    final = [judgement for judgement in judgements if judgement.final]
    voices = [max(final, key=lambda judgement: judgement.labelled_at)] if final else judgements
    above = ancestors(themes)
    said = [closed({theme.id: one.says(theme) for theme in themes}, above) for one in voices]
    gold = {theme.id: _agreed(theme.id, voices, said) for theme in themes}
    return Gold(*as_sets(closed(gold, above)))


def _agreed(theme: str, voices: Iterable[Judgement], said: Iterable[Said]) -> bool | None:
    """Return what all who speak of a theme say of it, or None; a dispute outweighs a no."""
    answers = {one[theme] for one in said} - {None}
    if answers == {True}:
        return True
    disputed = any(theme in voice.disputed for voice in voices)
    return False if answers == {False} and not disputed else None


def read(folder: Path) -> Annotations:
    """Read labelled articles; raise AnnotationError for the first fault, or if there are none."""
    annotations = sound(folder)
    if not annotations.judged:
        raise AnnotationError(f"{folder / LABELS}: no labelled article; add judgements, then train")
    return annotations


def sound(folder: Path) -> Annotations:
    """Read a folder of annotations, labelled or not; raise AnnotationError for the first fault."""
    annotations, faults = check(folder)
    if faults:
        more = f" (and {len(faults) - 1} more: rubrika labels check {folder})" if faults[1:] else ""
        raise AnnotationError(f"{faults[0]}{more}")
    return annotations


def read_themes(folder: Path) -> tuple[Theme, ...]:
    """Read the themes of a folder of annotations; raise AnnotationError for a fault."""
    return parse_themes(folder / THEMES, _content(folder, THEMES))


def check(folder: Path) -> tuple[Annotations, list[Fault]]:
    """Read a folder of annotations; return what could be read, and every fault."""
    # An import replaces these files in the opposite order, so no label is read before its article.
    contents = {name: _content(folder, name) for name in (LABELS, ARTICLES, THEMES)}
    faults: list[Fault] = []
    themes = parse_themes(folder / THEMES, contents[THEMES])
    articles = list(_lines(folder / ARTICLES, contents[ARTICLES], Article, faults))
    judgements = list(_lines(folder / LABELS, contents[LABELS], Judgement, faults))
    faults += _duplicate_ids(folder / ARTICLES, articles)
    faults += _stray_judgements(folder / LABELS, judgements, articles, themes)
    whole = b"\0".join(contents[name] for name in (THEMES, ARTICLES, LABELS))
    annotations = Annotations(
        themes,
        tuple(article for _, article in articles),
        tuple(judgement for _, judgement in judgements),
        hashlib.sha256(whole).hexdigest(),
    )
    return annotations, sorted(faults, key=lambda fault: (str(fault.path), fault.line))


def line_of(line: Article | Judgement) -> bytes:
    """Return an article or a judgement as a line of its file."""
    fields = line.model_dump(exclude_defaults=True, mode="json")
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


def counts_by_theme(annotations: Annotations) -> dict[str, int]:
    """Return how many gold articles each theme has."""
    gold = annotations.gold.values()
    return {theme.id: sum(theme.id in one.themes for one in gold) for theme in annotations.themes}


def _content(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise AnnotationError(
            f"{folder / name}: no such file; a folder of annotations holds "
            f"{THEMES}, {ARTICLES} and {LABELS}"
        ) from error


_AnyLine = TypeVar("_AnyLine", bound=_Line)


def _lines(
    path: Path, content: bytes, kind: type[_AnyLine], faults: list[Fault]
) -> Iterator[tuple[int, _AnyLine]]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield number, kind.model_validate(parse_object(line))
        except ValidationError as error:
            faults.append(Fault(path, number, _reason(error)))
        except ValueError as error:
            faults.append(Fault(path, number, str(error)))


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"])) or "judgement"
    return f"{field}: {first['msg'][0].lower()}{first['msg'][1:]}"


def _duplicate_ids(path: Path, articles: Iterable[tuple[int, Article]]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for number, article in articles:
        first = seen.setdefault(article.id, number)
        if first != number:
            yield Fault(path, number, f"id {article.id!r} was used on line {first} already")


def _stray_judgements(
    path: Path,
    judgements: Iterable[tuple[int, Judgement]],
    articles: Iterable[tuple[int, Article]],
    themes: tuple[Theme, ...],
) -> Iterator[Fault]:
    known = {article.id for _, article in articles}
    for number, judgement in judgements:
        if judgement.id not in known:
            yield Fault(path, number, f"a judgement of {judgement.id!r}, which is in no article")
        try:
            check_ids(
                (*judgement.themes, *(judgement.not_themes or ()), *judgement.disputed), themes
            )
        except ThemeError as error:
            yield Fault(path, number, str(error))
