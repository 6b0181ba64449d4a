"""The same work for all: training articles with folds, and test articles whose labels stay here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rubrika_train.annotations import ARTICLES, LABELS, THEMES, Annotations, Article, read
from rubrika_train.fitting import label_matrix
from rubrika_train.labelled import read_labelled
from rubrika_train.settings import Settings
from rubrika_train.splits import Labels, clusters, folds

# One fold in five of the annotations is the test where no other file is given.
_TEST_FOLDS = 5


@dataclass(frozen=True)
class Work:
    """What is trained on and tested on; `labels` and `test_labels` have shape (articles, themes).

    Both hold 1, 0, or -1 for a disputed theme. `name` tells the test articles from others by their
    content, `sha256` is that of all the data.
    """

    name: str
    annotations: Annotations
    articles: tuple[Article, ...]
    labels: Labels
    fold: npt.NDArray[np.int64]
    test_texts: tuple[str, ...]
    test_labels: Labels
    sha256: str

    @property
    def theme_ids(self) -> list[str]:
        """The ids of the themes, in the order of the labels' columns."""
        return [theme.id for theme in self.annotations.themes]


def prepare(annotations: Path, data: Path | None) -> Work:
    """Return the work: train on all annotations and test on `data`, or on a fifth of them."""
    own, settings = read(annotations), Settings()
    articles = own.judged
    labels = label_matrix(articles, own.gold, own.themes)
    if data is None:
        held_out = folds(labels, clusters(articles), _TEST_FOLDS, settings.seed) == 0
        test_texts = tuple(article.full_text for article in _chosen(articles, held_out))
        test_labels = labels[held_out]
        articles, labels = _chosen(articles, ~held_out), labels[~held_out]
    else:
        asked = read_labelled(data, own.themes)
        test_texts = tuple(article.text for article in asked)
        theme_ids = [theme.id for theme in own.themes]
        test_labels = np.array([article.row(theme_ids) for article in asked], dtype=np.int8)
    fold = folds(labels, clusters(articles), settings.folds, settings.seed)
    name = _sha256(data.read_bytes())[:12] if data else "annotations"
    digest = _sha256(f"{own.sha256} {name}".encode())
    return Work(name, own, articles, labels, fold, test_texts, test_labels, digest)


def write(work: Work, source: Path, folder: Path, autotune_seconds: int) -> None:
    """Write the work to a folder, for contenders: `source` is the folder of annotations."""
    folder.mkdir(parents=True, exist_ok=True)
    themes = [{"id": theme.id, "ru": theme.ru} for theme in work.annotations.themes]
    about = {"themes": themes, "autotune_seconds": autotune_seconds}
    (folder / "task.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    _write_lines(
        folder / "train.jsonl",
        (
            {"text": article.full_text, "labels": _named(row, work.theme_ids), "fold": fold}
            for article, row, fold in zip(
                work.articles, work.labels, work.fold.tolist(), strict=True
            )
        ),
    )
    _write_lines(folder / "test.jsonl", ({"text": text} for text in work.test_texts))
    _write_annotations(source, folder / "annotations", {article.id for article in work.articles})


def _write_annotations(source: Path, target: Path, wanted: set[str]) -> None:
    target.mkdir(exist_ok=True)
    (target / THEMES).write_bytes((source / THEMES).read_bytes())
    for name in (ARTICLES, LABELS):
        lines = (source / name).read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if line.strip() and json.loads(line)["id"] in wanted]
        (target / name).write_bytes(b"".join(kept))


def _write_lines(path: Path, rows: Iterable[object]) -> None:
    lines = (f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.write_text("".join(lines), "utf-8")


def _chosen(articles: Sequence[Article], wanted: npt.NDArray[np.bool_]) -> tuple[Article, ...]:
    return tuple(articles[k] for k in np.flatnonzero(wanted).tolist())


def _named(row: Labels, theme_ids: Sequence[str]) -> list[str]:
    return [theme for theme, label in zip(theme_ids, row.tolist(), strict=True) if label == 1]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
