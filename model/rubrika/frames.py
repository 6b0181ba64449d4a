"""Tagging the articles of a data frame, of pandas or polars alike, through narwhals."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from rubrika.errors import InputError, RubrikaError

if TYPE_CHECKING:
    from rubrika.tagger import Tagged, Tagger

Frame = TypeVar("Frame")

ADDED = ("themes", "status", "probabilities")


def tag_frame(tagger: Tagger, frame: Frame, text: str, title: str | None, jobs: int) -> Frame:
    """Return the frame with three columns more, by `jobs` processes; its own stay untouched.

    `themes` holds lists of ids, the most probable first, `probabilities` lists of the same lengths,
    `status` strings. The column `title`, if named, is read before the column `text`.
    Raises InputError for a column that is not there or in the way, and for a row without text;
    RubrikaError for what is no frame, and where narwhals is not installed.
    """
    if not find_spec("narwhals"):
        raise RubrikaError("tag_frame needs narwhals; install it: pip install 'rubrika[frames]'")
    import narwhals as nw

    native: Any = frame
    try:
        own = nw.from_native(native, eager_only=True)
    except TypeError as error:
        raise RubrikaError(
            f"tag_frame takes a DataFrame of pandas or polars, not {type(frame).__name__}; "
            "collect() a lazy frame first"
        ) from error
    _check_columns(own.columns, [text] if title is None else [title, text])
    texts = own[text].to_list()
    titles = [None] * len(texts) if title is None else own[title].to_list()
    articles = [_article(*row, text) for row in zip(range(len(texts)), titles, texts, strict=True)]
    values = _columns(list(tagger.tag_many(articles, jobs)))
    # pandas keeps lists as objects; elsewhere a column without any theme would have no type.
    nested = not own.implementation.is_pandas_like()
    types = {
        "themes": nw.List(nw.String) if nested else None,
        "status": nw.String,
        "probabilities": nw.List(nw.Float64) if nested else None,
    }
    added = (
        nw.new_series(name, values[name], types[name], backend=own.implementation) for name in ADDED
    )
    result: Frame = own.with_columns(*added).to_native()
    return result


def _columns(tagged: Sequence[Tagged]) -> dict[str, list[Any]]:
    return {
        "themes": [list(one.themes) for one in tagged],
        "status": [one.status.value for one in tagged],
        "probabilities": [[tag.probability for tag in one.tags] for one in tagged],
    }


def _check_columns(columns: Sequence[str], wanted: Sequence[str]) -> None:
    known = ", ".join(map(str, columns)) or "none"
    for name in wanted:
        if name not in columns:
            raise InputError(
                f"no column {name!r} (columns: {known}); name the columns with text= and title="
            )
    taken = [name for name in ADDED if name in columns]
    if taken:
        raise InputError(
            f"column {taken[0]!r} is there already; rename or drop {', '.join(taken)} first"
        )


def _article(row: int, title: object, text: object, column: str) -> str:
    if not isinstance(text, str):
        raise InputError(
            f"row {row} (the first is 0): no text in column {column!r}; "
            "fill or drop such rows first"
        )
    return f"{title}\n\n{text}" if isinstance(title, str) and title.strip() else text
