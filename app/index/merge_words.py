"""The merge of one part: the words of a dataset's chunks become its part of the index.

Knows the files of ``chunk_words`` and the tables of ``store.schema``. Bounded: so many numbers at a time,
whatever the size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..store import schema
from . import chunk_words, pairs, word_tables
from .runs import Counts, Runs
from .terms import Terms, counts, numbered

MEMORY = "512MB"


@dataclass(frozen=True)
class _Chunks:
    """The files of a part's chunks."""

    folder: Path
    part: str
    numbers: Sequence[int]

    def files(self, kind: str) -> list[Path]:
        """Their files of one kind."""
        return [chunk_words.path(self.folder, self.part, kind, each) for each in self.numbers]

    def lengths(self) -> list[Counts]:
        """The words of each text, chunk by chunk."""
        return [np.fromfile(file, np.uint32) for file in self.files(chunk_words.LENGTHS)]


def merge(folder: Path, part: str, numbers: Sequence[int], out: Path) -> None:
    """Write the file of a part's words from the chunks in ``folder`` to the folder ``out``."""
    chunks = _Chunks(folder, part, numbers)
    path = out / schema.part_file(part)
    path.unlink(missing_ok=True)
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": "1",  # of two, one writes anew what the other wrote
        "temp_directory": str(folder / f"spill-{part}"),
    }
    with duckdb.connect(config=config) as connection:
        sizes_of = f"block_size {schema.BLOCK_BYTES}, row_group_size {schema.GROUP_ROWS}"
        connection.execute(f"attach {schema.literal(str(path))} as part ({sizes_of})")
        connection.execute("use part")
        connection.execute("begin")  # one transaction: nothing is written twice
        connection.execute(schema.PART_TABLES)
        _fill(connection, chunks)
        connection.execute("commit")
        connection.execute("checkpoint")


def _fill(connection: duckdb.DuckDBPyConnection, chunks: _Chunks) -> None:
    lengths = chunks.lengths()
    _insert_numbers(connection, "lengths", np.concatenate(lengths))
    files = chunks.files(chunk_words.TERMS)
    terms = numbered(files)
    places = Runs(
        chunks.files(chunk_words.PLACES),
        terms.ids,
        [counts(file, "occurrences") for file in files],
        _before([2 * (int(each.sum()) + len(each)) for each in lengths]),
        1,
        terms.size,
    )
    postings = Runs(
        chunks.files(chunk_words.POSTINGS),
        terms.ids,
        [counts(file, "frequency") for file in files],
        _before([len(each) for each in lengths]),
        2,
        terms.size,
    )
    _insert_terms(connection, terms, places, postings, chunks.folder / f"{chunks.part}-laid")
    _insert_pairs(connection, terms, places, lengths, chunks.files("pairs"))


def _before(sizes: Sequence[int]) -> list[int]:
    """How much stands before each."""
    before: list[int] = np.cumsum([0, *sizes])[:-1].tolist()
    return before


def _insert_terms(
    connection: duckdb.DuckDBPyConnection, terms: Terms, places: Runs, postings: Runs, file: Path
) -> None:
    """Insert words, gaps and pieces. The pieces go by as they are made; what belongs to the terms is put
    aside until then, since one table is filled after the other."""
    with pa.ipc.new_file(str(file), word_tables.ENTRIES) as aside:

        def pieces() -> Iterator[pa.RecordBatch]:
            for entries, made in word_tables.tables(places, postings):
                aside.write_batch(entries)
                yield made

        _insert(connection, "pieces", pieces(), word_tables.PIECES)
    words = pa.schema([("term", pa.large_string()), *list(word_tables.ENTRIES)[1:]])
    gaps = words.remove(words.get_field_index("frequency"))
    _insert(connection, "words", _rows(file, terms.words, 0, words), words)
    _insert(connection, "gaps", _rows(file, terms.gaps, len(terms.words), gaps), gaps)
    file.unlink()


def _rows(file: Path, terms: pa.Array, first: int, kinds: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of the file that are of these terms, which have the numbers from ``first`` on."""
    with pa.ipc.open_file(str(file)) as reader:
        for place in range(reader.num_record_batches):
            batch = reader.get_batch(place)
            numbers = batch["number"].to_numpy().astype(np.int64) - first
            low, high = np.searchsorted(numbers, (0, len(terms)))
            named = terms.take(pa.array(numbers[low:high]))
            yield batch.slice(low, high - low).add_column(0, "term", named).select(kinds.names)


def _insert_pairs(
    connection: duckdb.DuckDBPyConnection,
    terms: Terms,
    places: Runs,
    lengths: Sequence[Counts],
    files: Sequence[Path],
) -> None:
    """Insert the most frequent words and their pairs."""
    words = pairs.common(places.totals()[: len(terms.words)])
    named = pa.table({"term": terms.words.take(pa.array(words))})
    _insert(connection, "common", named.to_batches(), named.schema)
    found = pairs.found(places, words, lengths, files)
    _insert(connection, "pairs", pairs.tables(found), pairs.PAIRS)


def _insert_numbers(
    connection: duckdb.DuckDBPyConnection, table: str, numbers: npt.NDArray[np.unsignedinteger]
) -> None:
    rows = pa.record_batch({"number": numbers})
    _insert(connection, table, [rows], rows.schema)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    batches: Iterable[pa.RecordBatch],
    kinds: pa.Schema,
) -> None:
    """Insert rows by one statement: of many, a transaction keeps all tables."""
    connection.register("laid", pa.RecordBatchReader.from_batches(kinds, batches))
    connection.execute(f"insert into {table} select * from laid")
    connection.unregister("laid")
