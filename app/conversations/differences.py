"""What differs between two texts, in words: which ranges of each have no counterpart in the other.

A text is given as its paragraphs, so that whole paragraphs are aligned first and words only within
those that belong together. White space is never a difference. Knows no HTML and no pages.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from .words import UNSPACED

Span = tuple[int, int]  # half-open
Spans = tuple[Span, ...]

MOST_WORDS = 12_000  # of both texts together; longer ones are not compared
MOST_PAIRS = 1_000_000  # words of one paragraph times words of the other
MOST_PARAGRAPHS = (
    2_500  # paragraphs of one stretch times those of the other, to be aligned by likeness
)
SECONDS = 0.5
ALIKE = 0.4  # share of common words from which two paragraphs belong together
SPECK = 2  # so few common words between two longer differences are read as part of them


@dataclass(frozen=True)
class Difference:
    """For each paragraph of both texts the ranges that only it has; ``common`` is the share of words
    that both texts have, 0 to 1."""

    left: tuple[Spans, ...]
    right: tuple[Spans, ...]
    common: float


def differ(left: Sequence[str], right: Sequence[str]) -> Difference | None:
    """How two texts differ; None where they are too long to be compared in time."""
    ends = time.monotonic() + SECONDS
    one, other = _Text(left), _Text(right)
    if one.words + other.words > MOST_WORDS:
        return None
    for a, b in _aligned(one, other):
        if time.monotonic() > ends:
            return None
        _compare(one, a, other, b)
    words = one.words + other.words
    common = 2 * one.kept / words if words else 1.0
    return Difference(tuple(map(tuple, one.spans)), tuple(map(tuple, other.spans)), common)


class _Text:
    """One of the texts: the words of each paragraph, and what is found to be its alone."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self.found = [list(_word().finditer(each)) for each in paragraphs]
        self.tokens = [tuple(match[0] for match in each) for each in self.found]
        self.words = sum(map(len, self.found))
        # until a counterpart is found, a paragraph is its text's alone
        self.spans = [[(f[0].start(), f[-1].end())] if f else [] for f in self.found]
        self.kept = 0

    def keep(self, paragraph: int, blocks: Sequence[Span]) -> None:
        """Note which words of a paragraph, in ranges of words, the other text has too."""
        found = self.found[paragraph]
        edges = [0, *(edge for block in blocks for edge in block), len(found)]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        self.spans[paragraph] = [(found[a].start(), found[b - 1].end()) for a, b in gaps if a < b]
        self.kept += sum(end - start for start, end in blocks)


@cache
def _word() -> re.Pattern[str]:
    """A word or a sign; in scripts written without spaces each character is one."""
    alone = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED)
    return re.compile(f"[{alone}]|[^\\W{alone}]+|[^\\w\\s]")


def _aligned(one: _Text, other: _Text) -> Iterator[tuple[int, int]]:
    """The paragraphs that belong together, rising on both sides."""
    matcher = SequenceMatcher(None, one.tokens, other.tokens, autojunk=False)
    for what, a, a_end, b, b_end in matcher.get_opcodes():
        if what == "equal":
            yield from zip(range(a, a_end), range(b, b_end), strict=True)
        elif what == "replace":
            yield from _alike(one.tokens, (a, a_end), other.tokens, (b, b_end))


def _alike(
    one: Sequence[tuple[str, ...]], a: Span, other: Sequence[tuple[str, ...]], b: Span
) -> Iterator[tuple[int, int]]:
    """Pairs of a stretch of paragraphs, none equal, by likeness: the best sum without crossing."""
    rows, columns = range(*a), range(*b)
    if len(rows) * len(columns) > MOST_PARAGRAPHS:
        yield from zip(rows, columns, strict=False)
        return
    mine, theirs = [Counter(one[i]) for i in rows], [Counter(other[j]) for j in columns]
    like = [[_likeness(x, y) for y in theirs] for x in mine]
    best = [[0.0] * (len(columns) + 1) for _ in range(len(rows) + 1)]
    for i in reversed(range(len(rows))):
        for j in reversed(range(len(columns))):
            paired = like[i][j] + best[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(rows) and j < len(columns):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield rows[i], columns[j]
            i, j = i + 1, j + 1


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two paragraphs have in common, wherever they stand."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _compare(one: _Text, a: int, other: _Text, b: int) -> None:
    """Keep the words that two paragraphs share in this order; none where that would take too long."""
    mine, theirs = one.tokens[a], other.tokens[b]
    if mine == theirs:
        blocks = [(0, 0, len(mine))]
    elif len(mine) * len(theirs) > MOST_PAIRS:
        return
    else:
        found = SequenceMatcher(None, mine, theirs).get_matching_blocks()
        blocks = _without_specks([(a, b, c) for a, b, c in found], len(mine), len(theirs))
    one.keep(a, [(i, i + size) for i, _, size in blocks])
    other.keep(b, [(j, j + size) for _, j, size in blocks])


def _without_specks(
    blocks: list[tuple[int, int, int]], mine: int, theirs: int
) -> list[tuple[int, int, int]]:
    """Common stretches less those of a word or two amid longer differences: they only blur them."""
    kept: list[tuple[int, int, int]] = []
    real = [block for block in blocks if block[2]]
    for place, (i, j, size) in enumerate(real):
        i_before, j_before = (
            (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) if kept else (0, 0)
        )
        i_after, j_after = real[place + 1][:2] if place + 1 < len(real) else (mine, theirs)
        before = max(i - i_before, j - j_before)
        after = max(i_after - i - size, j_after - j - size)
        if size > SPECK or size >= min(before, after):
            kept.append((i, j, size))
    return kept
