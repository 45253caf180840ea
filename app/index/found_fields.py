"""The fields of a dataset, from what each chunk found: joined by where they stand, named, bounded.

A parent with more different keys directly below it than fields are made of becomes one field, over all
chunks together. Knows the chunks' files and no table of the index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import fields as f
from ..conversations import numbers
from ..conversations.arrow import is_list
from ..conversations.signals.signal import Signal
from ..conversations.signals.table import BY_NAME
from ..store.schema import literal
from . import chunk_rows

Place = tuple[str, f.Path]  # origin and path

_COLUMN_TYPES = {f.BOOLEAN: "boolean", f.INTEGER: "bigint", f.NUMBER: "double", f.TEXT: "varchar"}


@dataclass
class Found:
    """A field as the chunks have it: its types, what holds its numbers, and its column in each chunk
    (by number). ``keys`` counts those of a parent that has too many."""

    place: Place
    name: str = ""
    types: set[pa.DataType] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    columns: dict[int, str] = field(default_factory=dict)
    keys: int = 0

    @property
    def kind(self) -> str:
        """What can be asked of it: the one kind of all chunks, numbers together, else text."""
        if self.keys:
            return f.SHOWN
        kinds = {f.kind_of(kind) for kind in self.types if not pa.types.is_null(kind)}
        if kinds == {f.INTEGER, f.NUMBER}:
            return f.NUMBER
        if len(kinds) == 1:
            return kinds.pop()
        return f.SHOWN if not kinds or kinds & {f.LIST, f.SHOWN} else f.TEXT

    @property
    def number_type(self) -> str:
        """The type that holds its numbers, or those of its lists."""
        return numbers.common(self.numbers) if self.kind in (f.INTEGER, f.NUMBER, f.LIST) else ""

    @property
    def column_type(self) -> str:
        """The DuckDB type that holds it."""
        if self.kind == f.DATE:
            return "date" if all(pa.types.is_date(kind) for kind in self.types) else "timestamp"
        if self.kind == f.LIST:
            inner = {kind.value_type for kind in self.types if is_list(kind)}
            return f"{replace(self, types=inner).column_type}[]"
        number = self.number_type
        if self.kind == f.INTEGER and number in ("uint64", numbers.HUGE):
            return "hugeint"
        if self.kind == f.NUMBER and number.startswith("decimal"):
            return number
        return _COLUMN_TYPES.get(self.kind, "varchar")

    @property
    def column(self) -> str:
        """The column of the source that it is, whole; "" for others."""
        origin, path = self.place
        return path[0] if origin == f.COLUMN and len(path) == 1 else ""

    @property
    def signal(self) -> Signal | None:
        """The signal that it is."""
        return BY_NAME[self.name] if self.place[0] == f.SIGNAL else None

    @property
    def shown_type(self) -> str:
        """The type's name for users."""
        if self.signal is not None:
            return self.signal.kind
        if self.kind == f.SHOWN:
            return "nested" if self.types or self.keys else "null"
        return f"list of {self.column_type[:-2]}" if self.kind == f.LIST else self.kind


def found_fields(
    connection: duckdb.DuckDBPyConnection, folder: Path, chunks: Sequence[int], turns: Sequence[str]
) -> list[Found]:
    """The fields of all chunks, in the order in which they first appear, named; ``turns`` are columns
    that some file has its turns in, and are told otherwise."""
    parents = _Parents()
    for number in chunks:
        told, schema = _told(folder, number)
        for place, (origin, path, held, many) in enumerate(told):
            each = parents.field((origin, path), many)
            if each is not None:
                each.types.add(schema.field(f"f{place}").type)
                each.numbers.add(held)
                each.columns[number] = f"f{place}"
    if parents.many:
        _count_keys(connection, folder, chunks, parents)
    order = (f.SIGNAL, f.COLUMN, f.FOLDER)  # the first of two has the name
    found = sorted(parents.fields.values(), key=lambda each: order.index(each.place[0]))
    found = [each for each in found if each.place[0] != f.COLUMN or each.place[1][0] not in turns]
    names = f.named((each.place for each in found), turns)
    return [replace(each, name=name) for each, name in zip(found, names, strict=True)]


def _told(folder: Path, number: int) -> tuple[list[tuple[str, f.Path, str, bool]], pa.Schema]:
    schema = pq.read_schema(chunk_rows.path(folder, number))
    told = orjson.loads(schema.metadata[b"fields"])
    return [(origin, tuple(path), held, many) for origin, path, held, many in told], schema


class _Parents:
    """Fields by place, and the keys directly below each parent as long as they are few enough."""

    def __init__(self) -> None:
        self.fields: dict[Place, Found] = {}
        self.many: set[Place] = set()
        self._keys: dict[Place, set[str]] = {}

    def field(self, place: Place, many: bool) -> Found | None:
        """The field of a place; None where it stands below a parent with too many keys."""
        for above in _above(place):
            if above in self.many:
                return None
            keys = self._keys.setdefault(above, set())
            keys.add(place[1][len(above[1])])
            if len(keys) > f.MOST_KEYS:
                self._join(above)
                return None
        if many and place not in self.many:
            self._join(place)
        return None if place in self.many else self.fields.setdefault(place, Found(place))

    def _join(self, parent: Place) -> None:
        """Put one field in the place of all at and below a parent."""
        self.many.add(parent)
        fields: dict[Place, Found] = {}
        for place, each in self.fields.items():
            inside = place[0] == parent[0] and place[1][: len(parent[1])] == parent[1]
            fields[parent if inside else place] = Found(parent) if inside else each
        fields.setdefault(parent, Found(parent))
        self.fields = fields


def _above(place: Place) -> Iterator[Place]:
    """The parents of a place, the outermost first."""
    origin, path = place
    for depth in range(1, len(path)):
        yield origin, path[:depth]


def _count_keys(
    connection: duckdb.DuckDBPyConnection, folder: Path, chunks: Sequence[int], parents: _Parents
) -> None:
    """Count the different keys of the parents that have too many, each chunk's by their hashes."""
    connection.execute("create temp table keys (parent integer, hash ubigint)")
    joined = [each for each in parents.fields.values() if each.place in parents.many]
    known = {each.place: at for at, each in enumerate(joined)}
    for number in chunks:
        few: set[tuple[int, int]] = set()
        told, _ = _told(folder, number)
        for column, (origin, path, _, many) in enumerate(told):
            place = (origin, path)
            few |= {
                (known[above], chunk_rows.key_hash(path[len(above[1])]))
                for above in _above(place)
                if above in known
            }
            if many and place in known:
                file = literal(str(chunk_rows.path(folder, number)))
                connection.execute(
                    f"insert into keys select {known[place]}, unnest(f{column}) from read_parquet({file})"
                )
        if few:
            rows = pa.array([pair[0] for pair in few]), pa.array([p[1] for p in few], pa.uint64())
            connection.register("few", pa.table(rows, ["parent", "hash"]))
            connection.execute("insert into keys select parent, hash from few")
            connection.unregister("few")
    counted = "select parent, count(distinct hash) from keys group by parent"
    for at, count in connection.execute(counted).fetchall():
        joined[at].keys = count
    connection.execute("drop table keys")
