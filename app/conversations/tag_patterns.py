"""What finds reasoning tags in a text: patterns of them and of what may stand before one, and those that are
left outside code.

Ignorable are white space, byte order marks, zero-width characters and tokens (``<|...|>``, ``<｜...｜>``).
"""

import re
from functools import lru_cache

from .code import OutsideCode
from .tags import PAIRS

_ZERO_WIDTH = "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SPECIAL = r"<\|[^\n<>|]++\|>|<｜[^\n<>｜]++｜>"
_KNOWN = tuple(tag for pair in PAIRS for tag in (pair.opening, pair.closing))
_BY_FIRST = tuple(  # most texts have none of these characters
    (first, tuple(tag for tag in _KNOWN if tag[0] == first))
    for first in dict.fromkeys(tag[0] for tag in _KNOWN)
)


def stray_tags(text: str) -> tuple[str, ...]:
    """The tags of any known pair that a text has outside code fences and inline code."""
    if all(first not in text or not any_of(tags).search(text) for first, tags in _BY_FIRST):
        return ()
    begun = behind_ignorable(_KNOWN, text, 0)
    return tuple(match[0] for match in OutsideCode(text, any_of(_KNOWN)).after(begun))


def behind_ignorable(but: tuple[str, ...], text: str, at: int) -> int:
    """Where what is ignorable ends; the tags in ``but`` are never tokens."""
    match = _ignorable(but).match(text, at)
    return match.end() if match else at


@lru_cache
def _ignorable(but: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:[\s{_ZERO_WIDTH}]++|(?!{any_of(but).pattern})(?:{_SPECIAL}))*")


@lru_cache
def any_of(tags: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of some tags, of two that begin alike the longer one."""
    return re.compile("|".join(map(re.escape, sorted(tags, key=len, reverse=True))))
