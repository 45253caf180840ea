"""Takes what Markdown must not see out of a text, and puts it into the finished HTML.

Formulas, characters that do not show, and the brackets of link definitions each get a numbered
place, which Markdown treats as a word. Does not know how Markdown is rendered.
"""

from __future__ import annotations

import re
from html import unescape

from . import mathematics
from .characters import HIDDEN, badge, plain
from .code import Deadline, code_block

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A star between figures multiplies them: CommonMark would begin emphasis there.
_TIMES = r"(?<=[0-9)])\*(?=[0-9(])"
_HIDDEN_OR_ENTITY = re.compile(f"{HIDDEN.pattern}|{ENTITY.pattern}|{_TIMES}")
_PLACE = re.compile("\ue000(\\d+)\ue001")
_PLACE_OR_HIDDEN = re.compile(f"{_PLACE.pattern}|{HIDDEN.pattern}")
PREFIX = re.compile(r"^(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])(?=[ \t\n]|\Z))+", re.MULTILINE)
_DEFINITION = re.compile(rf"({PREFIX.pattern}|^)\[(?=[^\]\n]+\]:)", re.MULTILINE)
_CODE = re.compile(r"(<pre>)?<code>([^<]*)</code>(?:</pre>)?")


class Lifted:
    """What Markdown must not see, kept aside while a numbered place stands for it in the text."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, str]] = []

    def take(self, text: str) -> str:
        """``text`` with a place for each thing kept."""
        pieces: list[str] = []
        position = 0
        for formula in mathematics.find(text):
            pieces.append(_HIDDEN_OR_ENTITY.sub(self._hide, text[position : formula.start]))
            kind = "display" if formula.display else "inline"
            shown = f'<span class="math math-{kind}" dir="ltr">{plain(formula.source)}</span>'
            pieces.append(self._place(text[formula.start : formula.end], shown))
            position = formula.end
        pieces.append(_HIDDEN_OR_ENTITY.sub(self._hide, text[position:]))
        # Markdown would drop definitions of link targets: their bracket is taken away from it.
        return _DEFINITION.sub(lambda m: m[1] + self._place("[", "["), "".join(pieces))

    def _hide(self, match: re.Match[str]) -> str:
        if match[0][0] == "&" and not HIDDEN.search(unescape(match[0])):
            return match[0]
        return self._place(match[0], plain(match[0]))

    def _place(self, source: str, shown: str) -> str:
        self._kept.append((source, shown))
        return f"\ue000{len(self._kept) - 1}\ue001"

    def put_back(self, page: str, infos: list[str]) -> str:
        """The sanitised ``page`` with code coloured and all places filled with safe HTML."""
        blocks = iter(infos)
        deadline = Deadline()

        def code(match: re.Match[str]) -> str:
            text = self._sources(unescape(match[2]))
            if not match[1]:
                return f'<code dir="ltr">{plain(text)}</code>'
            return code_block(text, self._sources(next(blocks)), deadline)

        return _PLACE_OR_HIDDEN.sub(self._shown, _CODE.sub(code, page))

    def _sources(self, text: str) -> str:
        return _PLACE.sub(lambda match: self._kept[int(match[1])][0], text)

    def _shown(self, match: re.Match[str]) -> str:
        return self._kept[int(match[1])][1] if match[1] else badge(match)
