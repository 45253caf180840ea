"""What a query's tree finds: its rows, and which terms its scores are made of.

Pure but for the terms' postings, which ``Context`` fetches. A score is the sum, over the distinct
terms of a query and the parts that each is searched in, of what the term is worth in the row;
what is excluded, ids and regexes are worth nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..request.tree import All, Any, Identity, Leaf, Node, Not, Regex, Term, Word, leaves
from .row_sets import Integers, Postings, RowSet, both, either


class Context(Protocol):
    """Where terms are looked up."""

    @property
    def rows(self) -> int: ...

    def postings(self, part: str, term: Term) -> Postings:
        """How often a term stands in which rows of a part."""
        ...

    def identified(self, identity: str) -> Integers:
        """The rows of this conversation id."""
        ...


@dataclass(frozen=True)
class Terms:
    """What an index answers within one deadline."""

    rows: int
    find: Callable[[str, Term], Postings]
    identify: Callable[[str], Integers]

    def postings(self, part: str, term: Term) -> Postings:
        return self.find(part, term)

    def identified(self, identity: str) -> Integers:
        return self.identify(identity)


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


def scored(node: Node, searched: Sequence[str]) -> tuple[tuple[str, Term], ...]:
    """The terms that a score adds up, each with the part where it is looked for, each once."""
    pairs = (
        (part, leaf.term)
        for leaf in leaves(node)
        if not isinstance(leaf.term, Regex)
        for part in _parts(leaf, searched)
    )
    return tuple(dict.fromkeys(pairs))


def words(node: Node, searched: Sequence[str]) -> dict[str, list[Term]]:
    """The words that a tree has to look up in each part, those that are excluded too, each once."""
    found: dict[str, dict[Term, None]] = {}
    for leaf in _leaves(node):
        if isinstance(leaf.term, Word):
            for part in _parts(leaf, searched):
                found.setdefault(part, {})[leaf.term] = None
    return {part: list(terms) for part, terms in found.items()}


def parts(node: Node | None, searched: Sequence[str]) -> frozenset[str]:
    """The parts that a tree looks into; ``searched`` as above."""
    found = () if node is None else _leaves(node)
    return frozenset(part for leaf in found for part in _parts(leaf, searched))


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from _leaves(node.child)
    elif isinstance(node, All | Any):
        for child in node.children:
            yield from _leaves(child)


def _parts(leaf: Leaf, searched: Sequence[str]) -> Sequence[str]:
    return (leaf.part,) if leaf.part else searched
