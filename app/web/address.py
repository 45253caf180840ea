"""An address: all that one of our pages says behind its "?", and the ways on from there. Pure.

It is a query, a choice of export, and how the page looks. Every link of the views is an address that
one of these verbs makes of the page's own; each verb says of itself which of them begin at page 1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..conversations.fields import Field
from ..export import parameters as choices
from ..export.choice import Choice
from ..search.request import filters, language, parameter
from ..search.request import query as queries
from ..search.request.copies import FIRST
from ..search.request.filters import Filter
from ..search.request.narrowing import Sample
from ..search.request.ordering import RANDOM
from ..search.request.parameter import Pairs, Parameter
from ..search.request.query import ALL, Query
from . import looks
from .looks import COMFORTABLE, RENDERED

# All parameters, in the order in which people are told of them.
PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        *queries.RESULTS,
        *looks.PAGES,
        *queries.FACETS,
        looks.BY,
        *choices.PARAMETERS.values(),
        looks.DOWNLOAD,
    )
}


def further(added: Iterable[str]) -> str:
    """Further filters as a query string has them."""
    return parameter.string_of([("filter", text) for text in added])


@dataclass(frozen=True)
class Address:
    """One address. ``read`` and ``pick`` are rows: the one beside the list, and the one that another is to be
    compared with; ``ticked`` are those that are taken together. Frozen; every verb gives another address.
    """

    query: Query = field(default_factory=Query)
    density: str = COMFORTABLE
    read: int | None = None
    pick: int | None = None
    ticked: tuple[int, ...] = ()
    text: str = RENDERED
    answer: str = ""
    by: str = ""
    choice: Choice = field(default_factory=Choice)
    download: str = ""

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], fields: Mapping[str, Field]) -> "Address":
        """The address of the parameters of a request. Raises InvalidInput."""
        given = parameter.given(pairs, PARAMETERS)
        query = Query.of(given, fields)
        own = parameter.values(given, looks.OWN, fields)
        return cls(query=query, choice=Choice.of(given), **own)

    def pairs(self, *added: str) -> Pairs:
        """The parameters, defaults left out; ``added`` are further filters."""
        own = parameter.pairs_of(self, _LINKED)
        return [*self.query.pairs(*added), *own, *self.choice.pairs()]

    def string(self, *added: str) -> str:
        """The query string, with its "?" where it says anything; ``added`` are further filters."""
        return self.linked(further(added))

    def linked(self, further: str) -> str:
        """The same with the further filters as a query string has them, "" for none."""
        head, tail = self._ends
        said = [each for each in (head, further, tail) if each]
        return f"?{'&'.join(said)}" if said else ""

    @cached_property
    def _ends(self) -> tuple[str, str]:
        """What stands before further filters and what behind them: a page has 200 links to filters."""
        first, second = self.query.halves
        own = parameter.string_of(parameter.pairs_of(self, _LINKED))
        return first, "&".join(each for each in (second, own, self.choice.string) if each)

    def around(self, name: str) -> tuple[str, str]:
        """The query string up to the row that ``read`` or ``pick`` names, and what stands behind it: each
        row of a list has such a link."""
        at = next(n for n, each in enumerate(_LINKED) if each.name == name)
        own = (_LINKED[:at], _LINKED[at + 1 :])
        before, behind = (parameter.string_of(parameter.pairs_of(self, each)) for each in own)
        head = "&".join(each for each in (*self.query.halves, before, f"{name}=") if each)
        return f"?{head}", "".join(f"&{each}" for each in (behind, self.choice.string) if each)

    # ------------------------------------------------------------------------ other rows, from page 1

    def searching(self, q: str) -> "Address":
        """Another search, "" for none. Raises InvalidInput."""
        return self._asking(q=q, node=language.parse(q), page=1)

    def searching_in(self, other: "Address") -> "Address":
        """The part that another address searches."""
        return self._asking(searched_in=other.query.searched_in)

    def everywhere(self) -> "Address":
        """The search in all parts."""
        return self._asking(searched_in=ALL, page=1)

    def with_filter(self, text: str, fields: Mapping[str, Field]) -> "Address":
        """One filter more. Raises InvalidInput."""
        return self._asking(filters=(*self.query.filters, filters.parse(text, fields)), page=1)

    def without(self, *removed: Filter) -> "Address":
        """Some filters less."""
        kept = tuple(each for each in self.query.filters if each not in removed)
        return self._asking(filters=kept, page=1)

    def unfiltered(self) -> "Address":
        """No filter at all, and copies too."""
        return self._asking(filters=(), one="", keep=FIRST, page=1)

    def of_all_rows(self) -> "Address":
        """Nothing that selects rows."""
        said = {"q": "", "node": None, "filters": (), "one": "", "keep": FIRST}
        return self._asking(**said, picked=(), like=None, sample=None, page=1)

    def of_rows(self, rows: tuple[int, ...]) -> "Address":
        """These rows alone, () for all that are found."""
        return self._asking(picked=rows, page=1)

    def of_ticked(self) -> "Address":
        """The ticked rows, whatever is searched."""
        return replace(self, ticked=()).of_all_rows().of_rows(self.ticked)

    def alike(self, row: int | None) -> "Address":
        """The rows like one, None for all that are found."""
        return self._asking(like=row, page=1)

    def sampled(self, sample: Sample | None) -> "Address":
        """A sample of what is found, None for all of it."""
        return self._asking(sample=sample, page=1)

    def with_copies(self) -> "Address":
        """All rows of each group of copies."""
        return self._asking(one="", keep=FIRST, page=1)

    # ----------------------------------------------------------------- the same rows, from page 1

    def sorted(self, sort: str) -> "Address":
        """Another order, "" for the usual one."""
        return self._asking(sort=sort, page=1)

    def shuffled(self, seed: str) -> "Address":
        """The random order of a seed."""
        return self.sorted(RANDOM + seed)

    def sized(self, size: int) -> "Address":
        """So many results on a page."""
        return self._asking(size=size, page=1)

    # ----------------------------------------------------------------- the same rows, on this page

    def on_page(self, page: int) -> "Address":
        """The page with this number, from 1."""
        return self._asking(page=page)

    def at_place(self, place: int) -> "Address":
        """The page that has this place, from 1, of the results."""
        return self.on_page((place - 1) // self.query.size + 1)

    def reading(self, row: int | None) -> "Address":
        """A row read beside the list, or none."""
        return replace(self, read=row)

    def picking(self, row: int | None) -> "Address":
        """A row picked to be compared, or none."""
        return replace(self, pick=row)

    def ticking(self, row: int) -> "Address":
        """A row ticked, or not any more."""
        return replace(self, ticked=tuple(sorted({*self.ticked} ^ {row})))

    def unticked(self) -> "Address":
        """No row ticked."""
        return replace(self, ticked=())

    def shown_as(self, text: str) -> "Address":
        """Conversations rendered, or as their source text."""
        return replace(self, text=text)

    def answered_by(self, answer: str) -> "Address":
        """Another answer shown, "" for the first."""
        return replace(self, answer=answer)

    def looked_at_by(self, name: str) -> "Address":
        """The overview by another field, "" for the usual one."""
        return replace(self, by=name)

    def usual(self) -> "Address":
        """The usual fields at the usual density."""
        usual = replace(self.query, columns=())
        return replace(self, query=usual, density=COMFORTABLE)

    def exporting(self, choice: Choice) -> "Address":
        """Another choice of export."""
        return replace(self, choice=choice)

    def _asking(self, **changed: Any) -> "Address":
        """The address with another query."""
        return replace(self, query=replace(self.query, **changed))


_LINKED = parameter.linked(Address, looks.OWN)
