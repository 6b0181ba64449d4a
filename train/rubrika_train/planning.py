"""What an import would add to a folder of annotations: nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.annotations import Annotations, Article, Judgement
from rubrika_train.exchange.records import Record, Said
from rubrika_train.matching import Library, place
from rubrika_train.merging import settled
from rubrika_train.naming import Namer


class Outcome(StrEnum):
    """What becomes of an annotator's word on an article."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the importer decides: whose labels these are, and what they mean.

    `final` labels decide over others'; `new_themes` makes themes of unknown names.
    """

    annotator: str | None = None
    final: bool = False
    new_themes: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import adds to a folder; `unknown` and `conflicts` say why it cannot, with places.

    `skipped` and `unlabelled` count what is left out, `empty` those of the unlabelled that may mean
    "no theme", `overruled` the articles whose new judgement
    counts for nothing, because somebody else's there is final.
    """

    themes: tuple[Theme, ...]
    articles: tuple[Article, ...]
    judgements: tuple[Judgement, ...]
    outcomes: Mapping[Outcome, int]
    skipped: int
    unlabelled: int
    empty: int
    overruled: int
    unknown: tuple[str, ...]
    conflicts: tuple[str, ...]


def plan(
    annotations: Annotations, records: Sequence[Record], asked: Asked, annotator: str, origin: str
) -> Plan:
    """Return what records add to annotations.

    `annotator` is whose the labels are where neither `asked` nor the record says so, `origin` the
    name of the file. Raises InputError for a record that contradicts itself.
    """
    namer = Namer(annotations.themes, origin if asked.new_themes else None)
    labelled = [namer.named(record) for record in records if record.said]
    articles, placed, conflicts = _placed(annotations.articles, labelled)
    words: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
    for record, article in placed:
        for said in record.said:
            words[article.id, asked.annotator or said.annotator or annotator].append(said)
    judgements, outcomes = _settled(annotations.judgements, words, final=asked.final)
    since = _first_day(annotations.judgements, judgements)
    return Plan(
        themes=tuple(replace(theme, since=since) for theme in namer.new),
        articles=articles,
        judgements=judgements,
        outcomes=outcomes,
        skipped=sum(record.skipped for record in records),
        unlabelled=sum(not (record.said or record.skipped) for record in records),
        empty=sum(record.empty for record in records),
        overruled=_overruled(annotations.judgements, judgements),
        unknown=tuple(namer.problems.values()),
        conflicts=conflicts,
    )


def _placed(
    known: Iterable[Article], records: Iterable[Record]
) -> tuple[tuple[Article, ...], list[tuple[Record, Article]], tuple[str, ...]]:
    """Return new articles, records with their articles, and conflicts."""
    library = Library(known)
    old = len(library)
    placed, conflicts = [], []
    for record in records:
        try:
            placed.append((record, place(library, record)))
        except InputError as error:
            conflicts.append(str(error))
    return library.articles[old:], placed, tuple(conflicts)


def _settled(
    known: Iterable[Judgement], words: Mapping[tuple[str, str], list[Said]], *, final: bool
) -> tuple[tuple[Judgement, ...], Mapping[Outcome, int]]:
    """Return new judgements, and how many words were new, changed or known."""
    before = {(one.id, one.annotator): one for one in known}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    judgements, outcomes = [], Counter[Outcome]()
    for whose, said in words.items():
        earlier = before.get(whose)
        judgement = settled(*whose, earlier, said, now, final=final)
        if judgement is earlier:
            outcomes[Outcome.UNCHANGED] += 1
        else:
            outcomes[Outcome.UPDATED if earlier else Outcome.ADDED] += 1
            judgements.append(judgement)
    return tuple(judgements), outcomes


def _overruled(known: Iterable[Judgement], new: Iterable[Judgement]) -> int:
    last = {(one.id, one.annotator): one for one in known}
    decided = {one.id for one in last.values() if one.final}
    return len({one.id for one in new if not one.final} & decided)


def _first_day(known: Iterable[Judgement], new: Iterable[Judgement]) -> str | None:
    """Return the first day on which a judgement without a new theme says "no" of it.

    It is that of the first new judgement, or the day after the last known one, which could not
    speak of the theme, if that is later.
    """
    last = max((one.labelled_at[:_DAY] for one in known), default=None)
    first = min((one.labelled_at[:_DAY] for one in new), default=None)
    return max((day for day in (first, last and _day_after(last)) if day), default=None)


def _day_after(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    except ValueError:  # a day that no calendar has
        return day


_DAY = len("2026-11-22")
