"""The fields of a dataset of several shards: joined by where they stand, their figures taken anew over all
rows, and each shard's own columns for them.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ..conversations import fields as f
from ..conversations.fields import Field
from ..conversations.formats.format import TURNS
from ..conversations.found import Found, Parents, above, key_hash, named, place_text
from ..store import field_rows
from ..store.casts import cast
from ..store.field_rows import NOTHING, Row, types_of
from ..store.schema import JOINED
from .shard import catalog
from .shard.deadline import Deadline
from .shard.index import Index
from .shard.row_sets import Integers

SECONDS = 600.0  # for all figures together
Fields = dict[str, Field]


@dataclass(frozen=True)
class Joined:
    """The rows of all fields as ``store.field_rows`` makes them, and of each shard the column of each field:
    SQL, null where the shard has none."""

    rows: Sequence[Row]
    columns: Sequence[Mapping[str, str]]

    @property
    def fields(self) -> Fields:
        """The fields of the dataset by name."""
        return catalog.fields(self.rows)

    def of_shard(self, number: int) -> Fields:
        """The same, as they are asked of a shard."""
        own = self.columns[number]
        return {n: replace(each, column=own.get(n, "")) for n, each in self.fields.items()}


def with_signals(fields: Mapping[str, Field], rows: Sequence[Row]) -> Fields:
    """The fields with signals that are told of all rows, by their rows, behind the others."""
    signals = {name: each for name, each in fields.items() if each.signal}
    more = {each.name: each for each in map(catalog.field, rows)}
    return {**signals, **more, **fields}


def joined(shards: Sequence[Index], apart: Mapping[str, str]) -> Joined:
    """The fields of shards. ``apart`` are the columns of the dataset that are no facets, and what each
    holds (see ``Layout``). They are kept beside the shards, where these can be written."""
    asked = repr(([each.folder.name for each in shards], sorted(apart.items())))
    name = f"{JOINED}{hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()}.json"
    path = shards[0].folder.parent / name
    if kept := _read(path):
        return kept
    found = _joined(shards, apart)
    with suppress(OSError):
        _write(path, found)
    return found


def _read(path: Path) -> Joined | None:
    """What is kept; None where that is nothing, or not what was written."""
    try:
        said = orjson.loads(path.read_bytes())
        whole = said["hash"] == _hash(said["rows"], said["columns"])
        return Joined(said["rows"], said["columns"]) if whole else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, found: Joined) -> None:
    rows, columns = list(found.rows), [dict(each) for each in found.columns]
    written = path.with_suffix(f".{os.getpid()}.part")
    written.write_bytes(
        orjson.dumps({"hash": _hash(rows, columns), "rows": rows, "columns": columns})
    )
    written.replace(path)


def _hash(rows: object, columns: object) -> str:
    content = orjson.dumps([rows, columns], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _joined(shards: Sequence[Index], apart: Mapping[str, str]) -> Joined:
    """The same, asked of the shards."""
    told = [{_place(row): row for row in each.field_rows if row["types"]} for each in shards]
    found = _found(shards, told, [name for name, what in apart.items() if what == TURNS])
    columns = [{each.name: _column(each, own) for each in found} for own in told]
    shown = [(each, f"f{place}" * (each.kind != f.SHOWN)) for place, each in enumerate(found)]
    rows = sum(each.rows for each in shards)
    first = field_rows.written(shown, [NOTHING] * len(found), apart, rows)
    deadline = Deadline(SECONDS)
    facts = [
        _facts(
            each,
            row,
            [(s, own[each.name]) for s, own in zip(shards, columns, strict=True)],
            deadline,
        )
        for each, row in zip(found, first, strict=False)
    ]
    return Joined(_written(shown, facts, apart, rows), columns)


def _place(row: Mapping[str, Any]) -> tuple[str, f.Path]:
    return row["origin"], tuple(orjson.loads(row["path"]))


def _found(
    shards: Sequence[Index], told: Sequence[Mapping[tuple[str, f.Path], Row]], turns: Sequence[str]
) -> list[Found]:
    """The fields with all their types, in the order in which they first appear."""
    parents = Parents()
    for number, own in enumerate(told):
        for place, row in own.items():
            each = parents.field(place, bool(row["keys"]))
            if each is not None:
                each.types |= types_of(str(row["types"]))
                each.numbers |= set(orjson.loads(str(row["number_types"])))
                each.columns[number] = str(row["column_name"])
    if parents.many:
        _count_keys(shards, told, parents)
    return named(parents.fields.values(), turns)


def _count_keys(
    shards: Sequence[Index], told: Sequence[Mapping[tuple[str, f.Path], Row]], parents: Parents
) -> None:
    many = [each for each in parents.fields.values() if each.place in parents.many]
    counted = {place_text(each.place): each for each in many}
    keys: dict[str, set[int]] = {parent: set() for parent in counted}
    for shard, own in zip(shards, told, strict=True):
        for text, hashes in shard.keys().items():
            keys[text].update(hashes)
        for place in own:
            for parent in above(place):
                if (text := place_text(parent)) in keys:
                    keys[text].add(key_hash(place[1][len(parent[1])]))
    for text, each in counted.items():
        each.keys = len(keys[text])


def _column(each: Found, own: Mapping[tuple[str, f.Path], Row]) -> str:
    """The column of a shard for a field, cast where it has another type there."""
    if each.kind == f.SHOWN:
        return ""
    row = own.get(each.place)
    if row is None or not row["column_name"]:
        return f"null::{each.column_type}"
    types, numbers = types_of(str(row["types"])), set(orjson.loads(str(row["number_types"])))
    if Found(each.place, types=types, numbers=numbers).column_type == each.column_type:
        return str(row["column_name"])
    return cast(str(row["column_name"]), each.column_type)


def _facts(each: Found, row: Row, asked: Sequence[tuple[Index, str]], deadline: Deadline) -> Row:
    """The figures of a field over all shards."""
    if each.kind == f.SHOWN:
        return NOTHING
    field = catalog.field({**row, "stored": "value"})
    days = each.column_type == "date"
    tables = [shard.told(replace(field, column=column), days, deadline) for shard, column in asked]
    found = pa.concat_tables(tables, promote_options="permissive")
    times = found["times"].to_numpy()
    there = found["value"].is_valid().to_numpy()
    low, high, middle = _ends(found["number"], times)
    distinct = _different(found["value"])
    longest = pc.max(found["length"]).as_py() if each.kind in (f.TEXT, f.LIST) else 0
    figures = (distinct, longest or 0, int(times[~there].sum()), low, high, middle)
    return dict(zip(field_rows.NAMES, figures, strict=True))


def _different(values: pa.ChunkedArray) -> int:
    """How many different values there are; both zeros are one."""
    if pa.types.is_floating(values.type):
        values = pc.add(values, 0.0)
    return len(pc.unique(values.drop_null()))


def _ends(numbers: pa.ChunkedArray, times: Integers) -> tuple[object, object, object]:
    """The least, the highest and the median of numbers that stand so many times each."""
    real = numbers.is_valid()
    numbers, times = numbers.filter(real), times[real.to_numpy()]
    if not len(numbers):
        return None, None, None
    order = pc.sort_indices(numbers).to_numpy()
    reached = np.cumsum(times[order])
    middle = order[np.searchsorted(reached, (reached[-1] - 1) // 2, "right")]
    low, high, median = (numbers[int(at)].as_py() for at in (order[0], order[-1], middle))
    return low, high, median


def _written(
    shown: Sequence[tuple[Found, str]], facts: Sequence[Row], apart: Mapping[str, str], rows: int
) -> list[Row]:
    """The rows of the fields as an index says them, ends and medians as texts."""
    made = field_rows.written(shown, facts, apart, rows)
    return [field_rows.as_text(row) for row in made]
