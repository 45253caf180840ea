"""A field as pieces of a dataset have it: chunks of a build, or shards. Where it stands is what joins them.

A parent with more different keys directly below it than fields are made of becomes one field, over all
pieces together. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import orjson
import pyarrow as pa

from . import fields as f
from . import numbers
from .arrow import is_list
from .signals import copies
from .signals.signal import Signal
from .signals.table import BY_NAME

Place = tuple[str, f.Path]  # origin and path

_COLUMN_TYPES = {f.BOOLEAN: "boolean", f.INTEGER: "bigint", f.NUMBER: "double", f.TEXT: "varchar"}


@dataclass
class Found:
    """A field as the pieces have it: its types, what holds its numbers, and its column in each piece (by
    number). ``keys`` counts those of a parent that has too many."""

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


class Parents:
    """Fields by place, and the keys directly below each parent as long as they are few enough."""

    def __init__(self) -> None:
        self.fields: dict[Place, Found] = {}
        self.many: set[Place] = set()
        self._keys: dict[Place, set[str]] = {}

    def field(self, place: Place, many: bool) -> Found | None:
        """The field of a place; None where it stands below a parent with too many keys."""
        for parent in above(place):
            if parent in self.many:
                return None
            keys = self._keys.setdefault(parent, set())
            keys.add(place[1][len(parent[1])])
            if len(keys) > f.MOST_KEYS:
                self._join(parent)
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


def above(place: Place) -> Iterator[Place]:
    """The parents of a place, the outermost first."""
    origin, path = place
    for depth in range(1, len(path)):
        yield origin, path[:depth]


def named(found: Iterable[Found], turns: Sequence[str]) -> list[Found]:
    """The fields in their order, each with a name of its own. ``turns`` are columns that some file has its
    turns in, and are told otherwise."""
    order = (f.SIGNAL, f.COLUMN, f.FOLDER)  # the first of two has the name
    kept = [each for each in found if each.place[0] != f.COLUMN or each.place[1][0] not in turns]
    kept.sort(key=lambda each: order.index(each.place[0]))
    names = f.named((each.place for each in kept), (*turns, *copies.NAMES))
    return [replace(each, name=name) for each, name in zip(kept, names, strict=True)]


def place_text(place: Place) -> str:
    """Where a field stands, as a text."""
    origin, path = place
    return orjson.dumps([origin, *path]).decode()


def key_hash(key: str) -> int:
    """64 bits that stand for a key where keys are counted."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")
