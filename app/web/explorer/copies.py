"""The control of the explorer by which one row is kept of each group of copies. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...search.request.copies import FIRST, LONGEST, ONE_OF, SHORTEST
from ...search.request.query import Query
from ..address import Address
from ..links import Link
from ..wording import keep_words

CHANCE = "random:1"  # offered where no other seed is asked for
_OF = {
    "": "All kept",
    "prompt": "One of each prompt",
    "near_prompt": "One of each prompt, near ones too",
    "conversation": "One of each conversation",
}


@dataclass(frozen=True)
class CopiesForm:
    """What one row can be kept of each of, which of them, and all other parameters. The choices have their
    values in the place of addresses."""

    ones: tuple[Link, ...]
    keeps: tuple[Link, ...]
    hidden: tuple[tuple[str, str], ...]


def copies_form(address: Address, fields: Mapping[str, Field]) -> CopiesForm | None:
    """The control; None as long as nobody knows what are copies."""
    there = ["", *(one for one, field in ONE_OF.items() if field in fields)]
    if len(there) == 1:
        return None
    query = address.query
    ones = tuple(Link(_OF[one], one, current=one == query.one) for one in there)
    pairs = address.on_page(1).pairs()
    hidden = tuple(pair for pair in pairs if pair[0] not in ("one", "keep"))
    return CopiesForm(ones, tuple(_keeps(query, fields)) if query.one else (), hidden)


def _keeps(query: Query, fields: Mapping[str, Field]) -> Iterator[Link]:
    for keep in dict.fromkeys((FIRST, LONGEST, SHORTEST, CHANCE, query.keep)):
        words = keep_words(keep, fields)
        yield Link(words[:1].upper() + words[1:], keep, current=keep == query.keep)
