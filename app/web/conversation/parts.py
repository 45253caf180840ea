"""The parts of a message as the page shows them, each by what it is, their hits marked. Pure.

Hits are marked in the text as it is shown, by the rule that finds them. Does not know which messages
a conversation has, nor templates.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...conversations.model import (
    ATTACHMENT,
    REASONING,
    TEXT,
    TOOL_CALL,
    TOOL_RESULT,
    Part,
)
from ...conversations.reasoning import COMPLETE, MULTIPLE, NONE
from ...conversations.trace_words import trace_words
from ...markup.directions import source_html
from ...markup.markdown import plain, render
from ...markup.room import weight
from ..links import LONGEST_ID, clipped
from . import tool_calls
from .making import AROUND, Making, at_most
from .source_text import LONG, content_html, field_html, fitting
from .trace import Place, TraceView, trace_view

# A system prompt or a tool result that is longer in any of these is folded.
FOLDED_WORDS, FOLDED_LINES, FOLDED_CHARACTERS = 60, 12, 800
OPEN_WORDS = 60  # a trace of no more words stands open
SOURCE = "source"  # the type of a part that shows the text as it was typed

_FIELDS = {
    REASONING: "Reasoning",
    TEXT: "Text",
    TOOL_CALL: "Tool calls",
    TOOL_RESULT: "Tool result",
    ATTACHMENT: "Attachment",
}


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
    short: bool = False  # of a trace: it is no longer than what stands open
    left: int = 0  # code points at its end that there was no room for

    @property
    def open(self) -> bool:
        """Whether a part that can be folded is not, when the page comes."""
        return self.short or self.hits > 0


@dataclass(frozen=True)
class CallView:
    """One tool call; ``name`` and ``html`` are safe. ``result`` is the anchor of what answers it."""

    anchor: str
    name: str
    id: str
    html: str
    result: str


def source(making: Making) -> Iterator[PartView]:
    """The text as it stands in the source, then what the source keeps in fields beside it."""
    message = making.message
    if message.content:
        find = {part: at_most(find, making.most) for part, find in making.find.items()}
        shown = content_html(message, find, making.side, making.next_hit, making.room)
        making.next_hit += shown.hits
        making.left += shown.left
        yield PartView(SOURCE, shown.html, "", "", shown.hits, left=shown.left)
    for part in message.parts:
        if any(part is given for given in message.given) and making.begins(part):
            first = making.next_hit
            html, left = field_html(part, making.room)
            html = making.marked(html, part)
            making.left += left
            note = f"{_FIELDS[part.type]}: a field beside the text"
            yield PartView(SOURCE, html, note, "", making.next_hit - first, left=left)


def rendered(making: Making, counts: Sequence[int]) -> Iterator[PartView]:
    """The parts as a reader wants them, each by what it is; ``counts`` are their words."""
    for part, count in zip(making.message.parts, counts, strict=True):
        if making.begins(part):
            first = making.next_hit
            view = _VIEWS[part.type](making, part, count)
            making.left += view.left
            yield replace(view, hits=making.next_hit - first)


def _text(making: Making, part: Part, count: int) -> PartView:
    rendered = render(part.text.strip("\n"), room=making.room)
    html = making.marked(rendered.html, part)
    view = PartView(part.type, html, rendered.note, "", 0, left=rendered.left)
    quiet = making.message.role in ("system", "developer")
    return _folded(view, part, count) if quiet else view


def _reasoning(making: Making, part: Part, count: int) -> PartView:
    place = Place(making.anchor, making.paragraphs, making.next_hit)
    # half of the room at most, so that what is said behind it is seen
    trace = trace_view(part.text, place, making.finder(part), making.room.half())
    making.paragraphs += len(trace.paragraphs)
    making.next_hit += trace.hits
    label = _trace_label(making, count)
    short = count <= OPEN_WORDS
    return PartView(part.type, "", "", label, 0, trace=trace, short=short, left=trace.left)


def _call(making: Making, part: Part, count: int) -> PartView:
    """The tool calls of a part as blocks; as text where they are of no known shape."""
    said = making.tied.said(making.place, part)
    if not said or sum(weight(tie.call.html) + AROUND for tie in said) > making.room.size:
        html, left = _as_text(making, part)
        return PartView(part.type, html, "", "", 0, left=left)
    making.room.take(AROUND * len(said))
    made = tuple(
        CallView(
            anchor=tie.anchor,
            name=making.marked(plain(tie.call.name), part),
            id=clipped(tie.call.id, LONGEST_ID),
            html=making.marked(tie.call.html, part),
            result=tie.result,
        )
        for tie in said
    )
    return PartView(part.type, "", "", "", 0, calls=made)


def _result(making: Making, part: Part, count: int) -> PartView:
    shown = tool_calls.laid_out(part.text) if len(part.text) <= LONG else ""
    if shown and weight(shown) <= making.room.size:
        html, left = making.marked(shown, part), 0
    else:
        html, left = _as_text(making, part)
    return _folded(PartView(part.type, html, "", "", 0, left=left), part, count)


def _attachment(making: Making, part: Part, count: int) -> PartView:
    """What is no text, by its address: nothing of it is loaded."""
    html, left = _as_text(making, part)
    return PartView(part.type, html, "Attachment, not loaded", "", 0, left=left)


def _as_text(making: Making, part: Part) -> tuple[str, int]:
    """A part as the text that it is, and how much of it is left out."""
    html, left = fitting(part.text, source_html, making.room)
    return making.marked(f'<pre class="plain" dir="auto">{html}</pre>', part), left


_VIEWS: Mapping[str, Callable[[Making, Part, int], PartView]] = {
    TEXT: _text,
    REASONING: _reasoning,
    TOOL_CALL: _call,
    TOOL_RESULT: _result,
    ATTACHMENT: _attachment,
}


def beginning(text: str) -> str:
    """The first words of a text, on one line."""
    return " ".join(text[:400].split())[:120]


def _folded(view: PartView, part: Part, count: int) -> PartView:
    """A system prompt or tool result under one line where it is long."""
    long = (
        count > FOLDED_WORDS
        or part.text.count("\n") > FOLDED_LINES
        or len(part.text) > FOLDED_CHARACTERS
    )
    return replace(view, label=words_text(count), beginning=beginning(part.text)) if long else view


def words_text(count: int) -> str:
    """How many words, in words."""
    return "1 word" if count == 1 else f"{count:,} words"


def _trace_label(making: Making, count: int) -> str:
    """What is odd about the trace, how long it is, and what share of its message."""
    said = [words_text(count)]
    if (kind := making.message.trace) not in (COMPLETE, NONE):
        of = "one of " if kind == MULTIPLE else ""
        said.insert(0, of + trace_words(kind))  # first: a narrow window cuts off the end
    if making.words:
        said.append(f"{100 * count / making.words:.0f}% of the response")
    return " \u00b7 ".join(said)
