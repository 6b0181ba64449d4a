"""Documents name every command and no file that is not there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
RUSSIAN = (ROOT / "README.ru.md").read_text(encoding="utf-8")


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


def figures(section: str) -> set[str]:
    """Return the figures of a text, in English or Russian, as English writes them."""
    joined = re.sub(r"(?<=\d)[ ,\u00a0](?=\d{3}\b)", "", section)
    return {number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", joined)}


def test_the_russian_readme_has_the_figures_of_the_english_one() -> None:
    section = RUSSIAN.partition("## Насколько она хороша")[2].partition("\n## ")[0]
    english = README.partition("## How good is it")[2].partition("\n## Beside")[0]
    assert figures("0,83 у 3530 статей") == {"0.83", "3530"}
    assert figures(section)
    assert figures(section) <= figures(english)


@pytest.mark.parametrize("command", ["predict", "explain", "train", "evaluate", "compare", "tune"])
def test_what_users_need_is_in_the_russian_readme(command: str) -> None:
    assert f"$ rubrika {command}" in RUSSIAN


@pytest.mark.parametrize("name", ["README.md", "README.ru.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_samples_are_six_or_more() -> None:
    assert len(list((ROOT / "samples").glob("*.txt"))) >= 6
