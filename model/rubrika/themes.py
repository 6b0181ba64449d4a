"""Themes: what a tag may say, and which theme is part of which."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rubrika.errors import ThemeError

# A parent's column, and those of its children; the deepest parents come first.
Families = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its titles in Russian and English and the rule for giving it.

    An article that has it has its `parent` too. `keywords` give it while it has few labels.
    Judgements older than `since`, an ISO day, say nothing of it unless they name it.
    """

    id: str
    ru: str
    en: str
    definition: str
    parent: str | None = None
    keywords: tuple[str, ...] = ()
    since: str | None = None


def check_ids(wanted: Iterable[str], themes: Sequence[Theme]) -> None:
    """Raise ThemeError for the first id that is not a theme, naming the nearest ones."""
    known = [theme.id for theme in themes]
    for theme_id in wanted:
        if theme_id not in known:
            near = difflib.get_close_matches(theme_id, known, n=3) or known
            raise ThemeError(f"no theme {theme_id!r}; did you mean {', '.join(near)}?")


def fault_of_parents(themes: Sequence[Theme]) -> tuple[Theme, str] | None:
    """Return the first theme whose parents are unknown or run in a circle, and what is wrong."""
    parents = {theme.id: theme.parent for theme in themes}
    for theme in themes:
        try:
            check_ids([theme.parent] if theme.parent else [], themes)
        except ThemeError as error:
            return theme, f"parent of {theme.id!r}: {error}"
    for theme in themes:
        line = [theme.id]
        while (parent := parents[line[-1]]) and parent not in line:
            line.append(parent)
        if parent == theme.id:
            return theme, f"parents run in a circle: {' -> '.join([*line, parent])}"
    return None


def ancestors(themes: Iterable[Theme]) -> dict[str, tuple[str, ...]]:
    """Return the parent of each theme, the parent's parent and so on, the nearest first.

    The themes have no `fault_of_parents`.
    """
    parents = {theme.id: theme.parent for theme in themes}
    return {theme: tuple(_upwards(theme, parents)) for theme in parents}


def families(themes: Sequence[Theme]) -> Families:
    """Return the columns of each parent and its children, so that children come before parents."""
    columns = {theme.id: column for column, theme in enumerate(themes)}
    depths = {theme: len(above) for theme, above in ancestors(themes).items()}
    children: dict[str, list[int]] = {}
    for theme in themes:
        if theme.parent:
            children.setdefault(theme.parent, []).append(columns[theme.id])
    deepest_first = sorted(children, key=lambda parent: (-depths[parent], columns[parent]))
    return tuple((columns[parent], tuple(children[parent])) for parent in deepest_first)


def _upwards(theme: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    while parent := parents[theme]:
        yield parent
        theme = parent
