"""Which article of a folder a text is: the one of its id, or the one of its text."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from rubrika.errors import InputError
from rubrika_train.annotations import Article, joined
from rubrika_train.exchange.records import Record

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u0301\u200b\u200c\u200d\u2060\ufeff"))
_DIGITS = 12


class Library:
    """Articles by id and by normalised text; new ones are added as they come."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_id: dict[str, Article] = {}
        self._by_text: dict[str, Article] = {}
        for article in articles:
            self.add(article)

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._by_id)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles in the order in which they came."""
        return tuple(self._by_id.values())

    def add(self, article: Article) -> None:
        """Add an article; of two with one text the first is found."""
        self._by_id[article.id] = article
        self._by_text.setdefault(normalised(article.full_text), article)

    def of_id(self, article_id: str | None) -> Article | None:
        """Return the article of an id."""
        return None if article_id is None else self._by_id.get(article_id)

    def of_text(self, full_text: str) -> Article | None:
        """Return the first article of a text, whatever its blanks and case."""
        return self._by_text.get(normalised(full_text))


def normalised(text: str) -> str:
    """Return a text without differences of case, ё, blanks and characters that nobody sees."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    return " ".join(plain.replace("ё", "е").split())


def content_id(full_text: str) -> str:
    """Return an id that a text always gets: SHA-256 of its normalised form, twelve digits."""
    return f"t-{hashlib.sha256(normalised(full_text).encode()).hexdigest()[:_DIGITS]}"


def place(library: Library, record: Record) -> Article:
    """Return the article that a record is about, a new one if need be; it is then in the library.

    Raises InputError for an id that has another text, and for an unknown id without a text.
    """
    text = joined(record.title, record.text) if record.text else None
    known = library.of_id(record.id) or (library.of_text(text) if text else None)
    if known is None:
        article = _new_article(record, text)
        library.add(article)
        return article
    if record.text and text and not _same_text(known, record.text, text):
        raise InputError(
            f"{record.place}: article {known.id!r} is known with another text; "
            "mend the text, or give it another id"
        )
    return known


def _new_article(record: Record, text: str | None) -> Article:
    if record.text is None or text is None:
        raise InputError(f"{record.place}: article {record.id!r} is unknown and comes without text")
    return Article(
        id=record.id or content_id(text), title=record.title, text=record.text, **record.about
    )


def _same_text(known: Article, text: str, full_text: str) -> bool:
    """Tell whether two texts are the same; many tools do not know the title."""
    return normalised(full_text) == normalised(known.full_text) or (
        normalised(text) == normalised(known.text)
    )
