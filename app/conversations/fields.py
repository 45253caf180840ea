"""Fields: every source column that can be filtered, found at load, nested ones flattened.

``flatten`` turns a table into one Arrow array a field. Structs, maps and objects in JSON strings
are flattened alike: ``metadata.a.b``, with a key that holds ``.``, ``:`` or a space in quotes.
Nothing here is told the keys beforehand. The text columns and the id are left to ``formats``.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from . import records
from .arrow import is_list
from .json_text import Digits, parsed_object

BOOLEAN, INTEGER, NUMBER, DATE, TEXT, LIST = "boolean", "integer", "number", "date", "text", "list"
SHOWN = "shown"  # kept out of filters, facets and sorts: lists of structs, binary, null-only


@dataclass(frozen=True)
class Field:
    """A named property of a conversation.

    ``kind`` says what can be asked of it, ``type`` is its type as the source has it. ``signal``
    is true for what the program computed; ``help`` is its rule. The rest comes from the index:
    ``column`` is its column there ("" where it is only shown), ``digest`` is true where that holds an
    md5 of a long text, ``facet`` is "values", "histogram" or "", ``distinct`` how many values there are
    (null is one), ``longest`` the characters of the
    longest text, and ``low``, ``high`` and ``middle`` are the ends and the median of numbers (dates:
    seconds since 1970).
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


def key_name(parent: str, key: str) -> str:
    """The name of a nested field: ``parent.key``, the key in quotes where it needs them."""
    plain = key and not any(char in key for char in '.: "')
    return f"{parent}.{key}" if plain else f'{parent}."{key.replace(chr(34), chr(34) * 2)}"'


def kind_of(kind: pa.DataType) -> str:
    """What can be asked of values of an Arrow type."""
    if pa.types.is_boolean(kind):
        return BOOLEAN
    if pa.types.is_integer(kind):
        return INTEGER
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return NUMBER
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return DATE
    if pa.types.is_string(kind):
        return TEXT
    if pa.types.is_list(kind) and kind_of(kind.value_type) not in (LIST, SHOWN):
        return LIST
    return SHOWN


def json_columns(table: pa.Table) -> list[str]:
    """The text columns of a table whose values are JSON objects, told from its rows."""
    return [
        field.name
        for field in table.schema
        if pa.types.is_string(_plain_type(field.type))
        and _holds_objects([v for v in records.values(table[field.name]) if v is not None][:200])
    ]


def _holds_objects(values: list[object]) -> bool:
    """Whether most values parse as objects: a few that do not are null, shown raw."""
    parsed = sum(parsed_object(value) is not None for value in values)
    return parsed > 0 and parsed * 2 > len(values)


def flatten(
    table: pa.Table, json: Iterable[str], apart: Container[str] = ()
) -> dict[str, pa.Array]:
    """The fields of a table by name, an array each, in the order of the columns; ``apart`` are columns
    that are left to others."""
    found: dict[str, pa.Array] = {}
    json = set(json)
    for name in table.column_names:
        if name in apart:
            continue
        column = table[name].combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0, column.type)
        for field, array in _flattened(name, column, name in json):
            while field in found:
                field = f"source.{field}"
            found[field] = array
    return found


def _flattened(name: str, array: pa.Array, json: bool) -> Iterator[tuple[str, pa.Array]]:
    kind = array.type
    if pa.types.is_struct(kind):
        for field, child in zip(kind, array.flatten(), strict=True):
            yield from _flattened(key_name(name, field.name), child, json=False)
    elif pa.types.is_map(kind):
        yield from _from_objects(name, [_as_object(value) for value in records.values(array)])
    elif json:
        yield from _from_objects(name, [parsed_object(value) for value in records.values(array)])
    else:
        yield name, _plain(array)


def _as_object(value: object) -> dict[str, object] | None:
    """A map as an object: it comes as one, or as pairs where its keys are not text."""
    if isinstance(value, list):
        return {str(key): item for key, item in value}
    return value if isinstance(value, dict) else None


def _from_objects(
    name: str, objects: list[dict[str, object] | None]
) -> Iterator[tuple[str, pa.Array]]:
    columns: dict[str, list[object]] = {}
    for row, value in enumerate(objects):
        for field, leaf in _leaves(name, value or {}):
            columns.setdefault(field, [None] * len(objects))[row] = leaf
    for field, values in columns.items():
        yield field, _typed(values)


def _leaves(name: str, value: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield from _leaves(key_name(name, key), item)
        else:
            yield key_name(name, key), _number(item) if isinstance(item, Digits) else item


def _number(digits: Digits) -> object:
    """A number that is kept by its digits: a fraction rounded, an integer beyond 64 bits as text."""
    return str(digits) if digits.lstrip("-").isdigit() else float(digits)


def _typed(values: list[object]) -> pa.Array:
    """An array of the narrowest type that holds all the values; mixed ones are text."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds <= {bool, int, float, str, list} and any(
        isinstance(v, list | str) for v in values
    ):
        return pa.array([_json_text(value) for value in values], pa.string())
    if kinds == {list}:
        return _typed_lists(values)
    if kinds <= {bool}:
        return pa.array(values, pa.bool_() if kinds else pa.null())
    if kinds <= {int, float}:
        return _numbers(values, pa.int64() if kinds == {int} else pa.float64())
    if len(kinds) == 1 and not kinds <= {str}:
        return _inferred(values)
    return pa.array([_json_text(value) for value in values], pa.string())


def _numbers(values: list[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, OverflowError):  # an integer beyond 64 bits
        return pa.array([_json_text(value) for value in values], pa.string())


def _inferred(values: list[object]) -> pa.Array:
    try:
        return _plain(pa.array(values))
    except pa.ArrowException:  # a type of Python that Arrow has no type for
        return pa.array([_json_text(value) for value in values], pa.string())


def _typed_lists(values: list[object]) -> pa.Array:
    items = [item for value in values if isinstance(value, list) for item in value]
    if any(isinstance(item, list | Mapping) for item in items):
        return pa.nulls(len(values), pa.list_(pa.struct([])))
    inner = _typed(items).type if items else pa.string()
    convert = _json_text if pa.types.is_string(inner) else lambda item: item
    rows = [[convert(v) for v in value] if isinstance(value, list) else None for value in values]
    return pa.array(rows, pa.list_(pa.string() if pa.types.is_null(inner) else inner))


def _json_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value, default=str).decode()


def _plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that an array is cast to, so that the index meets few types."""
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return pa.string()
    if is_list(kind) and kind_of(_plain_type(kind.value_type)) not in (LIST, SHOWN):
        return pa.list_(_plain_type(kind.value_type))
    return kind


def _plain(array: pa.Array) -> pa.Array:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_list_view(array.type) or pa.types.is_large_list_view(array.type):
        array = _list(array)
    wanted = _plain_type(array.type)
    if pa.types.is_duration(array.type):
        array = array.cast(pa.int64())
    return array if wanted == array.type else pc.cast(array, wanted)


def _list(views: pa.Array) -> pa.Array:
    """A list view as a list: Arrow's own cast loses values."""
    lengths = pc.fill_null(pc.list_value_length(views), 0).cast(pa.int64())
    offsets = pa.concat_arrays([pa.array([0]), pc.cumulative_sum(lengths)])
    return pa.LargeListArray.from_arrays(offsets, views.flatten(), mask=views.is_null())
