"""The command line, a file a command: parses, calls one function, prints."""

import io
import sys

from rubrika_train.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A redirected Windows console would write in an encoding that lacks half of what we print.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    app()
