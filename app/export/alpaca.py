"""``alpaca``: the last question as ``instruction``, what answers it as ``output``. Pure.

Tools have no place here, nor has reasoning of earlier answers that stands apart: both are counted.
"""

from collections.abc import Iterable

from ..conversations.formats.roles import SYSTEM, TOOL, USER
from .chat import ATTACHMENTS_LEFT_OUT, NO_ANSWER, NO_USER, Chat, Turn

REASONING = "reasoning"  # where records are flat, reasoning that stands apart
TOOLS_LEFT_OUT, EARLIER_LEFT_OUT = "tool_messages_left_out", "earlier_reasoning_left_out"


def alpaca(chat: Chat) -> dict[str, object]:
    """The last user message as ``instruction``, what answers it as ``output``, the turns before it
    as pairs in ``history``, which only a record with such turns has."""
    tally, apart = chat.tally, chat.apart
    tally.changed[TOOLS_LEFT_OUT] += sum(bool(t.calls) or t.role == TOOL for t in chat.turns)
    tally.changed[ATTACHMENTS_LEFT_OUT] += chat.attachments
    pairs = _pairs(chat.turns)
    tally.changed[NO_USER] += not any(asked for asked, _ in pairs)
    *earlier, (asked, answers) = pairs or [([], [])]
    tally.changed[NO_ANSWER] += not answers

    def said(turns: Iterable[Turn]) -> str:
        return _joined(turn.said.content if apart else chat.whole(turn) for turn in turns)

    made: dict[str, object] = {
        "instruction": said(asked),
        "input": "",
        "output": said(answers),
        "system": said(t for t in chat.turns if t.role == SYSTEM),
    }
    if earlier:
        made["history"] = [[said(before), said(after)] for before, after in earlier]
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


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)
