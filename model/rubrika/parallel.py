"""Batches tagged by several processes, in order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Batches that wait for each process: enough to keep it busy, few enough to stay small.
_WAITING = 3
_PARENT_SECONDS = 0.5

_work: Callable[[Any], Any]


def ordered_map(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int
) -> Iterator[Result]:
    """Yield `work` of each item in order, done by `jobs` processes.

    Each process gets `work` once, so what it holds (a tagger's weights) is shared or copied once;
    only items and results travel.
    """
    adopt: Callable[..., None] = _adopt
    with ProcessPoolExecutor(jobs, initializer=adopt, initargs=(work,)) as pool:
        running: deque[Future[Result]] = deque()
        try:
            for item in items:
                running.append(pool.submit(_call, item))
                if len(running) >= jobs * _WAITING:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _adopt(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    # Ctrl-C is for the process that reads and writes; it ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when its parent was killed, and could end it no more."""
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os._exit(1)


def _call(item: Any) -> Any:  # noqa: ANN401 (whatever `work` takes and gives)
    return _work(item)
