"""Names of themes in records made into ids; unknown names become new themes, or problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rubrika.errors import InputError
from rubrika.themes import Theme
from rubrika_train.exchange.names import Names, key, new_theme
from rubrika_train.exchange.records import Record, Said


@dataclass
class Namer:
    """Knows themes by their names; `new` are those that it made, `problems` the names unknown.

    With an `origin`, the name of a file, every unknown name is made a theme of that origin.
    """

    themes: Sequence[Theme]
    origin: str | None = None
    new: list[Theme] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the themes."""
        self._names = Names(self.themes)

    def named(self, record: Record) -> Record:
        """Return a record with ids for names; raises InputError for a self-contradiction."""
        return replace(record, said=tuple(self._said(record.place, one) for one in record.said))

    def _said(self, place: str, said: Said) -> Said:
        themes = self._ids(place, said.themes)
        not_themes = None if said.not_themes is None else self._ids(place, said.not_themes)
        disputed = None if said.disputed is None else self._ids(place, said.disputed)
        both = set(themes) & set(not_themes or ())
        if both:
            raise InputError(f"{place}: theme {min(both)!r} is given and denied at once")
        return replace(said, themes=themes, not_themes=not_themes, disputed=disputed)

    def _ids(self, place: str, names: Sequence[str]) -> tuple[str, ...]:
        found = [self._of_one(place, name) for name in names]
        if any(found) and not all(found):
            empty = names[found.index([])]
            if key(empty) not in self.problems:
                raise InputError(f"{place}: {empty!r} stands beside themes")
        return tuple(dict.fromkeys(theme for ids in found for theme in ids))

    def _of_one(self, place: str, name: str) -> list[str]:
        known = self._names.ids(name)
        if known is not None:
            return known
        if self.origin is None:
            near = self._names.near(name)
            self.problems.setdefault(key(name), f"{place}: no theme {name!r}; did you mean {near}?")
            return []
        everything = [*self.themes, *self.new]
        theme = new_theme(name, [one.id for one in everything], self.origin)
        self.new.append(theme)
        self._names = Names([*everything, theme])
        return [theme.id]
