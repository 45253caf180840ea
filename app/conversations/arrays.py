"""Values as arrays of the few types that the index meets.

Numbers keep their own type, but durations, which are seconds. Times are the text that records have.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from . import json_text, mixed, records
from .arrow import is_list
from .kinds import LIST, SHOWN, kind_of


def number(value: object) -> object:
    """A value; of a number that is kept by its digits the fraction, rounded, or an integer beyond 64
    bits as text."""
    if not isinstance(value, json_text.Digits):
        return value
    return str(value) if value.lstrip("-").isdigit() else float(value)


def typed(values: list[object]) -> pa.Array:
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
        return _numbers(values, kinds)
    if len(kinds) == 1 and not kinds <= {str}:
        return _inferred(values)
    return pa.array([_json_text(value) for value in values], pa.string())


def _numbers(values: list[object], kinds: set[type]) -> pa.Array:
    for kind in (pa.int64(), pa.uint64()) if kinds == {int} else (pa.float64(),):
        with suppress(pa.ArrowInvalid, OverflowError):
            return pa.array(values, kind)
    return pa.array([_json_text(value) for value in values], pa.string())  # more than 64 bits


def _inferred(values: list[object]) -> pa.Array:
    try:
        return plain(pa.array(values))
    except pa.ArrowException:  # a type of Python that Arrow has no type for
        return pa.array([_json_text(value) for value in values], pa.string())


def _typed_lists(values: list[object]) -> pa.Array:
    lists = [list(map(number, value)) if isinstance(value, list) else None for value in values]
    items = [item for value in lists for item in value or ()]
    if any(isinstance(item, list | Mapping) for item in items):
        return pa.nulls(len(values), pa.list_(pa.struct([])))
    inner = typed(items).type if items else pa.string()
    convert = _json_text if pa.types.is_string(inner) else lambda item: item
    rows = [None if value is None else [convert(item) for item in value] for value in lists]
    return pa.array(rows, pa.list_(pa.string() if pa.types.is_null(inner) else inner))


def _json_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return mixed.text(value) if isinstance(value, float) else json_text.written(value)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that an array is cast to, so that the index meets few types."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_duration(kind):
        return pa.float64()
    if pa.types.is_time(kind):
        return pa.string()
    if is_list(kind) and kind_of(plain_type(kind.value_type)) not in (LIST, SHOWN):
        return pa.list_(plain_type(kind.value_type))
    return kind


def plain(array: pa.Array) -> pa.Array:
    """An array in its plain type."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_list_view(array.type) or pa.types.is_large_list_view(array.type):
        array = _list(array)
    wanted = plain_type(array.type)
    if _is_clock(array.type):  # as records have it: Arrow writes other digits, or none
        return pa.array(map(_clock_value, records.values(array)), wanted)
    return array if wanted == array.type else pc.cast(array, wanted)


def _is_clock(kind: pa.DataType) -> bool:
    """Whether values are times of a day, durations, or lists of them."""
    inner = kind.value_type if is_list(kind) else kind
    return bool(pa.types.is_time(inner) or pa.types.is_duration(inner))


def _clock_value(value: object) -> object:
    if isinstance(value, list):
        return [_clock_value(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, time) else value


def _list(views: pa.Array) -> pa.Array:
    """A list view as a list: Arrow's own cast loses values."""
    lengths = pc.fill_null(pc.list_value_length(views), 0).cast(pa.int64())
    offsets = pa.concat_arrays([pa.array([0]), pc.cumulative_sum(lengths)])
    return pa.LargeListArray.from_arrays(offsets, views.flatten(), mask=views.is_null())
