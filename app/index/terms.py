"""The terms of a part, sorted, from those of its chunks: words first, then gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .runs import Counts, Ids

GROUP = 16  # chunks whose terms are brought together at once


@dataclass(frozen=True)
class Terms:
    """The distinct ``words`` and ``gaps`` of all chunks, each sorted; ``ids``: each chunk's by their
    number, words first."""

    words: pa.Array
    gaps: pa.Array
    ids: Sequence[Ids]

    @property
    def size(self) -> int:
        return len(self.words) + len(self.gaps)


def numbered(chunks: Sequence[Path]) -> Terms:
    """The terms of the chunks."""
    words, word_ids = _sorted(chunks, gap=False)
    gaps, gap_ids = _sorted(chunks, gap=True)
    ids = [
        np.concatenate([of_words, of_gaps + np.int32(len(words))])
        for of_words, of_gaps in zip(word_ids, gap_ids, strict=True)
    ]
    return Terms(words, gaps, ids)


def counts(chunk: Path, column: str) -> Counts:
    """A number of each term of a chunk."""
    found: Counts = pq.read_table(chunk, columns=[column])[column].to_numpy().astype(np.uint32)
    return found


def _sorted(chunks: Sequence[Path], gap: bool) -> tuple[pa.Array, list[Ids]]:
    """The distinct words (or gaps) of all chunks, sorted, and the places of each chunk's among them.

    First some chunks at a time: most of their terms are the same.
    """
    groups = [_distinct(chunks[at : at + GROUP], gap) for at in range(0, len(chunks), GROUP)]
    together = pa.chunked_array([texts for texts, _ in groups], pa.large_string()).combine_chunks()
    found = together.dictionary_encode()
    order = pc.sort_indices(found.dictionary)
    rank = np.empty(len(order), np.int32)
    rank[order.to_numpy()] = np.arange(len(order))
    ranks = np.split(
        rank[found.indices.to_numpy()], np.cumsum([len(texts) for texts, _ in groups])[:-1]
    )
    ids = [
        of_group[places]
        for of_group, (_, indices) in zip(ranks, groups, strict=True)
        for places in indices
    ]
    return found.dictionary.take(order), ids


def _distinct(chunks: Sequence[Path], gap: bool) -> tuple[pa.Array, list[Ids]]:
    """The distinct words (or gaps) of a few chunks, and the places of each chunk's among them."""
    columns = [
        pq.read_table(chunk, columns=["term"], filters=pc.field("gap") == gap)["term"]
        for chunk in chunks
    ]
    texts = pa.chunked_array([c for column in columns for c in column.chunks], pa.large_string())
    found = texts.combine_chunks().dictionary_encode()
    ends = np.cumsum([len(column) for column in columns])
    return found.dictionary, np.split(found.indices.to_numpy(), ends[:-1])
