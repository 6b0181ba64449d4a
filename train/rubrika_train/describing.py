"""What a folder of annotations is made of: articles by length, genre, year and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rubrika_train.annotations import Annotations

# Upper bounds of lengths, in words; longer articles come last.
LENGTHS = (80, 160, 300)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Description:
    """Numbers of judged articles, each mapping from a kind to how many there are, in order."""

    by_themes: dict[str, int]
    by_length: dict[str, int]
    by_genre: dict[str, int]
    by_year: dict[str, int]
    by_region: dict[str, int]


def describe(annotations: Annotations) -> Description:
    """Count the judged articles of annotations."""
    articles = annotations.judged
    themes = Counter(len(annotations.gold[article.id].themes) for article in articles)
    lengths = Counter(length_band(article.text) for article in articles)
    return Description(
        by_themes={str(count): themes[count] for count in sorted(themes)},
        by_length={name: lengths[name] for name in length_bands() if lengths[name]},
        by_genre=_most_first(article.genre for article in articles),
        by_year=dict(sorted(_most_first(year(article.published) for article in articles).items())),
        by_region=_most_first(article.region for article in articles),
    )


def length_band(text: str) -> str:
    """Return the name of the band that the length of a text lies in."""
    words = len(text.split())
    return length_bands()[sum(words >= bound for bound in LENGTHS)]


def length_bands() -> list[str]:
    """Return the names of the bands of lengths, in words, the shortest first."""
    middle = [f"{low}–{high - 1}" for low, high in pairwise(LENGTHS)]
    return [f"under {LENGTHS[0]}", *middle, f"{LENGTHS[-1]} or more"]


def year(published: str | None) -> str | None:
    """Return the year of a date."""
    return published[:4] if published else None


def _most_first(kinds: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(kind or UNKNOWN for kind in kinds)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
