"""Pairs of frequent words that follow each other, as postings: such a phrase needs no places.

Made of the places of one chunk after the other; then laid together as those of words are.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..store import schema
from .chunk_words import Integers, write_numbers
from .runs import Counts, Ids, Runs, ranges
from .word_tables import postings_packed, record_batch, sliced

PAIRS = pa.schema(
    [("pair", pa.uint32()), ("frequency", pa.uint32()), ("entries", pa.large_binary())]
)


def common(occurrences: Integers) -> Integers:
    """The most frequent words by their numbers, the most frequent first."""
    return np.argsort(-occurrences, kind="stable")[: schema.COMMON]


def found(places: Runs, words: Integers, lengths: Sequence[Counts], files: Sequence[Path]) -> Runs:
    """The pairs of these words in each chunk, written to a file for each; their number is the first
    word's place among the words times ``schema.COMMON``, plus the second's."""
    ids: list[Ids] = []
    counts: list[Counts] = []
    for chunk, file in enumerate(files):
        codes = _codes(places, chunk, words, int(lengths[chunk].sum()) + len(lengths[chunk]))
        pairs, rows, times = _postings(codes, lengths[chunk])
        write_numbers(file, np.stack([rows, times], axis=1))
        of_pairs = np.bincount(pairs, minlength=schema.COMMON**2)
        ids.append(np.flatnonzero(of_pairs).astype(np.int32))
        counts.append(of_pairs[ids[-1]].astype(np.uint32))
    rows_before = np.cumsum([0, *map(len, lengths)])[:-1]
    return Runs(files, ids, counts, rows_before.tolist(), 2, schema.COMMON**2)


def tables(pairs: Runs) -> Iterator[pa.RecordBatch]:
    """Rows of the pairs that there are, some at a time."""
    totals = pairs.totals()
    spans = ranges(totals)
    for (low, high), laid in zip(spans, pairs.laid_out(spans), strict=True):
        starts = np.append(0, np.cumsum(totals[low:high]))
        there = np.flatnonzero(totals[low:high])
        entries = [postings_packed(laid[starts[pair] : starts[pair + 1]]) for pair in there]
        owners, slices = sliced(pa.array(entries, pa.large_binary()))
        numbers = there[owners] + low
        yield record_batch([numbers, totals[numbers], slices], PAIRS)


def _codes(places: Runs, chunk: int, words: Integers, size: int) -> np.ndarray:
    """At each place of a chunk the place of its word among the frequent ones, from 1; 0 elsewhere."""
    codes = np.zeros(size + 1, np.uint8)
    ends = np.cumsum(places.counts[chunk], dtype=np.int64)
    stored = np.fromfile(places.files[chunk], np.uint32)
    at = np.searchsorted(places.ids[chunk], words)
    for code, (word, term) in enumerate(zip(words.tolist(), at.tolist(), strict=True), 1):
        if term < len(ends) and places.ids[chunk][term] == word:
            start = ends[term] - places.counts[chunk][term]
            codes[stored[start : ends[term]] >> 1] = code
    return codes


def _postings(codes: np.ndarray, lengths: Counts) -> tuple[Integers, Integers, Integers]:
    """(pair, row, times) of each pair in each row, by both."""
    first = np.flatnonzero((codes[:-1] > 0) & (codes[1:] > 0))
    pairs = (codes[first].astype(np.int64) - 1) * schema.COMMON + codes[first + 1] - 1
    rows = np.repeat(np.arange(len(lengths)), lengths.astype(np.int64) + 1)
    keys, times = np.unique(pairs * max(1, len(lengths)) + rows[first], return_counts=True)
    return keys // max(1, len(lengths)), keys % max(1, len(lengths)), times
