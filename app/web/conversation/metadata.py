"""The metadata of a conversation as a tree of lines, within bounds, each value a link to its filter. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ...conversations.fields import COLUMN, FOLDER, MOST_KEYS, Field, Path
from ...search.dataset import Reading
from ..links import clipped, value_text
from .leaf import LONG, Leaf, filter_href, kind_of, least_href, typed

MOST_ITEMS = 100  # of a list, or of an object with too many keys to be fields
LONGEST_KEY = 200  # characters of a key
MOST_LINES = 1_000  # of the tree of metadata
LONGEST = 20_000  # characters of a value
MOST_CHARACTERS = 300_000  # of all values
_NOWHERE = "\0"  # of a path: what stands in a list of objects is no field


Places = Mapping[tuple[str, tuple[str, ...]], Field]  # by origin and path


@dataclass
class _Tree:
    """What a tree is made with: the dataset's path, its fields at their places, and how many lines and
    characters of values it may still have."""

    path: str
    places: Places
    lines: int = MOST_LINES
    characters: int = MOST_CHARACTERS

    def shown(self, text: str) -> str:
        """A value's text, its beginning where it is longer than what is left."""
        self.lines -= 1
        most = max(LONG, min(LONGEST, self.characters))
        shown = text if len(text) <= most else f"{text[:most]} \u2026 {left_out(len(text) - most)}"
        self.characters -= len(shown)
        return shown


def metadata_leaves(path: str, read: Reading, fields: Mapping[str, Field]) -> Iterator[Leaf]:
    """The metadata, then the columns that are neither text nor metadata nor answers that have their
    place on the page, then what folders say."""
    tree = _Tree(path, {(each.origin, each.path): each for each in fields.values()})
    yield from _leaves(tree, (read.layout.column("metadata"),), read.metadata)
    answers = read.layout.others.answers if read.layout.others else ()
    beside = {name: value for name, value in read.columns.items() if name not in answers}
    yield from _leaves(tree, (), beside)
    for key, value in read.folders.items():
        yield _value_leaf(tree, key, tree.places.get((FOLDER, (key,))), value)


def _leaves(tree: _Tree, at: Path, value: Mapping[str, object]) -> list[Leaf]:
    """What stands below a parent, and how many of its keys are left out."""
    found: list[Leaf] = []
    for key, inner in first_keys(value).items():
        if tree.lines <= 0:
            break
        found.append(_leaf(tree, clipped(str(key), LONGEST_KEY), (*at, str(key)), inner))
    return [*found, *_left(len(value) - len(found))]


def first_keys(value: Mapping[str, object]) -> Mapping[str, object]:
    """The keys that are shown: the first of too many, those with a value before those without."""
    if len(value) <= MOST_KEYS:
        return value
    return dict(islice(sorted(value.items(), key=lambda item: item[1] is None), MOST_ITEMS))


def _left(count: int) -> list[Leaf]:
    return [Leaf("", left_out(count))] if count else []


def left_out(count: int) -> str:
    """What stands in the place of keys or values that are not shown."""
    return f"{count:,} more: the raw record has them"


def _leaf(tree: _Tree, key: str, at: Path, value: object) -> Leaf:
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        value, at = {str(place): item for place, item in enumerate(value)}, (*at, _NOWHERE)
    if isinstance(value, Mapping):
        tree.lines -= 1
        inner = tuple(_leaves(tree, at, value))
        return (
            Leaf(key, children=inner, size=_many(len(value), "key")) if inner else Leaf(key, "{}")
        )
    field = tree.places.get((COLUMN, at))
    if isinstance(value, list):
        return _list_leaf(tree, key, field, value)
    return _value_leaf(tree, key, field, value)


def _value_leaf(tree: _Tree, key: str, field: Field | None, value: object) -> Leaf:
    return Leaf(
        key,
        tree.shown(_metadata_text(value)),
        filter_href(tree.path, field, value),
        kind=kind_of(value),
        least=least_href(tree.path, field, value),
    )


def _list_leaf(tree: _Tree, key: str, field: Field | None, value: list[object]) -> Leaf:
    items = [_value_leaf(tree, "", field, item) for item in value[:MOST_ITEMS]]
    items += _left(len(value) - len(items))
    return (
        Leaf(key, children=tuple(items), size=_many(len(value), "value"))
        if items
        else Leaf(key, "[]")
    )


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _metadata_text(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return value_text(typed(value))
