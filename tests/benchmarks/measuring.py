"""A process measured: how long the processor worked for it, and how much memory it took at most."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds (user and system) and peak memory in megabytes of a whole process."""

    seconds: float
    megabytes: float


def cost(command: Sequence[str], lines: Iterable[bytes] = ()) -> Cost:
    """Run a command on one core, `lines` on its standard input, its output thrown away."""
    one_core = {min(os.sched_getaffinity(0))}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, one_core),
    ) as process:
        assert process.stdin is not None
        process.stdin.writelines(lines)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
