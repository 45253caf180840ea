"""Turns a message's text into safe HTML: Markdown where that shows every word, else plain text.

The steps: caps, formulas and invisible characters lifted out, CommonMark (comrak, raw HTML as
text), links and images that must not be followed turned into text, an allow-list (nh3), a check
that no word was lost, directions, code coloured, what was lifted put back. Does not know conversations,
searches or templates. Nothing of what it returns makes a browser fetch anything.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import unquote

import comrak
import nh3

from .blocks import blocks
from .characters import HIDDEN, lines, plain
from .directions import directed, source_html
from .lifting import ENTITY, PREFIX, Lifted
from .rewriting import BLOCKS, NESTING_LIMIT, RefusedError, Rewriter
from .room import PIECE, Room, first_of, weight

__all__ = ["Rendered", "blocks", "plain", "render"]

TEXT_LIMIT = 200_000
"""Longer texts, in code points, are rendered in pieces; longer pieces are shown plain."""
OUTPUT_LIMIT = 4_000_000
"""Longer HTML, in code points, is dropped for the plain text."""
ROUGHLY = 1_000_000
"""Bytes by which the last text may go beyond its room before it is cut."""
CELL_LIMIT = 5_000
"""Texts whose tables may have more cells are shown plain: CommonMark fills short rows up."""
# Lines of words and punctuation in which nothing is Markdown, a formula or HTML: most of a trace.
_LINE = (
    r"(?!\d{1,9}[.)]|[-+=:#]|\s)[^\n\r\t\\`*_\[\]<>&$~|\x00-\x1f\xa0\ue000-\uf8ff]{1,4000}(?<!\s)"
)
_PROSE = re.compile(rf"{_LINE}(?:\n{_LINE})*")
_WORD = re.compile("\ue000\\d+\ue001|[^\\W_]+")
_TAG = re.compile(r'<(?:[^<>"]|"[^"]*")*>')
_WALL = nh3.Cleaner(
    tags=BLOCKS | {"a", "br", "code", "del", "em", "strong"},
    clean_content_tags=set(),
    attributes={"a": {"href"}, "ol": {"start"}},
    allowed_classes={"pre": {"plain"}, "td": {"center", "right"}, "th": {"center", "right"}},
    generic_attribute_prefixes=set(),
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow ugc",
)


@dataclass(frozen=True)
class Rendered:
    """Safe HTML; ``mode`` is "markdown" or "plain", ``note`` "" or one sentence why it is plain; ``left``
    are the code points at its end that there was no room for."""

    html: str
    mode: str
    note: str
    left: int = 0


def render(text: str, *, hard_breaks: bool = False, room: Room | None = None) -> Rendered:
    """``text`` as HTML for ``<div class="prose">``, its blocks directed; never raises for any text, but
    what the room's ``go_on`` does.

    ``hard_breaks`` keeps single newlines, which carry meaning in reasoning traces. The HTML is not taken
    from the room: what its caller does to it may change its size.
    """
    room = room or Room(math.inf, math.inf)
    beyond = max(0, len(text) - TEXT_LIMIT - max(0, int(min(room.size, len(text)))))
    made = _rendered(text[: len(text) - beyond], hard_breaks, room)
    if weight(made.html) > room.size + ROUGHLY:
        html, left = first_of(text, room)
        note = made.note or "Shown as plain text: longer than a page."
        return Rendered(_preformatted(text, html), "plain", note, left)
    return replace(made, left=made.left + beyond) if beyond else made


def _rendered(text: str, hard_breaks: bool, room: Room) -> Rendered:
    if _PROSE.fullmatch(text) and not HIDDEN.search(text):
        shown = text.replace("\n", "<br>\n") if hard_breaks else text
        return Rendered(f'<p dir="auto">{shown}</p>\n', "markdown", "")
    if len(text) > TEXT_LIMIT:
        return _in_pieces(lines(text), hard_breaks, room)
    return _whole(text, hard_breaks)


def _in_pieces(text: str, hard_breaks: bool, room: Room) -> Rendered:
    """A long text rendered block by block; it is plain only where no piece can be formatted."""
    pieces: list[Rendered] = []
    made = left = 0
    for start, end in _pieces(text):
        if room.full(made):
            left = len(text) - start
            break
        pieces.append(_whole(text[start:end], hard_breaks))
        made += weight(pieces[-1].html)
    note = next((piece.note for piece in pieces if piece.note), "")
    shown = text[: len(text) - left]
    if all(piece.mode == "plain" for piece in pieces):
        return replace(_plain(shown, note), left=left)
    html = "\n".join(piece.html for piece in pieces)
    if len(html) > OUTPUT_LIMIT:
        note = f"Shown as plain text: longer than {OUTPUT_LIMIT:,} characters."
        return replace(_plain(shown, note), left=left)
    return Rendered(html, "markdown", note.replace("Shown", "Shown in part", 1), left)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of whole blocks, about PIECE long; what lies between them is blank."""
    begin = last = -1
    for start, end in blocks(text):
        if begin >= 0 and end - begin > PIECE:
            yield begin, last
            begin = -1
        begin, last = (start if begin < 0 else begin), end
    if begin >= 0:
        yield begin, last


def _whole(text: str, hard_breaks: bool) -> Rendered:
    try:
        return Rendered(_formatted(text, hard_breaks), "markdown", "")
    except RefusedError as refusal:
        reason = str(refusal)
    except Exception:  # A renderer's fault must not cost the reader the text.
        reason = "it could not be formatted"
    return _plain(text, f"Shown as plain text: {reason}.")


def _plain(text: str, note: str) -> Rendered:
    return Rendered(_preformatted(text, source_html(text)), "plain", note)


def _preformatted(text: str, html: str) -> str:
    # A parser drops a newline directly after <pre>: one more keeps the text's own.
    start = "\n" if text[:1] in ("\n", "\r") else ""
    return f'<pre class="plain" dir="auto">{start}{html}</pre>'


def _formatted(text: str, hard_breaks: bool) -> str:
    if len(text) > TEXT_LIMIT:
        raise RefusedError(f"longer than {TEXT_LIMIT:,} characters")
    lifted = Lifted()
    source = lifted.take(lines(text))
    _check_size(source)
    page, targets = _commonmark(source.removesuffix("\n") + "\n", hard_breaks)
    _check_output(page)
    rewriter = Rewriter(targets)
    page = _WALL.clean(rewriter.rewritten(page))
    if _words_missing(source, page, [*targets, *rewriter.infos]):
        raise RefusedError("formatting would leave words out")
    page = lifted.put_back(directed(page), rewriter.infos)
    _check_output(page)
    return page


def _check_output(page: str) -> None:
    if len(page) > OUTPUT_LIMIT:
        raise RefusedError(f"longer than {OUTPUT_LIMIT:,} characters when formatted")


def _commonmark(text: str, hard_breaks: bool) -> tuple[str, list[str]]:
    """The HTML of ``text``, and the targets of its links and images in the order they stand.

    comrak holds Python's lock while it works: sizes are checked before.
    """
    targets: list[str] = []

    def note(target: str) -> str:
        targets.append(target)
        return target

    extension = comrak.ExtensionOptions()
    extension.table = extension.strikethrough = extension.cjk_friendly_emphasis = True
    extension.link_url_rewriter = extension.image_url_rewriter = note
    output = comrak.RenderOptions()
    # "unsafe" is about link targets alone, which are judged here; "escape" makes tags text.
    output.escape = output.unsafe_ = output.full_info_string = True
    output.hardbreaks = hard_breaks
    try:
        return comrak.render_markdown(text, extension, comrak.ParseOptions(), output), targets
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's own, outside Exception.
            raise RuntimeError("comrak failed") from error
        raise


def _check_size(text: str) -> None:
    """Refuses what would cost the renderers more than its length: depth, and wide tables."""
    indents: list[int] = []
    cells = columns = 0
    for line in text.split("\n"):
        marks = PREFIX.match(line)
        prefix = marks[0] if marks else ""
        if prefix.strip(" \t"):
            markers = len(re.findall(r"[-+*]|\d[.)]", prefix))
            indent = len(prefix.expandtabs(4)) - len(prefix.expandtabs(4).lstrip(" \t>"))
            while markers and indents and indents[-1] >= indent:
                indents.pop()
            indents.extend([indent] * markers)
            if max(len(indents), prefix.count(">") + markers) > NESTING_LIMIT:
                raise RefusedError(f"quotes or lists nested more than {NESTING_LIMIT} deep")
        ruled = "-" in line and ("|" in line or ":" in line)
        if ruled and not line.strip(" \t|:->+*0123456789.)"):
            columns = max(columns, line.count("|") + 1)
        elif not line.strip(" \t>"):
            columns = 0
        cells += columns
        if cells > CELL_LIMIT:
            raise RefusedError(f"tables of more than {CELL_LIMIT:,} cells")


def _words_missing(source: str, page: str, elsewhere: list[str]) -> bool:
    """Whether a word of ``source`` stands on ``page`` less often than it should.

    ``elsewhere`` are texts of the source that the page has in another place: link targets, and
    what follows a code fence. Numbers of list items are drawn by the browser.
    """
    shown = _words(unescape(_TAG.sub(" ", page)))
    missing = _words(source) - shown
    if missing:
        prefixes = PREFIX.findall(source)
        for text in (*elsewhere, *map(unquote, elsewhere), *prefixes):
            missing -= _words(text)
    if missing:
        missing &= _words(ENTITY.sub(lambda entity: unescape(entity[0]), source)) - shown
    return bool(missing)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))
