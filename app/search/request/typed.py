"""What is typed into the search box of a dataset: ``field:value`` among it becomes a filter. Pure.

Only the box reads it so: ``q`` elsewhere is the language alone. An item stays text where it stands in
brackets or beside OR, names a part, or names no field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import BOOLEAN, LIST, TEXT, Field
from ...conversations.trace_words import TRACE_WORDS
from ...store.schema import PARTS

OWN = (*PARTS, "id")  # names that the language itself gives a meaning
_NAME = re.compile(r"-?([^\W\d][\w.-]*):(?=[^\s:/])")
_TRACE = "trace"
_YES = {"yes": "true", "no": "false"}


@dataclass(frozen=True)
class Item:
    """A piece of what is typed between white space, quotes and brackets whole: text[start:end]."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Typed:
    """What is searched for, and the filters that were typed beside it, as texts."""

    q: str
    filters: tuple[str, ...]


def items(text: str) -> Iterator[Item]:
    """The items of a text, in order."""
    start, depth, quoted = -1, 0, False
    for at, char in enumerate(f"{text} "):
        if char.isspace() and not (quoted and '"' in text[at:]) and depth <= 0:
            if start >= 0:
                yield Item(text[start:at], start, at)
            start, depth, quoted = -1, 0, False
            continue
        start = at if start < 0 else start
        quoted ^= char == '"'
        if not quoted and char in "()":
            depth += 1 if char == "(" and ")" in text[at:] else -1 if char == ")" and depth else 0


def typed(text: str, fields: Mapping[str, Field]) -> Typed:
    """What was typed, parted into the search and its filters."""
    found = list(items(text))
    names = names_of(fields)
    filters: list[str] = []
    gone: set[int] = set()
    for place, item in enumerate(found):
        if _beside_or(found, place) or (said := condition(item.text, names, fields)) is None:
            continue
        before = found[place - 1].text if place and place - 1 not in gone else ""
        if before == "NOT":
            said = said[1:] if said.startswith("-") else f"-{said}"
        if before in ("NOT", "AND"):
            gone.add(place - 1)
        elif found[place + 1 : place + 2] and found[place + 1].text == "AND":
            gone.add(place + 1)
        filters.append(said)
        gone.add(place)
    if not filters:
        return Typed(text, ())
    kept = " ".join(each.text for place, each in enumerate(found) if place not in gone)
    return Typed(kept, tuple(dict.fromkeys(filters)))


def _beside_or(found: Sequence[Item], place: int) -> bool:
    return any(each.text == "OR" for each in found[max(0, place - 1) : place + 2])


def names_of(fields: Mapping[str, Field]) -> dict[str, str]:
    """What may be typed for each field: its name, and the last key of it where no other has the same."""
    short: dict[str, list[str]] = {}
    for name in fields:
        short.setdefault(name.rpartition(".")[2], []).append(name)
    named = {key: names[0] for key, names in short.items() if len(names) == 1}
    return {
        key: name for key, name in {**named, **{n: n for n in fields}}.items() if key not in OWN
    }


def field_of(item: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """What is typed of a field's name before a ``:``, and what behind it; None for any other item."""
    body = item.removeprefix("-")
    at = len(body)
    while (at := body.rfind(":", 0, at)) > 0:
        if body[:at] in names:
            return body[:at], body[at + 1 :]
    return None


def condition(item: str, names: Mapping[str, str], fields: Mapping[str, Field]) -> str | None:
    """The filter that an item is; None for one that is text."""
    found = field_of(item, names)
    if found is None or not found[1]:
        return None
    name = names[found[0]]
    minus = "-" if item.startswith("-") else ""
    return f"{minus}{name}:{_value(fields[name], found[1])}"


def _value(field: Field, text: str) -> str:
    """A value as filters have it: quotes stand only where they mean something, and words for people are
    those of the index."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        inner = text[1:-1].replace('""', '"')
        literal = inner in ("", "null") or inner[0] == inner[-1] == '"'
        text = text if literal and field.kind in (TEXT, LIST) else inner
    if field.signal and field.name == _TRACE:
        kinds = {said.word: kind for kind, said in TRACE_WORDS.items()}
        return kinds.get(text.casefold(), text)
    return _YES.get(text.casefold(), text) if field.kind == BOOLEAN else text


def unknown(text: str, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """The names before a ``:`` that are none of a field, of a part, nor of an address; each once."""
    names = names_of(fields)
    found = (_NAME.match(each.text) for each in items(text))
    given = [each[1] for each in found if each]
    return tuple(dict.fromkeys(name for name in given if name not in (*names, *OWN)))
