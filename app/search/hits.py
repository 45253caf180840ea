"""Where the terms of a query stand in a text: what is found is what is marked. Pure.

Reads one text at a time by the rules that the index was built by; ``part`` asks the index the same
questions of all texts at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..conversations.words import OTHER, SPACED, Span, aligned, char_class, normalise
from .request.tree import Leaf, Literal, Node, Phrase, Prefix, Regex, Term, Word, leaves

_FURTHER_BYTES = bytes(range(0x80, 0xC0))  # of characters that take more than one in UTF-8


@dataclass(frozen=True)
class Finder:
    """Finds terms: half-open code-point ranges of a text, rising; those that overlap are joined."""

    terms: tuple[Term, ...]

    def __call__(self, text: str) -> list[Span]:
        spans: list[Span] = []
        patterns = [term.pattern for term in self.terms if isinstance(term, Regex)]
        for pattern in patterns:
            spans.extend(_matches(text, pattern))
        if len(patterns) < len(self.terms):
            spans.extend(self._worded(text))
        return _joined(spans)

    def _worded(self, text: str) -> Iterator[Span]:
        normal, origins = aligned(text)
        for term in self.terms:
            for start, end in _FINDS[type(term)](normal, term):
                yield (origins[start][0], origins[end - 1][1]) if origins else (start, end)


def times(term: Term, text: str) -> int:
    """How often a term that is no regex stands in a text, overlapping places counted."""
    return sum(1 for _ in _FINDS[type(term)](normalise(text), term))


def finders(node: Node | None, searched: Sequence[str]) -> dict[str, Finder]:
    """What is to be found in each part that a query looks for something in."""
    terms: dict[str, dict[Term, None]] = {}
    for leaf in leaves(node):
        for part in _parts(leaf, searched):
            terms.setdefault(part, {})[leaf.term] = None
    return {part: Finder(tuple(found)) for part, found in terms.items()}


def _parts(leaf: Leaf, searched: Sequence[str]) -> Sequence[str]:
    return (leaf.part,) if leaf.part else searched


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def spaced(text: str, at: int) -> bool:
    """Whether a character of a spaced word stands here."""
    return 0 <= at < len(text) and char_class(text[at]) == SPACED


def _exact(normal: str, text: str) -> Iterator[Span]:
    """Where a text stands, and no more of a spaced word beside it."""
    first, last = spaced(text, 0), spaced(text, len(text) - 1)
    at = normal.find(text)
    while at >= 0:
        end = at + len(text)
        if not (first and spaced(normal, at - 1)) and not (last and spaced(normal, end)):
            yield at, end
        at = normal.find(text, at + 1)


def _word(normal: str, term: Word | Literal) -> Iterator[Span]:
    return _exact(normal, term.text)


def _prefix(normal: str, term: Prefix) -> Iterator[Span]:
    whole = not spaced(term.text, len(term.text) - 1)
    at = normal.find(term.text)
    while at >= 0:
        end = at + len(term.text)
        if whole or not spaced(normal, at - 1):
            while not whole and spaced(normal, end):
                end += 1
            yield at, end
        at = normal.find(term.text, end)


def _phrase(normal: str, term: Phrase) -> Iterator[Span]:
    for start, end in _exact(normal, term.words[0]):
        for word in term.words[1:]:
            end = _next_word(normal, end, word)
            if end < 0:
                break
        else:
            yield start, end


def _next_word(normal: str, at: int, word: str) -> int:
    """Where the word ends that comes next from here, if it is this one; else -1."""
    while at < len(normal) and char_class(normal[at]) == OTHER:
        at += 1
    end = at + len(word)
    if not normal.startswith(word, at) or (spaced(word, len(word) - 1) and spaced(normal, end)):
        return -1
    return end


_FINDS: dict[type, Callable[[str, Any], Iterator[Span]]] = {
    Word: _word,
    Literal: _word,
    Prefix: _prefix,
    Phrase: _phrase,
    Regex: lambda normal, term: iter(()),
}


def _matches(text: str, pattern: str) -> Iterator[Span]:
    """The matches of RE2 that are not empty: told from the text with marks put around them.

    In bytes: a pattern may cut a character in two (``\\C``), which is then in the match.
    """
    opening, closing = _unused(text, 2)
    marked: bytes = (
        pc.replace_substring_regex(
            pa.array([text]), pattern=f"({pattern})", replacement=f"{opening}\\1{closing}"
        )
        .cast(pa.binary())[0]
        .as_py()
    )
    before, *pieces = marked.split(opening.encode())
    at = _length(before)
    for piece in pieces:
        inside, after = piece.split(closing.encode())
        if length := _length(inside):
            yield at, at + length
        at += length + _length(after)


def _length(utf8: bytes) -> int:
    """Code points that begin in these bytes."""
    return len(utf8.translate(None, _FURTHER_BYTES))


def _unused(text: str, count: int) -> list[str]:
    """Private characters that do not stand in the text."""
    private = chain(range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))
    found = (chr(code) for code in private if chr(code) not in text)
    return [next(found) for _ in range(count)]
