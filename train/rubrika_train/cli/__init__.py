"""The command line, a file a command: parses, calls one function, prints."""

import io
import signal
import sys
from types import FrameType

from rubrika_train.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line."""
    # Stopped by a timeout or a closed terminal, a command too removes what it has half written.
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, _stop)
    for stream in (sys.stdout, sys.stderr):
        # A redirected Windows console would write in an encoding that lacks half of what we print.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    app()


def _stop(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
