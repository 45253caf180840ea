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
from . import postings
from .postings import Integers

AT_ONCE = 4_000_000  # numbers that are laid out in memory
MEMORY = "512MB"


@dataclass(frozen=True)
class _Runs:
    """A file of numbers in each chunk, in runs a term, ``width`` numbers an entry.

    ``ids`` are the chunk's terms by their number in the dataset, rising; ``counts`` how many entries
    each has; ``bases`` what is added to each chunk's numbers.
    """

    files: Sequence[Path]
    ids: Sequence[Integers]
    counts: Sequence[Integers]
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
        sources = [np.append(0, np.cumsum(counts)) for counts in self.counts]
        for low, high in _ranges(starts):
            out = np.empty((starts[high] - starts[low], self.width), np.uint64)
            filled = starts[low:high] - starts[low]
            for chunk in range(len(self.files)):
                self._lay(chunk, low, high, sources[chunk], filled, out)
            yield out

    def _lay(
        self,
        chunk: int,
        low: int,
        high: int,
        source: Integers,
        filled: Integers,
        out: npt.NDArray[np.uint64],
    ) -> None:
        """Put the entries of one chunk's terms low..high where they belong; ``filled`` goes on."""
        first, last = np.searchsorted(self.ids[chunk], (low, high))
        start, stop = source[first], source[last]
        if start == stop:
            return
        width = self.width
        found = np.fromfile(
            self.files[chunk], np.uint32, count=(stop - start) * width, offset=start * width * 4
        ).reshape(-1, width)
        terms, counts = self.ids[chunk][first:last] - low, self.counts[chunk][first:last]
        shifts = filled[terms] - (source[first:last] - start)
        out[np.repeat(shifts, counts) + np.arange(len(found))] = found + np.uint64(
            self.bases[chunk]
        )
        filled[terms] += counts


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
    sizes = postings.write_texts(out / schema.texts_file(part), _texts(folder, part, numbers))
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
    tables = [pq.read_table(postings.path(folder, part, postings.TERMS, n)) for n in numbers]
    terms, ids = _numbered(tables)
    sizes = [int(each.sum()) + len(each) for each in lengths]  # places of each chunk
    bases = [2 * int(size) for size in np.append(0, np.cumsum(sizes))[:-1]]
    found = _Runs(
        [postings.path(folder, part, postings.POSTINGS, n) for n in numbers],
        ids,
        [table["frequency"].to_numpy().astype(np.int64) for table in tables],
        [0] * len(tables),
        2,
        len(terms),
    )
    stand = _Runs(
        [postings.path(folder, part, postings.PLACES, n) for n in numbers],
        ids,
        [table["occurrences"].to_numpy().astype(np.int64) for table in tables],
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
    for laid in found.laid_out():
        _insert(connection, "postings", {"row_number": laid[:, 0], "frequency": laid[:, 1]})
    for laid in stand.laid_out():
        _insert(connection, "places", {"place": laid[:, 0]})


def _numbered(tables: Sequence[pa.Table]) -> tuple[pa.Table, list[Integers]]:
    """All terms of the chunks, words first, each sorted; and each chunk's by their number."""
    words, word_ids = _sorted([table.filter(pc.invert(table["gap"]))["term"] for table in tables])
    gaps, gap_ids = _sorted([table.filter(table["gap"])["term"] for table in tables])
    terms = pa.table(
        {
            "gap": pa.array(np.arange(len(words) + len(gaps)) >= len(words)),
            "term": pa.chunked_array([words, gaps], pa.large_string()),
        }
    )
    ids = [
        np.concatenate([of_words, of_gaps + len(words)])
        for of_words, of_gaps in zip(word_ids, gap_ids, strict=True)
    ]
    return terms, ids


def _sorted(columns: Sequence[pa.ChunkedArray]) -> tuple[pa.Array, list[Integers]]:
    """The distinct texts of all columns, sorted, and the places of each column's among them."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    together = pa.chunked_array(chunks, pa.large_string()).combine_chunks()
    found = together.dictionary_encode()
    order = pc.sort_indices(found.dictionary)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    ids = rank[found.indices.to_numpy()]
    ends = np.cumsum([len(column) for column in columns])
    return found.dictionary.take(order), np.split(ids, ends[:-1])


def _texts(folder: Path, part: str, numbers: Sequence[int]) -> Iterator[pa.Array]:
    for number in numbers:
        with pa.ipc.open_file(str(postings.path(folder, part, postings.TEXTS, number))) as reader:
            for place in range(reader.num_record_batches):
                yield reader.get_batch(place).column(0)


def _lengths(folder: Path, part: str, number: int) -> npt.NDArray[np.uint32]:
    return np.fromfile(postings.path(folder, part, postings.LENGTHS, number), np.uint32)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, object]) -> None:
    connection.register("laid", pa.table(columns))
    connection.execute(f"insert into {table} select * from laid")
    connection.unregister("laid")
