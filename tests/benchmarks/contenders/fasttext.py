"""fastText: autotuned on a held-out fold, then trained with the settings that were found."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import fasttext
import numpy as np

from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import HELD_OUT, Bools, Fit, Floats, Predict, Task

# Words and punctuation apart, in lower case, as fastText's tutorial prepares a text.
_TOKEN = re.compile(r"\w+|[^\w\s]")
_PREFIX = "__label__"
_TUNED = ("lr", "dim", "ws", "epoch", "minCount", "neg", "wordNgrams", "bucket", "minn", "maxn")
# fastText 0.9.2 fills its first weights in tenths, one a thread: fewer than ten threads leave stray
# memory in the rest, and training may "Encounter NaN". Twelve is its own default.
_THREADS = 12


def _line(text: str) -> str:
    return " ".join(_TOKEN.findall(text.lower()))


@contextmanager
def _file(texts: Sequence[str], labels: Bools) -> Iterator[str]:
    """Write articles as fastText reads them; one without theme gets a label that says so."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        with path.open("w", encoding="utf-8") as file:
            for text, row in zip(texts, protocol.with_none(labels), strict=True):
                own = " ".join(f"{_PREFIX}{theme}" for theme in np.flatnonzero(row))
                file.write(f"{own} {_line(text)}\n")
        yield str(path)


def _fit(settings: Mapping[str, Any], texts: Sequence[str], labels: Bools) -> Predict:
    with _file(texts, labels) as path:
        model = fasttext.train_supervised(
            input=path, loss="ova", thread=_THREADS, verbose=0, **settings
        )

    def predict(asked: Sequence[str]) -> Floats:
        probabilities = np.zeros((len(asked), labels.shape[1] + 1))
        for row, text in zip(probabilities, asked, strict=True):
            names, values = model.predict(_line(text), k=-1)
            row[[int(name.removeprefix(_PREFIX)) for name in names]] = values
        return protocol.log_odds(probabilities[:, :-1])

    return predict


def _autotuned(task: Task) -> dict[str, Any]:
    """Return what fastText's own search finds for micro-F1 on the held-out fold."""
    own = task.fold == HELD_OUT
    with (
        _file(protocol.chosen(task.texts, ~own), task.labels[~own]) as train,
        _file(protocol.chosen(task.texts, own), task.labels[own]) as held_out,
    ):
        model = fasttext.train_supervised(
            input=train,
            loss="ova",
            thread=_THREADS,
            verbose=0,
            autotuneValidationFile=held_out,
            autotuneDuration=task.autotune_seconds,
        )
    found = model.f.getArgs()
    return {name: getattr(found, name) for name in _TUNED}


def ways(task: Task) -> Mapping[str, Fit]:
    """Return the one way that autotuning finds."""
    found = _autotuned(task)
    shown = ", ".join(f"{name}={value:.4g}" for name, value in found.items())
    return {f"autotuned {task.autotune_seconds} s: {shown}": partial(_fit, found)}


if __name__ == "__main__":
    protocol.run(ways, "fasttext-numpy2-wheel")
