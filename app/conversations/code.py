"""What of a Markdown text is code: fences and inline code. Pure, and linear in the text.

Knows what it needs of CommonMark: fences of backquotes or tildes, in lists and quotes too, and code
between two runs of as many backquotes in one paragraph. It is laxer where models are: a fence may be
indented anyhow, and it ends with the quote that it stands in, but not with the list.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")
_LINE_START = r"(?:(?<![^\n])|(?<=\r)(?!\n))"
# What a line that is more than text begins with, to its end.
_TELLING = re.compile(_LINE_START + r"[ \t]*+[>`~#|=*+_0-9-][^\r\n]*+")
_BLANK_LINE = re.compile(_LINE_START + r"[^\S\r\n]*+(?=[\r\n]|\Z)")
_QUOTE = re.compile(r"(?:[ \t]*+>)+ ?")
_FENCE = re.compile(r"([ \t]*+)(`{3,}+(?=[^`]*$)|~{3,}+)(.*)", re.DOTALL)
_LIST_MARKERS = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)+(?=[`~]{3})")
_HEADING = re.compile(r"[ \t]*+#{1,6}(?:[ \t]|$)")
# A line that begins a list's item, a heading or a table's row, or that parts or underlines.
_BEGINS_BLOCK = re.compile(
    r"[ \t]*+(?:\||#{1,6}(?:[ \t]|$)|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)"
    r"|(?:[-=]++|\*{3,}+|_{3,}+)[ \t]*$)"
)
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
    depth: int
    fence: str = ""
    indent: int = 0
    closes: bool = False
    bounds: bool = True
    heading: bool = False


def _line(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    depth = _depth(line, 0)
    line = _QUOTE.sub("", line, 1) if depth else line
    item = _LIST_MARKERS.match(line)
    if marker := _FENCE.match(line, item.end() if item else 0):
        indent = len(line[: marker.start(2)].expandtabs(4))
        closes = not item and not marker[3].strip()
        return _Line(start, end, depth, marker[2], indent, closes)
    bounds = depth > 0 or _BEGINS_BLOCK.match(line) is not None
    return _Line(start, end, depth, bounds=bounds, heading=_HEADING.match(line) is not None)


def _depth(text: str, at: int) -> int:
    """How many quote marks a line begins with."""
    quote = _QUOTE.match(text, at)
    return quote[0].count(">") if quote else 0


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
        """Fences, ends of paragraphs and runs of backquotes of the whole text."""
        text = self._text
        lines = [_line(text, *found.span()) for found in _TELLING.finditer(text)]
        self._fences = [line for line in lines if line.fence]
        self._fence_starts = [line.start for line in self._fences]
        bounds = {line.start for line in lines if line.bounds}
        bounds.update(line.end for line in lines if line.heading)
        bounds.update(blank.start() for blank in _BLANK_LINE.finditer(text))
        bounds.update(match.start() for match in self._matches if _alone(text, match))
        self._bounds = sorted(bounds)
        self._runs = [(run.start(), len(run[0])) for run in _RUN.finditer(text)]
        self._of_length: dict[int, list[int]] = defaultdict(list)
        for start, length in self._runs:
            self._of_length[length].append(start)

    def _begin(self, at: int) -> None:
        """Read the rest of the line that ``at`` stands in as a line. What is before is not asked."""
        end = _LINE_END.search(self._text, at)
        line = _line(self._text, at, end.start() if end else len(self._text))
        number = bisect_left(self._fence_starts, at)
        if line.fence and _next(self._fence_starts, at) != at:
            self._fences.insert(number, line)
            self._fence_starts.insert(number, at)
        if line.heading:
            insort(self._bounds, line.end)

    def _past(self, at: int, until: int) -> int:
        """``until``, or the end of the code that goes over it; what is before ``at`` is read."""
        while at < until:
            fence = bisect_left(self._fence_starts, at)
            run = bisect_left(self._runs, (at, 0))
            fence_at = self._fence_starts[fence] if fence < len(self._fences) else until
            run_at, length = self._runs[run] if run < len(self._runs) else (until, 0)
            if min(fence_at, run_at) >= until:
                return until
            at = self._fence_end(fence) if fence_at <= run_at else self._span_end(run_at, length)
        return at

    def _fence_end(self, number: int) -> int:
        """The end of a fence: its closing line's, its quote's, or the text's if nothing closes it."""
        opening = self._fences[number]
        read = opening.end
        for place in range(number + 1, len(self._fences)):
            line = self._fences[place]
            if (end := self._quote_end(read, line.start, opening.depth)) is not None:
                return end
            near = line.indent <= opening.indent + 3
            if line.closes and near and line.fence.startswith(opening.fence):
                return line.end
            read = line.end
        end = self._quote_end(read, len(self._text), opening.depth)
        return len(self._text) if end is None else end

    def _quote_end(self, at: int, until: int, depth: int) -> int | None:
        """Where the first line begins that has fewer quote marks; lines after ``at`` to ``until``."""
        ends = _LINE_END.finditer(self._text, at, until) if depth else ()
        starts = (end.end() for end in ends)
        return next((start for start in starts if _depth(self._text, start) < depth), None)

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
