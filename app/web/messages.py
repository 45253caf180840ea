"""The messages of a conversation as the page shows them: rendered, their hits marked and numbered. Pure.

Hits are marked in the text as it is shown, by the rule that finds them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..conversations.model import ANSWER, PROMPT, REASONING, TOOL_CALL, Conversation, Message, Part
from ..conversations.tokens import count_words
from ..search.hits import finders
from ..search.query import Query
from . import marks
from .markdown import plain, render

SHOWN_MESSAGES = 300  # on one page; the raw record has them all

_TRACES = {
    "unclosed": "cut off",
    "unopened": "never opened",
    "empty": "empty",
    "multiple": "one of several",
}


@dataclass(frozen=True)
class PartView:
    """A part of a message: its HTML is safe. ``label`` is the line that a folded part shows."""

    type: str
    html: str
    note: str
    label: str
    hits: int


@dataclass(frozen=True)
class MessageView:
    """One message; ``anchor`` is its id on the page, ``hits`` how many it has from ``first_hit`` on."""

    anchor: str
    role: str
    size: str
    parts: tuple[PartView, ...]
    cut_off: bool
    first_hit: int
    hits: int


def message_views(conversation: Conversation, query: Query) -> Iterator[MessageView]:
    """The messages in order, their hits numbered through."""
    first = 1
    for place, message in enumerate(conversation.messages[:SHOWN_MESSAGES]):
        counts = count_words([part.text for part in message.parts]).tolist()
        total = sum(counts)
        parts: list[PartView] = []
        for part, count in zip(message.parts, counts, strict=True):
            hits = sum(each.hits for each in parts)
            parts.append(_part(message, part, count, total, query, first + hits))
        hits = sum(each.hits for each in parts)
        cut_off = message.split.trace == "unclosed"
        role, size = message.role or "unnamed", _words(total)
        yield MessageView(f"m{place}", role, size, tuple(parts), cut_off, first, hits)
        first += hits


def _searched_part(message: Message, part: Part) -> str:
    """The part that a piece of a message is searched as, by the rule of ``Conversation.texts``."""
    if message.role in ("user", "system", "developer"):
        return PROMPT
    return REASONING if part.type == REASONING else ANSWER


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count:,} words"


def _part(
    message: Message, part: Part, count: int, total: int, query: Query, first: int
) -> PartView:
    if part.type == TOOL_CALL:
        shown, note = f'<pre class="plain">{plain(part.text)}</pre>', ""
    else:
        rendered = render(part.text.strip("\n"), hard_breaks=part.type == REASONING)
        shown, note = rendered.html, rendered.note
    find = finders(query.node, query.searched).get(_searched_part(message, part))
    html, hits = marks.mark(shown, find, first) if find else (shown, 0)
    label = _trace_label(message, count, total) if part.type == REASONING else ""
    return PartView(part.type, html, note, label, hits)


def _trace_label(message: Message, count: int, total: int) -> str:
    """How long the trace is, what share of its message, and what is odd about it."""
    said = [_words(count)]
    if total:
        said.append(f"{100 * count / total:.0f}% of the response")
    if state := _TRACES.get(message.split.trace):
        said.append(state)
    return " \u00b7 ".join(said)
