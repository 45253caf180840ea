"""Which way the pieces of a text run: attributes and isolates in safe HTML, for the browser to act on.

Each block of a message runs as its own first letters do; code, formulas and JSON run left to right
in any text. Knows the HTML that ``markdown`` makes. Does not look at what languages a text is in: the
browser finds that by the letters, the same way for every reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import mathematics
from .characters import lines, plain

# Letters that run right to left: Hebrew to Arabic Extended, their presentation forms, and the old
# scripts of the second plane.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# A list's item or a quote runs as what it begins with, and that inherits: a browser does not look
# into blocks that have a direction of their own for the direction of what holds them.
_BLOCK = re.compile(
    r'<(li|blockquote)(>(?:\s*<(?:p|li|blockquote|h[3-6]|ul|ol(?: start="\d+")?)>)*)'
    r"|<(p|h[3-6]|t[dh])(?=[ >])"
)
# So do the columns of a table with its first heading that has text.
_FIRST_HEADING = re.compile(
    r'<table>(\s*<thead>\s*<tr>\s*(?:<th dir="auto"(?: class="[a-z]+")?></th>\s*)*<th) dir="auto"'
)
_TYPED_TAG = re.compile(
    r"<code>[^<]*</code>"  # has its own direction
    r'|<(?:[^<>"]|"[^"]*")*>'  # a tag of ours
    r"|&lt;[/!]?[A-Za-z][^<&]*(?:&(?!gt;|lt;)[^<&]*)*&gt;"
)
_JSON_TEXT = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_JSON_LINE = re.compile(r"(?:\\[nrt])+|(?:[^\\]|\\[^nrt])+", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]+(?<!`)\1(?!`)")


def directed(page: str) -> str:
    """Safe HTML of a message with a direction on each of its blocks; tables get a box to scroll in.

    Tags that were typed, and so are text, run left to right.
    """
    page = _BLOCK.sub(r'<\1\3 dir="auto"\2', page)
    page = page.replace('<pre class="plain">', '<pre class="plain" dir="auto">')
    if _RIGHT_TO_LEFT.search(page):
        page = _TYPED_TAG.sub(_isolated_tag, page)
    if "<table>" not in page:
        return page
    page = _FIRST_HEADING.sub(r'<div class="table" tabindex="0" dir="auto"><table>\1', page)
    return page.replace("</table>", "</table></div>")


def _isolated_tag(match: re.Match[str]) -> str:
    return match[0] if match[0][0] == "<" else f'<bdi dir="ltr">{match[0]}</bdi>'


def json_html(text: str) -> str:
    """JSON as safe HTML for a block that runs left to right: lines of texts in it that may run the
    other way keep that to themselves, so that no bracket, colon or key changes its place."""
    if not _RIGHT_TO_LEFT.search(text):
        return plain(text)
    pieces: list[str] = []
    position = 0
    for match in _JSON_TEXT.finditer(text):
        if _RIGHT_TO_LEFT.search(match[1]):
            pieces.append(plain(text[position : match.start(1)]))
            pieces += map(_isolated_line, _JSON_LINE.findall(match[1]))
            position = match.end(1)
    return "".join(pieces) + plain(text[position:])


def _isolated_line(line: str) -> str:
    return f"<bdi>{source_html(line)}</bdi>" if _RIGHT_TO_LEFT.search(line) else plain(line)


def source_html(text: str) -> str:
    """A text as it was typed as safe HTML for a ``<pre dir="auto">``, whose lines each run their own
    way; code and formulas in it run left to right. Blocks of code are ``span.fence``, to be set as
    blocks: the newline after them is theirs."""
    if not _RIGHT_TO_LEFT.search(text):
        return plain(text)
    text = lines(text)
    pieces: list[str] = []
    position = 0
    for start, end, opening in _left_to_right(text):
        pieces += [plain(text[position:start]), opening, plain(text[start:end])]
        pieces.append("</bdi>" if opening.startswith("<bdi") else "</span>")
        position = end
    return "".join(pieces) + plain(text[position:])


def _left_to_right(text: str) -> Iterator[tuple[int, int, str]]:
    """The ranges of code and formulas in order, and the tag that each stands in."""
    position = 0
    for start, end in [*mathematics.wholes(text), (len(text), len(text))]:
        for span in _CODE_SPAN.finditer(text, position, start):
            yield *span.span(), '<bdi dir="ltr">'
        if start < end and text[start] in "\\$":
            yield start, end, '<bdi dir="ltr">'
        elif start < end:
            end += text.startswith("\n", end)
            yield start, end, '<span class="fence" dir="ltr">'
        position = end
