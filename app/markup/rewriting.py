"""What becomes of the HTML that CommonMark gives, tag by tag, before the wall.

Links and images that must not be followed or fetched become text, headings go two levels down, raw
HTML is kept in its lines. Does not know what is safe to show: that is the wall's.
"""

from __future__ import annotations

import re
from html import escape, unescape

from .characters import HIDDEN
from .link_hosts import real_host

NESTING_LIMIT = 50
"""Quotes or lists nested deeper are shown plain: the sanitiser is quadratic in their depth."""
_PIECE = re.compile(r'([^<]*)(?:<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>|\Z)')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_SAFE_TARGET = re.compile(r"(?:https?://[^\s/?#\\]|mailto:[^\s])", re.IGNORECASE)
_BLOCK_NAMES = "blockquote h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th thead tr ul"
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}
"""Levels one and two are the page's and the message's own."""
BLOCKS = frozenset(_BLOCK_NAMES.split())


class RefusedError(Exception):
    """Why a text is not rendered as Markdown, as the second half of a sentence."""


class Rewriter:
    """Makes comrak's HTML fit the page: what must not be followed or fetched becomes text.

    ``targets`` are those of its links and images in order. ``infos`` gathers what follows each
    opening code fence, "" for a block without a fence.
    """

    def __init__(self, targets: list[str]) -> None:
        self.infos: list[str] = []
        self._targets = iter(targets)
        self._open: list[str] = []
        self._link_ends: list[str] = []
        self._shown: list[str] = []  # of the link that is open: its target, then its visible text
        self._after_block = True

    def rewritten(self, page: str) -> str:
        """The page made anew; raises RefusedError where it is nested too deep."""
        return _PIECE.sub(self._piece, page)

    def _piece(self, match: re.Match[str]) -> str:
        text, closing, name, attributes = match.groups()
        if "a" in self._open:
            self._shown.append(text)
        text = self._text(text)
        self._after_block = name in BLOCKS
        if name is None:
            return text
        name = _HEADINGS.get(name, name)
        if closing:
            self._open.pop()
            return text + (self._link_end() if name == "a" else f"</{name}>")
        return text + self._start(name, dict(_ATTRIBUTE.findall(attributes)))

    def _text(self, text: str) -> str:
        """A block of raw HTML is bare text between blocks: its lines are kept."""
        if not self._after_block or not text.strip():
            return text
        parent = self._open[-1] if self._open else ""
        if not parent or (parent in ("blockquote", "li") and text[0] == "\n"):
            return f'\n<pre class="plain">{text.strip(chr(10))}</pre>\n'
        return text

    def _start(self, name: str, attributes: dict[str, str]) -> str:
        if name == "img":
            return self._image(attributes)
        if name in ("br", "hr"):
            return f"<{name}>"
        inside = self._open[-1:]
        self._open.append(name)
        if len(self._open) > 4 * NESTING_LIMIT:
            raise RefusedError(f"nested more than {4 * NESTING_LIMIT} deep when formatted")
        if name == "a":
            return self._link(attributes)
        if name == "code" and inside == ["pre"]:
            language = attributes.get("class", "").removeprefix("language-")
            self.infos.append(unescape(f"{language} {attributes.get('data-meta', '')}").strip())
        if attributes.get("align") in ("center", "right"):
            return f'<{name} class="{attributes["align"]}">'
        return f'<{name} start="{attributes["start"]}">' if "start" in attributes else f"<{name}>"

    def _link(self, attributes: dict[str, str]) -> str:
        target, title = next(self._targets), _title(attributes)
        self._shown = [target]
        if _is_safe(target):
            self._link_ends.append(f"</a>{title}")
            return f'<a href="{attributes["href"]}">'
        self._link_ends.append(f"]({escape(target)}{title})")
        return "["

    def _link_end(self) -> str:
        """What closes a link; where its text names another host, with the one that it leads to."""
        end = self._link_ends.pop()
        host = real_host(self._shown[0], unescape("".join(self._shown[1:])))
        told = f" (\u2192 {escape(host)})" if host and end.startswith("</a>") else ""
        return end.replace("</a>", f"</a>{told}", 1)

    def _image(self, attributes: dict[str, str]) -> str:
        target = next(self._targets)
        shown = escape(target)
        self._shown.append(attributes.get("alt", ""))
        if _is_safe(target) and "a" not in self._open:
            shown = f'<a href="{attributes["src"]}">{shown}</a>'
        return f"![{attributes.get('alt', '')}]({shown}{_title(attributes)})"


def _title(attributes: dict[str, str]) -> str:
    return f' "{attributes["title"]}"' if attributes.get("title") else ""


def _is_safe(target: str) -> bool:
    """Whether a link may go there: absolute http, https or mailto, with nothing hidden in it."""
    return bool(_SAFE_TARGET.match(target)) and not HIDDEN.search(target)
