"""Rows of a source out of Arrow and back into it, into the types that they had: what is changed
between is plain Python, and what these types have no place for is fitted. Knows no column by name.
"""

from collections.abc import Callable

import pyarrow as pa

from ..conversations.arrow import is_list, is_text, recast, retyped

Fit = Callable[[object], object]


def taken(column: pa.ChunkedArray) -> list[object]:
    """The values of a column, times as the integers that they are: Python has no nanoseconds."""
    found: list[object] = recast(column, retyped(column.type, _numbered)).to_pylist()
    return found


def put_back(values: list[object], kind: pa.DataType) -> pa.ChunkedArray:
    """Such values as a column of a type."""
    fit = _fit(kind)
    values = values if fit is None else [None if each is None else fit(each) for each in values]
    numbered = retyped(kind, _numbered)
    return recast(pa.chunked_array([pa.array(values, numbered)]), kind)


def _numbered(kind: pa.DataType) -> pa.DataType:
    """The integers that a time is."""
    if not pa.types.is_temporal(kind) or not pa.types.is_primitive(kind):
        return kind
    return pa.int32() if kind.bit_width == 32 else pa.int64()


def _fit(kind: pa.DataType) -> Fit | None:
    """What a value that is not null has to go through; None where any value fits."""
    if pa.types.is_struct(kind):
        return _struct(kind)
    if not is_list(kind):
        return None
    size = kind.list_size if pa.types.is_fixed_size_list(kind) else 0
    inner = _field(kind.value_field)
    if inner is None and not size:
        return None

    def fit(value: object) -> object:
        items = value if isinstance(value, list) else []
        items = [
            *items,
            *[None] * (size - len(items)),
        ]  # of a fixed number, those left out are null
        return items if inner is None else [inner(each) for each in items]

    return fit


def _struct(kind: pa.StructType) -> Fit | None:
    found = {each.name: _field(each) for each in kind}
    fits = {name: inner for name, inner in found.items() if inner is not None}
    if not fits:
        return None

    def fit(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {key: fits[key](item) if key in fits else item for key, item in value.items()}

    return fit


def _field(field: pa.Field) -> Fit | None:
    """The same for what may be null: where the source says that it never is, it is empty."""
    fit = _fit(field.type)
    empty = None if field.nullable else _empty(field.type)
    if fit is None and empty is None:
        return None
    return lambda value: empty if value is None else (fit(value) if fit else value)


def _empty(kind: pa.DataType) -> object:
    if is_text(kind):
        return ""
    return [] if is_list(kind) and not pa.types.is_fixed_size_list(kind) else None
