"""The search language: from what was typed to terms. Pure; never raises but for what it says.

This release takes words, all of which must match. The operators of the language are recognised, so
that they are refused with a sentence instead of being searched as something else.
"""

import re

from ..conversations.words import normalise, words
from ..errors import InvalidInput

LONGEST = 1_000  # characters of a query

_TRAILING = ",.;:?!"
_LATER = (
    (re.compile(r'"'), "an exact phrase"),
    (re.compile(r"/.*/\Z", re.S), "a regular expression"),
    (re.compile(r"(prompt|reasoning|answer|id):"), "a part prefix"),
    (re.compile(r"(OR|AND|NOT)\Z"), "an operator"),
    (re.compile(r"-."), "an exclusion"),
    (re.compile(r"\("), "a group"),
    (re.compile(r"\w+\*\Z"), "a prefix"),
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def check_text(name: str, text: str, controls: bool = False) -> str:
    """The text of a parameter as it is. Raises InvalidInput for what no text can hold.

    ``controls`` lets control characters through: no word has any, but values of the source may.
    """
    if found := (_SURROGATES if controls else _CONTROLS).search(text):
        raise InvalidInput(
            f"'{name}' holds a character that cannot be searched: U+{ord(found[0]):04X}"
        )
    return text


def parse(query: str) -> tuple[str, ...]:
    """The words that a query asks for, normalised, each once, in the order typed.

    Raises InvalidInput for a query that is too long or that this release does not take yet.
    """
    if len(check_text("q", query)) > LONGEST:
        raise InvalidInput(f"'q' has {len(query):,} characters; at most {LONGEST:,} are taken")
    if query.strip() in ("", '""'):
        return ()
    return tuple(dict.fromkeys(_word(item) for item in query.split()))


def _word(item: str) -> str:
    """The one word of a bare item, trailing punctuation dropped."""
    for pattern, meaning in _LATER:
        if pattern.match(item):
            raise InvalidInput(_not_yet(item, meaning))
    found = words(item)
    kept = item.rstrip(_TRAILING) if found else item
    if len(found) != 1 or normalise(kept) != found[0]:
        if not found:
            raise InvalidInput(f"there is no word in {item!r}, and other text is not built yet")
        raise InvalidInput(
            f"{item!r} is not one single word, and exact text is not built yet; "
            f"written apart ({' '.join(found)}) its words are found"
        )
    return found[0]


def _not_yet(item: str, meaning: str) -> str:
    return f"{item!r} is {meaning}, which is not built yet: search for single words"
