"""The view of one reasoning trace: its paragraphs, an outline of them, a small map. Pure.

Marks are those of ``conversations.steps``; hits are marked paragraph by paragraph, as they are in the
text as a whole: a hit never crosses paragraphs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from sys import getsizeof

from ...cache import ROWS, Share
from ...conversations.steps import Step, steps
from ...markup import hit_marks
from ...markup.blocks import blocks
from ...markup.characters import lines
from ...markup.hit_marks import Find
from ...markup.markdown import render
from ...markup.room import Room, weight
from ..links import shortened
from .marks import BEGINNINGS, MARKS, TURNING, Count, Kind

LISTED = 250  # paragraphs: of a longer trace the outline lists those that have a mark or a hit
LONG = 20_000  # characters
_KEPT = Share(ROWS)
WIDTH = 1000  # of the map, in its own units
_OPENING = 56  # characters of a paragraph in the outline
AROUND = 700  # bytes of a page that a paragraph takes beside its text, with its line of the outline


@dataclass(frozen=True)
class ParagraphView:
    """A paragraph: ``html`` is safe, ``opening`` its first words; ``said`` are the result before and
    the one that it changes to, where it does; ``at`` is the character at which a loop or circle begins."""

    anchor: str
    number: int
    html: str
    opening: str
    kinds: tuple[Kind, ...]
    said: tuple[str, ...]
    hits: int
    at: int = 0


@dataclass(frozen=True)
class Bar:
    """A mark on the map, from ``x`` on, in units of ``WIDTH``."""

    x: int
    width: int
    name: str


@dataclass(frozen=True)
class TraceView:
    """A trace. ``listed`` are the paragraphs of its outline, ``marked`` how many have a mark; ``left`` are
    the code points at its end that there was no room for."""

    paragraphs: tuple[ParagraphView, ...]
    counts: tuple[Count, ...]
    marked: int
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    hits: int
    left: int

    @property
    def size(self) -> int:
        """The bytes that it takes on a page, about."""
        return sum(weight(each.html) + AROUND for each in self.paragraphs)

    @property
    def all_listed(self) -> bool:
        """Whether the outline lists all paragraphs, not only those that tell something."""
        return len(self.paragraphs) <= LISTED or not self.marked

    @property
    def mapped(self) -> bool:
        """Whether there is a place in it to show: a trace of one paragraph may loop from somewhere on."""
        return len(self.paragraphs) > 1 or any(each.at for each in self.paragraphs)

    @property
    def short(self) -> bool:
        """Whether the outline begins with all paragraphs: few have a mark."""
        return self.all_listed and self.marked <= 4

    @property
    def legend(self) -> tuple[Count, ...]:
        """The counts, changes and results before the turns of thought."""
        return tuple(sorted(self.counts, key=lambda each: each.kind.name not in TURNING))

    @property
    def turning(self) -> int:
        """How many paragraphs change the result or state one: with these its outline begins."""
        return sum(any(kind.name in TURNING for kind in each.kinds) for each in self.paragraphs)

    @property
    def listed(self) -> tuple[ParagraphView, ...]:
        """The paragraphs of the outline."""
        if self.all_listed:
            return self.paragraphs
        return tuple(each for each in self.paragraphs if each.kinds or each.hits)


@dataclass(frozen=True)
class Place:
    """Where a trace stands: the id of its message, how many paragraphs that has before it, and the number of
    its first hit."""

    anchor: str
    before: int
    hit: int


def trace_view(text: str, place: Place, find: Find | None, room: Room) -> TraceView:
    """A trace's text as paragraphs ``anchor-p1``, ``-p2``, ... as far as there is room, of which it takes.

    A long trace is read in more than one place (pane, page, Back): without hits its view is kept.
    """
    if find or len(text) < LONG:
        view = _view(text, place, find, room)
    else:
        key = text, place.anchor, place.before
        view = _KEPT.get(key, lambda: _view(text, place, None, room), _kept_size)
    room.take(view.size)
    return view


def _kept_size(view: TraceView) -> int:
    """The bytes that a view and its text take, about; one that lacks something is not to be kept."""
    size = sum(2 * getsizeof(each.html) + 1_000 for each in view.paragraphs)
    return _KEPT.most_bytes if view.left else size


def _view(text: str, place: Place, find: Find | None, room: Room) -> TraceView:
    source = lines(text.strip("\n"))
    ranges = blocks(source)
    most = max(1, int(room.size) // AROUND)
    pieces = [source[start:end] for start, end in ranges[:most]]
    notes: dict[str, None] = {}
    shown: list[ParagraphView] = []
    hits = made = over = 0
    for number, (piece, step) in enumerate(
        zip(pieces, steps(pieces), strict=True), place.before + 1
    ):
        if room.full(made):
            break
        rendered = render(piece, hard_breaks=True, room=room)
        over += rendered.left
        notes |= {rendered.note: None} if rendered.note else {}
        html, count = rendered.html, 0
        if find:
            html, count = hit_marks.mark(html, find, place.hit + hits)
        hits += count
        made += weight(html) + AROUND
        shown.append(_paragraph(f"{place.anchor}-p{number}", number, html, piece, step, count))
    if len(shown) < len(ranges):
        over += len(source) - ranges[len(shown)][0]
    return TraceView(
        paragraphs=tuple(shown),
        counts=tuple(_counts(shown)),
        marked=sum(bool(each.kinds) for each in shown),
        bars=tuple(_bars(pieces[: len(shown)], shown)),
        notes=tuple(notes),
        hits=hits,
        left=over,
    )


def _paragraph(
    anchor: str, number: int, html: str, piece: str, step: Step, hits: int
) -> ParagraphView:
    opening = shortened(" ".join(piece[: 4 * _OPENING].split()), _OPENING)
    said = (step.before, step.result) if step.before else ()
    kinds = tuple(MARKS[mark] for mark in step.marks)
    return ParagraphView(anchor, number, html, opening, kinds, said, hits, step.at)


def _counts(shown: Sequence[ParagraphView]) -> Iterator[Count]:
    for kind in MARKS.values():
        if count := sum(kind in each.kinds for each in shown):
            yield Count(kind, count)


def _bars(pieces: Sequence[str], shown: Sequence[ParagraphView]) -> Iterator[Bar]:
    """The first mark of each paragraph, then the hits, where they stand in the trace; a loop begins within
    its paragraph."""
    ends = list(accumulate(len(piece) + 1 for piece in pieces))
    for each, end, piece in zip(shown, ends, pieces, strict=True):
        x = WIDTH * (end - len(piece) - 1) // ends[-1]
        width = max(2, WIDTH * (len(piece) + 1) // ends[-1])
        for kind in each.kinds[:1]:
            before = WIDTH * each.at // ends[-1] if kind in BEGINNINGS else 0
            yield Bar(x + before, max(2, width - before), kind.name)
        if each.hits:
            yield Bar(x, width, "hit")
