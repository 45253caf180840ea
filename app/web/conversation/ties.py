"""Which tool result answers which call of a conversation. Pure; knows no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...conversations.model import TOOL_CALL, Message, Part
from .tool_calls import Call, calls

LAID_OUT = 1_000_000  # characters of the calls of a conversation; those beyond are shown as text


@dataclass
class Tie:
    """One call at its place: ``part`` says it, ``anchor`` is its id on the page; ``result`` is that of
    the message that answers it, "" where none does."""

    call: Call
    anchor: str
    part: Part
    result: str = ""


@dataclass
class Ties:
    """The calls of each message by its place, and the call that each result answers."""

    calls: dict[int, list[Tie]] = field(default_factory=dict)
    answered: dict[int, Tie] = field(default_factory=dict)

    def said(self, place: int, part: Part) -> list[Tie]:
        """The calls that a part of a message says."""
        return [tie for tie in self.calls.get(place, ()) if tie.part is part]


def ties(messages: Sequence[Message]) -> Ties:
    """Calls and results tied by id; results without one answer calls without one, in order."""
    found = Ties()
    open_ties: list[Tie] = []
    left = LAID_OUT
    for place, message in enumerate(messages):
        listed = [part for part in message.given if part.type == TOOL_CALL]
        called: list[tuple[Call, Part]] = []
        for part in listed:
            left -= len(part.text)
            called += [(call, part) for call in calls(part.text)] if left >= 0 else []
        made = [
            Tie(call, f"m{place}-call{number}", part) for number, (call, part) in enumerate(called)
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
