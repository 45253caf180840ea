"""Repetition: how much of a text says again what it said before. Finds traces that loop.

The measure is the duplicate n-gram fraction of Rae et al. 2021 ("Scaling Language Models", table A1)
in a plain form: of all runs of eight words, the share that stood in the same text before. Two
samples are read, the last 1,200 characters (a trace that loops mostly ends so) and 1,200 around the
middle, and the larger share counts. Long texts are so told by the same measure as short ones, at a
cost that does not grow with them. A loop that ends before the middle and leaves it is not seen, nor one
that comes again after more than a sample: ``loops`` has two measures of whole texts for these. Reasoning
that goes in circles in ever new words is told by ``circles``.

Of the texts of one trace, one after the other, ``said_again`` tells which repeat what stood before,
wherever that is. A trace that repeats a paragraph once does not loop.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from ..tokens import Strings, split

SAMPLE = 1_200  # characters of each sample
RUN = 8  # words
FEWEST = 50  # words of a sample that says something
LONGEST = 16  # bytes: a longer word is cut into words, or a line of 9,999 nines would be one
LOOPING = 0.35  # from here on a trace is looping, by rows that were read (tests/conversations/labels.toml)

REPEATED = 0.8  # of the words of a text, or of a stretch of it, that says again what stood before
STRETCH = 100  # words
TELLING = 3  # words: a text of fewer says something only among others
SIGNS = b"+-=<>"  # 5 - 3 does not say again 5 + 3

_BATCH = 256  # texts at once: what is worked on stays near the processor

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def shares(texts: Sequence[str]) -> list[float | None]:
    """The share of repeated runs of each text; None where its end has fewer than 50 words."""
    found: list[float | None] = []
    for start in range(0, len(texts), _BATCH):
        found.extend(_shares(texts[start : start + _BATCH]))
    return found


def said_again(texts: Sequence[str]) -> list[bool]:
    """Whether each text says again what stood in the texts before it or in itself.

    It does if four of five of its words, or of any 100 in a row, stand in a run of eight that stood
    before, signs of formulas and all; or if it loops by itself, by the measure of ``shares``. Runs may
    reach over from one text to the next, so that short texts repeat together; but one or two words
    ("Hmm.") do so only in a row of such texts that has eight.
    """
    words, bounds = split(texts, SIGNS)
    offsets, bounds = _cut(words, bounds)
    inside = repeated_words(words.data, offsets)
    counts, repeated = np.diff(bounds), np.diff(inside[bounds])
    again = (repeated / np.maximum(counts, 1) >= REPEATED) | _have_stretch(inside, bounds)
    found: list[bool] = again.tolist()
    least = LOOPING * (FEWEST - RUN)  # repeated words of a text that may loop by itself
    asked = np.flatnonzero(~again & (counts >= FEWEST) & (repeated >= least)).tolist()
    for place, share in zip(asked, shares([texts[place] for place in asked]), strict=True):
        found[place] = bool(share and share >= LOOPING)
    return _telling(found, counts.tolist())


def repeated_words(data: npt.NDArray[np.uint8], offsets: Integers) -> Integers:
    """How many of the words before each (words + 1) stand in a run that stood before."""
    count = len(offsets) - 1
    covered = np.zeros(count + 1, np.int64)
    if count >= RUN:
        runs = _run_hashes(data, offsets)
        _, firsts = np.unique(runs, return_index=True)
        again = np.ones(len(runs), bool)
        again[firsts] = False
        starts = np.flatnonzero(again)
        covered[starts] += 1
        covered[starts + RUN] -= 1
    return np.append(0, np.cumsum(np.cumsum(covered[:count]) > 0))


def _have_stretch(inside: Integers, bounds: Integers) -> npt.NDArray[np.bool_]:
    """Whether each text has a stretch of words that says again what stood before."""
    stretches = inside[STRETCH:] - inside[:-STRETCH] >= REPEATED * STRETCH
    before = np.append(0, np.cumsum(stretches))
    ends = np.maximum(bounds[1:] - STRETCH + 1, 0)  # of the places where a text's stretches begin
    found: npt.NDArray[np.bool_] = before[ends] > before[np.minimum(bounds[:-1], ends)]
    return found


def _telling(found: list[bool], counts: Sequence[int]) -> list[bool]:
    """The texts found, those of few words only in rows that have a run's words."""
    few = (again and count < TELLING for again, count in zip(found, counts, strict=True))
    kept: list[bool] = []
    for short, group in groupby(few):
        row = slice(len(kept), len(kept) + len(list(group)))
        kept += [False] * (row.stop - row.start) if short and sum(counts[row]) < RUN else found[row]
    return kept


def _shares(texts: Sequence[str]) -> Iterator[float | None]:
    samples = [text[-SAMPLE:] for text in texts] + [_middle(text) for text in texts]
    found = _sample_shares(*split(samples))
    for end, middle in zip(found[: len(texts)], found[len(texts) :], strict=True):
        yield None if end is None else max(end, middle or 0.0)


def _middle(text: str) -> str:
    """The sample around the middle; nothing of a text that one sample holds."""
    start = (len(text) - SAMPLE) // 2
    return text[start : start + SAMPLE] if start > 0 else ""


def _sample_shares(words: Strings, bounds: Integers) -> list[float | None]:
    offsets, bounds = _cut(words, bounds)
    runs = _run_hashes(words.data, offsets)
    found: list[float | None] = []
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        own = np.sort(runs[first : max(first, last - RUN + 1)])
        repeated = np.count_nonzero(own[1:] == own[:-1])
        found.append(None if last - first < FEWEST else repeated / len(own))
    return found


def _cut(words: Strings, bounds: Integers) -> tuple[Integers, Integers]:
    """Offsets and bounds of the words, the long ones cut."""
    lengths = np.diff(words.offsets)
    if not len(lengths) or lengths.max() <= LONGEST:
        return words.offsets, bounds
    pieces = -(-lengths // LONGEST)
    places = np.append(0, np.cumsum(pieces))
    within = np.arange(places[-1]) - np.repeat(places[:-1], pieces)
    starts = np.repeat(words.offsets[:-1], pieces) + within * LONGEST
    return np.append(starts, words.offsets[-1]), places[bounds]


def _run_hashes(data: npt.NDArray[np.uint8], offsets: Integers) -> Hashes:
    """A 64-bit hash of the bytes of each run of words; runs across two texts are there too.

    Sums of bytes, each under a power of an odd number: the difference of two is the hash of what
    stands between, once the power that it began with is divided out (all modulo 2 to the 64th).
    """
    powers, inverses = _powers(1 << len(data).bit_length())
    values = _byte_values()[data]
    values[offsets[:-1]] ^= np.uint64(0x9E3779B97F4A7C15)  # so that word breaks count
    sums = np.zeros(len(data) + 1, np.uint64)
    np.cumsum(values * powers[: len(data)], out=sums[1:])
    starts, ends = offsets[:-RUN], offsets[RUN:]
    hashes: Hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return hashes


@cache
def _byte_values() -> Hashes:
    return np.random.default_rng(1).integers(0, 2**64, 256, np.uint64)


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """Powers of an odd number and of its inverse modulo 2 to the 64th; few counts are asked for."""
    odd = 0xD6E8FEB86659FD93
    return _series(odd, count), _series(pow(odd, -1, 2**64), count)


def _series(factor: int, count: int) -> Hashes:
    factors = np.full(count, factor, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)
