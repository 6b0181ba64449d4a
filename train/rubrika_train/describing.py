"""What a folder of annotations is made of: articles by length, genre, year and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rubrika_train.annotations import Annotations, Article

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
    lengths = Counter(_length(article) for article in articles)
    return Description(
        by_themes={str(count): themes[count] for count in sorted(themes)},
        by_length={name: lengths[name] for name in _length_names() if lengths[name]},
        by_genre=_most_first(article.genre for article in articles),
        by_year=dict(sorted(_most_first(_year(article) for article in articles).items())),
        by_region=_most_first(article.region for article in articles),
    )


def _length(article: Article) -> str:
    words = len(article.text.split())
    place = sum(words >= bound for bound in LENGTHS)
    return _length_names()[place]


def _length_names() -> list[str]:
    middle = [f"{low}–{high - 1}" for low, high in pairwise(LENGTHS)]
    return [f"under {LENGTHS[0]}", *middle, f"{LENGTHS[-1]} or more"]


def _year(article: Article) -> str | None:
    return article.published[:4] if article.published else None


def _most_first(kinds: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(kind or UNKNOWN for kind in kinds)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
