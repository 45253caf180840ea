"""The tree of a query: what is looked for, and how it hangs together. Plain values."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One word, normalised."""

    text: str


@dataclass(frozen=True)
class Prefix:
    """Every word that begins so."""

    text: str


@dataclass(frozen=True)
class Phrase:
    """Two or more words next to each other."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Literal:
    """This very text, normalised."""

    text: str


@dataclass(frozen=True)
class Regex:
    """A pattern of RE2 over the text as it is."""

    pattern: str


Term = Word | Prefix | Phrase | Literal | Regex


@dataclass(frozen=True)
class Leaf:
    """A term, looked for in a part; with "" in the parts that the query names."""

    term: Term
    part: str = ""


@dataclass(frozen=True)
class Identity:
    """The conversation of this id."""

    text: str


@dataclass(frozen=True)
class Not:
    """All rows but the child's."""

    child: "Node"


@dataclass(frozen=True)
class All:
    """The rows that all children find."""

    children: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    """The rows that any child finds."""

    children: tuple["Node", ...]


Node = Leaf | Identity | Not | All | Any


def leaves(node: Node | None) -> tuple[Leaf, ...]:
    """The terms that are looked for, in order, each once; not those that are excluded."""
    return tuple(dict.fromkeys(_leaves(node)))


def _leaves(node: Node | None) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, All | Any):
        for child in node.children:
            yield from _leaves(child)


def joined(kind: type[All] | type[Any], nodes: list[Node]) -> Node:
    """One node of several; what is of the same kind is taken in, so that trees stay flat."""
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, kind) else [node])
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def negated(node: Node) -> Node:
    """All rows but the node's."""
    return node.child if isinstance(node, Not) else Not(node)
