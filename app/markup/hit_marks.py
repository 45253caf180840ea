"""Marks hits in safe HTML.

Knows the HTML that ``markdown.render`` and ``markdown.plain`` make: which elements are blocks, and
that a badge stands for one character. Does not know queries: what a hit is, its caller says. Adds
``<mark>`` and nothing else; it must never be given HTML that is not safe already. Hits are numbered:
the first mark of the third is ``<mark id="hit-3">``, its others are ``<mark data-hit="3">``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

Find = Callable[[str], Sequence[tuple[int, int]]]
"""The hits in a plain text: half-open ranges of code points, in order; they may overlap."""

_Cut = tuple[int, int, str]
"""A range of a piece's text, and the tag that opens its mark."""

_PIECE = re.compile(r'<bdi class="cc">U\+([0-9A-F]{4,6})</bdi>|<(?:[^<>"]|"[^"]*")*>|[^<]+|<')
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_INLINE = frozenset({"a", "bdi", "br", "code", "del", "em", "mark", "s", "span", "strong"})


@dataclass(slots=True)
class _Piece:
    """One tag, badge or text of the HTML; ``text`` is what a reader sees of it.

    A badge shows one character and is never marked: ``fixed``.
    """

    html: str
    text: str = ""
    fixed: bool = True


def mark(html: str, find: Find, first: int = 1) -> tuple[str, int]:
    """``html`` with its hits in ``<mark>``, numbered from ``first``, and how many there are.

    A hit may cross inline tags, then it has several marks and counts once; it may not cross
    blocks. Hits that overlap are one. A hit wholly in badges is neither marked nor counted.
    """
    marked: list[str] = []
    count = 0
    for block in _blocks(html):
        text = "".join(piece.text for piece in block)
        hits = _merged(find(text), len(text)) if text else []
        count += _mark_block(block, hits, marked, first + count)
    return "".join(marked), count


def _blocks(html: str) -> Iterator[list[_Piece]]:
    """The pieces of ``html``, cut at the tags of block elements."""
    block: list[_Piece] = []
    for match in _PIECE.finditer(html):
        piece = _piece(match)
        block.append(piece)
        name = _NAME.match(piece.html)
        if name and name[1] not in _INLINE:
            yield block
            block = []
    yield block


def _piece(match: re.Match[str]) -> _Piece:
    html = match[0]
    if match[1]:
        code = int(match[1], 16)
        # A lone surrogate is no character that a search could be asked for.
        lone = 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
        return _Piece(html, "\ufffd" if lone else chr(code))
    if html[0] == "<":
        return _Piece(html)
    return _Piece(html, _ENTITY.sub(lambda entity: unescape(entity[0]), html), fixed=False)


def _merged(hits: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """``hits`` without empty ones, within the text, overlapping ones joined."""
    merged: list[tuple[int, int]] = []
    for first, last in hits:
        start, end = max(first, 0), min(last, length)
        if start >= end:
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _mark_block(
    block: list[_Piece], hits: list[tuple[int, int]], marked: list[str], number: int
) -> int:
    """Appends the block's HTML to ``marked``; how many of its hits have a mark."""
    seen: dict[int, int] = {}
    first = offset = 0
    for piece in block:
        end = offset + len(piece.text)
        while first < len(hits) and hits[first][1] <= offset:
            first += 1
        cuts: list[_Cut] = []
        index = first
        while not piece.fixed and index < len(hits) and hits[index][0] < end:
            start = max(hits[index][0] - offset, 0)
            name = "data-hit" if index in seen else "id"
            place = seen.setdefault(index, number + len(seen))
            tag = f'<mark {name}="{"hit-" if name == "id" else ""}{place}">'
            cuts.append((start, min(hits[index][1], end) - offset, tag))
            index += 1
        marked.append(_cut(piece, cuts) if cuts else piece.html)
        offset = end
    return len(seen)


def _cut(piece: _Piece, cuts: list[_Cut]) -> str:
    """The text piece's HTML with the ranges ``cuts`` of its text in their marks."""
    html, pieces, position = piece.html, [], 0
    places = iter(_places(piece, [edge for cut in cuts for edge in cut[:2]]))
    for start, end, (_, _, tag) in zip(places, places, cuts, strict=True):
        pieces += [html[position:start], tag, html[start:end], "</mark>"]
        position = end
    return "".join(pieces) + html[position:]


def _places(piece: _Piece, offsets: list[int]) -> list[int]:
    """Where the rising code point ``offsets`` of the piece's text stand in its HTML."""
    if len(piece.html) == len(piece.text):
        return offsets
    places: list[int] = []
    steps = _entity_steps(piece.html)
    for (text_start, html_start), (text_end, html_end) in pairwise(steps):
        while len(places) < len(offsets) and offsets[len(places)] < text_end:
            # Text between entities stands as it is; an entity has no inside.
            plain = html_end - html_start == text_end - text_start
            places.append(html_start + (offsets[len(places)] - text_start if plain else 0))
    return places + [len(piece.html)] * (len(offsets) - len(places))


def _entity_steps(html: str) -> list[tuple[int, int]]:
    """(text, HTML) positions of the edges of each entity and each run between them."""
    steps = [(0, 0)]
    for match in _ENTITY.finditer(html):
        text = steps[-1][0] + match.start() - steps[-1][1]
        steps.append((text, match.start()))
        steps.append((text + len(unescape(match[0])), match.end()))
    steps.append((steps[-1][0] + len(html) - steps[-1][1], len(html)))
    return steps
