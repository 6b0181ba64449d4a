"""A small folder of annotations, to try the way from new labels to a tagger without harm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from rubrika_train.annotations import (
    ARTICLES,
    LABELS,
    THEMES,
    Annotations,
    Article,
    line_of,
    read,
)
from rubrika_train.exchange.records import Item
from rubrika_train.exporting import labelled_items
from rubrika_train.files import replace_all
from rubrika_train.splits import clusters
from rubrika_train.theme_tables import table_of


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where the parts of a folder of annotations were written.

    `annotations` has the articles whose labels are known, `new` those still to label (JSON Lines),
    `held_out` labelled ones to measure on (JSON Lines of id, text and labels).
    """

    source: Path
    annotations: Path
    new: Path
    held_out: Path

    def answers(self, items: Iterable[Item]) -> list[Item]:
        """Return items with the labels that `source` has for them: what a person would say."""
        asked = {item.article.id for item in items}
        return [one for one in labelled_items(self.source, gold=True) if one.article.id in asked]


def rehearse(
    source: Path, folder: Path, labelled: int = 400, held_out: int = 600, seed: int = 13
) -> Rehearsal:
    """Deal the labelled articles of `source` into the parts of a rehearsal, at random by `seed`.

    Near-duplicates stay on one side of what is held out.
    """
    annotations = read(source)
    rest, measured = _dealt(annotations, held_out, seed)
    known, new = rest[:labelled], rest[labelled:]
    parts = Rehearsal(source, folder / "annotations", folder / "new.jsonl", folder / "held.jsonl")
    parts.annotations.mkdir(parents=True, exist_ok=True)
    ids = {article.id for article in known}
    judgements = [one for one in annotations.judgements if one.id in ids]
    replace_all(
        {
            parts.annotations / THEMES: "".join(map(table_of, annotations.themes)).encode(),
            parts.annotations / ARTICLES: b"".join(map(line_of, known)),
            parts.annotations / LABELS: b"".join(map(line_of, judgements)),
            parts.new: b"".join(map(line_of, new)),
            parts.held_out: b"".join(_labelled_line(annotations, one) for one in measured),
        }
    )
    return parts


def _dealt(
    annotations: Annotations, held_out: int, seed: int
) -> tuple[Sequence[Article], Sequence[Article]]:
    """Return the articles in an order of chance: those that remain, and those held out."""
    articles = annotations.judged
    order = np.random.default_rng(seed).permutation(len(articles)).tolist()
    cluster = clusters(articles).tolist()
    measured = {cluster[row] for row in order[:held_out]}
    parts: dict[bool, list[Article]] = {True: [], False: []}
    for row in order:
        parts[cluster[row] in measured].append(articles[row])
    return parts[False], parts[True]


def _labelled_line(annotations: Annotations, article: Article) -> bytes:
    gold = annotations.gold[article.id]
    fields = article.model_dump(exclude_none=True, mode="json")
    fields |= {"labels": sorted(gold.themes), "disputed": sorted(gold.open)}
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
