"""Ways out of an empty list: what is found with one condition less, each counted exactly.

Asked only where nothing was found, within the time of one query; a count that is not there in time is
left out, its way is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ...errors import InvalidInput
from ...search.readable import Readable
from ...search.request.language import parse
from ...search.request.query import ALL
from ...search.request.tree import All, Node, joined
from ...store.schema import PARTS
from ..address import Address
from ..wording import filter_words

# A search in its items: regexes, quoted texts and brackets hold spaces.
_ITEMS = re.compile(r'(?:"[^"]*"|\([^()]*\)|(?<![^\s:(-])/(?:[^/\\]|\\.)+/(?=\s|\Z)|[^\s"()])+')
MOST = 12  # ways that are counted


@dataclass(frozen=True)
class Way:
    """A link to what is found without ``what``; ``count`` is "" where that is not known."""

    what: str
    href: str
    count: str


def ways(path: str, dataset: Readable, address: Address) -> tuple[Way, ...]:
    """The ways out of an address that finds nothing, what helps most first; those that lead to nothing
    are left out unless nothing else is there."""
    everywhere = len(dataset.parts) == len(PARTS)
    offered = [*_elsewhere(address), *_offered(address)] if everywhere else list(_offered(address))
    offered = offered[:MOST]
    counts = dataset.counts([loosened.query for _, loosened in offered])
    found = list(zip(offered, counts, strict=True))
    helping = [each for each in found if each[1] != 0]
    if not helping:
        everything = address.of_all_rows()
        (count,) = dataset.counts([everything.query])
        href, said = path + everything.string(), "" if count is None else f"{count:,}"
        return (Way("any search or filter", href, said),)
    helping.sort(key=lambda each: -(each[1] or 0))
    return tuple(
        Way(what, path + loosened.string(), "" if count is None else f"{count:,}")
        for (what, loosened), count in helping
    )


def _elsewhere(address: Address) -> Iterator[tuple[str, Address]]:
    """The search in all parts, where it is asked in one."""
    query = address.query
    if query.node is not None and query.searched_in != ALL:
        part = f"{query.searched_in}s" if query.searched_in != "reasoning" else "reasoning"
        yield f"the limit to {part}", address.everywhere()


def _offered(address: Address) -> Iterator[tuple[str, Address]]:
    """Each condition with the address that lacks it."""
    query = address.query
    if query.node is not None:
        yield f"the search {_quoted(query.q.strip())}", address.searching("")
        for item, rest in _less_an_item(query.q, query.node):
            yield _quoted(item), address.searching(rest)
    for each in query.filters:
        yield _quoted(filter_words(each)), address.without(each)
    if query.like is not None:
        yield f"likeness to row {query.like:,}", address.alike(None)
    if query.picked:
        yield "the limit to picked rows", address.of_rows(())
    ordered = sorted(query.filters, key=lambda each: each.field.name)
    for _, group in groupby(ordered, key=lambda each: each.field.name):
        own = list(group)
        if len(own) > 1:
            words = " and ".join(_quoted(filter_words(each)) for each in own)
            yield words, address.without(*own)


def _quoted(text: str) -> str:
    return f"\u201c{text}\u201d"


def _less_an_item(q: str, node: Node) -> Iterator[tuple[str, str]]:
    """Each item of a search of several, and the search without it.

    Only where that asks for just the other items: what belongs to an OR is no condition of its own.
    """
    if not isinstance(node, All):
        return
    items = [found.span() for found in _ITEMS.finditer(q)]
    for start, end in items:
        rest = " ".join((q[:start] + q[end:]).split(" ")).strip()
        try:
            left = parse(rest)
        except InvalidInput:
            continue
        if left in _others(node):
            yield q[start:end], rest


def _others(node: All) -> list[Node]:
    """The search without each of its conditions."""
    return [
        joined(All, [child for child in node.children if child != left]) for left in node.children
    ]
