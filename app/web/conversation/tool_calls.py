"""Tool calls as blocks: name, id and arguments of each, what is said of them, as safe HTML. Pure.

Reads the JSON that ``formats`` makes of a message's calls (OpenAI's shape, or name and arguments side
by side). What does not parse, or would lose a character by being parsed (a key that stands twice), is
shown as the text that it is. Does not know messages or pages.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...markup.characters import plain

DEEPEST = 40  # levels of values that are laid out; what is deeper is shown as text
_NAMES, _ARGUMENTS, _IDS = ("name",), ("arguments", "parameters", "input"), ("id", "call_id")


class _Number(str):
    """A number as it is written: 1.0 stays 1.0."""


class _Literal(str):
    """NaN and the infinities, which JSON does not have but Python writes."""


@dataclass(frozen=True)
class Call:
    """One call. ``name`` and ``id`` are a user's text, ``html`` (its arguments and all else that is
    said of it) is safe."""

    name: str
    id: str
    html: str


def calls(text: str) -> tuple[Call, ...]:
    """The calls in the text of a tool call part; none where it is not of a known shape."""
    found = _parsed(text)
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
    if left.get("type") == "function":
        left.pop("type")
    other = {key: value for key, value in left.items() if value is not None}
    html = _arguments(said.get(arguments)) + (_tree(other, "others") if other else "")
    return Call(name, str(entry.get(named, "")) if named else "", html)


def _arguments(value: object) -> str:
    """The arguments laid out where they are an object, or JSON text of one; else as text."""
    found = _parsed(value) if isinstance(value, str) and not isinstance(value, _Number) else value
    if isinstance(found, dict):
        return _tree(found, "arguments")
    if value is None:
        return ""
    text = value if isinstance(value, str) else _written(value)
    return f'<pre class="arguments plain">{plain(text)}</pre>'


def laid_out(text: str) -> str:
    """JSON text of an object or a list as HTML, indented; "" where it is none."""
    found = _parsed(text)
    return f'<pre class="json">{plain(_written(found))}</pre>' if _is_inner(found) else ""


def _is_inner(value: object) -> bool:
    return isinstance(value, dict | list)


def _parsed(text: str) -> object:
    """What JSON text holds, numbers as they are written; None where it cannot be taken apart."""
    if text.count("[") + text.count("{") > 100_000:
        return None
    try:
        found = json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Literal,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError):
        return None
    return found if _depth_fits(found) else None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _depth_fits(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return True
    return False


def _inner(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def _tree(value: Mapping[str, object], name: str) -> str:
    """A list of names and values; texts with their line breaks, all else as JSON."""
    items = "".join(
        f'<div><dt>{plain(key)}</dt><dd><pre class="{_kind(each)}">{plain(_shown(each))}</pre></dd></div>'
        for key, each in value.items()
    )
    return f'<dl class="{name}">{items}</dl>' if items else '<p class="muted">no arguments</p>'


def _kind(value: object) -> str:
    if isinstance(value, _Number | _Literal):
        return "number"
    if isinstance(value, str):
        return "text"
    return "json" if _is_inner(value) else "literal"


def _shown(value: object) -> str:
    return value if isinstance(value, str) else _written(value)


def _written(value: object) -> str:
    return "".join(_pieces(value, "\n"))


def _pieces(value: object, line: str) -> Iterator[str]:
    """A value as JSON; ``line`` is what begins a line at its depth."""
    if isinstance(value, Mapping | list) and value:
        named = isinstance(value, Mapping)
        yield "{" if named else "["
        for place, (key, each) in enumerate(
            value.items() if isinstance(value, Mapping) else enumerate(value)
        ):
            yield ("," if place else "") + line + "  "
            yield f"{json.dumps(key, ensure_ascii=False)}: " if named else ""
            yield from _pieces(each, line + "  ")
        yield line + ("}" if named else "]")
    elif isinstance(value, _Number | _Literal):
        yield str(value)
    else:
        yield json.dumps(value, ensure_ascii=False)
