"""Fenced code: where a fence ends that a line opens, in quotes and list items too.

Knows of Markdown these three alone.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"`{3,}(?=[^`\n]*$)|~{3,}", re.MULTILINE)
_BEFORE_FENCE = re.compile(r"[ \t]*+(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]*+)*")
_FENCE_END = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*$", re.MULTILINE)


def fence(text: str, position: int, sign: int) -> tuple[int, int] | None:
    """The range of the fenced code that this sign opens, whole lines; the line must begin at
    or after the position."""
    opening = _FENCE.match(text, sign)
    if not opening:
        return None
    line = text.rfind("\n", max(0, position - 1), sign) + 1
    if (line == 0 < position) or not _BEFORE_FENCE.fullmatch(text, line, sign):
        return None
    before = text[line:sign]
    last = _container_end(text, before, sign)
    for match in _FENCE_END.finditer(text, opening.end(), last):
        indented = match.start(1) - match.start() > len(before) + 3
        quoted = (">" in match[0]) == (">" in before)
        if match[1].startswith(opening[0]) and quoted and not indented:
            return line, match.end()
    return line, last


def _container_end(text: str, before: str, sign: int) -> int:
    """Where the quote or the list item ends whose marks stand before a sign in its line: a
    fence in it goes no further."""
    if not before.strip():
        return len(text)
    outside = r"(?![ \t]*>)" if ">" in before else rf"(?! {{{len(before)}}}| *\t)(?=[ \t]*\S)"
    ending = re.compile(rf"\n{outside}").search(text, sign)
    return ending.start() if ending else len(text)
