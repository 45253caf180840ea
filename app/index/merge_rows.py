"""The merge of the rows: a dataset's chunks become one file of conversations and fields.

Knows the chunks' files and the tables of ``store.schema``; reads no source file and no words. Runs in
a process of its own, under a memory limit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import fields as f
from ..conversations.arrow import is_list
from ..conversations.formats.format import TEXT, TURNS
from ..conversations.signals.table import BY_NAME
from ..store import schema
from ..store.schema import literal
from . import chunk_rows

MEMORY = "1500MB"
MOST_NOTES = 1_000  # things not understood that are told apart
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800.0, 253_402_300_799.999  # of the years 1 to 9999

_COLUMN_TYPES = {f.BOOLEAN: "boolean", f.INTEGER: "bigint", f.NUMBER: "double", f.TEXT: "varchar"}


@dataclass(frozen=True)
class Found:
    """A field as the chunks have it: its types, and its column in each chunk (by number)."""

    name: str
    types: frozenset[pa.DataType]
    columns: dict[int, str]

    @property
    def kind(self) -> str:
        """What can be asked of it: the one kind of all chunks, numbers together, else text."""
        kinds = {f.kind_of(kind) for kind in self.types if not pa.types.is_null(kind)}
        if kinds == {f.INTEGER, f.NUMBER}:
            return f.NUMBER
        if len(kinds) == 1:
            return kinds.pop()
        return f.SHOWN if not kinds or kinds & {f.LIST, f.SHOWN} else f.TEXT

    @property
    def column_type(self) -> str:
        """The DuckDB type that holds it."""
        if self.kind == f.DATE:
            return "date" if all(pa.types.is_date(kind) for kind in self.types) else "timestamp"
        if self.kind == f.LIST:
            inner = Found("", frozenset(t.value_type for t in self.types if is_list(t)), {})
            return f"{inner.column_type}[]"
        if self.kind == f.INTEGER and any(kind == pa.uint64() for kind in self.types):
            return "hugeint"
        if (
            self.kind == f.NUMBER
            and len(self.types) == 1
            and pa.types.is_decimal(next(iter(self.types)))
        ):
            return _decimal(next(iter(self.types)))
        return _COLUMN_TYPES.get(self.kind, "varchar")

    @property
    def shown_type(self) -> str:
        """The type's name for users."""
        if self.name in BY_NAME:
            return BY_NAME[self.name].kind
        if self.kind == f.SHOWN:
            return "nested" if self.types else "null"
        return f"list of {self.column_type[:-2]}" if self.kind == f.LIST else self.kind


def _decimal(kind: pa.DataType) -> str:
    """The same decimal in DuckDB, which has 38 digits; a double where those do not do."""
    fits = kind.precision <= 38 and 0 <= kind.scale <= kind.precision
    return f"decimal({kind.precision}, {kind.scale})" if fits else "double"


def found_fields(folder: Path, numbers: Sequence[int]) -> list[Found]:
    """The fields of all chunks, in the order in which they first appear."""
    types: dict[str, set[pa.DataType]] = {}
    columns: dict[str, dict[int, str]] = {}
    for number in numbers:
        found = pq.read_schema(chunk_rows.path(folder, number))
        for place, name in enumerate(orjson.loads(found.metadata[b"fields"])):
            types.setdefault(name, set()).add(found.field(f"f{place}").type)
            columns.setdefault(name, {})[number] = f"f{place}"
    return [Found(name, frozenset(types[name]), columns[name]) for name in types]


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
        found = found_fields(folder, numbers)
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
    for place, field in enumerate(found):
        column = f"f{place}" if field.kind != f.SHOWN else ""
        facts = _facts(connection, field, column)
        facet = "" if field.name in apart else _facet(field, facts, rows)
        stored = "digest" if apart.get(field.name) == TEXT else "value"
        signal = field.name in BY_NAME
        connection.execute(
            "insert into fields values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                place,
                field.name,
                field.kind,
                field.shown_type,
                signal,
                column,
                stored,
                facet,
                *facts,
            ],
        )
    for place, name in enumerate(name for name, what in apart.items() if what == TURNS):
        connection.execute(
            "insert into fields values (?, ?, ?, 'nested', false, '', 'value', '', 0, 0, 0, "
            "null, null, null)",
            [len(found) + place, name, f.SHOWN],
        )


def _facts(connection: duckdb.DuckDBPyConnection, field: Found, column: str) -> list[object]:
    """Distinct values, length of the longest, nulls, lowest, highest and median."""
    if not column:
        return [0, 0, 0, None, None, None]
    values = f"unnest({column})" if field.kind == f.LIST else column
    longest = "coalesce(max(length(x::varchar)), 0)" if field.kind in (f.TEXT, f.LIST) else "0"
    number = "epoch(x)" if field.kind == f.DATE else "x::double"
    ends = (
        f"min({number}) filter (isfinite({number})), max({number}) filter (isfinite({number})), "
        f"quantile_disc({number}, 0.5) filter (isfinite({number}))"
        if field.kind in (f.INTEGER, f.NUMBER, f.DATE)
        else "null, null, null"
    )
    sql = f"""select count(distinct x), {longest}, count(*) filter (x is null), {ends}
        from (select {values} as x from conversations)"""
    return list(connection.execute(sql).fetchall()[0])


def _facet(field: Found, facts: list[object], rows: int) -> str:
    if field.kind == f.SHOWN:
        return ""
    if field.kind in (f.INTEGER, f.NUMBER, f.DATE):
        return "histogram" if _has_bins(field, *facts[3:5]) else ""
    distinct, longest = int(str(facts[0] or 0)), int(str(facts[1] or 0))
    few = distinct <= max(schema.MOST_VALUES, rows // 2)
    return "values" if longest <= schema.LONGEST_VALUE and few else ""


def _has_bins(field: Found, low: object, high: object) -> bool:
    """Whether there are values to plot, dates in years that a calendar shows."""
    if not isinstance(low, float) or not isinstance(high, float):
        return False
    return field.kind != f.DATE or (low >= FIRST_MOMENT and high <= LAST_MOMENT)
