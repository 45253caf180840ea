"""A turn as the source has it: which of its keys says something, and the turn without its reasoning, in
the form that it had.

Knows an entry, its message and what that is to say; nothing of lists or columns.
"""

from collections.abc import Mapping, Sequence

from .. import reasoning
from ..model import REASONING, TEXT, TOOL_RESULT, Message
from . import contents
from .format import Said

# The keys under which a turn may keep its reasoning apart from its content.
REASONING_KEYS = (
    "reasoning_content",
    "reasoning",
    "thinking",
    "thought",
    "think",
    "analysis",
    "inner_thought",
)


def first(entry: Mapping[str, object], keys: Sequence[str]) -> object:
    """The value of the first of the keys that has one."""
    return entry.get(key_of(entry, keys))


def key_of(entry: Mapping[str, object], keys: Sequence[str]) -> str:
    """The first of the keys that says something, or has at least an empty text; "" for none."""
    empty = ""
    for key in keys:
        value = entry.get(key)
        if value is not None:
            if value not in ("", []):
                return key
            empty = empty or key
    return empty


def own_reasoning(entry: Mapping[str, object]) -> list[str]:
    """The reasoning that a turn keeps under keys of its own, each text once."""
    found = ("\n".join(contents.texts(entry[k])) for k in REASONING_KEYS if entry.get(k))
    return list({text.strip(): text for text in found if text.strip()}.values())


def changed(
    entry: Mapping[str, object], message: Message, said: Said, key: str
) -> dict[str, object]:
    """The entry of a message that is to say something else: ``key`` has its content ("" for none), and
    the keys that held its reasoning are null."""
    made = dict(entry)
    for own in REASONING_KEYS:
        if made.get(own) and own_reasoning({own: made[own]}):
            made[own] = None
    if not key:
        return made
    value = made.get(key)
    if isinstance(value, str) and message.calls:
        made[key] = _before_calls(value, message.content, said.content)
    elif said.inline and isinstance(value, list | Mapping):
        made[key] = _in_front(value if isinstance(value, list) else [value], said.content)
    else:
        made[key] = _content(value, message, said.content)
    return made


def room_for_content(entry: Mapping[str, object], keys: Sequence[str]) -> str:
    """The key that a content goes to where the turn has none: the first that it has, be it null."""
    return next((key for key in keys if key in entry), keys[0])


def _in_front(parts: Sequence[object], content: str) -> list[object]:
    """The parts of a content with all that is said in the first of its texts, whatever parts of
    reasoning and of text there were."""
    made: list[object] = []
    for each in contents.pieces(list(parts), lambda *_: None):
        if each.kind in (TEXT, TOOL_RESULT) and content:
            made.append(_with_text(each.value, content))
            content = ""
        elif each.kind not in (REASONING, TEXT, TOOL_RESULT):
            made.append(each.value)
    return [{"type": TEXT, "text": content}, *made] if content else made


def _before_calls(text: str, content: str, left: str) -> str:
    """The text of a turn of calls, of which ``left`` is left of the ``content`` before them."""
    if left == content:
        return text
    return "\n\n".join(each for each in (left.rstrip(), text[len(content) :].lstrip()) if each)


def _content(value: object, message: Message, content: str) -> object:
    """A content in its own form that says another text: reasoning is left out of its parts, and of
    several texts each keeps what is left of it."""
    if not isinstance(value, list | Mapping):
        return value if content == message.content else content
    listed = value if isinstance(value, list) else [value]
    made: list[object] = []
    texts = contents.pieces(listed, lambda *_: None)
    left = _shares(message, [each.text for each in texts if each.kind in (TEXT, TOOL_RESULT)])
    only = content if len(left) == 1 else None
    for each in texts:
        if each.kind == REASONING:
            continue
        if each.kind in (TEXT, TOOL_RESULT):
            said = left.pop(0) if only is None else only
            made.append(_with_text(each.value, said))
        else:
            made.append(each.value)
    return made if isinstance(value, list) else (made[0] if made else None)


def _shares(message: Message, texts: Sequence[str]) -> list[str]:
    """Of each text that the content is joined of: what stands in it of the answer."""
    if message.split.trace == reasoning.NONE:
        return list(texts)
    kept = [(each.start, each.end) for each in message.split.pieces if each.kind == "answer"]
    found, at = [], 0
    for text in texts:
        end = at + len(text)
        spans = [(max(start, at), min(stop, end)) for start, stop in kept]
        found.append("".join(message.content[a:b] for a, b in spans if a < b).strip())
        at = end + 1  # the line break between two texts
    return found


def _with_text(value: object, text: str) -> object:
    if not isinstance(value, Mapping):
        return text
    key = next((key for key in ("text", "content", "value") if isinstance(value.get(key), str)), "")
    return {**value, key: text} if key else value
