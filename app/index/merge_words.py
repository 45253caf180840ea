"""The merge of one part: the words of a dataset's chunks become its part of the index.

Knows the files of ``postings`` and the tables of ``store.schema``. Chunks come in the order of their
rows, and within a chunk everything is sorted already, so nothing is sorted here: each run of a term
in a chunk is laid where it belongs. Bounded: so many numbers at a time, whatever the size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..store import schema
from . import chunk_words
from .chunk_words import Integers

Ids = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint32]

AT_ONCE = 4_000_000  # numbers that are laid out in memory
GROUP = 16  # chunks whose terms are brought together at once
MEMORY = "512MB"


@dataclass(frozen=True)
class _Runs:
    """A file of numbers in each chunk, in runs a term, ``width`` numbers an entry.

    ``ids`` are the chunk's terms by their number in the dataset, rising; ``counts`` how many entries
    each has; ``bases`` what is added to each chunk's numbers.
    """

    files: Sequence[Path]
    ids: Sequence[Ids]
    counts: Sequence[Counts]
    bases: Sequence[int]
    width: int
    terms: int

    def totals(self) -> Integers:
        """How many entries each term has in all chunks."""
        found = np.zeros(self.terms, np.int64)
        for ids, counts in zip(self.ids, self.counts, strict=True):
            found[ids] += counts
        return found

    def laid_out(self) -> Iterator[npt.NDArray[np.uint64]]:
        """All entries by term, then chunk, in arrays of (entries, width)."""
        starts = np.append(0, np.cumsum(self.totals()))
        read = [(0, 0)] * len(self.files)  # of each chunk: terms, and entries
        for low, high in _ranges(starts):
            out = np.empty((starts[high] - starts[low], self.width), np.uint64)
            filled = starts[low:high] - starts[low]
            for chunk, (first, start) in enumerate(read):
                last = int(np.searchsorted(self.ids[chunk], high))
                counts = self.counts[chunk][first:last].astype(np.int64)
                terms = self.ids[chunk][first:last] - low
                read[chunk] = last, start + self._lay(chunk, start, terms, counts, filled, out)
            yield out

    def _lay(
        self,
        chunk: int,
        start: int,
        terms: Ids,
        counts: Integers,
        filled: Integers,
        out: npt.NDArray[np.uint64],
    ) -> int:
        """Put a chunk's next entries, those of ``terms``, where they belong, and ``filled`` on; gives
        how many there are."""
        size = int(counts.sum())
        if not size:
            return 0
        width = self.width
        found = np.fromfile(
            self.files[chunk], np.uint32, count=size * width, offset=start * width * 4
        ).reshape(-1, width)
        shifts = filled[terms] - (np.cumsum(counts) - counts)
        out[np.repeat(shifts, counts) + np.arange(size)] = found + np.uint64(self.bases[chunk])
        filled[terms] += counts
        return size


def _ranges(starts: Integers) -> Iterator[tuple[int, int]]:
    """Ranges of terms with some ``AT_ONCE`` entries each; a term is never parted."""
    low, terms = 0, len(starts) - 1
    while low < terms:
        high = int(np.searchsorted(starts, starts[low] + AT_ONCE, "right")) - 1
        high = min(max(high, low + 1), terms)
        yield low, high
        low = high


def merge(folder: Path, part: str, numbers: Sequence[int], out: Path) -> None:
    """Write the two files of a part from the chunks in ``folder`` to the folder ``out``."""
    sizes = chunk_words.write_texts(out / schema.texts_file(part), _texts(folder, part, numbers))
    lengths = [_lengths(folder, part, number) for number in numbers]
    path = out / schema.part_file(part)
    path.unlink(missing_ok=True)
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": "2",
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(str(path), config=config) as connection:
        connection.execute("begin")  # one transaction: nothing is written twice
        connection.execute(schema.PART_TABLES)
        _insert(connection, "lengths", {"words": np.concatenate(lengths)})
        firsts = np.append(0, np.cumsum(sizes))[:-1]
        _insert(connection, "blocks", {"first_row": firsts})
        _merge_terms(connection, folder, part, numbers, lengths)
        connection.execute("commit")
        connection.execute("checkpoint")


def _merge_terms(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    part: str,
    numbers: Sequence[int],
    lengths: Sequence[npt.NDArray[np.uint32]],
) -> None:
    chunks = [chunk_words.path(folder, part, chunk_words.TERMS, number) for number in numbers]
    terms, ids = _numbered(chunks)
    sizes = [int(each.sum()) + len(each) for each in lengths]  # places of each chunk
    bases = [2 * int(size) for size in np.append(0, np.cumsum(sizes))[:-1]]
    found = _Runs(
        [chunk_words.path(folder, part, chunk_words.POSTINGS, n) for n in numbers],
        ids,
        [_counts(chunk, "frequency") for chunk in chunks],
        [0] * len(chunks),
        2,
        len(terms),
    )
    stand = _Runs(
        [chunk_words.path(folder, part, chunk_words.PLACES, n) for n in numbers],
        ids,
        [_counts(chunk, "occurrences") for chunk in chunks],
        bases,
        1,
        len(terms),
    )
    frequency, occurrences = found.totals(), stand.totals()
    columns = {
        "gap": terms["gap"],
        "term": terms["term"],
        "frequency": frequency,
        "first_posting": np.cumsum(frequency) - frequency,
        "occurrences": occurrences,
        "first_place": np.cumsum(occurrences) - occurrences,
    }
    _insert(connection, "terms", columns)
    _insert_all(connection, "postings", ["row_number", "frequency"], found.laid_out())
    _insert_all(connection, "places", ["place"], stand.laid_out())


def _counts(chunk: Path, column: str) -> Counts:
    counts: Counts = pq.read_table(chunk, columns=[column])[column].to_numpy().astype(np.uint32)
    return counts


def _numbered(chunks: Sequence[Path]) -> tuple[pa.Table, list[Ids]]:
    """All terms of the chunks, words first, each sorted; and each chunk's by their number."""
    words, word_ids = _sorted(chunks, gap=False)
    gaps, gap_ids = _sorted(chunks, gap=True)
    terms = pa.table(
        {
            "gap": pa.array(np.arange(len(words) + len(gaps)) >= len(words)),
            "term": pa.chunked_array([words, gaps], pa.large_string()),
        }
    )
    ids = [
        np.concatenate([of_words, of_gaps + np.int32(len(words))])
        for of_words, of_gaps in zip(word_ids, gap_ids, strict=True)
    ]
    return terms, ids


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


def _texts(folder: Path, part: str, numbers: Sequence[int]) -> Iterator[pa.Array]:
    for number in numbers:
        with pa.ipc.open_file(
            str(chunk_words.path(folder, part, chunk_words.TEXTS, number))
        ) as reader:
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place).column(0)


def _lengths(folder: Path, part: str, number: int) -> npt.NDArray[np.uint32]:
    return np.fromfile(chunk_words.path(folder, part, chunk_words.LENGTHS, number), np.uint32)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, object]) -> None:
    connection.register("laid", pa.table(columns))
    connection.execute(f"insert into {table} select * from laid")
    connection.unregister("laid")


def _insert_all(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    names: list[str],
    arrays: Iterator[npt.NDArray[np.uint64]],
) -> None:
    """Insert arrays of (entries, names) by one statement: of many, a transaction keeps all tables."""
    kinds = pa.schema([(name, pa.uint64()) for name in names])
    batches = (
        pa.record_batch([pa.array(np.ascontiguousarray(column)) for column in array.T], kinds)
        for array in arrays
    )
    connection.register("laid", pa.RecordBatchReader.from_batches(kinds, batches))
    connection.execute(f"insert into {table} select * from laid")
    connection.unregister("laid")
