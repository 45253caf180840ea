"""The types of an export's columns as a loader meets them in its file. Of Parquet they are those that it
has; of lines and cells those that their values have there, which for some are only known once all
records were seen: tools and arguments are objects of whatever keys they have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ..conversations.arrow import is_list, is_text, retyped
from ..conversion.kinds import LIST, OBJECT, Kind
from .file_types import CELLS, TABLE

_TEXT = pa.string()


@dataclass
class Seen:
    """What records were that went into a file of lines: the values of ``columns``, or of all."""

    columns: frozenset[str] | None = None
    kinds: Kind = field(default_factory=Kind)

    def add(self, records: Iterable[Mapping[str, object]]) -> None:
        """Take in records as they are written."""
        if self.columns == frozenset():
            return
        for each in records:
            if self.columns is not None:
                each = {name: each[name] for name in self.columns if name in each}
            self.kinds.add(each)


def is_open(kind: pa.DataType) -> bool:
    """Whether the type of a column's values as JSON does not follow from its own: maps have any keys, and
    integers that are not signed may have no room in 64 bits with a sign."""
    if is_list(kind):
        return is_open(kind.value_type)
    if pa.types.is_struct(kind):
        return any(is_open(each.type) for each in kind)
    return bool(pa.types.is_map(kind) or pa.types.is_uint64(kind))


def of_file(declared: pa.Schema, form: str, seen: Seen) -> pa.Schema:
    """The types of a file of a form. ``declared``: those of its columns in Parquet; ``seen``: what became
    its lines."""
    if form == TABLE:
        return declared
    if form == CELLS:
        return pa.schema([(each.name, _in_a_cell(each.type)) for each in declared])
    if seen.columns is None:
        kind = _met(pa.struct(list(declared)), seen.kinds)
        return pa.schema(list(kind))
    found = {name: seen.kinds.keys.get(name, Kind()) for name in seen.columns}
    return pa.schema(
        (each.name, _met(_TEXT, found[each.name]) if each.name in found else _in_json(each.type))
        for each in declared
    )


def _met(declared: pa.DataType, kind: Kind) -> pa.DataType:
    """The type of values that were declared to be of one: what came of it, in the order that it has."""
    met = kind.met
    if not met:
        return declared
    if met == {OBJECT} and pa.types.is_struct(declared) and kind.keys:
        names = [each.name for each in declared]
        known = [(name, _met(declared.field(name).type, kind.keys[name])) for name in names
                 if name in kind.keys]  # fmt: skip
        more = [(name, _met(_TEXT, each)) for name, each in kind.keys.items() if name not in names]
        return pa.struct([*known, *more])
    if met == {LIST} and is_list(declared):
        return pa.list_(_met(declared.value_type, kind.items or Kind()))
    return retyped(kind.type, _never_null)


def _never_null(kind: pa.DataType) -> pa.DataType:
    """Text for what never had a value: datasets 3 cannot give rows of lists of nulls."""
    return _TEXT if pa.types.is_null(kind) else kind


def _in_json(kind: pa.DataType) -> pa.DataType:
    """The type of a column's values in JSON: what JSON has no form for is text there."""
    return retyped(_listed(kind), _leaf_in_json)


def _leaf_in_json(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _leaf_in_json(kind.value_type)
    if pa.types.is_duration(kind):
        return pa.float64()
    if pa.types.is_floating(kind):
        return pa.float64()
    plain = pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind)
    return kind if plain else _TEXT


def _listed(kind: pa.DataType) -> pa.DataType:
    """A type with every list a plain one."""
    if is_list(kind):
        return pa.list_(_listed(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(each.name, _listed(each.type)) for each in kind])
    return kind


def _in_a_cell(kind: pa.DataType) -> pa.DataType:
    """The type of a column's cells: an empty one is null, for which readers have no integer and no
    boolean."""
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_duration(kind)
    return pa.float64() if number and not is_text(kind) else _TEXT
