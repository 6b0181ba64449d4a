"""The tagger: texts to lemmas to TF-IDF to scores to themes, in numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from rubrika.decision import Bools, Decision, Floats, Status, Tag
from rubrika.language import is_russian
from rubrika.themes import Theme
from rubrika.vocabulary import Vocabulary

BATCH = 256
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


@dataclass(frozen=True)
class Tagger:
    """A trained tagger.

    `idf` has shape (lemmas,), `weights` (lemmas, themes), `bias` (themes,). A score is the dot
    product of the article's L2-normalised TF-IDF row and a theme's weights, plus the bias; the
    term frequency is 1 + ln(count).
    """

    version: str
    themes: tuple[Theme, ...]
    vocabulary: Vocabulary
    idf: Floats
    weights: Floats
    bias: Floats
    decision: Decision

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
        scored = self.score(texts)
        probabilities = decision.calibration.probabilities(scored.scores)
        return self._decide(texts, scored, probabilities, decision)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return the calibrated probabilities of every theme, of shape (articles, themes)."""
        return self.decision.calibration.probabilities(self.score(texts).scores)

    def strongest_lemmas(self, theme_id: str, count: int) -> list[str]:
        """Return the lemmas that speak most for a theme in any article, the strongest first."""
        column = [theme.id for theme in self.themes].index(theme_id)
        strength = self.weights[:, column] * self.idf
        return [self.vocabulary.lemmas[row] for row in np.argsort(-strength, kind="stable")[:count]]

    def score(self, texts: Sequence[str]) -> Scored:
        """Return the scores of every theme, and how many words are known."""
        own = self.values(texts)
        products = own.values[:, None] * self.weights[own.rows]
        sums = np.stack(
            [np.bincount(own.texts, column, minlength=len(texts)) for column in products.T], axis=1
        )
        return Scored(np.asarray(sums + self.bias), own.known, own.words)

    def values(self, texts: Sequence[str]) -> Values:
        """Return the L2-normalised TF-IDF of texts."""
        counts = self.vocabulary.count(texts)
        values = (1.0 + np.log(counts.counts)) * self.idf[counts.rows]
        norms = np.sqrt(np.bincount(counts.texts, values**2, minlength=len(texts)))
        return Values(
            counts.texts,
            counts.rows,
            values / norms[counts.texts],
            counts.known,
            counts.words,
        )

    def _decide(
        self, texts: Sequence[str], scored: Scored, probabilities: Floats, decision: Decision
    ) -> list[Tagged]:
        chosen = decision.chosen(probabilities)
        unsure = decision.unsure(probabilities)
        enough = decision.enough_known(scored.known, scored.words)
        doubtful = scored.known < scored.words * LANGUAGE_DOUBT
        tagged = []
        for row, text in enumerate(texts):
            if (doubtful[row] or not enough[row]) and not is_russian(text):
                tagged.append(Tagged(Status.WRONG_LANGUAGE, ()))
            elif not enough[row]:
                tagged.append(Tagged(Status.UNKNOWN_WORDS, ()))
            elif tags := self._tags(chosen[row], probabilities[row], decision):
                tagged.append(Tagged(Status.TAGGED, tags))
            else:
                tagged.append(Tagged(Status.UNSURE if unsure[row] else Status.NONE, ()))
        return tagged

    def _tags(self, chosen: Bools, probabilities: Floats, decision: Decision) -> tuple[Tag, ...]:
        columns = np.flatnonzero(chosen)
        return tuple(
            Tag(self.themes[k].id, float(probabilities[k]), float(decision.thresholds[k]))
            for k in columns[np.argsort(-probabilities[columns], kind="stable")]
        )


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(texts)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _map(
    work: Callable[[list[str]], list[Tagged]], batches: Iterable[list[str]], jobs: int
) -> Iterable[list[Tagged]]:
    if jobs == 1:
        return map(work, batches)
    # Imported only here: one article from a cold start should not wait for multiprocessing.
    from rubrika.parallel import ordered_map

    return ordered_map(work, batches, jobs)
