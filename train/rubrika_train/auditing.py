"""Labels that taggers which never saw them contradict with confidence, and the words for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

import numpy as np

from rubrika.decision import Bools, Floats
from rubrika.explain import explain
from rubrika.tagger import Tagger
from rubrika_train.annotations import Annotations, Judgement
from rubrika_train.doubts import Contradiction, contradictions
from rubrika_train.progress import Progress, silent
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels
from rubrika_train.validation import cross_validate, tagger_of_row

WORDS = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label to look at again: who gave it, and the article's words that speak against it."""

    label: Contradiction
    annotators: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """The most doubtful labels, and how many of all known labels are contradicted."""

    doubts: tuple[Doubt, ...]
    contradicted: int
    labels: int

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the doubts, the most doubtful first."""
        return tuple(dict.fromkeys(doubt.label.article for doubt in self.doubts))


def audit(
    annotations: Annotations,
    count: int,
    settings: Settings | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> Audit:
    """Return the `count` most doubtful labels; `progress` hears each step."""
    settings = settings or Settings()
    validated = cross_validate(annotations, settings, jobs, progress)
    issues = label_issues(validated.labels, validated.probabilities)
    columns = {theme.id: column for column, theme in enumerate(annotations.themes)}
    rows = {article.id: row for row, article in enumerate(validated.articles)}
    found = [
        one
        for one in contradictions(annotations, validated)
        if issues[rows[one.article], columns[one.theme]]
    ]
    progress("finding the words")
    said, tagger_of = _said_so(annotations), tagger_of_row(annotations, validated, settings, jobs)
    doubts = []
    for one in found[:count]:
        row = rows[one.article]
        words = _words_against(one, validated.articles[row].full_text, tagger_of(row))
        doubts.append(Doubt(one, said.get((one.article, one.theme, one.given), ()), words))
    return Audit(tuple(doubts), len(found), int((validated.labels >= 0).sum()))


def label_issues(labels: Labels, probabilities: Floats) -> Bools:
    """Return which labels are confidently another, of shape (articles, themes).

    Confident learning (Northcutt, Jiang and Chuang 2021), theme by theme: a label is contradicted
    where the probability of its opposite reaches the mean of those who bear that opposite.
    """
    found = np.zeros(labels.shape, dtype=np.bool_)
    for column, own in enumerate(labels.T):
        yes = probabilities[:, column]
        if (own == 1).any() and (own == 0).any():
            no_enough = (1 - yes[own == 0]).mean()
            yes_enough = yes[own == 1].mean()
            surely_yes = (yes >= yes_enough) & ((1 - yes < no_enough) | (yes > 0.5))
            surely_no = (1 - yes >= no_enough) & ((yes < yes_enough) | (yes < 0.5))
            found[:, column] = ((own == 0) & surely_yes) | ((own == 1) & surely_no)
    return found


def _words_against(doubted: Contradiction, text: str, tagger: Tagger) -> tuple[str, ...]:
    """Return the words of a text that speak most against a label."""
    (explanation,) = explain(tagger, text, [doubted.theme]).themes
    against = (
        word.tokens[0].form
        for word in explanation.words
        if word.tokens and (word.contribution < 0) == doubted.given
    )
    return tuple(islice(against, WORDS))


def _said_so(annotations: Annotations) -> dict[tuple[str, str, bool], tuple[str, ...]]:
    """Return who says of an article that it has, or has not, a theme: their last word counts."""
    last: dict[tuple[str, str], Judgement] = {}
    for judgement in annotations.judgements:
        last[judgement.id, judgement.annotator] = judgement
    found: defaultdict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for (article, annotator), judgement in last.items():
        for theme in annotations.themes:
            said = judgement.says(theme)
            if said is not None:
                found[article, theme.id, said].append(annotator)
    return {label: tuple(annotators) for label, annotators in found.items()}
