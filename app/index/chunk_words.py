"""The words of one part of a chunk: terms, postings and places as files.

Files of a chunk: ``terms`` (Parquet: gap, term, how often), ``postings`` and ``places`` (plain
numbers, in the order of the terms), ``lengths`` (words a text) and ``signatures`` (of each text its
MinHash). Places and rows count from the chunk's first text. Knows nothing of columns, conversations or
of other chunks.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..conversations import minhash, shingles
from ..conversations.tokens import Strings, Tokens, tokenise

TERMS, POSTINGS, PLACES, LENGTHS = "terms", "postings", "places", "lengths"
SIGNATURES = "signatures"
KINDS = (
    SIGNATURES,
    LENGTHS,
    PLACES,
    POSTINGS,
    TERMS,
)  # written in this order: the last says "whole"

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32]


def path(folder: Path, part: str, kind: str, number: int) -> Path:
    """Where the file of this kind stands."""
    return folder / f"{part}-{kind}-{number:06d}"


def done(folder: Path, part: str, number: int) -> bool:
    """Whether the part of this chunk is written."""
    return path(folder, part, TERMS, number).exists()


@dataclass(frozen=True)
class _Terms:
    """Sorted distinct terms, and for each token which one it is."""

    terms: pa.Array
    ids: Integers


def write(folder: Path, part: str, number: int, texts: Sequence[str]) -> Sequence[int]:
    """Write the files of one part where they are not there; gives how many words each text has."""
    tokens = tokenise(texts)
    lengths = np.diff(tokens.bounds)
    if not done(folder, part, number):
        words, gaps = _terms(tokens.words), _terms(tokens.gaps)
        ids, places = _sorted(tokens, words, gaps)
        postings = _postings(ids[: len(words.ids)], places, lengths)
        size = len(words.terms) + len(gaps.terms)
        terms = pa.table(
            {
                "gap": pa.array(np.arange(size) >= len(words.terms)),
                "term": pa.concat_arrays([words.terms, gaps.terms]),
                "frequency": pa.array(np.bincount(postings[0], minlength=size), pa.uint32()),
                "occurrences": pa.array(np.bincount(ids, minlength=size), pa.uint32()),
            }
        )
        with _Files(folder, part, number) as files:
            write_numbers(files[SIGNATURES], _signatures(tokens, words, shingles.LENGTHS[part]))
            write_numbers(files[LENGTHS], lengths)
            write_numbers(files[PLACES], places)
            write_numbers(files[POSTINGS], np.stack(postings[1:], axis=1))
            pq.write_table(terms, files[TERMS], compression="zstd", compression_level=1)
    counts: list[int] = lengths.tolist()
    return counts


def write_numbers(file: Path, numbers: Integers | Numbers) -> None:
    """Plain numbers; not by ``tofile``, which does not say why it could not write."""
    file.write_bytes(np.ascontiguousarray(numbers, np.uint32).data)


class _Files(dict[str, Path]):
    """Temporary names for the files of a chunk's part; all renamed at the end, in order."""

    def __init__(self, folder: Path, part: str, number: int) -> None:
        self.final = {kind: path(folder, part, kind, number) for kind in KINDS}
        super().__init__(
            {kind: each.with_suffix(f".{os.getpid()}.part") for kind, each in self.final.items()}
        )

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            for each, final in self.final.items():
                self[each].replace(final)


def _terms(strings: Strings) -> _Terms:
    array = pa.LargeStringArray.from_buffers(
        len(strings.offsets) - 1, pa.py_buffer(strings.offsets), pa.py_buffer(strings.data)
    ).dictionary_encode()
    order = pc.sort_indices(array.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return _Terms(array.dictionary.take(pa.array(order)), rank[array.indices.to_numpy()])


def _signatures(tokens: Tokens, words: _Terms, length: int) -> Numbers:
    """The MinHash of each text, by shingles of so many words."""
    _, offsets, data = words.terms.buffers()
    terms = Strings(
        np.frombuffer(data or b"", np.uint8), np.frombuffer(offsets, np.int64, len(words.terms) + 1)
    )
    numbers = shingles.word_numbers(terms)[words.ids]
    return minhash.maker().signatures(shingles.of_words(numbers, tokens.bounds, length))


def _sorted(tokens: Tokens, words: _Terms, gaps: _Terms) -> tuple[Integers, Integers]:
    """Term and stored place of every word and gap, by term, words first, and place."""
    stored = np.concatenate([tokens.places * 2 + tokens.plain, tokens.gap_places * 2])
    shift = int(stored.max(initial=0)).bit_length()
    keys = np.concatenate([words.ids, gaps.ids + len(words.terms)])
    keys <<= shift
    keys |= stored
    del stored
    keys.sort()  # one number each: several times faster than an argsort
    places = keys & ((1 << shift) - 1)
    keys >>= shift
    return keys, places


def _postings(
    ids: Integers, places: Integers, lengths: Integers
) -> tuple[Integers, Integers, Integers]:
    """(term, row, frequency) of each term in each row, from the words' terms and stored places."""
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths + 1)
    owners = rows[places[: len(ids)] >> 1]
    keys = ids * max(1, len(lengths)) + owners
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return ids[starts], owners[starts], np.diff(starts, append=len(keys))
