"""Execute notebooks in place: `python -m tests.notebooks FOLDER`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from rubrika_train.real_articles import VARIABLE


def execute(path: Path) -> None:
    """Run a notebook from its own folder and keep its outputs; a cell that fails raises.

    What changes from run to run, or from one Python to the next, is not kept: times, versions.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=900, resources={"metadata": {"path": path.parent}})
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)


def main(folder: Path) -> None:
    """Execute every notebook of a folder in order of their names."""
    if real := os.environ.get(VARIABLE):
        os.environ[VARIABLE] = str(Path(real).resolve())  # a notebook runs in its own folder
    for path in sorted(folder.glob("*.ipynb")):
        began = time.monotonic()
        execute(path)
        sys.stdout.write(f"{path}: executed in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
