"""Rows like one: which words of it are looked for. Pure.

The rarest words tell most of what a row is about, and the index knows how rare each is: no model, and any
script. The idea is "more like this" of Lucene: a query made of a document's own words.
"""

from collections.abc import Mapping

from .request.tree import All, Any, Leaf, Node, Word, joined

WORDS = 20  # of a row that are looked for

Stands = Mapping[tuple[str, str], int]  # in how many rows a word of a part stands


def rarest(stands: Stands) -> list[tuple[str, str]]:
    """The (part, word) that stand in the fewest rows, but in another one too; ties by part and word."""
    shared = sorted((rows, *each) for each, rows in stands.items() if rows > 1)
    return [(part, word) for _, part, word in shared[:WORDS]]


def narrowed(node: Node | None, stands: Stands) -> Node:
    """The tree of a query whose rows also share one of a row's rarest words."""
    alike: list[Node] = [Leaf(Word(word), part) for part, word in rarest(stands)]
    shared = joined(Any, alike) if alike else Any(())
    return shared if node is None else joined(All, [node, shared])
