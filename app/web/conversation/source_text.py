"""The source text of a message as HTML: every character as it stands, tags too, its hits marked. Pure.

Line ends are the only thing that is not kept: all are newlines. Does not know templates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...conversations.model import REASONING, TOOL_CALL, Message, Part
from ...markup import hit_marks
from ...markup.characters import plain
from ...markup.directions import json_html, source_html
from ...markup.room import Room, first_of, weight

LONG = 200_000  # code points; in longer texts code and formulas have no direction of their own


@dataclass(frozen=True)
class Shown:
    """A text in one block: its HTML, how many hits it has, and how many code points there was no room for."""

    html: str
    hits: int
    left: int


def content_html(
    message: Message, find: Mapping[str, hit_marks.Find], part: str, first: int, room: Room
) -> Shown:
    """The content of a message, its hits numbered from ``first``.

    ``part`` is what the text outside traces is searched as. Tags are no searched text.
    """
    shown: list[str] = []
    hits = left = made = 0
    for piece in message.split.pieces:
        if room.full(made):
            left += piece.end - piece.start
            continue
        text = message.content[piece.start : piece.end]
        if piece.kind == "tag":
            shown.append(f'<span class="tag" dir="ltr">{plain(text)}</span>')
        else:
            html, over = fitting(text, source_html, room, made)
            left += over
            searched = REASONING if piece.kind == REASONING else part
            if searched in find:
                html, count = hit_marks.mark(html, find[searched], first + hits)
                hits += count
            shown.append(html)
        made += weight(shown[-1])
    room.take(made)
    return Shown(_block("".join(shown), "auto"), hits, left)


def fitting(text: str, make: Callable[[str], str], room: Room, made: int = 0) -> tuple[str, int]:
    """A text as ``make`` shows it, or its beginning as plain text where that is long; how many of its code
    points are left out."""
    if len(text) <= LONG and weight(html := make(text)) <= room.size - made + LONG:
        return html, 0
    return first_of(text, room, made)


def field_html(part: Part, room: Room) -> tuple[str, int]:
    """A part that the source keeps in a field of its own, calls as JSON; what of it is left out."""
    called = part.type == TOOL_CALL
    html, left = fitting(part.text, json_html if called else source_html, room)
    return _block(html, "ltr" if called else "auto"), left


def _block(html: str, direction: str) -> str:
    # A newline directly after the tag would be swallowed by the parser: one is given to it.
    return f'<pre class="source" dir="{direction}">\n{html}</pre>'
