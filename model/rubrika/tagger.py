"""The tagger: texts to lemmas to TF-IDF to scores to themes, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rubrika.decision import By, Choice, Decision, Floats, Status, Tag
from rubrika.keywords import FOUND, NOT_FOUND, Rules, phrases_of
from rubrika.language import is_russian
from rubrika.themes import Families, Theme, families
from rubrika.topics import Topics
from rubrika.vocabulary import Counts, Vocabulary
from rubrika.words import run_starts

if TYPE_CHECKING:
    from rubrika.frames import Frame

# Articles taken at once: few at first, so that the first tags come soon, then ever more, so that
# numpy's price of a call is spread over many.
FIRST_BATCH = 64
BATCH = 1024
# Texts whose known words make up a smaller share are asked for their language.
LANGUAGE_DOUBT = 0.6


@dataclass(frozen=True, slots=True)
class Tagged:
    """What Rubrika says of an article: its status, and its tags, the most probable first."""

    status: Status
    tags: tuple[Tag, ...]

    @property
    def themes(self) -> tuple[str, ...]:
        """The ids of the themes."""
        return tuple(tag.theme for tag in self.tags)


_Phrases = Mapping[tuple[int, str], tuple[str, ...]]
_Mark = tuple[By | None, tuple[str, ...]]

_BY_THE_MODEL: _Mark = (None, ())
_WITHOUT_THEME = (Tagged(Status.NONE, ()), Tagged(Status.UNSURE, ()))
_UNKNOWN_WORDS = Tagged(Status.UNKNOWN_WORDS, ())
_WRONG_LANGUAGE = Tagged(Status.WRONG_LANGUAGE, ())


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of a batch: `scores` (articles, themes); `known` and `words` (articles,) counts."""

    scores: Floats
    known: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Values:
    """TF-IDF of texts: text `texts[k]` has `values[k]` at row `rows[k]`; shapes as in `Counts`."""

    texts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    values: Floats
    known: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A batch with its scores, the themes chosen, and the keywords found by text and theme."""

    scored: Scored
    choice: Choice
    phrases: _Phrases


@dataclass(frozen=True)
class Tagger:
    """A trained tagger.

    `idf` has shape (lemmas,), `weights` (lemmas, themes), `bias` (themes,). A score is the dot
    product of the article's L2-normalised TF-IDF row and a theme's weights, plus what the article's
    `topics` say, plus the bias; the term frequency is 1 + ln(count). Themes that `rules` names are
    given by keywords instead.
    """

    version: str
    themes: tuple[Theme, ...]
    vocabulary: Vocabulary
    idf: Floats
    weights: Floats
    bias: Floats
    decision: Decision
    rules: Rules | None = None
    topics: Topics | None = None

    def tag(self, text: str) -> Tagged:
        """Tag one article."""
        return self.tag_batch([text])[0]

    def tag_many(
        self, texts: Iterable[str], jobs: int = 1, decision: Decision | None = None
    ) -> Iterator[Tagged]:
        """Tag articles in order, a batch at a time, by `jobs` processes.

        Another decision than the tagger's own may be given.
        """
        work = partial(self.tag_batch, decision=decision)
        for tagged in _map(work, _batches(texts), jobs):
            yield from tagged

    def tag_batch(self, texts: Sequence[str], decision: Decision | None = None) -> list[Tagged]:
        """Tag articles at once, by another decision than the tagger's own if one is given."""
        decision = decision or self.decision
        return self._decide(texts, self._judge(texts, decision), decision)

    def tag_frame(
        self, frame: Frame, text: str = "text", title: str | None = None, jobs: int = 1
    ) -> Frame:
        """Tag the articles of a pandas or polars frame; see `rubrika.frames.tag_frame`."""
        # Imported only here: narwhals is an extra.
        from rubrika.frames import tag_frame

        return tag_frame(self, frame, text, title, jobs)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the probabilities of every theme as tags have them, (articles, themes)."""
        return self._judge(texts, self.decision).choice.probabilities

    def strongest_lemmas(self, theme_id: str, count: int) -> list[str]:
        """Return the lemmas that speak most for a theme over many articles, the strongest first.

        The measure is the root mean square, over articles, of what a lemma adds to the score before
        their length is divided by, its topics taken as if none met another; exp(-IDF) is the share
        that hold it. By what it adds where it stands alone, names met once a year would lead.
        """
        column = [theme.id for theme in self.themes].index(theme_id)
        weights = self.weights[:, column] + self._weights_by_topics(column)
        strength = weights * self.idf * np.exp(-self.idf / 2)
        strongest = np.argsort(-strength, kind="stable")[:count]
        return [self.vocabulary.lemmas[row] for row in strongest[strength[strongest] > 0]]

    def _weights_by_topics(self, column: int) -> Floats:
        """Return what topics give lemmas for weights in an article where none meets another."""
        if self.topics is None or not self.topics.strengths.any():
            return np.zeros(len(self.idf))
        held = np.exp(-self.idf)
        length = np.sqrt(held @ self.idf**2)
        amount = held @ (self.idf * self.topics.strengths.sum(axis=0)) / length
        return np.asarray(self.topics.alone(column) / amount)

    def score(self, texts: Sequence[str]) -> Scored:
        """Return the scores of every theme, and how many words are known."""
        return self._score(self.vocabulary.count(texts))

    def values(self, texts: Sequence[str]) -> Values:
        """Return the L2-normalised TF-IDF of texts."""
        return self._values(self.vocabulary.count(texts))

    def contributions(self, text: str) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the rows of a text's lemmas, and what each adds to scores, (lemmas, themes)."""
        own = self.values([text])
        added = own.values[:, None] * self.weights[own.rows]
        if self.topics is not None:
            added += self.topics.contributions(own.rows, own.values)
        return own.rows, added

    def _judge(self, texts: Sequence[str], decision: Decision) -> _Judged:
        counts, phrases = self._read(texts)
        scored = self._score(counts)
        probabilities = decision.calibration.probabilities(scored.scores)
        if self.rules:
            self._overrule(probabilities, phrases, self.rules)
        return _Judged(scored, decision.choose(probabilities, self._families), phrases)

    def _read(self, texts: Sequence[str]) -> tuple[Counts, _Phrases]:
        """Return the lemmas of texts, and the keywords found there."""
        if self.rules is None:
            return self.vocabulary.count(texts), {}
        words = self.vocabulary.read(texts, hashed=True)
        if words.hashes is None:
            raise ValueError("rules want a vocabulary with forms")
        phrases = phrases_of(self.rules.find(words.texts, words.hashes))
        return self.vocabulary.tally(words, len(texts)), phrases

    def _overrule(self, probabilities: Floats, phrases: _Phrases, rules: Rules) -> None:
        """Put what the rules say in place of what the model says."""
        columns = {theme.id: column for column, theme in enumerate(self.themes)}
        probabilities[:, [columns[theme] for theme in rules.by_theme]] = NOT_FOUND
        for text, theme in phrases:
            probabilities[text, columns[theme]] = FOUND

    def _score(self, counts: Counts) -> Scored:
        own = self._values(counts)
        sums = np.zeros((len(own.known), len(self.themes)))
        # Cells come in order of texts: each text that has some is a run of them, summed in order.
        starts = run_starts(own.texts)
        if len(starts):
            products = self.weights.take(own.rows, axis=0)  # (cells, themes)
            products *= own.values[:, None]
            sums[own.texts[starts]] = np.add.reduceat(products, starts, axis=0)
        if self.topics is not None:
            sums += self.topics.scores(own.texts, own.rows, own.values, len(sums))
        return Scored(sums + self.bias, own.known, own.words)

    def _values(self, counts: Counts) -> Values:
        values = (1.0 + np.log(counts.counts)) * self.idf.take(counts.rows)
        norms = np.sqrt(np.bincount(counts.texts, values**2, minlength=len(counts.known)))
        return Values(
            counts.texts,
            counts.rows,
            values / norms.take(counts.texts),
            counts.known,
            counts.words,
        )

    @cached_property
    def _families(self) -> Families:
        return families(self.themes)

    def _decide(self, texts: Sequence[str], judged: _Judged, decision: Decision) -> list[Tagged]:
        scored, choice = judged.scored, judged.choice
        enough = decision.enough_known(scored.known, scored.words)
        doubtful = ~enough | (scored.known < scored.words * LANGUAGE_DOUBT)
        unsure = decision.unsure(choice.probabilities)
        tagged = [_WITHOUT_THEME[is_unsure] for is_unsure in unsure.tolist()]
        for row, tags in self._tags(judged, decision).items():
            tagged[row] = Tagged(Status.TAGGED, tuple(tags))
        for row in np.flatnonzero(doubtful).tolist():
            if not is_russian(texts[row]):
                tagged[row] = _WRONG_LANGUAGE
            elif not enough[row]:
                tagged[row] = _UNKNOWN_WORDS
        return tagged

    def _tags(self, judged: _Judged, decision: Decision) -> dict[int, list[Tag]]:
        """Return the tags of each article, by its row, that has some: the most probable first."""
        rows, columns = np.nonzero(decision.told(judged.choice))
        chosen = judged.choice.probabilities[rows, columns]
        order = np.lexsort((columns, -chosen, rows))
        marks = self._marks(judged)
        found: dict[int, list[Tag]] = {}
        for row, column, probability in zip(
            rows[order].tolist(), columns[order].tolist(), chosen[order].tolist(), strict=True
        ):
            threshold = float(decision.thresholds[column])
            mark = marks.get((row, column), _BY_THE_MODEL)
            found.setdefault(row, []).append(
                Tag(self.themes[column].id, probability, threshold, *mark)
            )
        return found

    def _marks(self, judged: _Judged) -> dict[tuple[int, int], _Mark]:
        """Return what made the tags that the model did not make, by row and column."""
        columns = {theme.id: column for column, theme in enumerate(self.themes)}
        marks: dict[tuple[int, int], _Mark] = {
            (row, columns[theme]): (By.KEYWORDS, phrases)
            for (row, theme), phrases in judged.phrases.items()
        }
        given, reached = judged.choice.given, judged.choice.reached
        for parent, children in self._families:
            for row in np.flatnonzero(given[:, parent] & ~reached[:, parent]).tolist():
                own = (self.themes[child].id for child in children if given[row, child])
                marks[row, parent] = (By.CHILD, tuple(own))
        return marks


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    remaining, size = iter(texts), min(FIRST_BATCH, BATCH)
    while batch := list(islice(remaining, size)):
        yield batch
        size = min(2 * size, BATCH)


def _map(
    work: Callable[[list[str]], list[Tagged]], batches: Iterable[list[str]], jobs: int
) -> Iterable[list[Tagged]]:
    if jobs == 1:
        return map(work, batches)
    # Imported only here: one article from a cold start should not wait for multiprocessing.
    from rubrika.parallel import ordered_map

    return ordered_map(work, batches, jobs)
