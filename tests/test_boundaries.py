"""The arrow of dependency: rubrika_train imports rubrika, never back; rubrika stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ALLOWED = {"rubrika", "numpy", "pymorphy3", "safetensors"} | sys.stdlib_module_names
# Extras, each imported by one module alone, and there only when it is called.
EXTRAS = {"frames": {"narwhals"}}
MODULES = sorted((ROOT / "model").rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_rubrika_imports_only_what_tagging_needs(path: Path) -> None:
    assert imported(path) <= ALLOWED | EXTRAS.get(path.stem, set())


@pytest.mark.parametrize(("module", "extras"), EXTRAS.items())
def test_extras_are_imported_only_when_called(module: str, extras: set[str]) -> None:
    program = f"import sys, rubrika.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not extras & set(done.stdout.decode().split())


@pytest.mark.parametrize(
    "path", sorted((ROOT / "train").rglob("*.py")) + MODULES, ids=lambda path: path.stem
)
def test_nothing_is_unpickled(path: Path) -> None:
    assert not {"pickle", "cloudpickle", "dill", "shelve", "marshal"} & imported(path)
    assert "joblib.load" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "train").rglob("*.py")) + MODULES, ids=str)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320
