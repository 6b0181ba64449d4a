"""Themes by any of their names: id, Russian or English title, however it is written."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rubrika.themes import Theme

# Words for "no theme" that stand among labels in formats that cannot be empty.
NO_THEME = ("без темы", "нет темы", "нет", "no theme", "none", "—", "-")

_GAPS = re.compile(r"[\s_\-‐‑]+")

# ISO 9 would want letters that an id should not have; this is what passports use, near enough.
_LATIN = str.maketrans("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye") | str.maketrans(
    {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
)


class Names:
    """Themes by their names; an id goes before a title."""

    def __init__(self, themes: Sequence[Theme]) -> None:
        self._ids = {theme.id for theme in themes}
        self._titles = {theme.id: theme.ru for theme in themes}
        self._by_key: defaultdict[str, list[str]] = defaultdict(list)
        for theme in themes:
            for name in dict.fromkeys(map(key, (theme.id, theme.ru, theme.en))):
                self._by_key[name].append(theme.id)

    def ids(self, name: str) -> list[str] | None:
        """Return the themes that a name means, or None for none that is known.

        Several, if the name as a whole is no theme but its parts between commas are; none, if it
        says "no theme".
        """
        whole = self._one(name)
        if whole:
            return [whole]
        if key(name) in map(key, NO_THEME):
            return []
        parts = [self._one(part) for part in name.split(",") if part.strip()]
        known = [part for part in parts if part]
        return known if known and len(known) == len(parts) else None

    def near(self, name: str) -> str:
        """Return the nearest themes in words, or all of them."""
        close = difflib.get_close_matches(key(name), self._by_key, n=3, cutoff=0.5)
        ids = list(dict.fromkeys(found for one in close for found in self._by_key[one]))
        return ", ".join(f"{self._titles[one]} ({one})" for one in ids or sorted(self._ids))

    def _one(self, name: str) -> str | None:
        if name.strip() in self._ids:
            return name.strip()
        found = self._by_key.get(key(name), [])
        return found[0] if len(found) == 1 else None


class Titles:
    """The name of each theme in files for people: its Russian title, or its id where titles clash.

    Names written here always come back as the same theme.
    """

    def __init__(self, themes: Sequence[Theme]) -> None:
        names = Names(themes)
        self._names = {
            theme.id: theme.ru if names.ids(theme.ru) == [theme.id] else theme.id
            for theme in themes
        }

    def of(self, theme_id: str) -> str:
        """Return the name of a theme."""
        return self._names[theme_id]

    def sorted(self, theme_ids: Iterable[str]) -> list[str]:
        """Return the names of themes in order."""
        return sorted(self._names[one] for one in theme_ids)


def no_theme(themes: Sequence[Theme], *preferred: str) -> str:
    """Return a word for "no theme" that is the name of none of these themes."""
    names = Names(themes)
    return next(word for word in (*preferred, *NO_THEME) if names.ids(word) == [])


def key(name: str) -> str:
    """Return a name without differences of case, ё, blanks, hyphens and underscores."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е").strip()
    return _GAPS.sub(" ", plain).strip() or plain


def new_theme(name: str, taken: Iterable[str], origin: str) -> Theme:
    """Return a theme of this title, its id spelt in Latin letters and not yet taken."""
    latin = re.sub("[ъь]", "", name.casefold()).translate(_LATIN)
    slug = re.sub(r"[^a-z0-9]+", "_", latin).strip("_") or "theme"
    used, number, theme_id = set(taken), 1, slug
    while theme_id in used:
        number += 1
        theme_id = f"{slug}_{number}"
    return Theme(theme_id, name, name, f"Came with the labels of {origin}; not defined yet.")
