"""Records: rows as plain Python values, ready for JSON, value for value.

Maps with text keys become objects, other maps lists of pairs; times finer than a microsecond become
text, since Python has no value for them. Knows Arrow types, nothing of what a column means.
"""

import base64
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import orjson
import pyarrow as pa

from ..errors import Unreadable
from .formats import is_list

Convert = Callable[[object], object]


def records(table: pa.Table) -> list[dict[str, object]]:
    """The rows of a table, a dict each with the columns in order. Raises Unreadable for bad text."""
    columns = {name: _values(table[name]) for name in table.column_names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _values(column: pa.ChunkedArray) -> list[object]:
    wanted = _exact(column.type)
    if wanted != column.type:
        column = column.cast(wanted)
    try:
        values: list[object] = column.to_pylist()
    except UnicodeDecodeError as error:
        raise Unreadable("a row holds text that is not valid UTF-8") from error
    convert = _converter(wanted)
    return values if convert is None else [convert(value) for value in values]


def _exact(kind: pa.DataType) -> pa.DataType:
    """The type with times of nanoseconds as text."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_exact(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_exact(kind.value_type)))
    return kind


def _converter(kind: pa.DataType) -> Convert | None:
    """What a value of this type has to go through; None where it can stay as it is."""
    if pa.types.is_map(kind):
        return _map_converter(kind)
    if pa.types.is_struct(kind):
        return _struct_converter(kind)
    if is_list(kind) and (inner := _converter(kind.value_type)):
        return lambda value: None if value is None else [inner(item) for item in _items(value)]
    return None


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _map_converter(kind: pa.MapType) -> Convert:
    inner = _converter(kind.item_type) or (lambda item: item)
    textual = pa.types.is_string(kind.key_type) or pa.types.is_large_string(kind.key_type)

    def convert(value: object) -> object:
        if value is None:
            return None
        pairs = [(pair[0], inner(pair[1])) for pair in _items(value) if isinstance(pair, tuple)]
        return dict(pairs) if textual else [list(pair) for pair in pairs]

    return convert


def _struct_converter(kind: pa.StructType) -> Convert | None:
    inner = {field.name: _converter(field.type) for field in kind}
    needed = {name: convert for name, convert in inner.items() if convert is not None}
    if not needed:
        return None

    def convert(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: needed[name](v) if name in needed else v for name, v in value.items()}

    return convert


def line(record: dict[str, object]) -> bytes:
    """A record as one line of JSON with its ``\\n``: UTF-8, nothing in it that ends a line elsewhere.

    NaN and infinities are null, decimals text, bytes base64, times ISO 8601, durations seconds.
    """
    text = orjson.dumps(record, default=_plain, option=orjson.OPT_APPEND_NEWLINE)
    for mark, escaped in _LINE_BREAKS:
        if mark in text:
            text = text.replace(mark, escaped)
    return text


def pretty(record: dict[str, object]) -> str:
    """A record as JSON to read, by the rules of ``line``."""
    return orjson.dumps(record, default=_plain, option=orjson.OPT_INDENT_2).decode()


# U+0085, U+2028 and U+2029 end a line for some readers; in JSON they stand only inside of strings.
_LINE_BREAKS = (
    (b"\xc2\x85", b"\\u0085"),
    (b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xe2\x80\xa9", b"\\u2029"),
)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form")
