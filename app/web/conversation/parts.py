"""The parts of a message as the page shows them, each by what it is, their hits marked. Pure.

Hits are marked in the text as it is shown, by the rule that finds them. Does not know which messages
a conversation has, nor templates.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...conversations.model import (
    ANSWER,
    ATTACHMENT,
    PROMPT,
    REASONING,
    TEXT,
    TOOL_CALL,
    TOOL_RESULT,
    Message,
    Part,
)
from ...conversations.reasoning import COMPLETE, MULTIPLE, NONE
from ...conversations.trace_words import trace_words
from ...markup import hit_marks
from ...markup.markdown import plain, render
from . import tool_calls
from .source_text import content_html, field_html
from .ties import Ties
from .trace import TraceView, trace_view

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


@dataclass
class Making:
    """A message whose parts are being made in order: ``words`` are those of all of them, ``next_hit``
    and ``paragraphs`` count on from part to part."""

    message: Message
    place: int
    find: Mapping[str, hit_marks.Find]
    tied: Ties
    words: int
    next_hit: int
    paragraphs: int = 0

    @property
    def anchor(self) -> str:
        """The id of the message on its page."""
        return f"m{self.place}"

    @property
    def side(self) -> str:
        """What the text of the message is searched as, by the rule of ``Conversation.texts``."""
        return PROMPT if self.message.role in ("user", "system", "developer") else ANSWER

    def finder(self, part: Part) -> hit_marks.Find | None:
        """What finds the hits in a part; None where the query looks for nothing in it."""
        return self.find.get(REASONING if part.type == REASONING else self.side)

    def marked(self, html: str, part: Part) -> str:
        """``html`` of a part with its hits marked and counted."""
        find = self.finder(part)
        if find is None:
            return html
        html, hits = hit_marks.mark(html, find, self.next_hit)
        self.next_hit += hits
        return html


def source(making: Making) -> Iterator[PartView]:
    """The text as it stands in the source, then what the source keeps in fields beside it."""
    message = making.message
    if message.content:
        html, hits = content_html(message, making.find, making.side, making.next_hit)
        making.next_hit += hits
        yield PartView(SOURCE, html, "", "", hits)
    for part in message.parts:
        if any(part is given for given in message.given):
            first = making.next_hit
            html = making.marked(field_html(part), part)
            note = f"{_FIELDS[part.type]}: a field beside the text"
            yield PartView(SOURCE, html, note, "", making.next_hit - first)


def rendered(making: Making, counts: Sequence[int]) -> Iterator[PartView]:
    """The parts as a reader wants them, each by what it is; ``counts`` are their words."""
    for part, count in zip(making.message.parts, counts, strict=True):
        first = making.next_hit
        view = _VIEWS[part.type](making, part, count)
        yield replace(view, hits=making.next_hit - first)


def _text(making: Making, part: Part, count: int) -> PartView:
    rendered = render(part.text.strip("\n"))
    view = PartView(part.type, making.marked(rendered.html, part), rendered.note, "", 0)
    quiet = making.message.role in ("system", "developer")
    return _folded(view, part, count) if quiet else view


def _reasoning(making: Making, part: Part, count: int) -> PartView:
    trace = trace_view(
        part.text, making.anchor, making.paragraphs, making.finder(part), making.next_hit
    )
    making.paragraphs += len(trace.paragraphs)
    making.next_hit += trace.hits
    label = _trace_label(making, count)
    return PartView(part.type, "", "", label, 0, trace=trace, short=count <= OPEN_WORDS)


def _call(making: Making, part: Part, count: int) -> PartView:
    """The tool calls of a part as blocks; as text where they are of no known shape."""
    made = tuple(
        CallView(
            anchor=tie.anchor,
            name=making.marked(plain(tie.call.name), part),
            id=tie.call.id,
            html=making.marked(tie.call.html, part),
            result=tie.result,
        )
        for tie in making.tied.said(making.place, part)
    )
    html = "" if made else making.marked(tool_calls.as_text(part.text), part)
    return PartView(part.type, html, "", "", 0, calls=made)


def _result(making: Making, part: Part, count: int) -> PartView:
    shown = tool_calls.laid_out(part.text) or tool_calls.as_text(part.text)
    return _folded(PartView(part.type, making.marked(shown, part), "", "", 0), part, count)


def _attachment(making: Making, part: Part, count: int) -> PartView:
    """What is no text, by its address: nothing of it is loaded."""
    html = making.marked(tool_calls.as_text(part.text), part)
    return PartView(part.type, html, "Attachment, not loaded", "", 0)


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
