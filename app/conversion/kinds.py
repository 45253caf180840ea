"""Which Arrow type holds all values of a key: kinds gathered over every record, then types and values.

Text stays text, whatever it looks like. What has no type of its own is JSON in a text: kinds that
conflict, objects of more keys than ``MOST_KEYS``, integers beyond 64 bits, objects without keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ..conversations import json_text

MOST_KEYS = 64  # of one object, over all records
_DEEPEST = 24  # levels that have types
_INTEGERS = range(-(2**63), 2**63)
_EXACT = range(-(2**53), 2**53 + 1)  # integers that a double holds

BOOLEAN, INTEGER, WIDE, FLOAT, TEXT, LIST, OBJECT = range(7)

Convert = Callable[[object], object]


@dataclass
class Kind:
    """What the values of one key were: their kinds, of lists the items', of objects each key's."""

    met: set[int] = field(default_factory=set)
    items: "Kind | None" = None
    keys: "dict[str, Kind]" = field(default_factory=dict)
    inexact: bool = False  # integers that a double would round

    def add(self, value: object, depth: int = 0) -> None:
        """Take in a value."""
        if value is None:
            return
        if isinstance(value, str):
            self.met.add(WIDE if isinstance(value, json_text.Digits) else TEXT)
        elif isinstance(value, bool):
            self.met.add(BOOLEAN)
        elif isinstance(value, int):
            self.met.add(INTEGER if value in _INTEGERS else WIDE)
            self.inexact = self.inexact or value not in _EXACT
        elif isinstance(value, float):
            self.met.add(FLOAT)
        elif isinstance(value, list):
            self._add_list(value, depth)
        elif isinstance(value, Mapping):
            self._add_object(value, depth)

    def _add_list(self, value: list[object], depth: int) -> None:
        self.met.add(LIST if depth < _DEEPEST else WIDE)
        if depth < _DEEPEST:
            self.items = self.items or Kind()
            for each in value:
                self.items.add(each, depth + 1)

    def _add_object(self, value: Mapping[str, object], depth: int) -> None:
        self.met.add(OBJECT if depth < _DEEPEST else WIDE)
        if depth >= _DEEPEST or len(self.keys) > MOST_KEYS:
            return
        for key, each in value.items():
            kind = self.keys.get(key)
            if kind is None:
                kind = self.keys[key] = Kind()
            kind.add(each, depth + 1)

    @property
    def type(self) -> pa.DataType:
        """The type of its values as JSON has them."""
        return self.typed(texts=False)

    def typed(self, texts: bool) -> pa.DataType:
        """The type of its values; with ``texts`` text stays text, and what stands beside it is to be JSON in
        a text."""
        if not self.met:
            return pa.null()
        if self.met <= {INTEGER, FLOAT} and FLOAT in self.met:
            return pa.json_() if INTEGER in self.met and self.inexact else pa.float64()
        if len(self.met) > 1:
            return pa.string() if texts and TEXT in self.met else pa.json_()
        return self._type_of(next(iter(self.met)), texts)

    def _type_of(self, met: int, texts: bool) -> pa.DataType:
        if met == LIST:
            return pa.list_(self.items.typed(texts) if self.items else pa.null())
        if met == OBJECT:
            if not 0 < len(self.keys) <= MOST_KEYS:
                return pa.json_()
            return pa.struct([(name, kind.typed(texts)) for name, kind in self.keys.items()])
        simple = {BOOLEAN: pa.bool_(), INTEGER: pa.int64(), TEXT: pa.string()}
        return simple.get(met, pa.json_())


def converter(kind: pa.DataType) -> Convert | None:
    """What a value of JSON has to go through to be one of this type; None where it can stay as it is."""
    if isinstance(kind, pa.JsonType):
        return _written
    if pa.types.is_float64(kind):
        return lambda value: float(value) if isinstance(value, int) else value
    if pa.types.is_list(kind):
        inner = converter(kind.value_type)
        if inner is None:
            return None
        return lambda value: [inner(e) for e in value] if isinstance(value, list) else None
    if pa.types.is_struct(kind):
        needed = {each.name: made for each in kind if (made := converter(each.type))}
        if not needed:
            return None
        return lambda value: _object(value, needed)
    return None


def textual(value: object, kind: pa.DataType) -> object:
    """A value whose texts are wanted, with what is none as JSON."""
    if value is None or isinstance(value, str):
        return value
    if pa.types.is_list(kind) and isinstance(value, list):
        return [textual(each, kind.value_type) for each in value]
    if pa.types.is_struct(kind) and isinstance(value, Mapping):
        return {each.name: textual(value.get(each.name), each.type) for each in kind}
    return _written(value) if pa.types.is_string(kind) else value


def _object(value: object, needed: Mapping[str, Convert]) -> object:
    if not isinstance(value, Mapping):
        return None
    return {name: needed[name](each) if name in needed else each for name, each in value.items()}


def _written(value: object) -> str | None:
    """A value as JSON in a text."""
    return None if value is None else json_text.written(value)


def storage(kind: pa.DataType) -> pa.DataType:
    """The type without Arrow's JSON in it, of which arrays are made."""
    if isinstance(kind, pa.JsonType):
        return pa.string()
    if pa.types.is_list(kind):
        return pa.list_(storage(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(each.name, storage(each.type)) for each in kind])
    return kind
