"""The command line, a file a command: parses, calls one function, prints."""

from rubrika_train.cli import evaluate, labels, predict, themes, train
from rubrika_train.cli.app import app

__all__ = ["app", "evaluate", "labels", "main", "predict", "themes", "train"]


def main() -> None:
    """Run the command line."""
    app()
