"""Literals taken apart: the words of an exact text and what stands before, between and after them."""

from dataclasses import dataclass
from itertools import pairwise

from ...conversations.words import normal_spans


@dataclass(frozen=True)
class Pieces:
    """A normalised text as words and gaps: ``inner`` has one fewer than ``words``."""

    words: tuple[str, ...]
    before: str
    inner: tuple[str, ...]
    after: str

    @property
    def unsure(self) -> bool:
        """Whether the outer gaps could be part of a plain one, which the index does not list."""
        return self.before == " " or self.after == " "


def pieces(text: str) -> Pieces:
    """The pieces of a normalised text."""
    spans = list(normal_spans(text))
    if not spans:
        return Pieces((), text, (), "")
    return Pieces(
        tuple(text[start:end] for start, end in spans),
        text[: spans[0][0]],
        tuple(text[one[1] : two[0]] for one, two in pairwise(spans)),
        text[spans[-1][1] :],
    )


def occurrences(text: str, gap: str) -> int:
    """How many times a text stands in another, overlapping ones counted."""
    count, at = 0, gap.find(text)
    while at >= 0:
        count, at = count + 1, gap.find(text, at + 1)
    return count
