"""Which tool result answers which call of a conversation. Pure; knows no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...conversations.model import TOOL_CALL, Message
from .tool_calls import Call, calls


@dataclass
class Tie:
    """One call at its place: ``anchor`` is its id on the page; ``result`` is that of the message that
    answers it, "" where none does."""

    call: Call
    anchor: str
    result: str = ""


@dataclass
class Ties:
    """The calls of each message by its place, and the call that each result answers."""

    calls: dict[int, list[Tie]] = field(default_factory=dict)
    answered: dict[int, Tie] = field(default_factory=dict)


def ties(messages: Sequence[Message]) -> Ties:
    """Calls and results tied by id; results without one answer calls without one, in order."""
    found = Ties()
    open_ties: list[Tie] = []
    for place, message in enumerate(messages):
        text = next((part.text for part in message.given if part.type == TOOL_CALL), "")
        made = [
            Tie(call, f"m{place}-call{number}")
            for number, call in enumerate(calls(text) if text else ())
        ]
        if made:
            found.calls[place] = made
            open_ties = [*(tie for tie in open_ties if tie.call.id), *made]
        elif message.role == "tool":
            tie = next((each for each in open_ties if each.call.id == message.answers), None)
            if tie:
                open_ties.remove(tie)
                tie.result = f"m{place}"
                found.answered[place] = tie
    return found
