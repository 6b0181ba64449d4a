"""Rubrika itself, as `rubrika train` makes it with its released settings."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import rubrika as released
from rubrika_train import annotations as annotated
from rubrika_train.settings import Settings
from rubrika_train.training import train
from rubrika_train.validation import cross_validate
from tests.benchmarks.contenders import protocol
from tests.benchmarks.contenders.protocol import Outcome, Task


def contend(task: Task) -> Outcome:
    """Score out of fold as its own cross-validation does, and the test articles with the tagger."""
    annotations, settings, jobs = annotated.read(task.annotations), Settings(), os.cpu_count() or 1
    started = time.perf_counter()
    tagger = train(annotations, settings, jobs).tagger
    fitted = time.perf_counter()
    test = tagger.score(task.test).scores
    tested = time.perf_counter()
    return Outcome(
        settings="as released",
        versions={"rubrika": released.__version__, "tagger": tagger.version},
        out_of_fold=cross_validate(annotations, settings, jobs).scores,
        test=test,
        seconds_all=fitted - started,
        seconds_fit=fitted - started,
        seconds_test=tested - fitted,
    )


if __name__ == "__main__":
    protocol.write(contend(protocol.read(Path(sys.argv[1]))))
