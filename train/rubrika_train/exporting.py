"""Articles with their labels, or with a tagger's suggestions, for other tools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rubrika.errors import InputError
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.annotations import Annotations, Article, Judgement, sound
from rubrika_train.exchange import label_studio
from rubrika_train.exchange.formats import FORMATS, WRITABLE
from rubrika_train.exchange.records import Item, Suggestion, about
from rubrika_train.exchange.values import id_in, text_in, without_title
from rubrika_train.files import replacing
from rubrika_train.inputs import Reading, Reject, Row, read
from rubrika_train.matching import content_id

GOLD = "gold"


def labelled_items(folder: Path, *, gold: bool = False) -> list[Item]:
    """Return every article of a folder with the last judgement of each annotator, if any.

    With `gold`, its gold label takes their place, as the judgement of an annotator of that name.
    Raises AnnotationError for a faulty folder.
    """
    annotations = sound(folder)
    last = {(one.id, one.annotator): one for one in annotations.judgements}
    by_article: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in last.values():
        by_article[judgement.id].append(judgement)
    return [
        Item(article, _gold(annotations, article.id, own) if gold else tuple(own))
        for article in annotations.articles
        for own in [by_article[article.id]]
    ]


def unlabelled_items(files: Sequence[Path], text_column: str = "text") -> Iterator[Item]:
    """Yield the articles of files that `predict` reads; raise InputError for a broken row."""
    for row in read([str(file) for file in files], Reading(text_column=text_column)):
        if isinstance(row, Reject):
            raise InputError(row.message)
        yield Item(article_of(row))


def waiting_items(folder: Path) -> list[Item]:
    """Return the articles of a folder that nobody judged."""
    return [item for item in labelled_items(folder) if not item.judgements]


def unjudged_items(articles: Iterable[Article]) -> list[Item]:
    """Return articles without what was said of them, for somebody to say it afresh."""
    return [Item(article) for article in articles]


def article_of(row: Row) -> Article:
    """Return a row to tag as an article; without an id of its own it gets one from its text."""
    title = text_in(row.fields.get("title"))
    return Article(
        id=id_in(row.fields) or content_id(row.text),
        title=title,
        text=without_title(title, row.text),
        **about(row.fields),
    )


def suggested(items: Iterable[Item], tagger: Tagger, themes: Sequence[Theme]) -> list[Item]:
    """Return items with the tags that a tagger gives, those of `themes` alone."""
    items = list(items)
    known = {theme.id for theme in themes}
    tagged = tagger.tag_many(item.article.full_text for item in items)
    return [
        replace(
            item,
            suggestions=tuple(
                Suggestion(tag.theme, round(tag.probability, 6))
                for tag in one.tags
                if tag.theme in known
            ),
            model=tagger.version,
        )
        for item, one in zip(items, tagged, strict=True)
    ]


def write(path: Path, format: str, items: Iterable[Item], themes: Sequence[Theme]) -> None:
    """Write items to a file in a format, whole or not at all."""
    writer = FORMATS[format].write
    if writer is None:
        raise InputError(f"{format}: is read only; write {', '.join(WRITABLE)}")
    with replacing(path) as file:
        writer(items, themes, file)


def write_page(path: Path, themes: Sequence[Theme]) -> None:
    """Write Label Studio's labelling page for themes."""
    with replacing(path) as file:
        file.write(label_studio.config(themes).encode())


def _gold(
    annotations: Annotations, article: str, judgements: Sequence[Judgement]
) -> tuple[Judgement, ...]:
    """Return gold as a judgement, a partial one where a theme is open; none for none."""
    if not judgements:
        return ()
    gold = annotations.gold[article]
    denied = [one.id for one in annotations.themes if one.id not in gold.themes | gold.open]
    return (
        Judgement(
            id=article,
            themes=tuple(sorted(gold.themes)),
            not_themes=tuple(denied) if gold.open else None,
            annotator=GOLD,
            labelled_at=max(one.labelled_at for one in judgements),
        ),
    )
