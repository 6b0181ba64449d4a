"""Themes that are named on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rubrika.themes import Theme


def check_themes(option: str, named: Iterable[str], themes: Sequence[Theme]) -> None:
    """Take a theme that the tagger does not know for a slip in typing the command."""
    from rubrika.errors import ThemeError
    from rubrika.themes import check_ids

    try:
        check_ids(named, themes)
    except ThemeError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error
