"""The gaps of an exact text that have to be looked up: between its words, and at its ends. Pure."""

from ...conversations.words import ALONE, char_class
from ..request.literals import Pieces
from .part_statements import BEGINS, ENDS, EXACT


def is_plain(word: str, gap: str, after: str) -> bool:
    """Whether a gap is what stands between two words when nothing is said of it."""
    alone = ALONE in (char_class(word[-1]), char_class(after[0]))
    return gap == ("" if alone else " ")


def gaps(wanted: Pieces) -> list[tuple[int, str, str]]:
    """(offset from the first word, how, text) of the gaps that must be looked up."""
    words = wanted.words
    found = [
        (offset, EXACT, gap)
        for offset, gap in enumerate(wanted.inner)
        if not is_plain(words[offset], gap, words[offset + 1])
    ]
    if wanted.before:
        found.append((-1, ENDS, wanted.before))
    if wanted.after:
        found.append((len(words) - 1, BEGINS, wanted.after))
    return found
