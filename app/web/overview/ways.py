"""Ways from a figure to the rows that it counts: the page's own selection, narrowed by further filters. Pure.

Values of one field are alternatives: where the selection has some of the field, an equal value takes their
place, and a range is said by its two ends, which narrow. A list's values cannot be narrowed so.
"""

from dataclasses import dataclass
from functools import cached_property

from ...conversations.fields import LIST, Field
from ...errors import InvalidInput
from ...search.request.filters import alternatives
from ...search.request.language import parse
from ...search.request.parameter import string_of
from ...search.request.tree import All, Node, joined
from ..address import Address
from ..answers import edge
from ..links import filter_text


@dataclass(frozen=True)
class Way:
    """A further condition: the field it speaks of and its filters; ``equal`` for one value."""

    field: Field
    filters: tuple[str, ...]
    equal: bool


def valued(field: Field, value: object) -> Way:
    """The rows with a value of a field; None for those without."""
    return Way(field, (filter_text(field.name, value),), True)


def ranged(field: Field, low: float, high: float | None, closed: bool = False) -> Way:
    """The rows from ``low`` up to, not with, ``high`` (``closed``: with it); no end for None."""
    first = f"{field.name}:>={edge(field, low)}"
    if high is None:
        return Way(field, (first,), False)
    return Way(field, (first, f"{field.name}:{'<=' if closed else '<'}{edge(field, high)}"), False)


def told(field: Field, text: str, equal: bool) -> Way:
    """The rows that pass a filter."""
    return Way(field, (text,), equal)


@dataclass(frozen=True)
class Ways:
    """The links of a page at ``path``, whose selection is that of ``address``."""

    path: str
    address: Address

    @classmethod
    def of(cls, path: str, address: Address) -> "Ways":
        """The links of an overview: into the list, at its first page."""
        plain = address.looked_at_by("").reading(None).picking(None)
        return cls(path, plain.on_page(1))

    @cached_property
    def every(self) -> "Ways":
        """The links of all rows."""
        return Ways(self.path, self.address.of_all_rows())

    @property
    def here(self) -> str:
        """The selection itself."""
        return self.path + self.address.string()

    def to(self, *ways: Way) -> str:
        """The rows of the selection that meet conditions too; "" where no address says that."""
        base, texts = self.address, list[str]()
        for way in ways:
            own = alternatives(base.query.filters, way.field.name) if base.query.filters else []
            if own and way.equal and way.field.kind == LIST:
                return ""
            base = base.without(*own) if own and way.equal else base
            texts += way.filters
        return self.path + base.string(*texts)

    def phrase(self, part: str, words: str) -> str:
        """The rows of the selection that have a phrase in a part; "" where no search says that."""
        query, phrase = self.address.query, f'{part}:"{words}"'
        if query.node is None:
            return self.path + self.address.searching(phrase).string()
        both = f"({query.q}) {phrase}"
        try:
            meant = joined(All, [query.node, _node(phrase)])
            if parse(both) == meant:
                return self.path + self.address.searching(both).string()
        except InvalidInput:
            pass
        return ""

    def row(self, row: int) -> str:
        """A conversation, on the way through the selection."""
        return f"{self.path}/conversations/{row}{self.address.string()}"

    def facet(self, field: Field) -> str:
        """The values of a field, counted; "" where it is no facet."""
        if not field.facet:
            return ""
        asked = [*self.address.pairs(), ("facet", field.name), ("facet_size", "100")]
        return f"{self.path}/facets?{string_of(asked)}"

    def sorted(self, sort: str) -> str:
        """The selection in an order."""
        return self.path + self.address.sorted(sort).string()


def _node(text: str) -> Node:
    node = parse(text)
    assert node is not None
    return node
