"""Kinds: what can be asked of values, told from their Arrow type."""

import pyarrow as pa

BOOLEAN, INTEGER, NUMBER, DATE, TEXT, LIST = "boolean", "integer", "number", "date", "text", "list"
SHOWN = "shown"  # kept out of filters, facets and sorts: lists of structs, binary, null-only


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
