"""Literals: which quoted texts are one, and the words of one and what stands before, between and
after them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from ..conversations.words import normal_spans

_NEGATIVE = re.compile(r"-(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+-]?\d+)?")


def is_negative(text: str) -> bool:
    """Whether a normalised text is nothing but ``-`` and a number. In quotes such a text is a literal:
    as a phrase it would lose its sign, and without quotes the sign is an operator."""
    return _NEGATIVE.fullmatch(text) is not None


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
