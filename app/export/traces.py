"""What becomes of reasoning traces: kept, stripped or apart. From a message to its content and reasoning.

Knows neither shapes nor files. What it changes is counted in a ``Tally``.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..conversations import reasoning
from ..conversations.model import REASONING, Message
from ..search.request.query import KEEP, STRIP

OPENED, CLOSED = f"{reasoning.OPEN}\n", f"\n{reasoning.CLOSE}\n\n"

# The keys under which a message may keep its reasoning apart from its content.
OWN_KEYS = ("reasoning_content", "reasoning")

# What an export counts besides its rows, as the manifest has it.
EMPTIED = "answers_left_empty"
REMOVED = "traces_removed"
MOVED = "traces_moved"


@dataclass
class Tally:
    """What an export did to its rows: ``changed`` has how often each thing was done."""

    rows: int = 0
    changed: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Said:
    """What a message says: its content, and its reasoning where that stands apart (else None)."""

    content: str
    reasoning: str | None


def said(message: Message, choice: str, tally: Tally) -> Said:
    """A message by a choice. ``keep`` leaves inline traces inline and a field of its own apart.

    Only assistants reason: every other message is what it was. A text without a trace stays as it
    is to the last blank; of others the answer is their pieces joined by a blank line.
    """
    own = given(message)
    if choice == KEEP or message.role != "assistant":
        return Said(message.content, own)
    inline = message.split.trace != reasoning.NONE
    if not inline and own is None:
        return Said(message.content, None)
    content = message.split.answer if inline else message.content
    tally.changed[EMPTIED] += inline and not content
    tally.changed[REMOVED if choice == STRIP else MOVED] += 1
    if choice == STRIP:
        return Said(content, None)
    found = [own] if own is not None else []
    found += [message.split.reasoning] if inline else []
    return Said(content, "\n\n".join(text for text in found if text))


def given(message: Message) -> str | None:
    """The reasoning that the source keeps apart from the content."""
    return next((part.text for part in message.given if part.type == REASONING), None)


def inlined(what: Said) -> str:
    """Both in one text, for shapes that have no place for reasoning."""
    if what.reasoning is None:
        return what.content
    return f"{OPENED}{what.reasoning}{CLOSED}{what.content}"


def stripped(text: object, choice: str, tally: Tally) -> tuple[object, str | None]:
    """A response of the source, and the reasoning that was taken out of it (None for no trace)."""
    if not isinstance(text, str):
        return text, None
    what = said(Message("assistant", text), choice, tally)
    return what.content, what.reasoning


def stripped_messages(entries: object, choice: str, tally: Tally) -> tuple[object, list[str]]:
    """The source's list of messages without traces, and these. What is no such list stays."""
    if not isinstance(entries, list):
        return entries, []
    made: list[object] = []
    found: list[str] = []
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("role") == "assistant":
            entry, reasons = _stripped_entry(entry, choice, tally)
            found += reasons
        made.append(entry)
    return made, found


def _stripped_entry(
    entry: Mapping[str, object], choice: str, tally: Tally
) -> tuple[dict[str, object], list[str]]:
    """One message without its trace: every other key as it was, a reasoning field of its own null."""
    made = dict(entry)
    found: list[str] = []
    for key in OWN_KEYS:
        own = made.get(key)
        if isinstance(own, str) and own.strip():
            made[key] = None
            found += [] if own in found else [own]
            tally.changed[REMOVED if choice == STRIP else MOVED] += 1
    content = made.get("content")
    if isinstance(content, str):
        message = Message("assistant", content)
        if message.split.trace != reasoning.NONE:
            what = said(message, choice, tally)
            made["content"] = what.content
            found.append(message.split.reasoning)
    return made, found
