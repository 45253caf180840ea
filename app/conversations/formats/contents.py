"""The content of a turn, whatever it is: a text, or typed parts. From a value to plain pieces.

Knows the names that OpenAI, Anthropic and others have for parts; nothing of turns or columns.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .. import json_text
from ..model import ATTACHMENT, REASONING, TEXT, TOOL_CALL, TOOL_RESULT

# Called with the kind and the name of what is not understood.
Tell = Callable[[str, str], None]

# What a part's type means. A part of another type is an attachment: known by its address alone.
TYPES = {
    "text": TEXT,
    "input_text": TEXT,
    "output_text": TEXT,
    "thinking": REASONING,
    "reasoning": REASONING,
    "tool_use": TOOL_CALL,
    "tool_call": TOOL_CALL,
    "tool_result": TOOL_RESULT,
}
# Where a part has its text, by what it is.
_TEXTS = {
    TEXT: ("text", "content", "value"),
    REASONING: ("thinking", "reasoning", "text", "content"),
    TOOL_RESULT: ("content", "text", "output", "result"),
}
_PICTURES = ("image_url", "image", "input_image")
_KNOWN_ATTACHMENTS = (*_PICTURES, "audio", "input_audio", "video", "file")
_ADDRESSES = ("url", "uri", "path", "file_id")
_LONGEST_ADDRESS = 200  # characters: a picture may stand in its own address


@dataclass(frozen=True)
class Piece:
    """A part of a content. ``kind`` is that of a part of the model, ``text`` what it says (nothing for a
    call), ``value`` the part as the source has it."""

    kind: str
    text: str
    value: object


def pieces(content: object, tell: Tell) -> list[Piece]:
    """The parts of a content in order: one for a text, none for nothing."""
    if content is None or content == "":
        return []
    if isinstance(content, list):
        return [_piece(each, tell) for each in content if each is not None]
    return [_piece(content, tell)]


def of_tool(content: object) -> object:
    """What a tool gave back: objects that are no parts, as JSON, so that no key of them is lost."""
    listed = content if isinstance(content, list) else [content]
    objects = [each for each in listed if isinstance(each, Mapping)]
    if any(not each.get("type") and len(each) > 1 for each in objects):
        return json_text.written(content)
    return content


def _piece(value: object, tell: Tell) -> Piece:
    if isinstance(value, str):
        return Piece(TEXT, value, value)
    if not isinstance(value, Mapping):
        return Piece(TEXT, json_text.written(value), value)
    named = value.get("type")
    kind = TYPES.get(str(named).strip().casefold(), ATTACHMENT if named else TEXT)
    if kind == TOOL_CALL:
        return Piece(kind, "", value)
    if kind == ATTACHMENT:
        if named not in _KNOWN_ATTACHMENTS:
            tell("key", f"content.{named}")
        return Piece(kind, f"{named}: {_address(value)}", value)
    found = text_in(value, _TEXTS[kind])
    if found is None:
        tell("key", f"content.{named or ''}".rstrip("."))
    elif not named:
        others = (key for key in value if key not in _TEXTS[TEXT] and value[key] is not None)
        for key in others:
            tell("key", f"content.{key}")
    return Piece(kind, json_text.written(value) if found is None else found, value)


def text_in(value: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    """The text under the first of the keys that has one, lists of texts and of parts joined; None where
    none has."""
    for key in keys:
        found = value.get(key)
        if isinstance(found, str):
            return found
        if isinstance(found, Mapping | list):
            return "\n".join(texts(found))
    return None


def texts(value: object) -> Iterator[str]:
    """The texts in lists of texts and of parts, whatever their type; what is none is JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, Mapping):
        found = text_in(value, ("text", "thinking", "summary", "content", "value"))
        yield json_text.written(value) if found is None else found


def picture(value: object) -> tuple[str, str] | None:
    """Whether the address of a picture is a ``url`` or a ``path``, and the address; None for what is no
    picture, or has none."""
    if not isinstance(value, Mapping) or value.get("type") not in _PICTURES:
        return None
    within = [each for name in _PICTURES if isinstance(each := value.get(name), Mapping)]
    told = [each.get(key) for each in (value, *within) for key in (*_PICTURES, *_ADDRESSES)]
    found = next((each for each in told if isinstance(each, str) and each), None)
    if found is None:
        return None
    return ("url" if found.startswith(("http:", "https:", "data:")) else "path"), found


def _address(value: object) -> str:
    """The first address in a part of another type than text."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_ADDRESS else value[:40] + "\u2026"
    if not isinstance(value, Mapping):
        return ""
    named = [value.get(key) for key in _ADDRESSES]
    inner = [each for key, each in value.items() if key not in ("type", "detail")]
    found = (_address(each) for each in (*named, *inner) if each is not None)
    return next((each for each in found if each), "")
