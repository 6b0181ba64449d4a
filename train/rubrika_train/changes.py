"""The articles on which two taggers differ, with the words that moved them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from rubrika.explain import ThemeExplanation, explain
from rubrika.tagger import Tagger
from rubrika_train.results import Results

# Words given with each change.
WORDS = 8


class Verdict(StrEnum):
    """What a change was worth, by gold."""

    BROKEN = "broken"
    MENDED = "mended"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Change:
    """A theme that only one of two taggers gives an article.

    `words` are the lemmas that speak more for the change than they did, the strongest first, with
    what they add to the log-odds under the new tagger less what they added under the old. Where
    they are weak, the threshold moved, or the ground that words stand on (bias, calibration).
    """

    id: str
    theme: str
    given: bool
    verdict: Verdict
    old_probability: float
    new_probability: float
    old_threshold: float
    new_threshold: float
    words: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the change as a plain dictionary."""
        return asdict(self)


def changes(old_tagger: Tagger, new_tagger: Tagger, old: Results, new: Results) -> list[Change]:
    """Return every change over the common themes: broken first, then mended, then disputed."""
    order = list(Verdict)
    found = _changes(old_tagger, new_tagger, old, new)
    return sorted(found, key=lambda change: order.index(change.verdict))


def _changes(
    old_tagger: Tagger, new_tagger: Tagger, old: Results, new: Results
) -> Iterator[Change]:
    common = [theme for theme in old.theme_ids if theme in new.theme_ids]
    one, other = old.only(common), new.only(common)
    for row in np.flatnonzero((one.chosen != other.chosen).any(axis=1)).tolist():
        moved = np.flatnonzero(one.chosen[row] != other.chosen[row]).tolist()
        themes = [common[column] for column in moved]
        text = one.articles[row].text
        before = explain(old_tagger, text, themes).themes
        after = explain(new_tagger, text, themes).themes
        for column, was, now in zip(moved, before, after, strict=True):
            slopes = (_slope(old_tagger, was.theme), _slope(new_tagger, now.theme))
            yield Change(
                id=one.articles[row].id,
                theme=now.theme,
                given=bool(other.chosen[row, column]),
                verdict=_verdict(int(one.labels[row, column]), bool(other.chosen[row, column])),
                old_probability=was.probability,
                new_probability=now.probability,
                old_threshold=was.threshold,
                new_threshold=now.threshold,
                words=_moved_words(was, now, slopes, 1 if other.chosen[row, column] else -1),
            )


def _verdict(label: int, given: bool) -> Verdict:
    if label < 0:
        return Verdict.DISPUTED
    return Verdict.MENDED if given == (label == 1) else Verdict.BROKEN


def _slope(tagger: Tagger, theme: str) -> float:
    column = [one.id for one in tagger.themes].index(theme)
    return float(tagger.decision.calibration.slope[column])


def _moved_words(
    was: ThemeExplanation, now: ThemeExplanation, slopes: tuple[float, float], direction: int
) -> tuple[tuple[str, float], ...]:
    """Return the lemmas whose voice changed most that way, in log-odds: score times slope."""
    voice = {word.lemma: word.contribution * slopes[1] for word in now.words}
    for word in was.words:
        voice[word.lemma] = voice.get(word.lemma, 0.0) - word.contribution * slopes[0]
    strongest = sorted(voice.items(), key=lambda item: (-direction * item[1], item[0]))
    return tuple((lemma, moved) for lemma, moved in strongest[:WORDS] if moved * direction > 0)
