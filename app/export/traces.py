"""What becomes of reasoning traces: kept, stripped or apart. From a message to its content and reasoning.

Knows neither shapes nor files. What it changes is counted in a ``Tally``.
"""

from collections import Counter
from dataclasses import dataclass, field

from ..conversations import reasoning
from ..conversations.formats.format import Said
from ..conversations.formats.roles import ASSISTANT
from ..conversations.model import REASONING, Conversation, Message
from ..search.request.query import KEEP, STRIP

OPENED, CLOSED = f"{reasoning.OPEN}\n", f"\n{reasoning.CLOSE}\n\n"

# What an export counts besides its rows, as the manifest has it.
EMPTIED = "answers_left_empty"
REMOVED = "traces_removed"
MOVED = "traces_moved"
NULLS_LEFT_OUT = "null_arguments_left_out"


@dataclass
class Tally:
    """What an export did to its rows: ``changed`` has how often each thing was done."""

    rows: int = 0
    changed: Counter[str] = field(default_factory=Counter)


def said(message: Message, choice: str) -> Said:
    """A message by a choice. ``keep`` leaves inline traces inline and a field of its own apart.

    Only assistants reason: every other message is what it was. A text without a trace stays as it
    is to the last blank; of others the answer is their pieces joined by a blank line.
    """
    own = given(message)
    if choice == KEEP or message.role != ASSISTANT:
        return Said(message.content, own)
    inline = message.split.trace != reasoning.NONE
    if not inline and own is None:
        return Said(message.content, None)
    content = message.split.answer if inline else message.content
    if choice == STRIP:
        return Said(content, None)
    found = [own] if own is not None else []
    found += [message.split.reasoning] if inline else []
    return Said(content, "\n\n".join(text for text in found if text))


def counted(conversation: Conversation, choice: str, tally: Tally) -> list[Said]:
    """What each message of a conversation says by a choice, and what that changes counted."""
    found = [said(message, choice) for message in conversation.messages]
    for message, what in zip(conversation.messages, found, strict=True):
        tally.changed[NULLS_LEFT_OUT] += sum(call.left_out for call in message.calls)
        inline = message.split.trace != reasoning.NONE
        if choice == KEEP or message.role != ASSISTANT or not (inline or given(message)):
            continue
        tally.changed[EMPTIED] += inline and not what.content
        tally.changed[REMOVED if choice == STRIP else MOVED] += 1
    return found


def given(message: Message) -> str | None:
    """The reasoning that the source keeps apart from the content."""
    return next((part.text for part in message.given if part.type == REASONING), None)


def inlined(what: Said) -> str:
    """Both in one text, for shapes that have no place for reasoning."""
    if what.reasoning is None:
        return what.content
    return f"{OPENED}{what.reasoning}{CLOSED}{what.content}"
