"""Labels under a hierarchy of themes: what is said of one theme also says something of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rubrika.themes import Theme, ancestors

# What is said of each theme, by its id: yes, no, or None for disputed or unknown.
Said = Mapping[str, bool | None]
Above = Mapping[str, tuple[str, ...]]


def closed(said: Said, above: Above) -> dict[str, bool | None]:
    """Return what is said of themes, and what follows from it.

    A yes of a theme is a yes of its parents, whatever else was said of these; a no of a parent is a
    no of its children. `above` holds the parents of each theme, the parents' parents among them.
    """
    result = dict(said)
    for theme, yes in said.items():
        if yes:
            result.update(dict.fromkeys(above[theme], True))
    for theme in said:
        if any(result[parent] is False for parent in above[theme]):
            result[theme] = False
    return result


def closed_sets(
    yes: Iterable[str], unknown: Iterable[str], themes: Iterable[Theme]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the themes that an article has, and those open there, closed as `closed` does."""
    yes, unknown, above = set(yes), set(unknown), ancestors(themes)
    said = {theme: None if theme in unknown else theme in yes for theme in above}
    return as_sets(closed(said, above))


def as_sets(said: Said) -> tuple[frozenset[str], frozenset[str]]:
    """Return the themes with a yes, and those with neither yes nor no."""
    return (
        frozenset(theme for theme, one in said.items() if one),
        frozenset(theme for theme, one in said.items() if one is None),
    )
