"""The search language by brute force: what a tree finds in plain texts, and what that is worth.

Written from the words of the specification alone, without a line of the program but the nodes of its
trees, which are plain values.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from app.search.request.tree import (
    All,
    Any,
    Identity,
    Leaf,
    Literal,
    Node,
    Not,
    Phrase,
    Prefix,
    Regex,
    Term,
    Word,
)

PARTS = ("prompt", "reasoning", "answer")
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007),
    (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x303B), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip


DROPPED = "\u00ad\u2060\ufeff"
FOLD = str.maketrans("\u0130\u2018\u2019\u02bc\u2010\u2011\u2012\u2013\u2212", "i'''-----", DROPPED)


def norm(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(FOLD).casefold()


@cache
def wordy(char: str) -> bool:
    return char == "_" or unicodedata.category(char)[0] in "LMN"


@cache
def spaced(char: str) -> bool:
    return wordy(char) and not any(low <= ord(char) <= high for low, high in UNSPACED)


def normal_words(normal: str) -> list[str]:
    """Runs of L, M, N and _; a character of a script without spaces is a word of its own."""
    found: list[str] = []
    run = ""
    for char in normal:
        if spaced(char):
            run += char
            continue
        found += [run] if run else []
        run = ""
        found += [char] if wordy(char) else []
    return [*found, run] if run else found


def words(text: str) -> list[str]:
    return normal_words(norm(text))


def item_term(item: str) -> Term | None:
    """What a bare item means: no white space, no quote. Of operators only ASCII ones count, and what
    is dropped at its end is as if it were not there."""
    found = words(item)
    while item[-1:] and (item[-1] in DROPPED or (found and item[-1] in ",.;:?!")):
        item = item[:-1]
    normal = norm(item)
    if len(found) == 1 and normal == found[0]:
        return Word(normal)
    if len(found) == 1 and normal == found[0] + "*" and item[-1] == "*":
        return Prefix(found[0])
    return Literal(normal) if normal.strip() else None


def literal_starts(normal: str, text: str) -> list[int]:
    """Where a normalised text begins in another, whole at the edges of its spaced words."""
    found = []
    for start in range(len(normal) - len(text) + 1):
        end = start + len(text)
        if not normal.startswith(text, start):
            continue
        cut_before = start > 0 and spaced(text[0]) and spaced(normal[start - 1])
        cut_after = end < len(normal) and spaced(text[-1]) and spaced(normal[end])
        if not cut_before and not cut_after:
            found.append(start)
    return found


def phrase_count(tokens: Sequence[str], wanted: Sequence[str]) -> int:
    size = len(wanted)
    return sum(
        tokens[at] == wanted[0] and list(tokens[at : at + size]) == list(wanted)
        for at in range(len(tokens) - size + 1)
    )


class Texts:
    """The texts of each part, a text a row, with the rows' ids; asked term by term and row by row."""

    def __init__(self, parts: dict[str, list[str]], ids: Sequence[str | None]) -> None:
        self.parts, self.ids = parts, ids
        self.rows = len(ids)
        self.normal = {part: [norm(text) for text in texts] for part, texts in parts.items()}
        self.tokens = {
            part: [normal_words(text) for text in texts] for part, texts in self.normal.items()
        }
        self.counts = {
            part: [Counter(tokens) for tokens in each] for part, each in self.tokens.items()
        }
        self.lengths = {
            part: [len(tokens) for tokens in each] for part, each in self.tokens.items()
        }
        self.many = {part: sum(map(bool, each)) for part, each in self.lengths.items()}
        self._known: dict[tuple[str, Term], list[int]] = {}
        self._held: dict[tuple[str, Term], int] = {}

    def frequencies(self, part: str, term: Term) -> list[int]:
        """How often a term stands in each row's text."""
        key = part, term
        if key not in self._known:
            self._known[key] = [self._frequency(part, row, term) for row in range(self.rows)]
        return self._known[key]

    def _frequency(self, part: str, row: int, term: Term) -> int:
        if isinstance(term, Word):
            return self.counts[part][row][term.text]
        if isinstance(term, Prefix):
            counts = self.counts[part][row]
            return sum(count for word, count in counts.items() if word.startswith(term.text))
        if isinstance(term, Phrase):
            return phrase_count(self.tokens[part][row], term.words)
        if isinstance(term, Literal):
            normal = self.normal[part][row]
            return len(literal_starts(normal, term.text)) if term.text in normal else 0
        return int(re.search(term.pattern, self.parts[part][row], re.ASCII) is not None)

    def found(self, node: Node, searched: Sequence[str]) -> set[int]:
        """The rows that a tree finds."""
        if isinstance(node, Leaf):
            parts = (node.part,) if node.part else searched
            each = [self.frequencies(part, node.term) for part in parts]
            return {row for row in range(self.rows) if any(times[row] for times in each)}
        if isinstance(node, Identity):
            return {row for row in range(self.rows) if self.ids[row] == node.text}
        if isinstance(node, Not):
            return set(range(self.rows)) - self.found(node.child, searched)
        sets = [self.found(child, searched) for child in node.children]
        return set.intersection(*sets) if isinstance(node, All) else set.union(*sets)

    def score(self, node: Node, searched: Sequence[str], row: int) -> int:
        """BM25 of each distinct pair of part and term that is not excluded, each rounded, added."""
        pairs = {
            (part, leaf.term)
            for leaf in positive(node)
            for part in ((leaf.part,) if leaf.part else searched)
            if not isinstance(leaf.term, Regex)
        }
        return sum(self.worth(part, term, row) for part, term in pairs)

    def worth(self, part: str, term: Term, row: int) -> int:
        frequencies = self.frequencies(part, term)
        times = frequencies[row]
        if not times:
            return 0
        if (part, term) not in self._held:
            self._held[part, term] = sum(count > 0 for count in frequencies)
        many, held = self.many[part], self._held[part, term]
        mean = sum(self.lengths[part]) / many if many else 1.0
        idf = math.log(1 + (many - held + 0.5) / (held + 0.5))
        length = self.lengths[part][row] / mean
        return round(1_000_000 * (idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length))))


def positive(node: Node) -> Iterator[Leaf]:
    """The leaves that are not excluded."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, All | Any):
        for child in node.children:
            yield from positive(child)


def marked(term: Term, text: str) -> bool:
    """Whether a marked text is the term; more only where one character of the source is several."""
    if isinstance(term, Word):
        return term.text in words(text)
    if isinstance(term, Prefix):
        return any(word.startswith(term.text) for word in words(text))
    if isinstance(term, Phrase):
        return phrase_count(words(text), term.words) > 0
    if isinstance(term, Literal):
        return term.text in norm(text)
    return True
