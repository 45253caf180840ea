"""The words of a query, looked up in each part by one statement, and kept."""

from collections.abc import Mapping, Sequence
from functools import partial

from ...cache import Share
from ..request.tree import Node, Term
from . import matching
from .deadline import Deadline
from .indexed_part import Part
from .row_sets import Postings

Key = tuple[str, str, Term]


def key(part: str, term: Term) -> Key:
    """By what postings are kept."""
    return "postings", part, term


def size(found: Postings) -> int:
    """The bytes of postings."""
    return int(found.rows.nbytes + found.frequencies.nbytes)


def looked_up(
    node: Node,
    searched: Sequence[str],
    parts: Mapping[str, Part],
    cache: Share,
    deadline: Deadline,
) -> dict[Key, Postings]:
    """The postings of all words of a tree, in the parts that there are."""
    found: dict[Key, Postings] = {}
    for part, words in matching.words(node, searched).items():
        if asked := parts.get(part):
            keys = [key(part, word) for word in words]
            found |= cache.many(keys, partial(_made, asked, deadline), size)
    return found


def _made(part: Part, deadline: Deadline, keys: Sequence[Key]) -> list[Postings]:
    found = part.postings([term for *_, term in keys], deadline)
    return [each for each in found if each is not None]
