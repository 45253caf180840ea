"""The chat shapes of an export: a conversation's turns as the record that a trainer's loader takes. Pure.

Every shape takes every conversation. What one has no place for is left out and counted: tools in
``alpaca``, and there the reasoning of earlier turns where reasoning stands apart. ``apart`` is that
choice; whether traces were stripped is settled in what the turns say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from ..conversations import formats
from ..conversations.formats import MESSAGES, Record
from ..conversations.model import Message
from .traces import Said, Tally, inlined

REASONING = "reasoning"  # where records are flat, reasoning that stands apart
APART = "reasoning_content"  # the same, in a message
TOOLS_LEFT_OUT, EARLIER_LEFT_OUT = "tool_messages_left_out", "earlier_reasoning_left_out"
NO_USER, NO_ANSWER = "rows_without_a_user_message", "rows_without_an_answer"

_SYSTEM, _TOOL = ("system", "developer"), ("tool", "function")
_PASSED = ("name", "tool_calls", "tool_call_id")  # what a message of the source may say besides
_SPEAKERS = {
    "user": "human",
    "assistant": "gpt",
    **dict.fromkeys(_SYSTEM, "system"),
    **dict.fromkeys(_TOOL, "observation"),
}


@dataclass(frozen=True)
class Turn:
    """A message, the entry of the source that it was read from, and what it says by the choice."""

    message: Message
    entry: Mapping[str, object]
    said: Said

    @property
    def calls(self) -> object:
        """Its tool calls, if it has any."""
        calls = self.entry.get("tool_calls")
        return parsed(calls) if calls else None

    @property
    def content(self) -> object:
        """Its content: lists of parts as the source has them."""
        own = self.entry.get("content")
        return own if isinstance(own, list) else self.said.content

    @property
    def whole(self) -> str:
        """What it says in one text, reasoning that stood apart inline."""
        return inlined(self.said)


def messages(
    apart: bool, tally: Tally, record: Record, turns: list[Turn], strict: bool
) -> dict[str, object]:
    """Role and content, reasoning in ``reasoning_content``; tools as the source has them, with
    ``strict`` as OpenAI's interface takes them and no key besides."""
    made: dict[str, object] = {} if strict else _identity(record, "conversation_id")
    if tools := parsed(record.get("tools")):
        made["tools"] = tools
    return {**made, MESSAGES: [_message(apart, each, strict) for each in turns]}


def _message(apart: bool, turn: Turn, strict: bool) -> dict[str, object]:
    made: dict[str, object] = {"role": turn.message.role, "content": turn.content}
    own = turn.said.reasoning
    if own is not None or (apart and turn.message.role == "assistant"):
        made[APART] = own
    for key in _PASSED:
        value = turn.entry.get(key)
        if value is not None and value != []:
            made[key] = _passed(key, value, strict)
    return made


def _passed(key: str, value: object, strict: bool) -> object:
    if key != "tool_calls":
        return value
    return _called(parsed(value)) if strict else parsed(value)


def _called(calls: object) -> object:
    """Tool calls as OpenAI's interface takes them: the arguments as JSON in a text."""
    if not isinstance(calls, list):
        return calls
    made: list[object] = []
    for call in calls:
        function = call.get("function") if isinstance(call, Mapping) else None
        if isinstance(function, Mapping) and not isinstance(function.get("arguments"), str):
            text = _compact(function.get("arguments") or {})
            call = {**call, "function": {**function, "arguments": text}}
        made.append(call)
    return made


def sharegpt(apart: bool, tally: Tally, record: Record, turns: list[Turn]) -> dict[str, object]:
    """``from`` and ``value``; a tool call is a turn of its own (``function_call``), its result an
    ``observation``."""
    found: list[dict[str, object]] = []
    for turn in turns:
        role = turn.message.role
        if turn.calls is None or turn.said.content or turn.said.reasoning is not None:
            found.append(_spoken(apart, turn, _SPEAKERS.get(role, role)))
        if turn.calls is not None:
            calls = turn.calls if isinstance(turn.calls, list) else [turn.calls]
            found += [{"from": "function_call", "value": _call_text(call)} for call in calls]
    return {**_identity(record, "id"), "conversations": found}


def _spoken(apart: bool, turn: Turn, speaker: str) -> dict[str, object]:
    if not apart:
        return {"from": speaker, "value": turn.whole}
    own = {APART: turn.said.reasoning} if turn.message.role == "assistant" else {}
    return {"from": speaker, "value": turn.said.content, **own}


def _call_text(call: object) -> str:
    """A call as name and arguments."""
    function = call.get("function", call) if isinstance(call, Mapping) else call
    if not isinstance(function, Mapping):
        return as_text(function)
    arguments = parsed(function.get("arguments"))
    return _compact({"name": function.get("name"), "arguments": arguments})


def alpaca(apart: bool, tally: Tally, record: Record, turns: list[Turn]) -> dict[str, object]:
    """The last user message as ``instruction``, what answers it as ``output``, the turns before it
    as pairs in ``history``. Tools have no place here."""
    tools = [t for t in turns if t.calls is not None or t.message.role in _TOOL]
    tally.changed[TOOLS_LEFT_OUT] += len(tools)
    pairs = _pairs(turns)
    tally.changed[NO_USER] += not any(asked for asked, _ in pairs)
    *earlier, (asked, answers) = pairs or [([], [])]
    tally.changed[NO_ANSWER] += not answers
    system = [t.said.content for t in turns if t.message.role in _SYSTEM]
    made: dict[str, object] = {
        "instruction": _joined(t.said.content for t in asked),
        "input": "",
        "output": _joined(t.said.content if apart else t.whole for t in answers),
        "system": _joined(system),
        "history": [
            [
                _joined(t.said.content for t in before),
                _joined(t.said.content if apart else t.whole for t in after),
            ]
            for before, after in earlier
        ],
    }
    if apart:
        reasons = [t.said.reasoning for t in answers if t.said.reasoning is not None]
        made[REASONING] = _joined(reasons) if reasons else None
        left = [t for _, after in earlier for t in after if t.said.reasoning]
        tally.changed[EARLIER_LEFT_OUT] += len(left)
    return made


def _pairs(turns: list[Turn]) -> list[tuple[list[Turn], list[Turn]]]:
    """User messages that follow each other, and the assistant's until the next."""
    pairs: list[tuple[list[Turn], list[Turn]]] = []
    for turn in turns:
        if turn.message.role in (*_SYSTEM, *_TOOL):
            continue
        asking = turn.message.role == "user"
        if not pairs or (asking and pairs[-1][1]):
            pairs.append(([], []))
        pairs[-1][0 if asking else 1].append(turn)
    return pairs


def oumi(apart: bool, tally: Tally, record: Record, turns: list[Turn]) -> dict[str, object]:
    """Oumi's conversation: role and content alone in a message, all else in ``metadata``: the
    source's, reasoning apart (a text or null for each message), and tool calls."""
    known = formats.parsed_object(record.get("metadata"))
    raw = record.get("metadata")
    metadata = known if known is not None else {} if raw is None else {"metadata": raw}
    if apart:
        metadata = _with(metadata, REASONING, [t.said.reasoning for t in turns])
    if any(t.calls is not None for t in turns):
        metadata = _with(metadata, "tool_calls", [t.calls for t in turns])
    messages = [{"role": t.message.role, "content": _oumi_content(t, apart)} for t in turns]
    return {**_identity(record, "conversation_id"), MESSAGES: messages, "metadata": metadata}


def _oumi_content(turn: Turn, apart: bool) -> object:
    if isinstance(turn.content, list):
        return turn.content
    return turn.said.content if apart else turn.whole


def _with(metadata: dict[str, object], name: str, value: object) -> dict[str, object]:
    while name in metadata:
        name += "_"
    return {**metadata, name: value}


def _identity(record: Record, name: str) -> dict[str, object]:
    return {name: record[formats.ID]} if formats.ID in record else {}


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def parsed(value: object) -> object:
    """What a text of JSON holds, other values as they are; a text that is none stays."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _compact(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


def as_text(value: object) -> str:
    """A text as it is, any other value as JSON."""
    return value if isinstance(value, str) else _compact(value)
