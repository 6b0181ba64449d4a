"""A process measured: how long the processor worked for it, and how much memory it took at most."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds (user and system) and peak memory in megabytes of a whole process."""

    seconds: float
    megabytes: float


# What a process forks seems at least as large as it is itself: this one is small.
_LAUNCHER = """
import os, sys
report, *command = sys.argv[1:]
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
_, status, usage = os.wait4(os.posix_spawnp(command[0], command, os.environ), 0)
figures = os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss
os.write(int(report), " ".join(map(str, figures)).encode())
"""


def cost(command: Sequence[str], lines: Iterable[bytes] = ()) -> Cost:
    """Run a command on one core, `lines` on its standard input, its output thrown away."""
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(writing), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=[writing],
    ) as process:
        os.close(writing)
        assert process.stdin is not None
        process.stdin.writelines(lines)
        process.stdin.close()
        with os.fdopen(reading, "rb") as report:
            code, seconds, kilobytes = report.read().split()
    if int(code):
        raise subprocess.CalledProcessError(int(code), command)
    return Cost(float(seconds), int(kilobytes) / 1024)
