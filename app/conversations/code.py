"""What of a Markdown text is code: fences and inline code. Pure, and linear in the text.

Knows what it needs of CommonMark: fences of backquotes or tildes, in lists and quotes too, and code
between two runs of as many backquotes in one paragraph. It is laxer where models are: a fence may be
indented anyhow, and it ends with the quote that it stands in, but not with the list.
"""

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")
_QUOTE = re.compile(r"(?:[ \t]*+>)++ ?")
_FENCE = re.compile(r"([ \t]*+)(`{3,}+(?=[^`]*$)|~{3,}+)(.*)", re.DOTALL)
_LIST_MARKERS = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)++(?=[`~]{3})")
_HEADING = re.compile(r"[ \t]*+#{1,6}(?:[ \t]|$)")
# A line that begins a list's item, a heading or a table's row, or that parts or underlines.
_BEGINS_BLOCK = re.compile(
    r"[ \t]*+(?:\||#{1,6}(?:[ \t]|$)|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)"
    r"|(?:[-=]++|\*{3,}+|_{3,}+)[ \t]*$)"
)
_TELLING = frozenset(">`~#|-=*+_0123456789")  # what a line that is more than text begins with
_RUN = re.compile("`++")
_BLANK = re.compile(r"[^\S\r\n]*+(?:[\r\n]|\Z)")


def begins_line(text: str, at: int) -> bool:
    """Whether nothing but white space stands before a place on its line."""
    while at and text[at - 1].isspace():
        at -= 1
        if text[at] in "\r\n":
            return True
    return at == 0


def ends_line(text: str, at: int) -> bool:
    """Whether nothing but white space follows a place on its line."""
    return (at > 0 and text[at - 1] in "\r\n") or _BLANK.match(text, at) is not None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line by its half-open range without its end. ``depth`` counts its quote marks; ``fence`` is
    the run of a fence that it opens or closes, ``indent`` the columns before that. A line that
    ``bounds`` is no part of the paragraph before it."""

    start: int
    end: int
    depth: int = 0
    fence: str = ""
    indent: int = 0
    closes: bool = False
    bounds: bool = True
    heading: bool = False


def _line(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    first = line.lstrip(" \t")[:1]
    if first not in _TELLING:
        return _Line(start, end, bounds=not first.strip())
    quote = _QUOTE.match(line)
    depth = quote[0].count(">") if quote else 0
    line = line[quote.end() :] if quote else line
    item = _LIST_MARKERS.match(line)
    if marker := _FENCE.match(line, item.end() if item else 0):
        indent = len(line[: marker.start(2)].expandtabs(4))
        closes = not item and not marker[3].strip()
        return _Line(start, end, depth, marker[2], indent, closes)
    bounds = depth > 0 or _BEGINS_BLOCK.match(line) is not None
    return _Line(start, end, depth, bounds=bounds, heading=_HEADING.match(line) is not None)


class OutsideCode:
    """The matches of a pattern that stand outside code, asked forward from any place on.

    A match alone on its line is a block of its own: inline code never goes over it, so that a single
    backquote far before it hides nothing.
    """

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._text = text
        self._matches = list(pattern.finditer(text))
        self._plain = not self._matches or ("`" not in text and "~~~" not in text)
        if not self._plain:
            self._read()

    def after(self, at: int) -> Iterator[re.Match[str]]:
        """The matches outside code from ``at`` on, read as the beginning of a text."""
        if not self._plain:
            self._begin(at)
        first = bisect_left(self._matches, at, key=lambda match: match.start())
        for number in range(first, len(self._matches)):
            match = self._matches[number]
            if not self._plain:
                at = self._past(at, match.start())
            if at <= match.start():
                yield match

    def _read(self) -> None:
        """Lines, ends of paragraphs and runs of backquotes of the whole text."""
        text, at = self._text, 0
        self._lines: list[_Line] = []
        for found in _LINE_END.finditer(text):
            self._lines.append(_line(text, at, found.start()))
            at = found.end()
        self._lines.append(_line(text, at, len(text)))
        self._starts = [line.start for line in self._lines]
        self._fences = [line.start for line in self._lines if line.fence]
        alone = (m.start() for m in self._matches if _alone(text, m))
        bounds = [line.start for line in self._lines if line.bounds]
        self._bounds = sorted(
            {*bounds, *alone, *(line.end for line in self._lines if line.heading)}
        )
        runs = [(run.start(), len(run[0])) for run in _RUN.finditer(text)]
        self._runs = runs
        self._of_length: dict[int, list[int]] = defaultdict(list)
        for start, length in runs:
            self._of_length[length].append(start)

    def _begin(self, at: int) -> None:
        """Read the rest of the line that ``at`` stands in as a line. What is before is not asked."""
        number = bisect_right(self._starts, at) - 1
        line = _line(self._text, at, max(at, self._lines[number].end))
        if line == self._lines[number]:
            return
        self._lines[number], self._starts[number] = line, at
        if line.fence and at not in self._fences[bisect_left(self._fences, at) :][:1]:
            insort(self._fences, at)
        if line.heading:
            insort(self._bounds, line.end)

    def _past(self, at: int, until: int) -> int:
        """``until``, or the end of the code that goes over it; what is before ``at`` is read."""
        while at < until:
            fence = _next(self._fences, at)
            number = bisect_left(self._runs, (at, 0))
            run = self._runs[number][0] if number < len(self._runs) else None
            if fence is not None and fence < until and (run is None or fence <= run):
                at = self._fence_end(fence)
            elif run is not None and run < until:
                at = self._span_end(run, self._runs[number][1])
            else:
                return until
        return at

    def _fence_end(self, start: int) -> int:
        """The end of the fence that the line at ``start`` opens: that of the text if nothing does."""
        number = bisect_right(self._starts, start) - 1
        opening = self._lines[number]
        for place in range(number + 1, len(self._lines)):
            line = self._lines[place]
            if line.depth < opening.depth:
                return line.start
            near = line.indent <= opening.indent + 3
            if line.closes and near and line.fence.startswith(opening.fence):
                return line.end
        return len(self._text)

    def _span_end(self, start: int, length: int) -> int:
        """The end of the inline code that a run of backquotes opens, or of the run if it opens none."""
        before = start
        while before and self._text[before - 1] == "\\":
            before -= 1
        opening = length - (start - before) % 2  # an escaped backquote is text
        closing = _next(self._of_length.get(opening, []), start + length)
        bound = _next(self._bounds, start + 1)
        if opening and closing is not None and (bound is None or closing < bound):
            return closing + opening
        return start + length


def _next(places: list[int], at: int) -> int | None:
    number = bisect_left(places, at)
    return places[number] if number < len(places) else None


def _alone(text: str, match: re.Match[str]) -> bool:
    return begins_line(text, match.start()) and ends_line(text, match.end())
