"""An annotator's words on one article, made into one judgement: the later goes before the earlier.

A partial word, such as the answer to a question about one theme, is laid over what the annotator
said before, so that it takes nothing back but what it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from rubrika_train.annotations import Judgement
from rubrika_train.exchange.records import Said

_DATE = len("2026-11-22")


def settled(
    article: str,
    annotator: str,
    known: Judgement | None,
    words: Iterable[Said],
    now: str,
    *,
    final: bool = False,
) -> Judgement:
    """Return an annotator's judgement after more words, in order: the known one if it stands.

    `now` is the time of words without one, `final` makes the judgement final. Names of themes are
    ids here.
    """
    last = None if known is None else _as_said(known)
    for word in words:
        timed = replace(word, labelled_at=word.labelled_at or now)
        last = timed if last is None else _after(last, timed)
    if last is None:
        raise ValueError("settled wants a judgement or a word")
    judgement = Judgement(
        id=article,
        themes=tuple(sorted(set(last.themes))),
        not_themes=None if last.not_themes is None else tuple(sorted(set(last.not_themes))),
        annotator=annotator,
        labelled_at=last.labelled_at or now,
        final=bool(last.final) or final,
        disputed=tuple(sorted(set(last.disputed or ()))),
    )
    return known if known is not None and _content(judgement) == _content(known) else judgement


def _after(earlier: Said, later: Said) -> Said:
    """Return two words of an annotator as one; times overrule the order."""
    if _is_before(later.labelled_at, earlier.labelled_at):
        earlier, later = later, earlier
    last = later if later.not_themes is None else _laid_over(earlier, later)
    return replace(last, final=earlier.final if later.final is None else later.final)


def _laid_over(earlier: Said, later: Said) -> Said:
    """Return a partial word over an earlier one: what it does not speak of stays."""
    yes, no = set(later.themes), set(later.not_themes or ())
    not_themes = None
    if earlier.not_themes is not None:
        not_themes = tuple((set(earlier.not_themes) - yes) | no)
    disputed = later.disputed
    if disputed is None:
        disputed = tuple(set(earlier.disputed or ()) - yes - no)
    return replace(
        later,
        themes=tuple((set(earlier.themes) - no) | yes),
        not_themes=not_themes,
        disputed=disputed,
    )


def _is_before(one: str | None, other: str | None) -> bool:
    """Tell whether a time is before another; a date alone is before no time of its own day."""
    if one is None or other is None:
        return False
    if min(len(one), len(other)) == _DATE:
        return one[:_DATE] < other[:_DATE]
    return _instant(one) < _instant(other)


def _instant(time: str) -> datetime:
    try:
        instant = datetime.fromisoformat(time)
    except ValueError:
        instant = datetime.fromisoformat(time[:_DATE])
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _as_said(judgement: Judgement) -> Said:
    return Said(
        themes=judgement.themes,
        not_themes=judgement.not_themes,
        annotator=judgement.annotator,
        labelled_at=judgement.labelled_at,
        final=judgement.final,
        disputed=judgement.disputed,
    )


def _content(judgement: Judgement) -> tuple[object, ...]:
    """Return what a judgement says, whenever it was said."""
    not_themes = judgement.not_themes
    return (
        frozenset(judgement.themes),
        None if not_themes is None else frozenset(not_themes),
        judgement.final,
        frozenset(judgement.disputed),
    )
