"""Arrow's types, told apart: what holds text, what is a list, and a type made anew from its leaves.

Knows no column by name.
"""

from collections.abc import Callable

import pyarrow as pa


def is_text(kind: pa.DataType | None) -> bool:
    """Whether an Arrow type holds text, in whatever layout."""
    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(kind, pa.JsonType):
        kind = kind.storage_type
    return kind is not None and bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def is_number(kind: pa.DataType | None) -> bool:
    """Whether an Arrow type holds numbers."""
    whole = kind is not None and pa.types.is_integer(kind)
    return whole or (kind is not None and (pa.types.is_floating(kind) or pa.types.is_decimal(kind)))


def is_list(kind: pa.DataType) -> bool:
    """Whether an Arrow type is a list of any layout."""
    return bool(
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
    )


def recast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """A column in another type; by way of its values where Arrow has no cast, and from views of lists,
    of which its cast loses some (apache/arrow issue 50994)."""
    if column.type == kind:
        return column
    if "list_view<" not in str(column.type):
        try:
            return column.cast(kind)
        except pa.ArrowNotImplementedError:
            pass
    return pa.chunked_array([pa.array(each.to_pylist(), kind) for each in column.chunks], kind)


def retyped(kind: pa.DataType, change: Callable[[pa.DataType], pa.DataType]) -> pa.DataType:
    """An Arrow type with ``change`` done to each type that stands at the bottom of it."""
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(retyped(field.type, change)) for field in kind])
    if pa.types.is_map(kind):
        inner = retyped(kind.key_type, change), retyped(kind.item_type, change)
        return kind if inner == (kind.key_type, kind.item_type) else pa.map_(*inner)
    if not is_list(kind):
        return change(kind)
    field = kind.value_field.with_type(retyped(kind.value_type, change))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(field, kind.list_size)
    makers = (
        (pa.types.is_large_list, pa.large_list),
        (pa.types.is_list_view, pa.list_view),
        (pa.types.is_large_list_view, pa.large_list_view),
    )
    return next((make for told, make in makers if told(kind)), pa.list_)(field)
