"""What becomes of reasoning traces: kept, stripped or apart. From a message to its content and reasoning.

Knows neither shapes nor files. What it changes is counted in a ``Tally``.
"""

from collections import Counter
from dataclasses import dataclass, field

from ..conversations import reasoning
from ..conversations.formats.format import Said
from ..conversations.formats.roles import ASSISTANT
from ..conversations.model import Conversation, Message
from ..conversations.tags import THINK

KEEP, STRIP, SEPARATE = "keep", "strip", "separate"
OPENED, CLOSED = f"{THINK.opening}\n", f"\n{THINK.closing}\n\n"

# What an export counts besides its rows, as the manifest has it.
EMPTIED = "answers_left_empty"
REMOVED = "traces_removed"
MOVED = "traces_moved"
TAGS_LEFT = "answers_with_tags_left"  # outside code, where traces were taken out
NULLS_LEFT_OUT = "null_arguments_left_out"


@dataclass(frozen=True)
class Reasoning:
    """A choice of what becomes of traces: its name, and what it is in the words of the page."""

    name: str
    words: str


_ROWS = (
    Reasoning(KEEP, "Keep it where it stands"),
    Reasoning(STRIP, "Strip it: the answers alone"),
    Reasoning(SEPARATE, "Put it in a field of its own"),
)
REASONINGS = {each.name: each for each in _ROWS}


@dataclass
class Tally:
    """What an export did to its rows: ``changed`` has how often each thing was done."""

    rows: int = 0
    changed: Counter[str] = field(default_factory=Counter)


def said(message: Message, choice: str) -> Said:
    """A message by a choice. ``keep`` leaves inline traces inline and a field of its own apart.

    Only in assistants' texts is a trace looked for; what anybody keeps in a field of its own is
    reasoning. A text without a trace stays as it is to the last blank; of others the answer is their
    pieces joined by a blank line.
    """
    if choice == KEEP:
        return Said(message.content, message.own_reasoning)
    if message.trace == reasoning.NONE:
        return Said(message.content, None)
    content = message.split.answer if message.inline != reasoning.NONE else message.content
    return Said(content, None if choice == STRIP else message.trace_text)


def counted(conversation: Conversation, choice: str, tally: Tally) -> list[Said]:
    """What each message of a conversation says by a choice, and what that changes counted."""
    found = [said(message, choice) for message in conversation.messages]
    for message, what in zip(conversation.messages, found, strict=True):
        if message.calls:
            tally.changed[NULLS_LEFT_OUT] += sum(call.left_out for call in message.calls)
        if choice == KEEP:
            continue
        if message.role == ASSISTANT:
            tally.changed[TAGS_LEFT] += bool(reasoning.stray_tags(what.content))
        if message.trace != reasoning.NONE:
            tally.changed[EMPTIED] += message.inline != reasoning.NONE and not what.content
            tally.changed[REMOVED if choice == STRIP else MOVED] += 1
    return found


def inlined(what: Said) -> str:
    """Both in one text, for shapes that have no place for reasoning."""
    if what.reasoning is None:
        return what.content
    return f"{OPENED}{what.reasoning}{CLOSED}{what.content}"
