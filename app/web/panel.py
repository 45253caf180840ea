"""The panel beside a conversation: metadata as a tree, signals, each value a link to its filter. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..conversations.fields import Field, key_name
from ..search.dataset import Reading
from ..search.query import Query
from .links import filter_text, number, title_of, value_text


@dataclass(frozen=True)
class Leaf:
    """A line of the metadata tree: a value with the link that filters by it, or a branch."""

    key: str
    text: str = ""
    href: str = ""
    children: tuple["Leaf", ...] = ()


def signal_leaves(
    path: str, values: Mapping[str, object], fields: Mapping[str, Field]
) -> Iterator[Leaf]:
    """The signals of a row."""
    for name, value in values.items():
        field = fields.get(name)
        text = f"{value:.2f}" if isinstance(value, float) else _shown(value)
        href = _filter_href(path, field, value)
        yield Leaf(title_of(field) if field else name, text, href)


def _shown(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return value_text(value)
    return number(value) if isinstance(value, int) else str(value)


def metadata_leaves(path: str, read: Reading, fields: Mapping[str, Field]) -> Iterator[Leaf]:
    """The metadata, then the columns that are neither text nor metadata."""
    for key, value in read.metadata.items():
        yield _leaf(path, key, key_name("metadata", key), value, fields)
    for key, value in read.columns.items():
        name = f"source.{key}" if f"source.{key}" in fields else key
        yield _leaf(path, key, name, value, fields)


def _leaf(path: str, key: str, name: str, value: object, fields: Mapping[str, Field]) -> Leaf:
    if isinstance(value, Mapping):
        inner = tuple(
            _leaf(path, str(k), key_name(name, str(k)), v, fields) for k, v in value.items()
        )
        return Leaf(key, children=inner) if inner else Leaf(key, "{}")
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        listed = {str(place): item for place, item in enumerate(value)}
        return _leaf(path, key, f"{name}[]", listed, {})
    if isinstance(value, list):
        items = tuple(_leaf(path, "", name, item, fields) for item in value[:100])
        return Leaf(key, children=items) if items else Leaf(key, "[]")
    return Leaf(key, _metadata_text(value), _filter_href(path, fields.get(name), value))


def _metadata_text(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return value_text(value)


def _filter_href(path: str, field: Field | None, value: object) -> str:
    """The explorer filtered by a value; "" where the field cannot be filtered by it."""
    if field is None or not field.column or (isinstance(value, str) and len(value) > 500):
        return ""
    if isinstance(value, float) and value != value:
        value = None
    text = filter_text(field.name, value)
    return path + Query().with_filter(text, {field.name: field}).string()
