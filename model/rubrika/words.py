"""Words of many texts at once, in numpy: where each stands, and a 64-bit hash of each.

A text goes to numpy as UTF-16 code units. A table gives each unit the value of its letter, in lower
case, with е for ё; all but letters and digits has the value 0, so a run of values is a word. Its
hash is a polynomial of them (Karp and Rabin 1987):

    hash(c_0 … c_n) = Σ value(c_i) · BASE^i   modulo 2^64

All hashes of a chunk come from one product with the powers of BASE and one sum by runs. A run that
starts at unit s is divided by BASE^s afterwards: BASE is odd, so modulo 2^64 it has an inverse.
Taggers hold such hashes: the values, BASE and the letters must stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from rubrika.text import APOSTROPHES, HYPHENS, INVISIBLE, LETTERS, spelling

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Units = npt.NDArray[np.uint16]

BASE = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio, made odd
_ORDER = 2**64
# Characters taken at once: what is computed of them stays in the processor's cache.
CHUNK = 2**16
# Later parts of compounds that are shorter are endings and particles: «5-го», «скажи-ка».
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts, in order.

    Word k stands in text `texts[k]`, has the hash `hashes[k]`, and is `worded[k]` if it starts with
    a letter and is longer than one: all else is a number or an initial. Those three have shape
    (words,). The parts of words with hyphens: part k has the hash `part_hashes[k]` and stands in
    word `part_words[k]`, both of shape (parts,); a word without hyphens has no parts, and two
    letters are one only at its start: «Су-34», not «5-го».
    """

    texts: Ints
    hashes: Hashes
    worded: Bools
    part_words: Ints
    part_hashes: Hashes


def split(texts: Iterable[str]) -> Words:
    """Return the words of texts: those that `rubrika.text.TOKEN` finds.

    A word of more than `CHUNK` characters comes in pieces.
    """
    return _joined(list(_chunks(texts)))


def _chunks(texts: Iterable[str]) -> Iterator[Words]:
    numbers: list[int] = []
    pieces: list[str] = []
    size = 0
    for number, text in enumerate(texts):
        for piece in _pieces(text):
            if size + len(piece) > CHUNK and pieces:
                yield _split_chunk(numbers, pieces)
                numbers, pieces, size = [], [], 0
            numbers.append(number)
            pieces.append(piece)
            size += len(piece)
    yield _split_chunk(numbers, pieces)


def _joined(chunks: Sequence[Words]) -> Words:
    firsts = np.cumsum([0, *(len(chunk.hashes) for chunk in chunks[:-1])])
    return Words(
        texts=np.concatenate([chunk.texts for chunk in chunks]),
        hashes=np.concatenate([chunk.hashes for chunk in chunks]),
        worded=np.concatenate([chunk.worded for chunk in chunks]),
        part_words=np.concatenate(
            [chunk.part_words + first for chunk, first in zip(chunks, firsts, strict=True)]
        ),
        part_hashes=np.concatenate([chunk.part_hashes for chunk in chunks]),
    )


def run_starts(values: Ints) -> Ints:
    """Return where each run of equal values starts, (runs,)."""
    is_first = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word, (words,); raise ValueError for what is not one word."""
    found = split(words)
    if not np.array_equal(found.texts, np.arange(len(words))):
        raise ValueError("not one word each")
    return found.hashes


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text between words."""
    start = 0
    while len(text) - start > CHUNK:
        end = start + CHUNK
        stop = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1 or end
        yield text[start:stop]
        start = stop
    yield text[start:] if start else text


def _split_chunk(numbers: list[int], pieces: list[str]) -> Words:
    encoded = [piece.encode("utf-16-le", "surrogatepass") for piece in pieces]
    # A unit of zero around each piece keeps the words of two apart.
    units: Units = np.frombuffer(b"\0\0".join([b"", *encoded, b""]), dtype="<u2")
    if _is_one_of(units, INVISIBLE).any():
        return _split_chunk(numbers, list(map(_seen, pieces)))
    values = _values().take(units)
    inside = values != 0  # (units,): whether a unit belongs to a word
    joiners = _inner_joiners(units, inside)
    inside[joiners] = True
    values[joiners] = _joiners().take(units[joiners])
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, stops = edges[::2], edges[1::2]  # (words,) both
    powers, inverses = _powers(len(units))
    values *= powers[: len(units)]
    # A word's sum is that up to its last unit, less that up to the unit before it.
    sums = np.cumsum(values, out=values)
    sums_of_words = np.diff(sums.take(stops - 1), prepend=np.uint64(0))  # nothing is between words
    part_words, part_starts, part_stops = _parts(units, joiners, starts, stops)
    return Words(
        texts=_numbers_of(starts, numbers, [len(one) // 2 for one in encoded]),
        hashes=sums_of_words * inverses.take(starts),
        worded=(stops - starts > 1) & (units.take(starts) > _LAST_DIGIT),
        part_words=part_words,
        part_hashes=(sums[part_stops - 1] - sums[part_starts - 1]) * inverses[part_starts],
    )


def _seen(piece: str) -> str:
    """Return a piece without the letters that are not seen."""
    return piece.translate(_UNSEEN) if any(mark in piece for mark in INVISIBLE) else piece


def _inner_joiners(units: Units, inside: Bools) -> Ints:
    """Return the places of hyphens and apostrophes between two letters, (joiners,)."""
    # Never the first or the last unit: those are zero.
    places = np.flatnonzero(_is_one_of(units, HYPHENS + APOSTROPHES))
    inner: Ints = places[inside[places - 1] & inside[places + 1]]
    return inner


def _parts(units: Units, joiners: Ints, starts: Ints, stops: Ints) -> tuple[Ints, Ints, Ints]:
    """Return word, start and stop of the parts that hyphens join and apostrophes do not.

    All have shape (parts,). Later parts of two letters are left out.
    """
    words = np.searchsorted(starts, joiners, side="right") - 1
    firsts = words[np.flatnonzero(np.diff(words, prepend=-1))]  # each compound once
    part_starts = np.sort(np.concatenate([starts[firsts], joiners + 1]))
    part_stops = np.sort(np.concatenate([joiners, stops[firsts]]))
    part_words = np.searchsorted(starts, part_starts, side="right") - 1
    is_first = np.diff(part_words, prepend=-1) != 0
    is_last = np.diff(part_words, append=-1) != 0
    fits = is_first | (part_stops - part_starts >= _SHORTEST_PART)
    fits &= is_first | ~_is_one_of(units[part_starts - 1], APOSTROPHES)
    fits &= is_last | ~_is_one_of(units[part_stops], APOSTROPHES)
    return part_words[fits], part_starts[fits], part_stops[fits]


def _is_one_of(units: Units, characters: str) -> Bools:
    found = np.zeros(len(units), dtype=np.bool_)
    for character in characters:
        found |= units == ord(character)
    return found


def _numbers_of(word_starts: Ints, numbers: list[int], lengths: list[int]) -> Ints:
    """Return the number of each word's text, (words,), from the lengths of the pieces in units."""
    stops = np.cumsum(np.array(lengths) + 1)
    upto = np.searchsorted(word_starts, stops)
    counts: Ints = np.diff(upto, prepend=0)
    return np.repeat(np.array(numbers, dtype=np.int64), counts)


@cache
def _values() -> Hashes:
    """Return a value for each code unit, (65536,): that of its letter or digit, or 0."""
    letters = [*LETTERS]
    spelled = [spelling(letter) for letter in letters]
    table = np.zeros(2**16, dtype=np.uint64)
    # One letter becomes two in lower case, «İ»: it stays as it is.
    same = [one if len(one) == 1 else letter for one, letter in zip(spelled, letters, strict=True)]
    table[[ord(letter) for letter in letters]] = _scattered([ord(letter) for letter in same])
    return table


@cache
def _joiners() -> Hashes:
    """Return a value for each code unit, (65536,): that of its kind of joiner, or 0."""
    table = np.zeros(2**16, dtype=np.uint64)
    for kind in (HYPHENS, APOSTROPHES):
        table[[ord(joiner) for joiner in kind]] = _scattered([ord(kind[0])])
    return table


def _scattered(numbers: list[int]) -> Hashes:
    """Return 64 bits for each number that look drawn by lot: the mixing step of SplitMix64."""
    bits = np.array(numbers, dtype=np.uint64) * np.uint64(BASE)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    return bits ^ (bits >> np.uint64(31))


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """Return at least the first `count` powers of BASE and of its inverse modulo 2^64."""
    return _powers_of_two(max(count, 2**12).bit_length())


@cache
def _powers_of_two(bits: int) -> tuple[Hashes, Hashes]:
    both: Hashes = np.ones((2, 2**bits), dtype=np.uint64)
    for bit in range(bits):
        done = 2**bit
        steps = [[pow(base, done, _ORDER)] for base in (BASE, pow(BASE, -1, _ORDER))]
        both[:, done : 2 * done] = both[:, :done] * np.array(steps, dtype=np.uint64)
    powers, inverses = both
    return powers, inverses


_LAST_DIGIT = ord("9")
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
