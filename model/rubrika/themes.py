"""Themes: what a tag may say."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rubrika.errors import ThemeError


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its titles in Russian and English and the rule for giving it."""

    id: str
    ru: str
    en: str
    definition: str


def check_ids(wanted: Iterable[str], themes: Sequence[Theme]) -> None:
    """Raise ThemeError for the first id that is not a theme, naming the nearest ones."""
    known = [theme.id for theme in themes]
    for theme_id in wanted:
        if theme_id not in known:
            near = difflib.get_close_matches(theme_id, known, n=3) or known
            raise ThemeError(f"no theme {theme_id!r}; did you mean {', '.join(near)}?")
