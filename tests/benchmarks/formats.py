"""Memory and time of a million articles in each format: `python -m tests.benchmarks.formats [N]`.

Each row of the table is a whole process on one core, as in `speed.py`; its output is thrown away
or, where the format says so, written to a file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import orjson

from tests.benchmarks import corpus
from tests.benchmarks.measuring import Cost, cost

ARTICLES = 1_000_000
RUBRIKA = str(Path(sys.executable).with_name("rubrika"))
HEAD = "| a million articles | seconds | peak memory |\n|---|---|---|"


def main(articles: int) -> None:
    """Print the table."""
    print(HEAD)  # noqa: T201
    for name, own in _costs(articles):
        print(f"| {name} | {own.seconds:.0f} | {own.megabytes:,.0f} MB |", flush=True)  # noqa: T201


def _costs(articles: int) -> Iterator[tuple[str, Cost]]:
    # Apart, for a process begins with the peak memory of the one that starts it.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        source = pool.submit(_write_parquet, articles).result()
    target = corpus.WORKPLACE / "tagged.parquet"
    try:
        yield "Parquet, one row group", _predict(str(source))
        yield "Parquet to Parquet", _predict(str(source), "-o", str(target))
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
    yield "a JSON array in one line", cost([RUBRIKA, "predict", "-"], _array(articles))


def _predict(*arguments: str) -> Cost:
    return cost([RUBRIKA, "predict", *arguments])


def _array(articles: int) -> Iterator[bytes]:
    yield b"["
    for number, line in enumerate(corpus.lines(articles)):
        yield (b"," if number else b"") + line.rstrip()
    yield b"]"


def _write_parquet(articles: int) -> Path:
    """Write articles in one row group, as pandas does: the worst case for memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    corpus.WORKPLACE.mkdir(exist_ok=True)
    path = corpus.WORKPLACE / f"articles-{articles}.parquet"
    lines = corpus.lines(articles)
    groups = iter(lambda: [orjson.loads(line) for line in islice(lines, 10_000)], [])
    batches = [pa.RecordBatch.from_pylist(group) for group in groups]
    table = pa.Table.from_batches(batches)
    pq.write_table(table, path, row_group_size=articles)
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES)
