"""Annif as a whole process: `python -m tests.benchmarks.annif_process FOLDER train|predict FILE`.

Runs in the environment that `make bench-peers` makes for Annif, which does not have Rubrika. Both
files are JSON Lines; that to train on has `labels`, a 1 or 0 for each of `titles`. Themes are
written to standard output.
"""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path

import nltk
import numpy as np

from tests.benchmarks.contenders import annif

# The way of the best row in peers.md.
WAY = annif.Way("omikuji", "snowball(russian)")
THRESHOLD = 0.3


def main(folder: str, task: str, file: str) -> None:
    """Train on a file, or tag one, as much of it at a time as Annif takes in a batch."""
    (_train if task == "train" else _predict)(Path(folder), Path(file))


def _train(folder: Path, file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    annif.learn_sentences(texts, folder)
    project = annif.begin(folder, WAY, rows[0]["titles"])
    annif.teach(project, texts, np.array([row["labels"] for row in rows], dtype=np.bool_))


def _predict(folder: Path, file: Path) -> None:
    nltk.data.path.insert(0, str(folder))
    project = annif.opened(folder)
    themes = project.subjects
    with file.open(encoding="utf-8") as lines:
        while rows := [json.loads(line) for line in islice(lines, annif.BATCH)]:
            given = annif.scores_of(project, [row["text"] for row in rows]) > THRESHOLD
            for row, own in zip(rows, given, strict=True):
                row["themes"] = [themes[k].labels["ru"] for k in np.flatnonzero(own).tolist()]
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
