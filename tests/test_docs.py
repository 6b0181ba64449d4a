"""Documents name every command and no file that is not there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    [
        "predict",
        "explain",
        "train",
        "evaluate",
        "compare",
        "tune",
        "drift",
        "models list",
        "models promote",
        "models rollback",
        "themes",
        "labels check",
        "labels describe",
        "labels agreement",
        "labels import",
        "labels export",
        "labels queue",
        "labels audit",
    ],
)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"rubrika {command}" in README


def test_both_first_commands_are_in_both_readmes() -> None:
    for name in ("README.md", "README.ru.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.index("make tag") < text.index("make test")


@pytest.mark.parametrize("name", ["README.md", "README.ru.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_samples_are_six_or_more() -> None:
    assert len(list((ROOT / "samples").glob("*.txt"))) >= 6
