"""Where the blocks of a Markdown text begin, so that a long text can be rendered piece by piece.

Cuts at blank lines alone, and only where rendering the pieces one by one reads the same as the
whole: never in a fence of code, a displayed formula, a list or a block of raw HTML. Where it does
not know, it does not cut. Does not render; the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import pairwise

from . import mathematics

_BORDER = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)*")
_BLANK = re.compile(r"(?:[ \t]*\n)*")
_ITEM = re.compile(r"^[ \t>]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)", re.MULTILINE)
_INDENTED = re.compile(r"^[ \t]", re.MULTILINE)
# A line that may begin a block of raw HTML of any kind, in quotes and lists too.
_HTML = re.compile(r"^(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])[ \t])*<[A-Za-z/!?]", re.MULTILINE)
# The kinds of HTML blocks that a blank line does not end, and what ends them.
_RAW = re.compile(
    r"^ {0,3}<(?:(?P<tag>script|pre|style|textarea)(?=[\s>])|(?P<comment>!--)|(?P<ask>\?)"
    r"|(?P<data>!\[CDATA\[)|(?P<declared>![A-Za-z]))",
    re.MULTILINE | re.IGNORECASE,
)
_RAW_ENDS = {
    "tag": re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    "comment": re.compile("-->"),
    "ask": re.compile(r"\?>"),
    "data": re.compile(r"\]\]>"),
    "declared": re.compile(">"),
}


def blocks(text: str) -> list[tuple[int, int]]:
    """The ranges of the blocks of ``text`` in order; line ends must be newlines alone.

    Blank lines between blocks belong to none. A list is one block, whatever its length.
    """
    edges = [0, *_cuts(text), len(text)]
    found: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        lead = _BLANK.match(text, start, end)
        first = lead.end() if lead else start
        last = start + len(text[start:end].rstrip())
        if first < last:
            found.append((first, last))
    return found


def _cuts(text: str) -> Iterator[int]:
    """Where a new block begins."""
    whole = _wholes(text)
    low, high = next(whole, (len(text), len(text)))
    listed = indented = False
    checked = 0
    for border in _BORDER.finditer(text):
        place = border.end()
        while high <= border.start():
            low, high = next(whole, (len(text), len(text)))
        if low < place and border.start() < high:
            continue
        listed = listed or bool(_ITEM.search(text, checked, border.start() + 1))
        indented = indented or bool(_INDENTED.search(text, checked, border.start()))
        checked = place
        if text[place : place + 1] in (" ", "\t") and (listed or indented):
            continue
        if listed and _ITEM.match(text, place):
            continue
        yield place
        listed = indented = False


def _wholes(text: str) -> Iterator[tuple[int, int]]:
    """What must not be cut, in order: fences, formulas, raw HTML. Where one begins in another and
    ends after it, which of them Markdown sees is not known: all from there on is one."""
    sure_end = 0
    before: dict[bool, tuple[int, int]] = {}  # the furthest of each kind
    for start, end, sure in merge(_raws(text), _html(text), _code(text)):
        if start < sure_end and not sure:
            continue  # a tag in a fence is no HTML
        if any(first < start < last < end for first, last in before.values()):
            yield start, len(text)
            return
        yield start, end
        if end > before.get(sure, (0, 0))[1]:
            before[sure] = start, end
        sure_end = before.get(True, (0, 0))[1]


def _code(text: str) -> Iterator[tuple[int, int, bool]]:
    return ((start, end, True) for start, end in mathematics.wholes(text))


def _html(text: str) -> Iterator[tuple[int, int, bool]]:
    """Lines that may begin raw HTML, each to the blank line that ends most kinds of it: a fence in
    there is none, which ``mathematics`` does not know."""
    ends = (border.start() for border in _BORDER.finditer(text))
    end = -1
    for opening in _HTML.finditer(text):
        while end < opening.end():
            end = next(ends, len(text))
        yield opening.start(), end, False


def _raws(text: str) -> Iterator[tuple[int, int, bool]]:
    """Raw HTML that a blank line does not end."""
    position = 0
    while opening := _RAW.search(text, position):
        end = _RAW_ENDS[str(opening.lastgroup)].search(text, opening.end())
        position = end.end() if end else len(text)
        yield opening.start(), position, True
