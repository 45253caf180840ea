"""The source text of a message as HTML: every character as it stands, tags too, its hits marked. Pure.

Line ends are the only thing that is not kept: all are newlines. Does not know templates.
"""

from collections.abc import Mapping

from ...conversations.model import REASONING, TOOL_CALL, Message, Part
from ...markup import hit_marks
from ...markup.characters import plain
from ...markup.directions import json_html, source_html


def content_html(
    message: Message, find: Mapping[str, hit_marks.Find], part: str, first: int
) -> tuple[str, int]:
    """The content of a message in one block, and how many hits it has, numbered from ``first``.

    ``part`` is what the text outside traces is searched as. Tags are no searched text.
    """
    shown: list[str] = []
    hits = 0
    for piece in message.split.pieces:
        text = message.content[piece.start : piece.end]
        if piece.kind == "tag":
            shown.append(f'<span class="tag" dir="ltr">{plain(text)}</span>')
            continue
        html = source_html(text)
        searched = REASONING if piece.kind == REASONING else part
        if searched in find:
            html, count = hit_marks.mark(html, find[searched], first + hits)
            hits += count
        shown.append(html)
    return _block("".join(shown), "auto"), hits


def field_html(part: Part) -> str:
    """A part that the source keeps in a field of its own; calls are JSON."""
    if part.type == TOOL_CALL:
        return _block(json_html(part.text), "ltr")
    return _block(source_html(part.text), "auto")


def _block(html: str, direction: str) -> str:
    # A newline directly after the tag would be swallowed by the parser: one is given to it.
    return f'<pre class="source" dir="{direction}">\n{html}</pre>'
