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
_HALVINGS = 6
# One thread repeats itself: with more, what trained well in the search may run away when repeated.
_THREADS = 1


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
        model = _trained(path, settings)

    def predict(asked: Sequence[str]) -> Floats:
        probabilities = np.zeros((len(asked), labels.shape[1] + 1))
        for row, text in zip(probabilities, asked, strict=True):
            names, values = model.predict(_line(text), k=-1)
            row[[int(name.removeprefix(_PREFIX)) for name in names]] = values
        return protocol.log_odds(probabilities[:, :-1])

    return predict


def _trained(path: str, settings: Mapping[str, Any]) -> Any:  # noqa: ANN401 (fastText has no types)
    """Train; where the found learning rate lets the weights run away, try the half of it."""
    for halvings in range(_HALVINGS):
        try:
            return fasttext.train_supervised(
                input=path,
                loss="ova",
                thread=_THREADS,
                verbose=0,
                **{**settings, "lr": settings["lr"] / 2**halvings},
            )
        except RuntimeError as error:
            if "NaN" not in str(error):
                raise
    raise RuntimeError(f"NaN at every learning rate from {settings['lr']:.3g} down")


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
