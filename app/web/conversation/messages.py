"""The messages of a conversation as the page shows them: rendered or as their source text, their hits
marked and numbered. Pure.

Hits are marked in the text as it is shown, by the rule that finds them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...conversations.model import (
    ANSWER,
    PROMPT,
    REASONING,
    TOOL_CALL,
    TOOL_RESULT,
    Conversation,
    Message,
    Part,
)
from ...conversations.reasoning import COMPLETE, MULTIPLE, NONE, UNCLOSED
from ...conversations.tokens import count_words
from ...conversations.trace_words import trace_words
from ...markup import hit_marks
from ...markup.markdown import plain, render
from ...search.hits import finders
from ...search.request.query import Query
from . import tool_calls
from .source_text import source_html
from .ties import Tie, Ties, ties
from .trace import TraceView, trace_view

SHOWN_MESSAGES = 300  # on one page; the raw record has them all
FOLDED_WORDS, FOLDED_LINES = 60, 12  # a longer system prompt or tool result is folded
SOURCE = "source"


@dataclass(frozen=True)
class PartView:
    """A part of a message: its HTML is safe. ``label`` is the line that a folded part shows."""

    type: str
    html: str
    note: str
    label: str
    hits: int
    beginning: str = ""  # of a part that is folded
    calls: tuple["CallView", ...] = ()
    trace: TraceView | None = None


@dataclass(frozen=True)
class CallView:
    """One tool call; ``name`` and ``html`` are safe. ``result`` is the anchor of what answers it."""

    anchor: str
    name: str
    id: str
    html: str
    result: str


@dataclass(frozen=True)
class MessageView:
    """One message; ``anchor`` is its id on the page, ``hits`` how many it has from ``first_hit`` on.

    ``turn`` numbers the user messages, 0 is no turn. ``copies`` are what can be copied of it;
    ``call`` is the tool call that the message answers.
    """

    anchor: str
    role: str
    size: str
    parts: tuple[PartView, ...]
    cut_off: bool
    first_hit: int
    hits: int
    turn: int = 0
    beginning: str = ""
    copies: tuple[str, ...] = ()
    call: Tie | None = None


def message_views(conversation: Conversation, query: Query) -> Iterator[MessageView]:
    """The messages in order, their hits numbered through."""
    first, turn = 1, 0
    tied = ties(conversation.messages[:SHOWN_MESSAGES])
    for place, message in enumerate(conversation.messages[:SHOWN_MESSAGES]):
        total, parts = _parts(message, place, query, first, tied)
        hits = sum(each.hits for each in parts)
        turn += message.role == "user"
        yield MessageView(
            anchor=f"m{place}",
            role=message.role or "unnamed",
            size=_words(total),
            parts=tuple(parts),
            cut_off=message.split.trace == UNCLOSED,
            first_hit=first,
            hits=hits,
            turn=turn if message.role == "user" else 0,
            beginning=_beginning(message.content),
            copies=_copies(message),
            call=tied.answered.get(place),
        )
        first += hits


def _parts(
    message: Message, place: int, query: Query, first: int, tied: Ties
) -> tuple[int, list[PartView]]:
    """How many words a message has, and its parts."""
    counts = count_words([part.text for part in message.parts]).tolist()
    parts: list[PartView] = []
    if query.text == SOURCE and message.content:
        find = finders(query.node, query.searched)
        html, hits = source_html(message, find, _searched_part(message, _NO_PART), first)
        parts.append(PartView(SOURCE, html, "", "", hits))
    for part, count in zip(message.parts, counts, strict=True):
        own = any(part is given for given in message.given)
        next_hit = first + sum(each.hits for each in parts)
        if query.text == SOURCE:
            parts += [_source_part(message, part, query, next_hit)] if own else []
        elif called := tied.said(place, part):
            parts.append(_calls(called, message, part, query, next_hit))
        elif part.type == REASONING:
            label = _trace_label(message, count, sum(counts))
            parts.append(_reasoning(part, place, parts, label, query, next_hit))
        else:
            view = _part(message, part, query, next_hit)
            parts.append(_folded(message, part, count, view))
    return sum(counts), parts


_NO_PART = Part("text", "")
_BESIDE = {REASONING: "Reasoning", TOOL_CALL: "Tool calls", TOOL_RESULT: "Tool result"}


def _copies(message: Message) -> tuple[str, ...]:
    """What can be copied of a message; parts of it only where they differ from its text."""
    if not any(part.type == REASONING for part in message.parts):
        return ("text",)
    return ("text", *(("answer",) if message.split.answer else ()), "reasoning")


def _beginning(text: str) -> str:
    """The first words of a text, on one line."""
    return " ".join(text[:400].split())[:120]


def _folded(message: Message, part: Part, count: int, view: PartView) -> PartView:
    """A long system prompt or tool result under one line."""
    quiet = message.role in ("system", "developer") or part.type == TOOL_RESULT
    long = count > FOLDED_WORDS or part.text.count("\n") > FOLDED_LINES
    if not quiet or not long:
        return view
    return replace(view, label=_words(count), beginning=_beginning(part.text))


def _source_part(message: Message, part: Part, query: Query, first: int) -> PartView:
    """A part that the source keeps in a field of its own, as its source text."""
    html = f'<pre class="source" dir="auto">\n{plain(part.text)}</pre>'
    find = finders(query.node, query.searched).get(_searched_part(message, part))
    html, hits = hit_marks.mark(html, find, first) if find else (html, 0)
    said = _BESIDE.get(part.type, "Text")
    return PartView(SOURCE, html, f"{said}: a field beside the text", "", hits)


def _calls(made: list[Tie], message: Message, part: Part, query: Query, first: int) -> PartView:
    """The tool calls of a message as blocks."""
    find = finders(query.node, query.searched).get(_searched_part(message, part))
    views: list[CallView] = []
    hits = 0
    for tie in made:
        texts = [plain(tie.call.name), tie.call.html]
        for place, html in enumerate(texts):
            if find:
                texts[place], count = hit_marks.mark(html, find, first + hits)
                hits += count
        views.append(CallView(tie.anchor, texts[0], tie.call.id, texts[1], tie.result))
    return PartView(part.type, "", "", "", hits, calls=tuple(views))


def _searched_part(message: Message, part: Part) -> str:
    """The part that a piece of a message is searched as, by the rule of ``Conversation.texts``."""
    if message.role in ("user", "system", "developer"):
        return PROMPT
    return REASONING if part.type == REASONING else ANSWER


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count:,} words"


def _part(message: Message, part: Part, query: Query, first: int) -> PartView:
    note = ""
    if part.type in (TOOL_CALL, TOOL_RESULT):
        laid_out = tool_calls.laid_out(part.text) if part.type == TOOL_RESULT else ""
        shown = laid_out or f'<pre class="plain">{plain(part.text)}</pre>'
    else:
        rendered = render(part.text.strip("\n"))
        shown, note = rendered.html, rendered.note
    find = finders(query.node, query.searched).get(_searched_part(message, part))
    html, hits = hit_marks.mark(shown, find, first) if find else (shown, 0)
    return PartView(part.type, html, note, "", hits)


def _reasoning(
    part: Part, place: int, before: list[PartView], label: str, query: Query, first: int
) -> PartView:
    """A trace; ``before`` are the parts before it, which number its paragraphs on."""
    find = finders(query.node, query.searched).get(REASONING)
    numbered = sum(len(each.trace.paragraphs) for each in before if each.trace)
    trace = trace_view(part.text, f"m{place}", numbered, find, first)
    return PartView(part.type, "", "", label, trace.hits, trace=trace)


def _trace_label(message: Message, count: int, total: int) -> str:
    """How long the trace is, what share of its message, and what is odd about it."""
    said = [_words(count)]
    if total:
        said.append(f"{100 * count / total:.0f}% of the response")
    if (kind := message.trace) not in (COMPLETE, NONE):
        of = "one of " if kind == MULTIPLE else ""
        said.append(of + trace_words(kind))
    return " \u00b7 ".join(said)
