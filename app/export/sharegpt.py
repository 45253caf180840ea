"""``sharegpt``: turns of ``from`` and ``value`` that ask and answer in turn. Pure.

What a loader refuses is not mended by leaving something out: it is kept, and the row is counted.
"""

from dataclasses import dataclass

from ..conversations import json_text, reasoning
from ..conversations.formats.roles import ASSISTANT, SYSTEM, TOOL, USER
from ..conversations.model import Call
from ..conversations.tags import THINK
from .chat import APART, ATTACHMENTS_LEFT_OUT, Chat, Turn, as_text

JOINED, NOT_ALTERNATING = "messages_joined", "rows_that_do_not_alternate"

_SPEAKERS = {USER: "human", ASSISTANT: "gpt", SYSTEM: "system", TOOL: "observation"}
_ASKING, _ANSWERING = ("human", "observation"), ("gpt", "function_call")


def sharegpt(chat: Chat) -> dict[str, object]:
    """``from`` and ``value``, asking and answering in turn: a message's calls are one ``function_call``
    (a list where they are several), their results one ``observation``, and what else follows its own
    kind is joined to it. Beside a text the calls stand in ``<tool_call>``, as loaders take them; behind
    a trace alone they are bare. ``tools`` is JSON in a text."""
    made = [each.turn for each in _alternating(chat)]
    firsts = [each["from"] for each in made if each["from"] != "system"]
    turning = all(
        speaker in (_ANSWERING if place % 2 else _ASKING) for place, speaker in enumerate(firsts)
    )
    leading = all(each["from"] != "system" for each in made[1:])
    chat.tally.changed[NOT_ALTERNATING] += not (turning and leading and len(firsts) % 2 == 0)
    chat.tally.changed[ATTACHMENTS_LEFT_OUT] += chat.attachments
    tools = chat.tools
    named = {"tools": as_text(tools)} if tools else {}
    return {**chat.named("id"), "conversations": made, **named}


@dataclass
class _Spoken:
    """What is one turn in ``sharegpt``: texts, and with ``calls`` the tool calls behind them. ``reasons``
    is what stands apart of an assistant's, None where it has none."""

    speaker: str
    texts: list[str]
    calls: list[Call]
    reasons: list[str | None]

    @property
    def turn(self) -> dict[str, object]:
        said = "\n\n".join(text for text in self.texts if text)
        made: dict[str, object] = {"from": self.speaker, "value": said}
        if self.calls:
            made["value"] = _before(said) + self._called
        if self.reasons:
            found = [each for each in self.reasons if each is not None]
            made[APART] = "\n\n".join(each for each in found if each) if found else None
        return made

    @property
    def _called(self) -> str:
        calls = [{"name": each.name, "arguments": _arguments(each)} for each in self.calls]
        said = json_text.written(calls[0] if len(calls) == 1 else calls)
        beside = any(text.strip() and not _is_a_trace(text) for text in self.texts)
        several = sum(bool(text.strip()) for text in self.texts) > 1
        return f"<tool_call>\n{said}\n</tool_call>" if beside or several else said

    def takes(self, other: "_Spoken") -> bool:
        """Whether what follows is the same turn, its texts before all calls."""
        if self.calls:
            return bool(other.calls) and not any(map(str.strip, other.texts))
        return other.speaker == self.speaker or (self.speaker == "gpt" and bool(other.calls))

    def join(self, other: "_Spoken") -> None:
        """Take what follows."""
        self.speaker = other.speaker
        self.texts += other.texts
        self.calls += other.calls
        self.reasons += other.reasons


def _alternating(chat: Chat) -> list[_Spoken]:
    """The turns, those of one speaker that follow each other joined."""
    made: list[_Spoken] = []
    for each in (_spoken(chat, turn) for turn in chat.turns):
        if not made or not made[-1].takes(each):
            made.append(each)
            continue
        chat.tally.changed[JOINED] += each.speaker != "observation"
        made[-1].join(each)
    return made


def _spoken(chat: Chat, turn: Turn) -> _Spoken:
    """A message as a turn of ``sharegpt``."""
    speaker = "function_call" if turn.calls else _SPEAKERS.get(turn.role, turn.role)
    if not chat.apart:
        return _Spoken(speaker, [turn.whole], list(turn.calls), [])
    apart = turn.said.reasoning
    reasons = [] if apart is None and turn.role != ASSISTANT else [apart]
    return _Spoken(speaker, [turn.said.content], list(turn.calls), reasons)


def _before(text: str) -> str:
    """A text as it stands before a call."""
    return f"{text.rstrip()}\n\n" if text.strip() else ""


def _is_a_trace(text: str) -> bool:
    """Whether a text is one trace in ``<think>`` and nothing else, which loaders take before JSON."""
    found = reasoning.split(text)
    opened = text.lstrip().startswith(THINK.opening)
    return opened and found.trace in (reasoning.COMPLETE, reasoning.EMPTY) and not found.answer


def _arguments(call: Call) -> object:
    """The arguments as an object where they are one, also in text."""
    return json_text.value_or_text(call.arguments)
