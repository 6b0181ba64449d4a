"""Where the time of `rubrika predict` goes: `python -m tests.benchmarks.profile_predict [FILE]`.

Prints a table of processor seconds by step, for a file of JSON Lines or 20,000 articles of the
annotations. Steps that contain others are measured whole, and the others are taken off.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from resource import RUSAGE_CHILDREN, getrusage
from typing import TypeVar

import rubrika
from rubrika import vocabulary
from rubrika.debris import blank_known_lines
from rubrika.tagger import BATCH
from rubrika.words import split
from rubrika_train.inputs import Reading, Row, read
from rubrika_train.outputs.json_lines import write as write_jsonl
from rubrika_train.predicting import Prediction
from tests.benchmarks import corpus

ARTICLES = 20_000
Item = TypeVar("Item")
Result = TypeVar("Result")


def steps(path: str) -> dict[str, float]:
    """Return the processor seconds of each step for a file of JSON Lines."""
    tagger = rubrika.load()
    forms = tagger.vocabulary.forms
    if forms is None:
        raise SystemExit("The released tagger holds no forms; train it again.")
    reading, rows = _timed(lambda name: list(read([name], Reading())), [path])
    articles = [row for row in rows[0] if isinstance(row, Row)]
    texts = [row.text for row in articles]
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    debris, clean = _timed(lambda batch: [blank_known_lines(text) for text in batch], batches)
    splitting, words = _timed(split, clean)
    looking, _ = _timed(lambda batch: vocabulary._rows(batch, forms), words)
    counting, _ = _timed(tagger.vocabulary.count, batches)
    scoring, _ = _timed(tagger.score, batches)
    tagging, tagged = _timed(tagger.tag_batch, batches)
    all_tagged = (one for batch in tagged for one in batch)
    predictions = list(map(Prediction, articles, all_tagged))
    writing, _ = _timed(lambda all_: write_jsonl(all_, tagger, io.BytesIO()), [predictions])
    return {
        "start: Python, numpy, command line, tagger": _start(),
        "read JSON": reading,
        "blank page debris": debris,
        "split into words, hash them": splitting,
        "look up the forms": looking,
        "count lemmas": counting - debris - splitting - looking,
        "TF-IDF and scores": scoring - counting,
        "probabilities and themes": tagging - scoring,
        "write JSON": writing,
    }


def table(seconds: dict[str, float], articles: int) -> str:
    """Return a Markdown table of steps."""
    total = sum(seconds.values())
    lines = [f"| step | seconds for {articles:,} articles | share |", "|---|---|---|"]
    lines += [f"| {step} | {own:.2f} | {own / total:.0%} |" for step, own in seconds.items()]
    return "\n".join([*lines, f"| all | {total:.2f} | 100% |", ""])


def _timed(work: Callable[[Item], Result], items: Iterable[Item]) -> tuple[float, list[Result]]:
    before = time.process_time()
    results = [work(item) for item in items]
    return time.process_time() - before, results


def _start() -> float:
    """Return the processor seconds of tagging one short article as a whole process."""
    before = getrusage(RUSAGE_CHILDREN)
    text = "Завод открыл новую линию.".encode()
    subprocess.run(["rubrika", "predict", "-"], input=text, capture_output=True, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    path = sys.argv[1] if len(sys.argv) > 1 else str(corpus.write(ARTICLES))
    with open(path, "rb") as file:  # noqa: PTH123 (a path as the user gave it)
        articles = sum(1 for _ in file)
    sys.stdout.write(table(steps(path), articles))


if __name__ == "__main__":
    main()
