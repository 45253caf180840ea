"""Another search that may have been meant: offered beside what was found."""

from ...conversations.words import normalise
from .language import NEGATIVE, TRAILING


def offered(query: str) -> str:
    """The query for the very text, of one that is nothing but ``-`` and a number: that leaves the number
    out, which may not be what was meant. "" for any other."""
    item = query.strip().rstrip(TRAILING)
    meant = item.startswith("-") and NEGATIVE.fullmatch(normalise(item))
    return f'"{item}"' if meant else ""
