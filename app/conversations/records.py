"""Records: rows as plain Python values, ready for JSON, value for value.

Maps with text keys become objects, other maps lists of pairs; times that Python has no value for (finer
than a microsecond, before the year 1 or after 9999) become text, or seconds where they are durations;
numbers of float32 and float16 become what their shortest digits say.
Knows Arrow types, nothing of what a column means.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, partial
from itertools import repeat

import orjson
import pyarrow as pa

from ..errors import Unreadable
from . import json_text, numbers
from .arrow import is_list, is_text, retyped

Convert = Callable[[object], object]

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def records(table: pa.Table) -> list[dict[str, object]]:
    """The rows of a table, a dict each with the columns in order. Raises Unreadable for bad text."""
    columns = {name: values(table[name]) for name in table.column_names}
    if not columns:
        return [{} for _ in range(table.num_rows)]
    rows = zip(*columns.values(), strict=True)
    return list(map(dict, map(zip, repeat(tuple(columns)), rows)))


def values(column: pa.ChunkedArray | pa.Array) -> list[object]:
    """The values of a column. Raises Unreadable for text that is not UTF-8."""
    try:
        return _converted(column, every=False)
    except UnicodeDecodeError as error:
        raise Unreadable("a row holds text that is not valid UTF-8") from error
    except (OverflowError, ValueError, KeyError):  # a time or a time zone that Python cannot hold
        try:
            return _converted(column, every=True)
        except (OverflowError, ValueError, KeyError) as error:
            raise Unreadable(f"a row holds a value that cannot be shown: {error}") from error


def _converted(column: pa.ChunkedArray | pa.Array, every: bool) -> list[object]:
    """The values with times as text: those of nanoseconds, or ``every`` one."""
    kind = column.type
    wanted = retyped(kind, lambda leaf: _numbered(leaf, every))
    found: list[object] = (column if wanted == kind else column.cast(wanted)).to_pylist()
    convert = _converter(kind, every)
    return found if convert is None else [convert(value) for value in found]


def _is_converted_time(kind: pa.DataType, every: bool) -> bool:
    if pa.types.is_date(kind):
        return every
    timed = pa.types.is_timestamp(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind)
    return timed and (every or kind.unit == "ns")


def _numbered(kind: pa.DataType, every: bool) -> pa.DataType:
    """The type of integers for a time that is to be text."""
    if not _is_converted_time(kind, every):
        return kind
    return pa.int32() if kind.bit_width == 32 else pa.int64()


def _converter(kind: pa.DataType, every: bool) -> Convert | None:
    """What a value of this type has to go through; None where it can stay as it is."""
    if _is_converted_time(kind, every):
        return _time_converter(kind)
    plain_kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if numbers.is_short(plain_kind):
        return numbers.digits_of(plain_kind)
    if pa.types.is_map(kind):
        return _map_converter(kind, every)
    if pa.types.is_struct(kind):
        return _struct_converter(kind, every)
    if is_list(kind) and numbers.is_short(kind.value_type):
        return partial(_shortest, kind.value_type)
    if is_list(kind) and (inner := _converter(kind.value_type, every)):
        return lambda value: None if value is None else [inner(item) for item in _items(value)]
    return None


def _shortest(kind: pa.DataType, value: object) -> object:
    """A list of floats, all at once: one by one they took five times as long."""
    if value is None:
        return None
    found: list[object] = numbers.shortest(pa.array(_items(value), kind)).to_pylist()
    return found


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _time_converter(kind: pa.DataType) -> Convert:
    """From a time as an integer to ISO 8601, or to seconds for a duration."""
    if pa.types.is_date(kind):
        per_day = 1 if kind.bit_width == 32 else 86_400_000
        return lambda value: _day(value, per_day) if isinstance(value, int) else None
    per, zone = _PER_SECOND[kind.unit], getattr(kind, "tz", None)
    if pa.types.is_duration(kind):
        return lambda value: value / per if isinstance(value, int) else None
    as_text = _clock if pa.types.is_time(kind) else _moment
    digits = len(str(per)) - 1
    return lambda value: as_text(value, per, digits, zone) if isinstance(value, int) else None


def _day(value: int, per_day: int) -> object:
    try:
        return (date(1970, 1, 1) + timedelta(value // per_day)).isoformat()
    except OverflowError:
        return value


def _clock(value: int, per: int, digits: int, _: str | None) -> object:
    seconds, rest = divmod(value, per)
    text = (datetime.min + timedelta(seconds=seconds)).time().isoformat()
    return text + _fraction(rest, digits)


def _moment(value: int, per: int, digits: int, zone: str | None) -> object:
    """A timestamp in its zone; in UTC where Python does not know the zone, and the bare number of
    units since 1970 where it has no such year."""
    seconds, rest = divmod(value, per)
    try:
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        found = found.astimezone(_zone(zone)) if zone else found
    except OverflowError:
        return value
    text = found.isoformat()
    return text[:19] + _fraction(rest, digits) + (text[19:] if zone else "")


@cache
def _zone(name: str) -> tzinfo:
    """The zone as Arrow reads it (a name, or an offset)."""
    try:
        found = pa.scalar(0, pa.timestamp("s", name)).as_py().tzinfo
    except (ValueError, KeyError):
        return UTC
    return found if isinstance(found, tzinfo) else UTC


def _fraction(rest: int, digits: int) -> str:
    return f".{rest:0{digits}}" if rest else ""


def _map_converter(kind: pa.MapType, every: bool) -> Convert:
    key = _converter(kind.key_type, every) or _same
    inner = _converter(kind.item_type, every) or _same
    textual = is_text(kind.key_type)

    def convert(value: object) -> object:
        if value is None:
            return None
        pairs = [(key(p[0]), inner(p[1])) for p in _items(value) if isinstance(p, tuple)]
        return dict(pairs) if textual else [list(pair) for pair in pairs]

    return convert


def _same(value: object) -> object:
    return value


def _struct_converter(kind: pa.StructType, every: bool) -> Convert | None:
    inner = {field.name: _converter(field.type, every) for field in kind}
    needed = {name: convert for name, convert in inner.items() if convert is not None}
    if not needed:
        return None

    def convert(value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {name: needed[name](v) if name in needed else v for name, v in value.items()}

    return convert


_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS  # numbers that are kept by their digits come to _plain


def line(record: dict[str, object]) -> bytes:
    """A record as one line of JSON with its ``\\n``: UTF-8, nothing in it that ends a line elsewhere.

    NaN and infinities are null, decimals text, bytes base64, times ISO 8601, durations seconds.
    """
    text = orjson.dumps(record, default=plain, option=_OPTIONS | orjson.OPT_APPEND_NEWLINE)
    for last, mark, escaped in _LINE_BREAKS:
        if last in text and mark in text:  # one byte is found ten times as fast as two
            text = text.replace(mark, escaped)
    return text


def pretty(record: dict[str, object]) -> str:
    """A record as JSON to read, by the rules of ``line``."""
    return orjson.dumps(record, default=plain, option=_OPTIONS | orjson.OPT_INDENT_2).decode()


# U+0085, U+2028 and U+2029 end a line for some readers; in JSON they stand only inside of strings.
# The last byte, all bytes, and what they are replaced by.
_LINE_BREAKS = (
    (b"\x85", b"\xc2\x85", b"\\u0085"),
    (b"\xa8", b"\xe2\x80\xa8", b"\\u2028"),
    (b"\xa9", b"\xe2\x80\xa9", b"\\u2029"),
)


def plain(value: object) -> object:
    """A value that JSON has no form of its own for, as one that it has."""
    if isinstance(value, json_text.Digits):
        return json_text.plain(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form")
