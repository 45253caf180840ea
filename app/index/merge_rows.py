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
from ..conversations.formats.format import TEXT, TURNS
from ..store import schema
from ..store.schema import literal
from . import chunk_rows, figures
from .found_fields import Found, found_fields

MEMORY = "1500MB"
MOST_NOTES = 1_000  # things not understood that are told apart
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800.0, 253_402_300_799.999  # of the years 1 to 9999


def merge(
    folder: Path,
    numbers: Sequence[int],
    meta: Mapping[str, str],
    apart: Mapping[str, str],
    path: Path,
) -> None:
    """Write the index file at ``path`` from the chunks in ``folder``. ``path`` must not exist.

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
        _write_fields(connection, found, apart)
        _write_notes(connection, folder, numbers)
        connection.executemany("insert into meta values (?, ?)", list(meta.items()))
        connection.execute("commit")
        connection.execute("checkpoint")


def _merge_conversations(
    connection: duckdb.DuckDBPyConnection, folder: Path, numbers: Sequence[int], found: list[Found]
) -> None:
    kept = [(place, field) for place, field in enumerate(found) if field.kind != f.SHOWN]
    columns = "".join(f", f{place} {field.column_type}" for place, field in kept)
    connection.execute(f"create table conversations ({schema.CONVERSATION_COLUMNS}{columns})")
    for number in numbers:
        chosen = "".join(
            f", try_cast({field.columns.get(number, 'null')} as {field.column_type})"
            for _, field in kept
        )
        connection.execute(
            f"insert into conversations select row_number, prompt, opening{chosen}\n"
            f"from read_parquet({literal(str(chunk_rows.path(folder, number)))})"
        )


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
) -> None:
    """One row a field: what it is, what it can be asked, and the figures that its facet needs."""
    rows = connection.execute("select count(*) from conversations").fetchall()[0][0]
    named = [(field, f"f{place}" * (field.kind != f.SHOWN)) for place, field in enumerate(found)]
    facts = figures.of_fields(connection, named, rows)
    written: list[dict[str, object]] = []
    for place, (field, column) in enumerate(named):
        what = apart.get(field.column)
        own: dict[str, object] = {
            "place": place,
            "name": field.name,
            "kind": field.kind,
            "type": field.shown_type,
            "signal": field.signal is not None,
            "column_name": column,
            "stored": "digest" if what == TEXT else "value",
            "facet": "" if what else _facet(field, facts[place], rows),
            "numbers": field.number_type,
            "origin": field.place[0],
            "path": orjson.dumps(field.place[1]).decode(),
            "keys": field.keys,
        }
        written.append({**own, **facts[place]})
    for place, name in enumerate(name for name, what in apart.items() if what == TURNS):
        own = {
            "place": len(found) + place, "name": name, "kind": f.SHOWN, "type": "nested",
            "signal": False, "column_name": "", "stored": "value", "facet": "", "numbers": "",
            "origin": f.COLUMN, "path": orjson.dumps([name]).decode(), "keys": 0,
        }  # fmt: skip
        written.append({**own, **figures.NOTHING})
    _insert(connection, written)


def _insert(connection: duckdb.DuckDBPyConnection, written: list[dict[str, object]]) -> None:
    """The rows by one statement; ends and medians as text, in all their digits."""
    for each in written:
        for name in ("low", "high", "middle"):
            each[name] = None if each[name] is None else str(each[name])
    connection.register("written", pa.Table.from_pylist(written))
    connection.execute("insert into fields by name select * from written")
    connection.unregister("written")


def _facet(field: Found, facts: dict[str, object], rows: int) -> str:
    if field.kind == f.SHOWN:
        return ""
    if field.kind in (f.INTEGER, f.NUMBER, f.DATE):
        return "histogram" if _has_bins(field, facts["low"], facts["high"]) else ""
    distinct, longest = int(str(facts["distinct_values"])), int(str(facts["longest"]))
    few = distinct <= max(schema.MOST_VALUES, rows // 2)
    return "values" if longest <= schema.LONGEST_VALUE and few else ""


def _has_bins(field: Found, low: object, high: object) -> bool:
    """Whether there are values to plot, dates in years that a calendar shows."""
    if field.kind != f.DATE or not isinstance(low, float) or not isinstance(high, float):
        return low is not None
    return low >= FIRST_MOMENT and high <= LAST_MOMENT
