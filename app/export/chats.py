"""The chat shapes of an export: a conversation's turns as the record that a trainer's loader takes. Pure.

Every shape takes every conversation. What one has no place for is left out and counted: tools in
``alpaca``, and there the reasoning of earlier turns where reasoning stands apart; turns that
``sharegpt`` cannot let alternate. Whether traces were stripped is settled in what the turns say.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from ..conversations import json_text
from ..conversations.formats.format import Layout, Record, Said
from ..conversations.formats.roles import ASSISTANT, SYSTEM, TOOL, USER
from ..conversations.model import Call, Message
from .traces import Tally, inlined

MESSAGES = "messages"
REASONING = "reasoning"  # where records are flat, reasoning that stands apart
APART = "reasoning_content"  # the same, in a message
TOOLS_LEFT_OUT, EARLIER_LEFT_OUT = "tool_messages_left_out", "earlier_reasoning_left_out"
NO_USER, NO_ANSWER = "rows_without_a_user_message", "rows_without_an_answer"
JOINED, NOT_ALTERNATING = "messages_joined", "rows_that_do_not_alternate"

_SPEAKERS = {USER: "human", ASSISTANT: "gpt", SYSTEM: "system", TOOL: "observation"}
_ASKING, _ANSWERING = ("human", "observation"), ("gpt", "function_call")


@dataclass(frozen=True)
class Turn:
    """A message, and what it says by the choice of reasoning."""

    message: Message
    said: Said

    @property
    def role(self) -> str:
        return self.message.role

    @property
    def calls(self) -> tuple[Call, ...]:
        return self.message.calls

    @property
    def whole(self) -> str:
        """What it says in one text, reasoning that stood apart inline."""
        return inlined(self.said)

    def content(self, text: str) -> object:
        """The text as a content: a list of parts where the message has attachments."""
        if not self.message.attachments:
            return text
        return [*self.message.attachments, *([{"type": "text", "text": text}] if text else [])]


@dataclass(frozen=True)
class Chat:
    """What a shape is made of. ``apart``: reasoning is to stand in a place of its own."""

    turns: list[Turn]
    apart: bool
    tally: Tally
    record: Record
    layout: Layout

    @property
    def identity(self) -> object:
        """The conversation's id as the source has it."""
        return self.record.get(self.layout.column("id"))

    def named(self, name: str) -> dict[str, object]:
        """The id under a name; nothing where the dataset has none."""
        return {name: self.identity} if self.layout.column("id") in self.record else {}

    @property
    def tools(self) -> object:
        """The tools that could be called, as the source has them; JSON in text is taken apart."""
        return json_text.value_or_text(self.record.get(self.layout.column("tools")))


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


def _sharegpt(chat: Chat) -> dict[str, object]:
    """``from`` and ``value``, asking and answering in turn: a message's calls are one ``function_call``
    (a list where they are several), their results one ``observation``, and what else follows its own
    kind is joined to it. ``tools`` is JSON in a text, as such loaders take it."""
    made = list(_alternating(chat))
    firsts = [each["from"] for each in made if each["from"] != "system"]
    turning = all(
        speaker in (_ANSWERING if place % 2 else _ASKING) for place, speaker in enumerate(firsts)
    )
    leading = all(each["from"] != "system" for each in made[1:])
    chat.tally.changed[NOT_ALTERNATING] += not (turning and leading and len(firsts) % 2 == 0)
    tools = {"tools": as_text(chat.tools)} if chat.tools else {}
    return {**chat.named("id"), "conversations": made, **tools}


def _alternating(chat: Chat) -> Iterable[dict[str, object]]:
    """The turns, those of one speaker that follow each other joined."""
    made: list[dict[str, object]] = []
    for each in (spoken for turn in chat.turns for spoken in _spoken(chat, turn)):
        last = made[-1] if made else None
        if last is None or last["from"] != each["from"] or each["from"] == "function_call":
            made.append(each)
            continue
        if each["from"] != "observation":
            chat.tally.changed[JOINED] += 1
        for key in ("value", APART):
            texts = [str(said[key]) for said in (last, each) if said.get(key)]
            if texts or key in last:
                last[key] = "\n\n".join(texts) if texts else last[key]
    return made


def _spoken(chat: Chat, turn: Turn) -> Iterable[dict[str, object]]:
    """What a message is in ``sharegpt``: its text, its calls, or both."""
    speaker = _SPEAKERS.get(turn.role, turn.role)
    text = turn.said.content
    apart = {APART: turn.said.reasoning} if chat.apart and turn.role == ASSISTANT else {}
    if not turn.calls:
        yield {"from": speaker, "value": text if chat.apart else turn.whole, **apart}
        return
    calls: object = [{"name": each.name, "arguments": _arguments(each)} for each in turn.calls]
    value = json_text.written(calls[0] if len(turn.calls) == 1 else calls)  # type: ignore[index]
    whole = text if chat.apart else turn.whole
    if turn.message.split.answer:
        yield {"from": speaker, "value": whole, **apart}
        yield {"from": "function_call", "value": value}
        return
    before = f"{whole.rstrip()}\n\n" if whole.strip() else ""  # reasoning alone
    yield {"from": "function_call", "value": before + value, **apart}


def _arguments(call: Call) -> object:
    """The arguments as an object where they are one, also in text."""
    return json_text.value_or_text(call.arguments)


def _alpaca(chat: Chat) -> dict[str, object]:
    """The last user message as ``instruction``, what answers it as ``output``, the turns before it
    as pairs in ``history``. Tools have no place here."""
    tally, apart = chat.tally, chat.apart
    tally.changed[TOOLS_LEFT_OUT] += sum(bool(t.calls) or t.role == TOOL for t in chat.turns)
    pairs = _pairs(chat.turns)
    tally.changed[NO_USER] += not any(asked for asked, _ in pairs)
    *earlier, (asked, answers) = pairs or [([], [])]
    tally.changed[NO_ANSWER] += not answers
    made: dict[str, object] = {
        "instruction": _joined(t.said.content for t in asked),
        "input": "",
        "output": _joined(t.said.content if apart else t.whole for t in answers),
        "system": _joined(t.said.content for t in chat.turns if t.role == SYSTEM),
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
    return {**chat.named("conversation_id"), MESSAGES: messages, "metadata": metadata}


def _with(metadata: dict[str, object], name: str, value: object) -> dict[str, object]:
    while name in metadata:
        name += "_"
    return {**metadata, name: value}


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def as_text(value: object) -> str:
    """A text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json_text.written(value)


_TEXT = pa.string()
_SPOKEN = [("role", _TEXT), ("content", _TEXT), (APART, _TEXT)]
_CALLED = [(name, _TEXT) for name in ("name", "tool_calls", "tool_call_id")]
_TURNS = (MESSAGES, pa.list_(pa.struct([*_SPOKEN, *_CALLED])))
_SHARED = pa.list_(pa.struct([("from", _TEXT), ("value", _TEXT), (APART, _TEXT)]))
_FLAT = ("instruction", "input", "output", "system")


@dataclass(frozen=True)
class Shape:
    """A chat shape: what makes a record of it, the columns beside the text that it is made from, and the
    types that it has in Parquet, where what has no fixed type is JSON in a text."""

    made: Callable[[Chat], dict[str, object]]
    slots: Sequence[str]
    types: Sequence[tuple[str, pa.DataType]]


CHATS = {
    "messages": Shape(
        partial(_messages, strict=False),
        ("id", "tools"),
        [("conversation_id", _TEXT), ("tools", _TEXT), _TURNS],
    ),
    "openai": Shape(partial(_messages, strict=True), ("tools",), [("tools", _TEXT), _TURNS]),
    "sharegpt": Shape(
        _sharegpt, ("id", "tools"), [("id", _TEXT), ("conversations", _SHARED), ("tools", _TEXT)]
    ),
    "alpaca": Shape(
        _alpaca,
        (),
        [
            *((name, _TEXT) for name in _FLAT),
            ("history", pa.list_(pa.list_(_TEXT))),
            (REASONING, _TEXT),
        ],
    ),
    "oumi": Shape(
        _oumi,
        ("id", "metadata"),
        [
            ("conversation_id", _TEXT),
            (MESSAGES, pa.list_(pa.struct(_SPOKEN[:2]))),
            ("metadata", _TEXT),
        ],
    ),
}
