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


def split(texts: Iterable[str]) -> Iterator[Words]:
    """Yield the words of texts chunk by chunk: those that `rubrika.text.TOKEN` finds.

    A word of more than `CHUNK` characters comes in pieces.
    """
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


def hashes_of(words: Sequence[str]) -> Hashes:
    """Return the hash of each word, (words,); raise ValueError for what is not one word."""
    found = list(split(words))
    texts = np.concatenate([chunk.texts for chunk in found])
    if not np.array_equal(texts, np.arange(len(words))):
        raise ValueError("not one word each")
    return np.concatenate([chunk.hashes for chunk in found])


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text between words; letters that are not seen go."""
    if any(mark in text for mark in INVISIBLE):
        text = text.translate(_UNSEEN)
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
    values = _values().take(units)
    is_letter = values != 0
    edges = np.flatnonzero(is_letter[1:] != is_letter[:-1]) + 1
    starts, stops = edges[::2], edges[1::2]  # of runs; both (runs,)
    if not len(starts):
        return _NO_WORDS
    powers, inverses = _powers(len(units))
    values *= powers[: len(units)]
    runs = np.add.reduceat(values, starts)  # (runs,): hashes times BASE^start
    joints = _joints(units, starts, stops)
    first_runs = np.flatnonzero(joints == 0)  # (words,)
    last_runs = np.append(first_runs[1:], len(runs)) - 1
    word_starts = starts[first_runs]
    parts = _parts(joints, starts, stops)
    return Words(
        texts=_numbers_of(word_starts, numbers, [len(one) // 2 for one in encoded]),
        hashes=np.add.reduceat(runs + joints * powers[starts - 1], first_runs)
        * inverses[word_starts],
        worded=(stops[last_runs] - word_starts > 1) & (units[word_starts] > _LAST_DIGIT),
        part_words=np.searchsorted(first_runs, parts, side="right") - 1,
        part_hashes=runs[parts] * inverses[starts[parts]],
    )


def _joints(units: Units, starts: Ints, stops: Ints) -> Hashes:
    """Return the value of the joiner between each run and the one before, (runs,), or 0."""
    joints = np.zeros(len(starts), dtype=np.uint64)
    near = np.flatnonzero(starts[1:] - stops[:-1] == 1)
    joints[near + 1] = _joiners().take(units[stops[near]])
    return joints


def _parts(joints: Hashes, starts: Ints, stops: Ints) -> Ints:
    """Return the runs, (parts,), that hyphens join to others, and nothing but hyphens does."""
    next_joints = np.append(joints[1:], np.uint64(0))
    near = np.flatnonzero((joints != 0) | (next_joints != 0))
    before, after = joints[near], next_joints[near]
    hyphen = _joiners()[ord(HYPHENS[0])]
    fits = ((before == 0) | (before == hyphen)) & ((after == 0) | (after == hyphen))
    says_something = (before == 0) | (stops[near] - starts[near] >= _SHORTEST_PART)
    parts: Ints = near[fits & says_something]
    return parts


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
    bases = np.full((2, 2**bits), [[BASE], [pow(BASE, -1, _ORDER)]], dtype=np.uint64)
    bases[:, 0] = 1
    powers, inverses = np.multiply.accumulate(bases, axis=1)
    return powers, inverses


_LAST_DIGIT = ord("9")
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_NONE = np.zeros(0, dtype=np.int64)
_NO_WORDS = Words(_NONE, _NONE.astype(np.uint64), _NONE > 0, _NONE, _NONE.astype(np.uint64))
