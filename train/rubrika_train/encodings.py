"""Which encoding a Russian text is in: UTF-8, UTF-16, or one of the old single-byte ones."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from rubrika.errors import InputError

AUTO = "auto"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The single-byte encodings that Russian texts really come in, the likeliest first.
SINGLE_BYTE = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")

_SAMPLE = 1 << 16
# A word as Russian writes it: small, capitalised, or all capitals. The wrong encoding mixes cases,
# and turns frequent letters into rare ones.
_WORD = re.compile(r"\b(?:[А-ЯЁ]?[а-яё]+|[А-ЯЁ]{2,})\b")
_FREQUENT = frozenset("оеаинтсрвлОЕАИНТСРВЛ")


def decode(raw: bytes, encoding: str = AUTO) -> str:
    """Return a text from its bytes, in the named encoding or the one that they seem to be in.

    Raises InputError, without a place, for bytes that are no text or an encoding that is none.
    """
    try:
        return raw.decode(detect(raw) if encoding == AUTO else encoding)
    except LookupError as error:
        raise InputError(unknown(encoding)) from error
    except UnicodeDecodeError as error:
        problem = f"not text in {error.encoding}; name its encoding with --encoding"
        raise InputError(problem) from error


def unknown(encoding: str) -> str:
    """Return what is said of an encoding that Python does not know."""
    return f"no encoding {encoding!r}; try utf-8, cp1251 or koi8-r"


def detect(raw: bytes) -> str:
    """Return the encoding that bytes are in; raise InputError for what is not a text."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    sample = raw[:_SAMPLE]
    if b"\0" in sample:
        return _utf16(sample)
    broken = _broken_utf8(raw)
    if broken is None:
        return "utf-8"
    if _is_mostly_utf8(sample):
        raise InputError(f"broken UTF-8 at byte {broken}; save the file again in one encoding")
    return max(SINGLE_BYTE, key=lambda encoding: _russian_letters(sample, encoding))


def _broken_utf8(raw: bytes) -> int | None:
    """Return where bytes stop being UTF-8, or None for UTF-8 throughout."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _is_mostly_utf8(sample: bytes) -> bool:
    """Tell damaged UTF-8: a hundred whole Cyrillic letters for each fault, and ten at least."""
    text = sample.decode("utf-8", errors="replace")
    letters = sum("а" <= letter <= "я" for letter in text)
    return letters >= max(100 * (text.count("\ufffd") - 1), 10)


def _utf16(sample: bytes) -> str:
    """Tell UTF-16 without a mark by its Cyrillic bytes (0x04); other zeros are no text."""
    for encoding, high in (("utf-16-le", slice(1, None, 2)), ("utf-16-be", slice(0, None, 2))):
        highs = Counter(sample[high])
        if highs[0] + highs[4] > 0.9 * max(sum(highs.values()), 1):
            return encoding
    raise InputError("not a text file; give text, or JSON Lines by the file name .jsonl")


def _russian_letters(sample: bytes, encoding: str) -> int:
    """Count letters in words of a likely shape, the frequent letters twice."""
    words = _WORD.findall(sample.decode(encoding, errors="replace"))
    return sum(1 + (letter in _FREQUENT) for word in words for letter in word)
