"""Fields: every source column that can be filtered, found at load, nested ones flattened.

``flatten`` turns a table into one Arrow array a field. Structs, maps and objects in JSON strings
are flattened alike: ``metadata.a.b``, with a key that holds ``.``, ``:`` or a space in quotes.
Nothing here is told the keys beforehand. The text columns and the id are left to ``formats``.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import pyarrow as pa

from . import numbers, records
from .arrays import number, plain, plain_type, typed
from .json_text import parsed_object
from .kinds import BOOLEAN, DATE, INTEGER, LIST, NUMBER, SHOWN, TEXT, kind_of

__all__ = ["BOOLEAN", "DATE", "INTEGER", "LIST", "NUMBER", "SHOWN", "TEXT", "kind_of"]

# Keys directly below a parent: one with more is one field, that is only shown.
MOST_KEYS = 500

COLUMN, SIGNAL, FOLDER = "column", "signal", "folder"  # where a field comes from

Path = tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """A named property of a conversation.

    ``kind`` says what can be asked of it, ``type`` is its type as the source has it. ``signal``
    is true for what the program computed; ``help`` is its rule. The rest comes from the index:
    ``column`` is its column there ("" where it is only shown), ``digest`` is true where that holds an
    md5 of a long text, ``facet`` is "values", "histogram" or "", ``distinct`` how many values there are
    (null is one), ``longest`` the characters of the
    longest text, and ``low``, ``high`` and ``middle`` are the ends and the median of numbers (dates:
    seconds since 1970), exact where they are integers. ``numbers`` is the type that holds its numbers
    (see ``numbers``), "" for the widest of its kind. ``origin`` and ``path`` say where it stands in a
    row: a column (or a folder's key), and the keys down from it. ``keys`` counts the different keys
    of a parent that has too many to be fields.
    """

    name: str
    kind: str
    type: str
    signal: bool = False
    help: str = ""
    column: str = ""
    digest: bool = False
    facet: str = ""
    longest: int = 0
    distinct: int = 0
    low: float = 0.0
    high: float = 0.0
    middle: float = 0.0
    numbers: str = ""
    origin: str = COLUMN
    path: Path = ()
    keys: int = 0

    def __hash__(self) -> int:
        return hash((self.name, self.column))  # of all attributes it takes ten times as long


@dataclass(frozen=True)
class Leaf:
    """A field as one table has it: a value a row, or with ``many`` a parent's too many keys."""

    path: Path
    array: pa.Array
    many: frozenset[str] = frozenset()


def key_name(parent: str, key: str) -> str:
    """The name of a nested field: ``parent.key``, the key in quotes where it needs them."""
    plain = key and not any(char in key for char in '.: "')
    return f"{parent}.{key}" if plain else f'{parent}."{key.replace(chr(34), chr(34) * 2)}"'


def path_name(path: Path) -> str:
    """The name of what stands at a path, as far as nothing else is called so."""
    return reduce(key_name, path)


def named(places: Iterable[tuple[str, Path]], taken: Iterable[str] = ()) -> list[str]:
    """A name of its own for each (origin, path), in order.

    What is called like another, like an order (``row``, ``relevance``, ``random:``, a ``-`` in
    front), or not at all gets its origin in front: ``source.NAME``, ``folder.NAME``.
    """
    used, found = set(taken), []
    for origin, path in places:
        name = path_name(path)
        while not name or name in used or name in _ORDERS or name.startswith(("-", "random:")):
            name = f"{FOLDER if origin == FOLDER else 'source'}.{name}"
        used.add(name)
        found.append(name)
    return found


_ORDERS = ("row", "relevance")


def json_columns(table: pa.Table) -> list[str]:
    """The text columns of a table whose values are JSON objects, told from its rows."""
    return [
        field.name
        for field in table.schema
        if pa.types.is_string(plain_type(field.type))
        and _holds_objects([v for v in records.values(table[field.name]) if v is not None][:200])
    ]


def _holds_objects(values: list[object]) -> bool:
    """Whether most values parse as objects: a few that do not are null, shown raw."""
    parsed = sum(parsed_object(value) is not None for value in values)
    return parsed > 0 and parsed * 2 > len(values)


def leaves(table: pa.Table, json: Iterable[str], apart: Container[str] = ()) -> list[Leaf]:
    """The fields of a table, in the order of the columns. ``json``: the columns of JSON objects;
    ``apart``: columns that are left to others."""
    json = set(json)
    found: dict[Path, Leaf] = {}
    for name in table.column_names:
        if name in apart:
            continue
        column = table[name].combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0, column.type)
        for leaf in _flattened((name,), column, name in json):
            found.setdefault(leaf.path, leaf)  # a struct may have two keys of one name
    return list(found.values())


def flatten(
    table: pa.Table, json: Iterable[str], apart: Container[str] = ()
) -> dict[str, pa.Array]:
    """The fields of a table by name, an array each."""
    found = leaves(table, json, apart)
    names = named((COLUMN, leaf.path) for leaf in found)
    return {name: leaf.array for name, leaf in zip(names, found, strict=True)}


def _flattened(path: Path, array: pa.Array, json: bool) -> Iterator[Leaf]:
    kind = array.type
    if pa.types.is_struct(kind) and kind.num_fields > MOST_KEYS:
        yield _many(path, len(array), (field.name for field in kind))
    elif pa.types.is_struct(kind):
        for field, child in zip(kind, array.flatten(), strict=True):
            yield from _flattened((*path, field.name), child, json=False)
    elif pa.types.is_map(kind):
        for leaf in _from_objects(path, map(_as_object, records.values(array)), len(array)):
            short = numbers.is_short(kind.item_type) and leaf.array.type == pa.float64()
            yield replace(leaf, array=leaf.array.cast(kind.item_type)) if short else leaf
    elif json:
        yield from _from_objects(path, map(parsed_object, records.values(array)), len(array))
    else:
        yield Leaf(path, plain(array))


def _many(path: Path, rows: int, keys: Iterable[str]) -> Leaf:
    return Leaf(path, pa.nulls(rows, pa.binary()), frozenset(keys))


def _as_object(value: object) -> dict[str, object] | None:
    """A map as an object: it comes as one, or as pairs where its keys are not text."""
    if isinstance(value, list):
        return {str(key): item for key, item in value}
    return value if isinstance(value, dict) else None


def _from_objects(
    path: Path, objects: Iterable[dict[str, object] | None], rows: int
) -> Iterator[Leaf]:
    top = _Key()
    for row, value in enumerate(objects):
        top.put(row, value or {})
    yield from top.leaves(path, rows)


class _Key:
    """A key of objects: the values that stand at it, with their rows, and the keys below it.

    Where these become too many they alone are kept: memory is bounded by the objects, not by rows
    times keys.
    """

    __slots__ = ("below", "many", "rows", "values")

    def __init__(self) -> None:
        self.below: dict[str, _Key] = {}
        self.many: set[str] = set()
        self.rows: list[int] = []
        self.values: list[object] = []

    def put(self, row: int, value: object) -> None:
        """Take the value of a row, apart where it is an object."""
        if not isinstance(value, Mapping):
            self.rows.append(row)
            self.values.append(number(value))
        elif self.many or len(self.below.keys() | value.keys()) > MOST_KEYS:
            self.many.update(self.below, value)
            self.below.clear()
        else:
            for key, item in value.items():
                self.below.setdefault(key, _Key()).put(row, item)

    def leaves(self, path: Path, rows: int) -> Iterator[Leaf]:
        """What it holds, as so many rows of arrays."""
        if self.many:
            yield _many(path, rows, self.many)
            return
        if self.values:
            values: list[object] = [None] * rows
            for row, value in zip(self.rows, self.values, strict=True):
                values[row] = value
            yield Leaf(path, typed(values))
        for key, below in self.below.items():
            yield from below.leaves((*path, key), rows)
