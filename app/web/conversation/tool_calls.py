"""Tool calls as blocks: name, id and arguments of each, what is said of them, as safe HTML. Pure.

Reads the JSON of a message's calls (OpenAI's shape, or name and arguments side by side). What does not
parse, or would lose a character by being parsed (a key that stands twice), is shown as the text that it
is. Does not know messages or pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ...conversations.json_text import NOT_JSON, as_written
from ...markup.json_values import block, tree

_NAMES, _ARGUMENTS, _IDS = ("name",), ("arguments", "parameters", "input"), ("id", "call_id")


@dataclass(frozen=True)
class Call:
    """One call: ``name``, ``id``, ``arguments`` and all else that is said of it are a user's."""

    name: str
    id: str
    arguments: object
    other: Mapping[str, object]

    @cached_property
    def html(self) -> str:
        """The arguments and what else is said, as safe HTML."""
        return _laid_out(self.arguments) + (tree(self.other, "others") if self.other else "")


def calls(text: str) -> tuple[Call, ...]:
    """The calls in the text of a tool call part; none where it is not of a known shape."""
    found = as_written(text)
    listed = found if isinstance(found, list) else [found]
    made = [_call(each) if isinstance(each, dict) else None for each in listed]
    return tuple(call for call in made if call) if all(made) else ()


def _call(entry: dict[str, object]) -> Call | None:
    inner = entry.get("function")
    said = inner if isinstance(inner, dict) else entry
    name = next((said[key] for key in _NAMES if isinstance(said.get(key), str)), None)
    arguments = next((key for key in _ARGUMENTS if said.get(key) is not None), "")
    if not isinstance(name, str):
        return None
    named = next((key for key in _IDS if isinstance(entry.get(key), str)), "")
    left = {k: v for k, v in entry.items() if k not in (named, "function") or v is None}
    left.update(said if said is not entry else {})
    for key in ("name", arguments):
        left.pop(key, None)
    if left.get("type") in ("function", "tool_use", "tool_call"):
        left.pop("type")
    other = {key: value for key, value in left.items() if value is not None}
    identity = str(entry.get(named, "")) if named else ""
    return Call(name, identity, said.get(arguments), other)


def _laid_out(value: object) -> str:
    """The arguments laid out where they are an object, or JSON text of one; else as text."""
    found = as_written(value) if type(value) is str else value
    if isinstance(found, dict):
        return tree(found, "arguments")
    return "" if value is None else block(value, "arguments plain")


def laid_out(text: str) -> str:
    """JSON text of an object or a list as HTML, indented; "" where it is none."""
    found = as_written(text)
    return block(found) if found is not NOT_JSON and isinstance(found, dict | list) else ""
