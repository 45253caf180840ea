"""Tool calls: from what a source has for one to a name and arguments. Plain values.

Knows OpenAI's form (``function`` with name and arguments) and name and arguments side by side.
"""

from collections.abc import Callable, Iterator, Mapping

from .. import json_text
from ..model import Call

Tell = Callable[[str, str], None]

_ARGUMENTS = ("arguments", "parameters", "input", "args")
_IDS = ("id", "call_id", "tool_call_id")


def listed(value: object, tell: Tell) -> Iterator[Call]:
    """The calls in a value: one, a list of them, or JSON text of either."""
    if isinstance(value, str):
        yield from of_text(value, tell)
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from of_text(each, tell)
        elif each is not None:
            yield _call(each, from_text=False, tell=tell)


def of_text(value: object, tell: Tell) -> list[Call]:
    """The calls that a text says as JSON; one without a name that holds the text where it says none."""
    if not isinstance(value, str):
        return list(listed(value, tell))
    if not value.strip():
        return []
    found = json_text.parsed(value)
    entries = found if isinstance(found, list) else [found]
    if found is json_text.NOT_JSON or not all(isinstance(each, Mapping) for each in entries):
        tell("tool", "call")
        return [Call("", value, value)]
    return [_call(each, from_text=True, tell=tell) for each in entries]


def _call(entry: object, from_text: bool, tell: Tell) -> Call:
    """``from_text``: it was JSON, where a null was written; Arrow fills keys that others have with it."""
    if not isinstance(entry, Mapping):
        tell("tool", "call")
        return Call("", json_text.written(entry), entry)
    value = entry if from_text else _without_nulls(entry)
    inner = value.get("function")
    said = inner if isinstance(inner, Mapping) else value
    name = said.get("name")
    if not isinstance(name, str):
        tell("tool", "call")
    key = next((key for key in _ARGUMENTS if said.get(key) is not None), "")
    identity = next((str(value[key]) for key in _IDS if value.get(key)), "")
    arguments = said.get(key) if key else {}
    left_out = 0 if from_text else _nulls(entry)
    return Call(name if isinstance(name, str) else "", arguments, value, identity, left_out)


def _without_nulls(value: object) -> dict[str, object]:
    """An object of Arrow's without the keys that it has for other rows alone, at any depth."""
    assert isinstance(value, Mapping)
    return {key: _less(item) for key, item in value.items() if item is not None}


def _less(value: object) -> object:
    if isinstance(value, Mapping):
        return _without_nulls(value)
    return [_less(each) for each in value] if isinstance(value, list) else value


def _nulls(entry: Mapping[str, object]) -> int:
    """How many arguments Arrow filled with null."""
    inner = entry.get("function")
    said = inner if isinstance(inner, Mapping) else entry
    found = next((said[key] for key in _ARGUMENTS if said.get(key) is not None), None)
    return sum(each is None for each in found.values()) if isinstance(found, Mapping) else 0
