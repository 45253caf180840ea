"""What a query's tree finds: its rows, and their scores.

Pure but for the terms' postings, which ``Context`` fetches. A score is the sum, over the distinct
terms of a query and the parts that each is searched in, of what the term is worth in the row;
what is excluded, ids and regexes are worth nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from ..request.tree import All, Any, Identity, Leaf, Node, Not, Regex, Term, leaves
from .ranking import Collection
from .row_sets import Integers, Postings, RowSet, both, either


class Context(Protocol):
    """Where terms are looked up."""

    rows: int

    def postings(self, part: str, term: Term) -> Postings:
        """How often a term stands in which rows of a part."""
        ...

    def identified(self, identity: str) -> Integers:
        """The rows of this conversation id."""
        ...

    def ranking(self, part: str) -> tuple[Collection, Integers]:
        """What ranking takes from a part: its totals, and the number of words of each row."""
        ...


def found(node: Node, searched: Sequence[str], context: Context) -> RowSet:
    """The rows that a tree finds; ``searched`` are the parts of terms that name none."""
    if isinstance(node, Leaf):
        sets = (RowSet(context.postings(p, node.term).rows) for p in _parts(node, searched))
        return either(sets, context.rows)
    if isinstance(node, Identity):
        return RowSet(context.identified(node.text))
    if isinstance(node, Not):
        return found(node.child, searched, context).inverted()
    if isinstance(node, Any):
        sets = (found(child, searched, context) for child in node.children)
        return either(sets, context.rows)
    return _all(node, searched, context)


def _all(node: All, searched: Sequence[str], context: Context) -> RowSet:
    kept: RowSet | None = None
    for child in node.children:
        rows = found(child, searched, context)
        kept = rows if kept is None else both(kept, rows)
        if not kept.complement and not len(kept.rows):
            break
    assert kept is not None
    return kept


def scores(node: Node, searched: Sequence[str], context: Context, rows: Integers) -> Integers:
    """The scores of these rows, which the tree found."""
    total = np.zeros(len(rows), np.int64)
    for part, term in dict.fromkeys(_scored(node, searched)):
        collection, lengths = context.ranking(part)
        total += collection.scores(context.postings(part, term), rows, lengths)
    return total


def _scored(node: Node, searched: Sequence[str]) -> Iterator[tuple[str, Term]]:
    for leaf in leaves(node):
        if not isinstance(leaf.term, Regex):
            yield from ((part, leaf.term) for part in _parts(leaf, searched))


def _parts(leaf: Leaf, searched: Sequence[str]) -> Sequence[str]:
    return (leaf.part,) if leaf.part else searched
