"""The chat shapes of an export: a conversation's turns as the record that a trainer's loader takes. Pure.

Every shape takes every conversation. What one has no place for is left out and counted: tools in
``alpaca``, and there the reasoning of earlier turns where reasoning stands apart; turns that
``sharegpt`` cannot let alternate. Whether traces were stripped is settled in what the turns say.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa

from ..conversations import json_text
from ..conversations.formats.roles import ASSISTANT, SYSTEM, TOOL, USER
from ..conversations.model import Call
from .chat import APART, ATTACHMENTS_LEFT_OUT, Chat, Turn, as_text
from .sharegpt import sharegpt
from .traces import KEEP, SEPARATE

SOURCE = "source"  # the shape that is no chat: every column as it was
MESSAGES = "messages"
REASONING = "reasoning"  # where records are flat, reasoning that stands apart
TOOLS_LEFT_OUT, EARLIER_LEFT_OUT = "tool_messages_left_out", "earlier_reasoning_left_out"
NO_USER, NO_ANSWER = "rows_without_a_user_message", "rows_without_an_answer"


def _messages(chat: Chat, strict: bool) -> dict[str, object]:
    """Role and content, reasoning in ``reasoning_content``; with ``strict`` as OpenAI's interface takes
    them, arguments as text and no key besides."""
    made: dict[str, object] = {} if strict else chat.named("conversation_id")
    if tools := chat.tools:
        made["tools"] = tools
    return {**made, MESSAGES: [_message(chat, each, strict) for each in chat.turns]}


def _message(chat: Chat, turn: Turn, strict: bool) -> dict[str, object]:
    made: dict[str, object] = {"role": turn.role, "content": turn.content(turn.said.content)}
    own = turn.said.reasoning
    if own is not None or (chat.apart and turn.role == ASSISTANT):
        made[APART] = own
    if turn.message.name:
        made["name"] = turn.message.name
    if turn.calls:
        made["tool_calls"] = [_called(each, as_text=strict) for each in turn.calls]
    if turn.message.answers:
        made["tool_call_id"] = turn.message.answers
    return made


def _called(call: Call, as_text: bool) -> dict[str, object]:
    """A call in OpenAI's form; ``as_text``: its arguments as JSON in a text, as that interface has it."""
    arguments = call.arguments
    if as_text and not isinstance(arguments, str):
        arguments = json_text.written(arguments)
    made: dict[str, object] = {"id": call.id} if call.id else {}
    return {**made, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def _alpaca(chat: Chat) -> dict[str, object]:
    """The last user message as ``instruction``, what answers it as ``output``, the turns before it
    as pairs in ``history``. Tools have no place here."""
    tally, apart = chat.tally, chat.apart
    tally.changed[TOOLS_LEFT_OUT] += sum(bool(t.calls) or t.role == TOOL for t in chat.turns)
    tally.changed[ATTACHMENTS_LEFT_OUT] += chat.attachments
    pairs = _pairs(chat.turns)
    tally.changed[NO_USER] += not any(asked for asked, _ in pairs)
    *earlier, (asked, answers) = pairs or [([], [])]
    tally.changed[NO_ANSWER] += not answers

    def said(turns: Iterable[Turn]) -> str:
        return _joined(turn.said.content if apart else turn.whole for turn in turns)

    made: dict[str, object] = {
        "instruction": said(asked),
        "input": "",
        "output": said(answers),
        "system": said(t for t in chat.turns if t.role == SYSTEM),
        "history": [[said(before), said(after)] for before, after in earlier],
    }
    if apart:
        reasons = [t.said.reasoning for t in answers if t.said.reasoning is not None]
        made[REASONING] = _joined(reasons) if reasons else None
        told, kept = (sum(bool(t.said.reasoning) for t in each) for each in (chat.turns, answers))
        tally.changed[EARLIER_LEFT_OUT] += told - kept
    return made


def _pairs(turns: list[Turn]) -> list[tuple[list[Turn], list[Turn]]]:
    """User messages that follow each other, and the assistant's until the next."""
    pairs: list[tuple[list[Turn], list[Turn]]] = []
    for turn in turns:
        if turn.role in (SYSTEM, TOOL):
            continue
        asking = turn.role == USER
        if not pairs or (asking and pairs[-1][1]):
            pairs.append(([], []))
        pairs[-1][0 if asking else 1].append(turn)
    return pairs


def _oumi(chat: Chat) -> dict[str, object]:
    """Oumi's conversation: role and content alone in a message, all else in ``metadata``: the
    source's, reasoning apart (a text or null for each message), and tool calls."""
    raw = chat.record.get(chat.layout.column("metadata"))
    known = json_text.parsed_object(raw)
    metadata = known if known is not None else {} if raw is None else {"metadata": raw}
    if chat.apart:
        metadata = _with(metadata, REASONING, [t.said.reasoning for t in chat.turns])
    if any(t.calls for t in chat.turns):
        calls = [[_called(c, as_text=False) for c in t.calls] or None for t in chat.turns]
        metadata = _with(metadata, "tool_calls", calls)
    messages = [
        {"role": t.role, "content": t.content(t.said.content if chat.apart else t.whole)}
        for t in chat.turns
    ]
    return {**_text_id(chat), MESSAGES: messages, "metadata": metadata}


def _text_id(chat: Chat) -> dict[str, object]:
    """The id as Oumi takes it, which is a text."""
    named = chat.named("conversation_id")
    return {name: each if each is None else as_text(each) for name, each in named.items()}


def _with(metadata: dict[str, object], name: str, value: object) -> dict[str, object]:
    while name in metadata:
        name += "_"
    return {**metadata, name: value}


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


_TEXT = pa.string()
_SPOKEN = [("role", _TEXT), ("content", _TEXT), (APART, _TEXT)]
_FUNCTION = pa.struct([("name", _TEXT), ("arguments", _TEXT)])
_CALL = pa.struct([("id", _TEXT), ("type", _TEXT), ("function", _FUNCTION)])
_CALLED = [("name", _TEXT), ("tool_calls", pa.list_(_CALL)), ("tool_call_id", _TEXT)]
_TURNS = (MESSAGES, pa.list_(pa.struct([*_SPOKEN, *_CALLED])))
_SHARED = pa.list_(pa.struct([("from", _TEXT), ("value", _TEXT), (APART, _TEXT)]))
_FLAT = ("instruction", "input", "output", "system")


@dataclass(frozen=True)
class Shape:
    """A shape: its name, what it is in the words of the page, and what becomes of traces where nothing
    is chosen."""

    name: str
    words: str
    traces: str = field(default=KEEP, kw_only=True)


@dataclass(frozen=True)
class ChatShape(Shape):
    """A chat shape: what makes a record of it, the columns beside the text that it is made from, and the
    types that it has in Parquet, where what has no fixed type is JSON in a text."""

    made: Callable[[Chat], dict[str, object]]
    slots: Sequence[str]
    types: Sequence[tuple[str, pa.DataType]]


_CHATS = (
    ChatShape(
        "messages",
        "Role and content, tools and reasoning by their usual keys",
        partial(_messages, strict=False),
        ("id", "tools"),
        [("conversation_id", _TEXT), ("tools", _TEXT), _TURNS],
    ),
    ChatShape(
        "openai",
        "Messages, reasoning apart as reasoning_content",
        partial(_messages, strict=True),
        ("tools",),
        [("tools", _TEXT), _TURNS],
        traces=SEPARATE,
    ),
    ChatShape(
        "sharegpt",
        "Conversations of from and value",
        sharegpt,
        ("id", "tools"),
        [("id", _TEXT), ("conversations", _SHARED), ("tools", _TEXT)],
    ),
    ChatShape(
        "alpaca",
        "Instruction, output and history",
        _alpaca,
        (),
        [
            *((name, _TEXT) for name in _FLAT),
            ("history", pa.list_(pa.list_(_TEXT))),
            (REASONING, _TEXT),
        ],
    ),
    ChatShape(
        "oumi",
        "Messages, and the metadata beside them",
        _oumi,
        ("id", "metadata"),
        [
            ("conversation_id", _TEXT),
            (MESSAGES, pa.list_(pa.struct(_SPOKEN[:2]))),
            ("metadata", _TEXT),
        ],
    ),
)
CHATS = {each.name: each for each in _CHATS}
SHAPES = {each.name: each for each in (Shape(SOURCE, "Every column as it was"), *_CHATS)}
