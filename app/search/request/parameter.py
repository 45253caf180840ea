"""A parameter of an address as one row: what it means, how it is read and written, what it is of. Pure.

Whoever takes parameters has a table of such rows, and a frozen class with an attribute for each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote_plus

from ...errors import InvalidInput

if TYPE_CHECKING:
    from ...conversations.fields import Field

SELECTS, ORDERS, SHAPES, LOOKS = "selects", "orders", "shapes", "looks"

Pairs = list[tuple[str, str]]
Given = Mapping[str, Sequence[str]]  # what is said of each parameter, in order
Read: TypeAlias = (
    "Callable[[str, str, Mapping[str, Field]], Any]"  # from its name, its text, the fields
)


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    ``kind``: whether it SELECTS rows, ORDERS them, SHAPES a file, or is only LOOKS of a page or an
    answer, of which no file depends. ``read`` raises InvalidInput with a sentence that names the
    parameter; ``written`` gives the text back, "" for nothing. ``most``: how often it may be given; of
    more than one the value is a tuple. ``parted``: one text holds several values parted by commas, so
    that it may be given any number of times and is written once. ``held``: the attribute of its class,
    where that is named otherwise. ``kept``: links take it along.
    """

    name: str
    meaning: str
    example: str
    kind: str
    read: Read
    default: Any = ""
    written: Callable[[Any], str] = str
    most: int = 1
    held: str = ""
    kept: bool = True
    parted: bool = False

    @cached_property
    def attribute(self) -> str:
        """The attribute of its class."""
        return self.held or self.name

    @property
    def repeatable(self) -> bool:
        """Whether it may be given more than once."""
        return self.parted or self.most > 1

    def value(self, texts: Sequence[str], known: "Mapping[str, Field]") -> Any:
        """The value of what was given. Raises InvalidInput."""
        if self.parted:
            each = (one.strip() for text in texts for one in text.split(","))
            return tuple(self.read(self.name, one, known) for one in dict.fromkeys(each) if one)
        if self.most == 1:
            return self.read(self.name, texts[0], known)
        different = dict.fromkeys(texts)
        if len(different) > self.most:
            raise InvalidInput(
                f"{len(different)} {self.name}s are given; at most {self.most} are taken"
            )
        return tuple(self.read(self.name, text, known) for text in different)


def given(pairs: Iterable[tuple[str, str]], rows: Mapping[str, Parameter]) -> Given:
    """What is said of each parameter; one without a value is as absent. Raises InvalidInput for one
    that no row has, and for one that is given too often."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value == "":
            continue
        if name not in rows:
            raise InvalidInput(
                f"there is no parameter {name!r}; the parameters are: {', '.join(rows)}"
            )
        if name in found and not rows[name].repeatable:
            raise InvalidInput(f"'{name}' is given more than once")
        found.setdefault(name, []).append(value)
    return found


def values(
    said: Given, rows: Iterable[Parameter], known: "Mapping[str, Field] | None" = None
) -> dict[str, Any]:
    """The attributes of which something is said. Raises InvalidInput."""
    return {
        each.attribute: each.value(said[each.name], known or {})
        for each in rows
        if each.name in said
    }


def linked(held_by: type, rows: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """The rows that links take along, in the order of the attributes of their class."""
    kept = {each.attribute: each for each in rows if each.kept}
    return tuple(kept[each.name] for each in fields(held_by) if each.name in kept)


def pairs_of(held: object, rows: Iterable[Parameter]) -> Iterator[tuple[str, str]]:
    """The parameters of an object, defaults left out."""
    for each in rows:
        if (value := getattr(held, each.attribute)) != each.default:
            if each.parted:
                yield each.name, ",".join(map(each.written, value))
                continue
            for one in value if each.most > 1 else (value,):
                if said := each.written(one):
                    yield each.name, said


def string_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as a query string has them, without its "?"."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in pairs)


_quoted = lru_cache(4096)(quote_plus)  # a page has some 150 links, which hold the same few values


# ------------------------------------------------------------------------------ how they are read


def text(name: str, value: str, known: "Mapping[str, Field]") -> str:
    """Any text."""
    return value


def one_of(choices: Iterable[str]) -> Read:
    """One of a few values."""
    taken = tuple(choices)

    def read(name: str, value: str, known: "Mapping[str, Field]") -> str:
        if value not in taken:
            raise InvalidInput(f"'{name}' is one of {', '.join(taken)}; not {value!r}")
        return value

    return read


def whole(low: int, high: int | None = None) -> Read:
    """A whole number of at most 18 digits."""

    def read(name: str, value: str, known: "Mapping[str, Field]") -> int:
        plain = value.isascii() and value.isdigit() and len(value) < 19
        number = int(value) if plain else None
        if number is None or number < low or (high is not None and number > high):
            range_ = f"from {low} to {high:,}" if high is not None else f"from {low}"
            raise InvalidInput(f"'{name}' is a whole number {range_}, not {value[:40]!r}")
        return number

    return read


def whole_or(word: str) -> Read:
    """A whole number from 0 as it is written, "" for 0 itself; or one word."""
    number = whole(0)

    def read(name: str, value: str, known: "Mapping[str, Field]") -> str:
        if value == word:
            return word
        if not value.isdigit():
            raise InvalidInput(f"'{name}' is a whole number from 0, or {word}; not {value[:40]!r}")
        return str(number(name, value, known) or "")

    return read
