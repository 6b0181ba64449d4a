"""What every contender is given and gives back; it runs in each peer's environment, on numpy alone.

A contender is a way to fit: texts and labels to a function that scores texts. All else is the
same for all: it is fitted five times for scores of training articles that it has not seen, from
which thresholds come later, and once on all of them for the scores of the test articles.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Predict = Callable[[Sequence[str]], Floats]
"""Texts to scores of shape (texts, themes); the higher, the surer."""

Fit = Callable[[Sequence[str], Bools], Predict]
"""Texts and labels of shape (texts, themes) to a function that scores."""

# Settings are chosen by what they give on this fold when trained on the others.
HELD_OUT = 0

_TINY = 1e-9


@dataclass(frozen=True)
class Task:
    """Training articles with themes and folds, and the texts, no more, of the test articles.

    `labels` has shape (articles, themes); a disputed theme counts as not given. `fold` has shape
    (articles,). `annotations` is a folder of the training articles as `rubrika train` reads it.
    """

    annotations: Path
    theme_ids: tuple[str, ...]
    titles: tuple[str, ...]
    autotune_seconds: int
    texts: tuple[str, ...]
    labels: Bools
    fold: npt.NDArray[np.int64]
    test: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores by article and theme, and how long they took.

    `seconds_all` is choosing settings, five folds and the last fit; `seconds_fit` that fit alone.
    """

    settings: str
    versions: dict[str, str]
    out_of_fold: Floats
    test: Floats
    seconds_all: float
    seconds_fit: float
    seconds_test: float


def read(folder: Path) -> Task:
    """Read a task as it lies in a folder."""
    about = json.loads((folder / "task.json").read_text("utf-8"))
    train, test = (_lines(folder / name) for name in ("train.jsonl", "test.jsonl"))
    theme_ids = tuple(theme["id"] for theme in about["themes"])
    labels = [[theme in article["labels"] for theme in theme_ids] for article in train]
    return Task(
        annotations=folder / "annotations",
        theme_ids=theme_ids,
        titles=tuple(theme["ru"] for theme in about["themes"]),
        autotune_seconds=about["autotune_seconds"],
        texts=tuple(article["text"] for article in train),
        labels=np.array(labels, dtype=np.bool_),
        fold=np.array([article["fold"] for article in train], dtype=np.int64),
        test=tuple(article["text"] for article in test),
    )


def run(ways: Callable[[Task], Mapping[str, Fit]], *packages: str) -> None:
    """Carry out `SCRIPT TASK OUT ...` with the best of the ways, by settings, that are offered."""
    task = read(Path(sys.argv[1]))
    write(contend(task, ways, packages))


def write(outcome: Outcome) -> None:
    """Write an outcome as JSON where the command line wants it."""
    tree = {name: getattr(outcome, name) for name in Outcome.__slots__}
    Path(sys.argv[2]).write_text(json.dumps(tree, default=np.ndarray.tolist), "utf-8")


def contend(
    task: Task, ways: Callable[[Task], Mapping[str, Fit]], packages: Sequence[str]
) -> Outcome:
    """Choose settings, score training articles out of fold, fit to all, score the test articles."""
    started = time.perf_counter()
    offered = ways(task)
    settings = best(offered, task)
    fit = offered[settings]
    scores = np.zeros(task.labels.shape)
    for number in np.unique(task.fold):
        scores[task.fold == number] = _held_out_scores(fit, task, number)
    fitting = time.perf_counter()
    predict = fit(task.texts, task.labels)
    fitted = time.perf_counter()
    test = predict(task.test)
    return Outcome(
        settings=settings,
        versions={package: importlib.metadata.version(package) for package in packages},
        out_of_fold=scores,
        test=test,
        seconds_all=fitted - started,
        seconds_fit=fitted - fitting,
        seconds_test=time.perf_counter() - fitted,
    )


def best(ways: Mapping[str, Fit], task: Task) -> str:
    """Return the settings with the highest mean average precision on the held-out fold."""
    if len(ways) == 1:
        return next(iter(ways))
    labels = task.labels[task.fold == HELD_OUT]
    gains = {
        settings: mean_average_precision(labels, _held_out_scores(fit, task, HELD_OUT))
        for settings, fit in ways.items()
    }
    return max(gains, key=lambda settings: gains[settings])


def _held_out_scores(fit: Fit, task: Task, number: int) -> Floats:
    own = task.fold == number
    predict = fit(chosen(task.texts, ~own), task.labels[~own])
    return predict(chosen(task.texts, own))


def chosen(texts: Sequence[str], wanted: Bools) -> list[str]:
    """Return the texts that are wanted."""
    return [texts[k] for k in np.flatnonzero(wanted).tolist()]


def mean_average_precision(labels: Bools, scores: Floats) -> float:
    """Return the mean over themes of the mean precision at each article that has the theme."""
    means = []
    for yes, column in zip(labels.T, scores.T, strict=True):
        hits = yes[np.argsort(-column, kind="stable")]
        if hits.any():
            precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
            means.append(float(precision[hits].mean()))
    return float(np.mean(means)) if means else 0.0


def log_odds(probabilities: Floats) -> Floats:
    """Return probabilities as scores without bounds, of the same order."""
    clipped = np.clip(probabilities, _TINY, 1 - _TINY)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def with_none(labels: Bools) -> Bools:
    """Add a last column for "no theme": some peers skip articles that have no label at all."""
    return np.concatenate([labels, ~labels.any(axis=1, keepdims=True)], axis=1)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
