"""A user's text made safe to show: escaped, and what would not show as a visible badge.

Does not know Markdown, HTML structure or templates.
"""

from __future__ import annotations

import re
from html import escape

# ZWJ, ZWNJ, LRM, RLM and the variation selectors stay: emoji, Persian and Arabic need them.
# U+E000 and U+E001 are in it because they hold the places of what is lifted out.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000\ue001\ufeff\uffa0\ufff9-\ufffb\ufffe"
    "\uffff\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
HIDDEN = re.compile(f"[{_INVISIBLE}]")
"""One character that would not show, or would change how others show."""


def plain(text: str) -> str:
    """``text`` escaped, with characters that do not show as visible badges; all line ends are \\n.

    For every place that shows a user's text outside rendered Markdown, attributes excepted.
    """
    if text.isascii() and text.isprintable():  # nothing in it is hidden, and it is one line
        return escape(text)
    return HIDDEN.sub(badge, escape(lines(text)))


def badge(match: re.Match[str]) -> str:
    """The badge that shows a match of HIDDEN by its number."""
    return f'<bdi class="cc">U+{ord(match[0]):04X}</bdi>'


def lines(text: str) -> str:
    """``text`` with every line end as a newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
