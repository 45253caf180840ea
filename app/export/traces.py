"""What becomes of reasoning traces: kept, stripped, apart or inline. From a message to its content and
reasoning.

Knows neither shapes nor files. What it changes is counted in a ``Tally``.
"""

from collections import Counter
from dataclasses import dataclass, field

from ..conversations import reasoning
from ..conversations.formats.format import Said
from ..conversations.formats.roles import ASSISTANT
from ..conversations.model import Conversation, Message
from ..conversations.tag_patterns import stray_tags
from ..conversations.tags import THINK, Tags
from .options import INLINE, KEEP, STRIP

# What an export counts besides its rows, as the manifest has it.
EMPTIED = "answers_left_empty"
REMOVED = "traces_removed"
MOVED = "traces_moved"
INLINED = "traces_made_inline"
CLOSED_EARLY = "inline_traces_that_hold_their_closing_tag"
TAGS_LEFT = "answers_with_tags_left"  # outside code, where traces were taken out
NULLS_LEFT_OUT = "null_arguments_left_out"


@dataclass
class Tally:
    """What an export did to its rows: ``changed`` has how often each thing was done."""

    rows: int = 0
    changed: Counter[str] = field(default_factory=Counter)


def said(message: Message, choice: str) -> Said:
    """A message by a choice. ``keep`` leaves inline traces inline and a field of its own apart.

    Only in assistants' texts is a trace looked for; what anybody keeps in a field of its own is
    reasoning. A text without a trace stays as it is to the last blank; of others the answer is their
    pieces joined by a blank line. ``inline`` leaves what stands in ``<think>`` already to the character.
    """
    if choice == KEEP:
        return Said(message.content, message.own_reasoning)
    if choice != INLINE and message.role == ASSISTANT and not message.given:
        return parted(message.split, choice)
    if message.trace == reasoning.NONE:
        return Said(message.content, None)
    if choice == INLINE:
        return Said(_whole(message), None, inline=True)
    content = message.split.answer if message.inline != reasoning.NONE else message.content
    return Said(content, None if choice == STRIP else message.trace_text)


def parted(split: reasoning.Split, choice: str) -> Said:
    """What an assistant's text says by itself, its traces taken out by ``strip`` or ``separate``."""
    if split.trace == reasoning.NONE:
        return Said(split.text, None)
    return Said(split.answer, None if choice == STRIP else split.reasoning)


def _whole(message: Message) -> str:
    """All that a message says in one text, its reasoning in ``<think>``."""
    content = message.content if _is_in_think(message) else _retagged(message.split)
    return inlined(Said(content, message.own_reasoning))


def _is_in_think(message: Message) -> bool:
    """Whether no trace of the text stands in another pair of tags."""
    split = message.split
    tags = "".join(split.text[each.start : each.end] for each in split.pieces if each.kind == "tag")
    return message.inline == reasoning.NONE or THINK.opening in tags or THINK.closing in tags


def _retagged(split: reasoning.Split) -> str:
    """A text with its traces in ``<think>``, without what stood around its answer; a trace that was cut
    off stays so."""
    texts = []
    for place, piece in enumerate(split.pieces):
        text = split.text[piece.start : piece.end].strip()
        if piece.kind == "reasoning":
            cut_off = place == len(split.pieces) - 1
            texts.append(f"{THINK.opening}\n{text}" + ("" if cut_off else f"\n{THINK.closing}"))
        elif piece.kind == "answer":
            texts.append(text)
    made = "\n\n".join(text for text in texts if text)
    return f"{made}\n\n" if made.endswith(THINK.closing) else made


def counted(conversation: Conversation, choice: str, tally: Tally) -> list[Said]:
    """What each message of a conversation says by a choice, and what that changes counted."""
    found = [said(message, choice) for message in conversation.messages]
    for message, what in zip(conversation.messages, found, strict=True):
        if message.calls:
            tally.changed[NULLS_LEFT_OUT] += sum(call.left_out for call in message.calls)
        if choice == INLINE:
            tally.changed[INLINED] += what.content != message.content
            tally.changed[CLOSED_EARLY] += holds_its_end(message.own_reasoning, THINK)
        elif choice != KEEP:
            _count_taken_out(message, what, choice, tally)
    return found


def _count_taken_out(message: Message, what: Said, choice: str, tally: Tally) -> None:
    if message.role == ASSISTANT:
        count_parted(message.split, what, choice, tally)
    if message.own_reasoning is not None and message.inline == reasoning.NONE:
        tally.changed[REMOVED if choice == STRIP else MOVED] += 1


def count_parted(split: reasoning.Split, what: Said, choice: str, tally: Tally) -> None:
    """Count what was taken out of an assistant's text."""
    changed = tally.changed
    if stray_tags(what.content):
        changed[TAGS_LEFT] += 1
    if split.trace != reasoning.NONE:
        changed[REMOVED if choice == STRIP else MOVED] += 1
        if not what.content:
            changed[EMPTIED] += 1


def inlined(what: Said, tags: Tags = THINK) -> str:
    """Both in one text, for shapes that have no place for reasoning."""
    if what.reasoning is None:
        return what.content
    opening, closing = tags.opening.rstrip("\n"), tags.closing
    return f"{opening}\n{what.reasoning}\n{closing}\n\n{what.content}"


def holds_its_end(text: str | None, tags: Tags) -> bool:
    """Whether reasoning holds the tag that would close it, so that a reader takes its end for answer."""
    return text is not None and tags.closing in text
