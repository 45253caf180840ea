"""``sharegpt``: turns of ``from`` and ``value`` that ask and answer in turn. Pure.

What a loader refuses is not mended by leaving something out: it is kept, and the row is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..conversations import json_text, reasoning
from ..conversations.formats.roles import ASSISTANT, SYSTEM, TOOL, USER
from ..conversations.model import Call
from ..conversations.tags import THINK
from .chat import ATTACHMENTS_LEFT_OUT, Chat, Turn, as_text
from .spelling import GPT, HUMAN, Spelling

JOINED, NOT_ALTERNATING = "messages_joined", "rows_that_do_not_alternate"

_CALLING, _RESULT = "function_call", "observation"
_SPEAKERS = {USER: HUMAN, ASSISTANT: GPT, SYSTEM: SYSTEM, TOOL: _RESULT}
_ASKING, _ANSWERING = (HUMAN, _RESULT), (GPT, _CALLING)


def sharegpt(chat: Chat) -> dict[str, object]:
    """``from`` and ``value``, asking and answering in turn: a message's calls are one ``function_call``
    (a list where they are several), their results one ``observation``, and what else follows its own
    kind is joined to it. Beside a text the calls stand in ``<tool_call>``, as loaders take them; behind
    a trace alone they are bare. ``tools`` is JSON in a text. With names of roles that are not its own
    the assistant calls, each call in ``<tool_call>``, and a tool answers."""
    made = alternating(chat, chat.turns)
    chat.tally.changed[NOT_ALTERNATING] += not alternates(made, answered=True)
    chat.tally.changed[ATTACHMENTS_LEFT_OUT] += chat.attachments
    tools = chat.tools
    named = {"tools": as_text(tools)} if tools else {}
    turns = [each.turn(chat.spelling) for each in made]
    return {**chat.named("id"), "conversations": turns, **named}


def alternates(spoken: Sequence["Spoken"], answered: bool) -> bool:
    """Whether turns ask and answer in turn, a system text before them all; ``answered``: with an answer at
    their end, else with what is to be answered."""
    firsts = [each.speaker for each in spoken if each.speaker != SYSTEM]
    turning = all(
        speaker in (_ANSWERING if place % 2 else _ASKING) for place, speaker in enumerate(firsts)
    )
    leading = all(each.speaker != SYSTEM for each in spoken[1:])
    return turning and leading and bool(firsts) and len(firsts) % 2 == (not answered)


@dataclass
class Spoken:
    """What is one turn in ``sharegpt``: texts, and with ``calls`` the tool calls behind them. ``reasons``
    is what stands apart of an assistant's, None where it has none."""

    speaker: str
    texts: list[str]
    calls: list[Call]
    reasons: list[str | None]

    def turn(self, spelling: Spelling) -> dict[str, object]:
        own = spelling.roles == (HUMAN, GPT)
        said = "\n\n".join(text for text in self.texts if text)
        made: dict[str, object] = {"from": _named(self.speaker, spelling), "value": said}
        if self.calls:
            made["value"] = _before(said) + self._called(bare=own)
        if self.reasons:
            found = [each for each in self.reasons if each is not None]
            reasons = "\n\n".join(each for each in found if each) if found else None
            made[spelling.reasoning_key] = reasons
        return made

    def _called(self, bare: bool) -> str:
        calls = [{"name": each.name, "arguments": _arguments(each)} for each in self.calls]
        if not bare:
            return "\n".join(map(_tagged, calls))
        beside = any(text.strip() and not _is_a_trace(text) for text in self.texts)
        several = sum(bool(text.strip()) for text in self.texts) > 1
        said = calls[0] if len(calls) == 1 else calls
        return _tagged(said) if beside or several else json_text.written(said)

    def takes(self, other: "Spoken") -> bool:
        """Whether what follows is the same turn, its texts before all calls."""
        if self.calls:
            return bool(other.calls) and not any(map(str.strip, other.texts))
        return other.speaker == self.speaker or (self.speaker == GPT and bool(other.calls))

    def join(self, other: "Spoken") -> None:
        """Take what follows."""
        self.speaker = other.speaker
        self.texts += other.texts
        self.calls += other.calls
        self.reasons += other.reasons


def alternating(chat: Chat, turns: Sequence[Turn]) -> list[Spoken]:
    """Turns of a chat, those of one speaker that follow each other joined."""
    made: list[Spoken] = []
    for each in (_spoken(chat, turn) for turn in turns):
        if not made or not made[-1].takes(each):
            made.append(each)
            continue
        chat.tally.changed[JOINED] += each.speaker != _RESULT
        made[-1].join(each)
    return made


def _spoken(chat: Chat, turn: Turn) -> Spoken:
    """A message as a turn of ``sharegpt``."""
    speaker = _CALLING if turn.calls else _SPEAKERS.get(turn.role, turn.role)
    if not chat.apart:
        return Spoken(speaker, [chat.whole(turn)], list(turn.calls), [])
    apart = turn.said.reasoning
    reasons = [] if apart is None and turn.role != ASSISTANT else [apart]
    return Spoken(speaker, [turn.said.content], list(turn.calls), reasons)


def _named(speaker: str, spelling: Spelling) -> str:
    """The name of a speaker; beside other names than its own the assistant calls, a tool answers."""
    asking, answering = spelling.roles
    if (asking, answering) == (HUMAN, GPT):
        return speaker
    return {HUMAN: asking, GPT: answering, _CALLING: answering, _RESULT: TOOL}.get(speaker, speaker)


def _tagged(calls: object) -> str:
    """A call, or a list of them, as a text that holds it among others."""
    return f"<tool_call>\n{json_text.written(calls)}\n</tool_call>"


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
