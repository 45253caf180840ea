"""The view of one reasoning trace: its paragraphs, an outline of them, a small map. Pure.

Marks are those of ``conversations.steps``; hits are marked paragraph by paragraph, as they are in the
text as a whole: a hit never crosses paragraphs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from sys import getsizeof

from ...cache import Cache
from ...conversations.steps import (
    CHANGED,
    CHECK,
    DOUBT,
    LANGUAGE,
    OTHER,
    REPEATS,
    RESULT,
    Step,
    steps,
)
from ...markup import hit_marks
from ...markup.blocks import blocks
from ...markup.characters import lines
from ...markup.hit_marks import Find
from ...markup.markdown import render
from ..links import shortened

LISTED = 250  # paragraphs: of a longer trace the outline lists those that have a mark or a hit
LONG = 20_000  # characters
_KEPT = Cache(32 * 2**20)
WIDTH = 1000  # of the map, in its own units
_OPENING = 56  # characters of a paragraph in the outline


@dataclass(frozen=True)
class Kind:
    """A kind of mark: its name in addresses and styles, in words, and what it means."""

    name: str
    title: str
    meaning: str


MARKS = {
    CHANGED: Kind("changed", "Result changes", "states another result than before, after a doubt"),
    DOUBT: Kind("doubt", "Doubt", "a sentence begins with Wait, Hmm, Actually, Hold on ..."),
    CHECK: Kind("check", "Check", "a sentence begins with Let me check, double-check, verify ..."),
    OTHER: Kind("other", "Another way", "a sentence begins with Alternatively, Another way ..."),
    RESULT: Kind("stated", "Result", "states a result: boxed, or the answer is ..."),
    REPEATS: Kind(
        "repeats",
        "Repeats",
        "says again what stood before, nearly word for word, whole or in a long stretch",
    ),
    LANGUAGE: Kind("language", "Language", "goes on in another script"),
}


@dataclass(frozen=True)
class ParagraphView:
    """A paragraph: ``html`` is safe, ``opening`` its first words; ``said`` are the result before and
    the one that it changes to, where it does."""

    anchor: str
    number: int
    html: str
    opening: str
    kinds: tuple[Kind, ...]
    said: tuple[str, ...]
    hits: int


@dataclass(frozen=True)
class Bar:
    """A mark on the map, from ``x`` on, in units of ``WIDTH``."""

    x: int
    width: int
    name: str


@dataclass(frozen=True)
class Count:
    """A choice of the outline: so many paragraphs of a kind."""

    kind: Kind
    count: int


@dataclass(frozen=True)
class TraceView:
    """A trace. ``listed`` are the paragraphs of its outline, ``marked`` how many have a mark."""

    paragraphs: tuple[ParagraphView, ...]
    counts: tuple[Count, ...]
    marked: int
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    hits: int

    @property
    def all_listed(self) -> bool:
        """Whether the outline lists all paragraphs, not only those that tell something."""
        return len(self.paragraphs) <= LISTED or not self.marked

    @property
    def short(self) -> bool:
        """Whether the outline begins with all paragraphs: few have a mark."""
        return self.all_listed and self.marked <= 4

    @property
    def listed(self) -> tuple[ParagraphView, ...]:
        """The paragraphs of the outline."""
        if self.all_listed:
            return self.paragraphs
        return tuple(each for each in self.paragraphs if each.kinds or each.hits)


def trace_view(text: str, anchor: str, before: int, find: Find | None, first: int) -> TraceView:
    """A trace's text as paragraphs ``anchor-p1``, ``-p2``, ...

    ``before`` is how many paragraphs the message has before it, ``first`` the number of its first hit.
    A long trace is read in more than one place (pane, page, Back): without hits its view is kept.
    """
    if find or len(text) < LONG:
        return _view(text, anchor, before, find, first)
    return _KEPT.get(
        (text, anchor, before), lambda: _view(text, anchor, before, None, first), _size
    )


def _size(view: TraceView) -> int:
    """The bytes that a view and its text take, about."""
    return sum(2 * getsizeof(each.html) + 1_000 for each in view.paragraphs)


def _view(text: str, anchor: str, before: int, find: Find | None, first: int) -> TraceView:
    source = lines(text.strip("\n"))
    pieces = [source[start:end] for start, end in blocks(source)]
    found = steps(pieces)
    notes: dict[str, None] = {}
    shown: list[ParagraphView] = []
    hits = 0
    for number, (piece, step) in enumerate(zip(pieces, found, strict=True), before + 1):
        rendered = render(piece, hard_breaks=True)
        notes |= {rendered.note: None} if rendered.note else {}
        html, count = (
            hit_marks.mark(rendered.html, find, first + hits) if find else (rendered.html, 0)
        )
        hits += count
        shown.append(_paragraph(f"{anchor}-p{number}", number, html, piece, step, count))
    return TraceView(
        paragraphs=tuple(shown),
        counts=tuple(_counts(shown)),
        marked=sum(bool(each.kinds) for each in shown),
        bars=tuple(_bars(pieces, shown)),
        notes=tuple(notes),
        hits=hits,
    )


def _paragraph(
    anchor: str, number: int, html: str, piece: str, step: Step, hits: int
) -> ParagraphView:
    opening = shortened(" ".join(piece[: 4 * _OPENING].split()), _OPENING)
    said = (step.before, step.result) if step.before else ()
    kinds = tuple(MARKS[mark] for mark in step.marks)
    return ParagraphView(anchor, number, html, opening, kinds, said, hits)


def _counts(shown: Sequence[ParagraphView]) -> Iterator[Count]:
    for kind in MARKS.values():
        if count := sum(kind in each.kinds for each in shown):
            yield Count(kind, count)


def _bars(pieces: Sequence[str], shown: Sequence[ParagraphView]) -> Iterator[Bar]:
    """The first mark of each paragraph, then the hits, where they stand in the trace."""
    ends = list(accumulate(len(piece) + 1 for piece in pieces))
    for each, end, piece in zip(shown, ends, pieces, strict=True):
        x = WIDTH * (end - len(piece) - 1) // ends[-1]
        width = max(2, WIDTH * (len(piece) + 1) // ends[-1])
        if each.kinds:
            yield Bar(x, width, each.kinds[0].name)
        if each.hits:
            yield Bar(x, width, "hit")
