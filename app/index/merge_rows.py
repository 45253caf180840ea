"""The merge of the rows: a dataset's chunks become one file of conversations and fields.

Knows the chunks' files and the tables of ``store.schema``; reads no source file and no words. Runs in
a process of its own, under a memory limit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import fields as f
from ..conversations.formats.format import TURNS
from ..conversations.found import Found
from ..store import field_rows, schema
from ..store.casts import cast
from ..store.field_rows import as_text
from ..store.schema import RANKS_FILE, literal
from . import chunk_rows, field_ranks, figures, openings, row_keys, shown_rows
from .found_fields import found_fields

MEMORY = "1500MB"
MOST_NOTES = 1_000  # things not understood that are told apart


def merge(
    folder: Path,
    numbers: Sequence[int],
    meta: Mapping[str, str],
    apart: Mapping[str, str],
    path: Path,
) -> None:
    """Write the index file at ``path``, and beside it the fields' ranks and what is read by row, from the
    chunks in ``folder``.
    ``path`` must not exist.

    ``apart`` are the columns that are no facets, and what each holds (see ``Layout``).
    """
    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "threads": "2",
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(str(path), config=config) as connection:
        connection.execute("set timezone = 'UTC'")  # a time with a zone is kept as UTC
        connection.execute("begin")  # one transaction: nothing is written twice
        connection.execute(schema.CONVERSATION_TABLES)
        turns = [name for name, what in apart.items() if what == TURNS]
        found = found_fields(connection, folder, numbers, turns)
        _merge_conversations(connection, folder, numbers, found)
        told = _write_fields(connection, found, apart)
        _write_notes(connection, folder, numbers)
        connection.executemany("insert into meta values (?, ?)", list(meta.items()))
        connection.execute("commit")
        connection.execute("checkpoint")
        field_ranks.write(connection, told, path.parent / RANKS_FILE)
        kept = {f"f{place}": each for place, each in enumerate(found) if each.kind != f.SHOWN}
        of = {column: apart.get(each.column, "") for column, each in kept.items()}
        shown_rows.write(connection, chunk_rows.shown(folder, numbers), of, kept, path.parent)
        row_keys.write(connection, of, path.parent)
    openings.write(folder, numbers, path.parent)


def _merge_conversations(
    connection: duckdb.DuckDBPyConnection, folder: Path, numbers: Sequence[int], found: list[Found]
) -> None:
    kept = [(place, field) for place, field in enumerate(found) if field.kind != f.SHOWN]
    columns = "".join(f", f{place} {field.column_type}" for place, field in kept)
    connection.execute(f"create table conversations ({schema.CONVERSATION_COLUMNS}{columns})")
    for number in numbers:
        chosen = "".join(f", {_chosen(field, number)}" for _, field in kept)
        connection.execute(
            f"insert into conversations select row_number{chosen}\n"
            f"from read_parquet({literal(str(chunk_rows.path(folder, number)))})"
        )


def _chosen(field: Found, number: int) -> str:
    column = field.columns.get(number)
    return cast(column, field.column_type) if column else f"null::{field.column_type}"


def _write_notes(
    connection: duckdb.DuckDBPyConnection, folder: Path, numbers: Sequence[int]
) -> None:
    """What was not understood in all chunks, the commonest first."""
    times: Counter[tuple[str, str]] = Counter()
    rows: Counter[tuple[str, str]] = Counter()
    for number in numbers:
        metadata = pq.read_schema(chunk_rows.path(folder, number)).metadata
        for kind, name, count, in_rows in orjson.loads(metadata[b"not_understood"]):
            times[kind, name] += count
            rows[kind, name] += in_rows
    found = [(*note, count, rows[note]) for note, count in times.most_common(MOST_NOTES)]
    if found:
        connection.executemany("insert into not_understood values (?, ?, ?, ?)", found)


def _write_fields(
    connection: duckdb.DuckDBPyConnection, found: list[Found], apart: Mapping[str, str]
) -> list[dict[str, object]]:
    """One row a field: what it is, what it can be asked, and the figures that its facet needs."""
    rows = connection.execute("select count(*) from conversations").fetchall()[0][0]
    named = [(field, f"f{place}" * (field.kind != f.SHOWN)) for place, field in enumerate(found)]
    facts = figures.of_fields(connection, named, rows)
    written = field_rows.written(named, facts, apart, rows)
    _insert(connection, written)
    return written


def _insert(connection: duckdb.DuckDBPyConnection, written: list[dict[str, object]]) -> None:
    """The rows by one statement; ends and medians as text, in all their digits."""
    connection.register("written", pa.Table.from_pylist(list(map(as_text, written))))
    connection.execute("insert into fields by name select * from written")
    connection.unregister("written")
