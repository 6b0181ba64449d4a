"""What a tagger said of labelled articles, beside what they are: all evaluation starts here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt

from rubrika.decision import Bools, Floats, Status
from rubrika.tagger import BATCH, Tagger
from rubrika_train.labelled import LabelledArticle
from rubrika_train.progress import Progress, silent
from rubrika_train.splits import Ints, Labels, clusters


@dataclass(frozen=True)
class Results:
    """Labels, probabilities and choices of shape (articles, themes), and what they belong to.

    `thresholds` has shape (themes,); `cluster`, of shape (articles,), joins near-duplicates.
    `statuses` is None for cross-validated results: a status is given by a whole tagger.
    """

    theme_ids: tuple[str, ...]
    articles: tuple[LabelledArticle, ...]
    labels: Labels
    probabilities: Floats
    chosen: Bools
    thresholds: Floats
    cluster: Ints
    statuses: tuple[Status, ...] | None = None

    def part(self, rows: Bools) -> Results:
        """Return the results of some articles, `rows` of shape (articles,)."""
        return Results(
            theme_ids=self.theme_ids,
            articles=tuple(compress(self.articles, rows)),
            labels=self.labels[rows],
            probabilities=self.probabilities[rows],
            chosen=self.chosen[rows],
            thresholds=self.thresholds,
            cluster=self.cluster[rows],
            statuses=tuple(compress(self.statuses, rows)) if self.statuses else None,
        )

    def only(self, theme_ids: Sequence[str]) -> Results:
        """Return the results on some of the themes, in the order given."""
        columns = [self.theme_ids.index(theme) for theme in theme_ids]
        return Results(
            theme_ids=tuple(theme_ids),
            articles=self.articles,
            labels=self.labels[:, columns],
            probabilities=self.probabilities[:, columns],
            chosen=self.chosen[:, columns],
            thresholds=self.thresholds[columns],
            cluster=self.cluster,
            statuses=self.statuses,
        )

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield a line an article: gold, disputed, predicted, probabilities, and the errors."""
        for row, article in enumerate(self.articles):
            labels, chosen = self.labels[row], self.chosen[row]
            yield {
                "id": article.id,
                "gold": self._named(labels == 1),
                "disputed": self._named(labels < 0),
                "predicted": self._named(chosen),
                **({"status": str(self.statuses[row])} if self.statuses else {}),
                "probabilities": dict(
                    zip(self.theme_ids, self.probabilities[row].tolist(), strict=True)
                ),
                "missed": self._named((labels == 1) & ~chosen),
                "wrong": self._named((labels == 0) & chosen),
            }

    def _named(self, themes: npt.NDArray[np.bool_]) -> list[str]:
        return list(compress(self.theme_ids, themes))


def collect(
    tagger: Tagger, articles: Sequence[LabelledArticle], progress: Progress = silent
) -> Results:
    """Tag labelled articles by the rule that `rubrika predict` uses."""
    theme_ids = tuple(theme.id for theme in tagger.themes)
    statuses: list[Status] = []
    given: list[tuple[str, ...]] = []
    probabilities = []
    for start in range(0, len(articles), BATCH):
        progress(f"tagging article {start + 1:,} of {len(articles):,}")
        texts = [article.text for article in articles[start : start + BATCH]]
        tagged = tagger.tag_batch(texts)
        statuses += [one.status for one in tagged]
        given += [one.themes for one in tagged]
        probabilities.append(tagger.probabilities(texts))
    progress("looking for near-duplicates")
    return Results(
        theme_ids=theme_ids,
        articles=tuple(articles),
        labels=label_rows(articles, theme_ids),
        probabilities=np.concatenate(probabilities),
        chosen=np.array([[theme in themes for theme in theme_ids] for themes in given]),
        thresholds=tagger.decision.thresholds,
        cluster=clusters(articles),
        statuses=tuple(statuses),
    )


def label_rows(articles: Sequence[LabelledArticle], theme_ids: Sequence[str]) -> Labels:
    """Return labels of shape (articles, themes): 1 yes, 0 no, -1 disputed or unknown."""
    return np.array([article.row(theme_ids) for article in articles], dtype=np.int8)
