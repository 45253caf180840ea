"""The source text of a message as HTML: every character as it stands, tags too, its hits marked. Pure.

Line ends are the only thing that is not kept: all are newlines. Does not know templates.
"""

from collections.abc import Mapping

from ...conversations.model import ANSWER, REASONING, Message
from ...markup import hit_marks
from ...markup.characters import plain


def source_html(
    message: Message, find: Mapping[str, hit_marks.Find], part: str, first: int
) -> tuple[str, int]:
    """The content in one block, and how many hits it has, numbered from ``first``.

    ``part`` is what the text outside traces is searched as. Tags are no searched text.
    """
    shown: list[str] = []
    hits = 0
    for piece in message.split.pieces:
        html = plain(message.content[piece.start : piece.end])
        if piece.kind == "tag":
            shown.append(f'<span class="tag">{html}</span>')
            continue
        searched = REASONING if piece.kind == REASONING else part or ANSWER
        if searched in find:
            html, count = hit_marks.mark(html, find[searched], first + hits)
            hits += count
        shown.append(html)
    # A newline directly after the tag would be swallowed by the parser: one is given to it.
    return f'<pre class="source" dir="auto">\n{"".join(shown)}</pre>', hits
