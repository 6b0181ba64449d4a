"""A page of HTML: the article that it shows, without what stands around it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

import trafilatura

from rubrika.errors import InputError
from rubrika_train.encodings import AUTO, decode
from rubrika_train.inputs.plain import read_whole
from rubrika_train.inputs.rows import Reading, Reject, Row

NO_ARTICLE = "no article found on this page; give its text as .txt"
# The title is wanted, not the date, for which trafilatura would search the page ten times longer.
_NO_SEARCH = {"extensive_search": False}
_HEAD_BYTES = 4096
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.I
)


def read(origin: str, file: BinaryIO, reading: Reading) -> Iterator[Row | Reject]:
    """Yield the article of a page, found by trafilatura; its title stands before its text."""
    fields = {"file": origin}
    try:
        page = _decoded(read_whole(file), reading.encoding)
    except InputError as error:
        yield Reject(origin, str(error), fields)
        return
    found = trafilatura.bare_extraction(
        page, include_comments=False, with_metadata=True, date_extraction_params=_NO_SEARCH
    )
    text, title = getattr(found, "text", None) or "", getattr(found, "title", None) or ""
    if not text.strip():
        yield Reject(origin, NO_ARTICLE, fields)
        return
    if title.strip():
        fields["title"] = title
        text = text if text.startswith(title) else f"{title}\n\n{text}"
    yield Row(origin, fields, text)


def _decoded(raw: bytes, encoding: str) -> str:
    """Return a page in the named encoding, else the one that it claims, if it may be that."""
    claimed = _CHARSET.search(raw[:_HEAD_BYTES])
    if encoding == AUTO and claimed and not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE)):
        try:
            return decode(raw, claimed[1].decode())
        except InputError:
            pass  # pages are often saved in another encoding than they claim
    return decode(raw, encoding)
