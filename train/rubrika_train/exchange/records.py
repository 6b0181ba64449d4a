"""What every format is read into (`Record`) and written from (`Item`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rubrika_train.annotations import Article, Judgement
from rubrika_train.encodings import AUTO

# What articles.jsonl keeps of an article besides its id, title and text.
ABOUT = ("source_url", "published", "genre", "region")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the fields of themes and text, and when tags or their absence are labels.

    `field` is the control, question or column with the themes, found by its name if not given.
    """

    field: str | None = None
    text_column: str = "text"
    encoding: str = AUTO
    confirmed: bool = False
    empty_is_none: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of an article, in the file's own names; None where the file is silent."""

    themes: tuple[str, ...]
    not_themes: tuple[str, ...] | None = None
    annotator: str | None = None
    labelled_at: str | None = None
    final: bool | None = None
    disputed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An article of a file with what people said of it: nothing, where nobody labelled it.

    `skipped` counts those who would not say; `empty` is a row that may mean "no theme", or not.
    """

    place: str
    text: str | None
    id: str | None = None
    title: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    skipped: int = 0
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that a tagger suggests, and how probable it is."""

    theme: str
    probability: float


@dataclass(frozen=True, slots=True)
class Item:
    """An article to export, the last judgement of each annotator, and a tagger's suggestions.

    `queued_for` says why a person should label it.
    """

    article: Article
    judgements: tuple[Judgement, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    model: str | None = None
    queued_for: str | None = None


def fields_of(item: Item) -> dict[str, str]:
    """Return an article's id as `ref_id`, its title, and what else is known about it.

    Tools number articles themselves and call that `id`; `ref_id` is ours and comes back.
    """
    article = item.article
    first = {"ref_id": article.id, "title": article.title, "queued_for": item.queued_for}
    fields = {name: value for name, value in first.items() if value is not None}
    return fields | about(article.model_dump(exclude_none=True))


def about(*sources: Mapping[str, Any]) -> dict[str, str]:
    """Return what fields tell about an article in the words of articles.jsonl."""
    found = {
        name: source[name]
        for source in reversed(sources)
        for name in ABOUT
        if isinstance(source.get(name), str) and source[name].strip()
    }
    return {name: found[name] for name in ABOUT if name in found}


def extras(judgement: Judgement) -> dict[str, Any]:
    """Return what a judgement says besides its themes, as fields of that name."""
    kept = judgement.model_dump(exclude_defaults=True, exclude={"id", "themes"}, mode="json")
    return {name: sorted(v) if isinstance(v, list) else v for name, v in kept.items()}
