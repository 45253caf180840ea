"""Tool calls: from what a source has for one to a name and arguments. Plain values.

Knows OpenAI's form (``function`` with name and arguments) and name and arguments side by side, under
the names that others have for these.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from .. import json_text
from ..model import Call

Tell = Callable[[str, str], None]

_NAMES = ("name", "function", "tool_name", "tool")
_ARGUMENTS = ("arguments", "parameters", "input", "args")
_IDS = ("id", "call_id", "tool_call_id", "tool_use_id")

_OPENED, _CLOSED = "<tool_call>", "</tool_call>"
_WRAPPED = re.compile(rf"(?:\s*{_OPENED}(?:(?!{_OPENED}).)*?{_CLOSED})+\s*\Z", re.DOTALL)
_BEGINS = re.compile(r"(?:^|>)\s*(?=[\[{])", re.MULTILINE)  # where JSON may begin behind a text
_MOST_BEGINNINGS = 50


def listed(value: object, tell: Tell, nulls: bool = False) -> Iterator[Call]:
    """The calls in a value: one, a list of them, or JSON text of either. ``nulls``: one was written;
    else Arrow has filled with it the keys that other rows have."""
    if isinstance(value, str):
        found = _of_json(value, tell)
        if found is None:
            tell("tool", "call")
            found = [Call("", value, value)]
        yield from found
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from listed(each, tell)
        elif not _says_nothing(each):
            yield _call(each, nulls, tell)


def of_turn(text: str, tell: Tell) -> tuple[str, list[Call]]:
    """What a turn of calls says before them, and the calls: JSON, alone, in tags, or behind a text.
    What holds none is all text, and told."""
    if (found := _of_json(text, tell)) is not None:
        return "", found
    if (wrapped := _WRAPPED.search(text)) is not None:
        inside = [each.split(_CLOSED)[0] for each in wrapped[0].split(_OPENED)[1:]]
        lists = [_of_json(each, tell) for each in inside]
        if all(each is not None for each in lists):
            return text[: wrapped.start()], [call for each in lists for call in each or ()]
    for place, match in enumerate(_BEGINS.finditer(text)):
        if place == _MOST_BEGINNINGS:
            break
        found = _of_json(text[match.end() :], lambda *_: None)
        if found and all(each.name for each in found):
            return text[: match.end()], found
    tell("tool", "call")
    return text, []


def told(call: Call) -> object:
    """A call as it is shown: as the source has it, but name and arguments by these names."""
    value = call.value
    if not isinstance(value, Mapping) or not call.name:
        return value
    said = _said(value)
    if said.get("name") == call.name and set(_ARGUMENTS[1:]).isdisjoint(said):
        return value
    others = {k: v for k, v in value.items() if k not in (*_NAMES, *_ARGUMENTS)}
    return {**others, "name": call.name, "arguments": call.arguments}


def without_nulls(value: object) -> object:
    """A value of Arrow's without the keys that it has for other rows alone, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def nulls_in(value: object) -> int:
    """How many keys those are."""
    if isinstance(value, Mapping):
        return sum(1 if each is None else nulls_in(each) for each in value.values())
    return sum(map(nulls_in, value)) if isinstance(value, list) else 0


def _of_json(text: str, tell: Tell) -> list[Call] | None:
    """The calls that a text says as JSON; None where it says none."""
    if not text.strip():
        return []
    found = json_text.parsed(text)
    if found is json_text.NOT_JSON:
        return None
    entries = found if isinstance(found, list) else [found]
    entries = [each for each in entries if not _says_nothing(each)]
    if not all(isinstance(each, Mapping) for each in entries):
        return None
    return [_call(each, True, tell) for each in entries]


def _says_nothing(value: object) -> bool:
    """Whether there is no call: null, or what Arrow has for one in turns without."""
    if isinstance(value, Mapping):
        return all(map(_says_nothing, value.values()))
    return value is None or value == ""


def _call(entry: object, nulls: bool, tell: Tell) -> Call:
    if not isinstance(entry, Mapping):
        tell("tool", "call")
        return Call("", json_text.written(entry), entry)
    value: Mapping[str, object] = entry if nulls else without_nulls(entry)  # type: ignore[assignment]
    said = _said(value)
    name = next((said[key] for key in _NAMES if isinstance(said.get(key), str)), None)
    if name is None:
        tell("tool", "call")
    key = next((key for key in _ARGUMENTS if said.get(key) is not None), "")
    identity = next((value[key] for key in _IDS if value.get(key) not in (None, "")), "")
    left_out = 0 if nulls else nulls_in(_said(entry).get(key))
    arguments = said[key] if key else {}
    return Call(str(name or ""), arguments, value, str(identity), left_out)


def _said(entry: Mapping[str, object]) -> Mapping[str, object]:
    """Where a call has its name and arguments: below ``function``, an object or JSON text of one."""
    inner = entry.get("function")
    if isinstance(inner, str) and inner.lstrip().startswith("{"):
        inner = json_text.parsed_object(inner)
    return inner if isinstance(inner, Mapping) else entry
