"""Tagging a stream of articles: rows in, records out, in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import tee
from typing import Any

import numpy as np
import orjson

from rubrika.decision import Decision
from rubrika.errors import InputError
from rubrika.tagger import Tagged, Tagger
from rubrika.themes import check_ids
from rubrika_train.inputs import Reject, Row
from rubrika_train.jsonlines import line_of


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What to give of all tags: a threshold for every theme, the first few, only some themes.

    `thresholds` are those of single themes by their ids, and stand above `threshold`.
    """

    threshold: float | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)
    limit: int | None = None
    themes: Sequence[str] = ()
    excluded: Sequence[str] = ()


@dataclass(slots=True)
class Summary:
    """Counts of a run: articles by status, and rows rejected."""

    statuses: Counter[str] = field(default_factory=Counter)
    rejected: int = 0

    @property
    def articles(self) -> int:
        """How many articles were tagged or rightly left without a tag."""
        return self.statuses.total()


@dataclass(frozen=True, slots=True)
class Prediction:
    """An article and what Rubrika says of it."""

    row: Row
    tagged: Tagged

    def record(self, version: str) -> dict[str, Any]:
        """Return the article's own fields with themes, status, tags and model."""
        return {**own_fields(self.row.fields), **self.added(version)}

    def json_line(self, version: str) -> bytes:
        """Return `record` as a line of JSON; fields that were read from JSON stay to the byte."""
        raw = self.row.raw
        own = b"" if raw is None else raw[: raw.rindex(b"}")]
        if not own or not self.row.fields.keys().isdisjoint(ADDED) or b"\r" in own:
            return line_of(self.record(version))
        added = orjson.dumps(self.added(version), option=orjson.OPT_APPEND_NEWLINE)
        return b"".join([own, b",", added[1:]])

    def added(self, version: str) -> dict[str, Any]:
        """Return what Rubrika says of the article: themes, status, tags and model."""
        return {
            "themes": self.tagged.themes,
            "status": self.tagged.status,
            "tags": [
                {
                    "theme": tag.theme,
                    "probability": round(tag.probability, 6),
                    "threshold": round(tag.threshold, 6),
                    **({"by": tag.by, "because": tag.because} if tag.by else {}),
                }
                for tag in self.tagged.tags
            ],
            "model": version,
        }


ADDED = ("themes", "status", "tags", "model")


def own_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return an article's own fields; those named like ours get the prefix `input_`.

    What an earlier run of Rubrika added is dropped instead: it is about to be said anew.
    """
    if fields.keys().isdisjoint(ADDED):
        return fields
    if all(name in fields for name in ADDED):
        return {name: value for name, value in fields.items() if name not in ADDED}
    return {own_name(name): value for name, value in fields.items()}


def own_name(name: str) -> str:
    """Return the name that a field of an article gets: `input_themes` for `themes`, and so on."""
    return f"input_{name}" if name in ADDED else name


def narrowed(tagger: Tagger, narrowing: Narrowing) -> Decision:
    """Return the tagger's decision with thresholds changed and themes not shown as asked.

    Raises ThemeError for a theme that the tagger does not know.
    """
    check_ids((*narrowing.themes, *narrowing.excluded, *narrowing.thresholds), tagger.themes)
    thresholds = tagger.decision.thresholds.copy()
    if narrowing.threshold is not None:
        thresholds[:] = narrowing.threshold
    for k, theme in enumerate(tagger.themes):
        thresholds[k] = narrowing.thresholds.get(theme.id, thresholds[k])
    wanted = narrowing.themes or [theme.id for theme in tagger.themes]
    shown = [theme.id in wanted and theme.id not in narrowing.excluded for theme in tagger.themes]
    # A theme that is not shown still gives its parent.
    return replace(
        tagger.decision, thresholds=thresholds, shown=None if all(shown) else np.array(shown)
    )


def predict(
    tagger: Tagger,
    rows: Iterable[Row | Reject],
    narrowing: Narrowing,
    on_reject: Callable[[Reject], None],
    summary: Summary,
    jobs: int = 1,
) -> Iterator[Prediction]:
    """Yield a prediction for each row in order, by `jobs` processes.

    Rejected rows go to `on_reject`.
    """
    decision = narrowed(tagger, narrowing)
    kept, read = tee(_articles(rows, on_reject, summary))
    all_tagged = tagger.tag_many((row.text for row in read), jobs, decision)
    for row, tagged in zip(kept, all_tagged, strict=True):
        summary.statuses[tagged.status] += 1
        if narrowing.limit is not None:
            tagged = replace(tagged, tags=tagged.tags[: narrowing.limit])
        yield Prediction(row, tagged)


def _articles(
    rows: Iterable[Row | Reject], on_reject: Callable[[Reject], None], summary: Summary
) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Row):
            yield row
        else:
            summary.rejected += 1
            on_reject(row)


def fail(reject: Reject) -> None:
    """Stop at a rejected row."""
    raise InputError(f"{reject.message}; go on without such rows with --on-error skip")
