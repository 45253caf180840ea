"""The features of an export: the type of each of its columns, as Hugging Face's ``datasets`` takes them.

Two forms of the same: JSON for ``Features.from_dict``, and YAML for a card's ``dataset_info``; both are
read by its third and fifth edition. Pure; knows Arrow's types, no file.
"""

from collections.abc import Iterator

import pyarrow as pa

from ..conversations.arrow import is_list

JSON = "json"  # the type of values that no one type fits; older editions of datasets have none
_NAMES = {pa.float16(): "float16", pa.float32(): "float32", pa.float64(): "float64",
          pa.date32(): "date32", pa.date64(): "date64"}  # fmt: skip
_KNOWN = (
    pa.types.is_null,
    pa.types.is_boolean,
    pa.types.is_integer,
    pa.types.is_time,
    pa.types.is_timestamp,
    pa.types.is_duration,
    pa.types.is_decimal,
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_string,
    pa.types.is_large_string,
)


def as_json(schema: pa.Schema) -> dict[str, object] | None:
    """The features as ``datasets`` writes them in JSON; None where it has no name for a type."""
    if not _all_named(schema):
        return None
    return {each.name: _in_json(each.type) for each in schema}


def as_yaml(schema: pa.Schema) -> list[dict[str, object]] | None:
    """The features as they stand in a card's head; None where ``datasets`` has no name for a type."""
    if not _all_named(schema):
        return None
    return [{"name": each.name, **_in_yaml(each.type)} for each in schema]


def of_any_kind(schema: pa.Schema) -> list[str]:
    """The columns that hold values which no one type fits."""
    return [each.name for each in schema if JSON in _leaves(each.type)]


def _all_named(schema: pa.Schema) -> bool:
    return all(name for each in schema for name in _leaves(each.type))


def _leaves(kind: pa.DataType) -> Iterator[str]:
    """The names of the types at the bottom of one; "" for what has none."""
    if is_list(kind):
        yield from _leaves(kind.value_type)
    elif pa.types.is_struct(kind):
        for each in kind:
            yield from _leaves(each.type)
    else:
        yield _name(kind)


def _name(kind: pa.DataType) -> str:
    """The name that ``datasets`` has for a type that is neither list nor struct; "" where it has none."""
    if isinstance(kind, pa.JsonType):
        return JSON
    if pa.types.is_dictionary(kind):
        return _name(kind.value_type)
    if pa.types.is_string_view(kind):
        return "string"
    if kind in _NAMES:
        return _NAMES[kind]
    return str(kind) if any(known(kind) for known in _KNOWN) else ""


def _in_json(kind: pa.DataType) -> object:
    if is_list(kind):
        return [_in_json(kind.value_type)]
    if pa.types.is_struct(kind):
        return {each.name: _in_json(each.type) for each in kind}
    name = _name(kind)
    return {"_type": "Json"} if name == JSON else {"dtype": name, "_type": "Value"}


def _in_yaml(kind: pa.DataType) -> dict[str, object]:
    if pa.types.is_struct(kind):
        return {"struct": _fields(kind)}
    if not is_list(kind):
        return {"dtype": _name(kind)}
    inner = kind.value_type
    if pa.types.is_struct(inner):
        return {"list": _fields(inner)}
    return {"list": _in_yaml(inner) if is_list(inner) else _name(inner)}


def _fields(kind: pa.StructType) -> list[dict[str, object]]:
    return [{"name": each.name, **_in_yaml(each.type)} for each in kind]
