"""The report of an evaluation: one page that needs nothing else, for people who decide."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rubrika.decision import Bools
from rubrika.errors import RubrikaError
from rubrika.tagger import Tagger
from rubrika.themes import Theme
from rubrika_train.curves import CurvePoint
from rubrika_train.evaluation import Evaluation
from rubrika_train.mistakes import Mistake, mistake, rows_of_mistakes
from rubrika_train.progress import Progress, silent
from rubrika_train.results import Results
from rubrika_train.splits import Ints

# Errors shown of each theme, the surest first: a page must stay one that opens.
MAX_ERRORS = 150


@dataclass(frozen=True)
class Subject:
    """What a report is about; `tagger_of` gives the tagger that spoke on the article of a row."""

    description: str
    themes: tuple[Theme, ...]
    results: Results
    evaluation: Evaluation
    tagger_of: Callable[[int], Tagger]
    breakdowns: Mapping[str, Mapping[str, Evaluation]]
    curve: Sequence[CurvePoint] = ()


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """A theme with its figures, charts as SVG, errors, and how many more errors there are."""

    theme: Theme
    evaluation: object
    charts: tuple[str, ...]
    errors: tuple[Mistake, ...]
    left_out: int


def require_matplotlib() -> None:
    """Raise RubrikaError that names the extra where matplotlib is not installed."""
    if importlib.util.find_spec("matplotlib") is None:
        raise RubrikaError("--report needs matplotlib; install it: pip install 'rubrika[report]'")


def render(subject: Subject, progress: Progress = silent) -> str:
    """Return the report as an HTML page; what articles and annotations hold is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from rubrika_train import charts

    environment = Environment(
        loader=PackageLoader("rubrika_train"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    results = subject.results
    known = results.labels >= 0
    yes, probabilities = (results.labels == 1)[known], results.probabilities[known]
    return environment.get_template("report.html").render(
        subject=subject,
        evaluation=subject.evaluation,
        themes=list(_themes(subject, progress)),
        pooled=[
            Markup(charts.reliability(yes, probabilities)),
            Markup(charts.histogram(yes, probabilities)),
        ],
        curve=Markup(charts.learning_curve(subject.curve)) if subject.curve else "",
        confusion=confusion(results).tolist(),
        together=co_occurrence(results.labels == 1).tolist(),
        given_together=co_occurrence(results.chosen).tolist(),
        on_margin=lambda row, column: len(subject.themes) in (row, column),
        on_diagonal=lambda row, column: row == column,
        markup=Markup,
    )


def confusion(results: Results) -> Ints:
    """Return how often theme i was missed where theme j was wrongly given.

    Shape (themes + 1, themes + 1): the last row counts wrong themes where none was missed, the
    last column missed themes where none was wrongly given.
    """
    missed = (results.labels == 1) & ~results.chosen
    wrong = (results.labels == 0) & results.chosen
    rows = np.column_stack([missed, ~missed.any(axis=1)]).astype(np.int64)
    columns = np.column_stack([wrong, ~wrong.any(axis=1)]).astype(np.int64)
    counts = rows.T @ columns
    counts[-1, -1] = 0  # nothing missed, nothing wrong: no confusion
    return counts


def co_occurrence(has: Bools) -> Ints:
    """Return how many articles have both of two themes, of shape (themes, themes)."""
    counted = has.astype(np.int64)
    return counted.T @ counted


def _themes(subject: Subject, progress: Progress) -> Iterator[ThemeReport]:
    from rubrika_train import charts

    results = subject.results
    for k, theme in enumerate(subject.themes):
        progress(f"reporting on {theme.id}")
        own, known = subject.evaluation.themes[theme.id], results.labels[:, k] >= 0
        yes, chosen = results.labels[known, k] == 1, results.chosen[known, k]
        probabilities, threshold = results.probabilities[known, k], float(results.thresholds[k])
        drawn: tuple[str, ...] = ()
        if own.support:
            drawn = (
                charts.precision_recall(yes, probabilities, chosen, threshold),
                charts.reliability(yes, probabilities),
                charts.histogram(yes, probabilities, threshold),
            )
        rows = rows_of_mistakes(results, k)
        errors = tuple(
            mistake(results, row, k, subject.tagger_of(row)) for row in rows[:MAX_ERRORS]
        )
        yield ThemeReport(theme, own, drawn, errors, len(rows) - len(errors))
