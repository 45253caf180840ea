"""The view of the search over all datasets: where something is found, where not, who is silent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlencode

from ...datasets.entry import BUILDING
from ...datasets.totals import LATE, SCANNING, Total
from ...search.request import parameter
from ...search.request.query import ALL, Query
from ...search.request.query import PARAMETERS as OF_QUERIES
from ..home.page import number_of
from ..links import Link, dataset_path
from ..root_path import address
from ..search_box import Box, search_box

PARAMETERS = {name: OF_QUERIES[name] for name in ("q", "in")}
SHOWN = parameter.Parameter(
    "shown", "What the page shows already.", "", parameter.LOOKS, parameter.text, kept=False
)
_STATES = {BUILDING: "Being indexed", SCANNING: "Still reading", LATE: "No answer in time"}


@dataclass(frozen=True)
class Found:
    """A dataset where something is found: how much, of how many, as words; ``permille`` of its rows."""

    name: str
    href: str
    total: str
    of: str
    permille: int


@dataclass(frozen=True)
class Silent:
    """A dataset that has not answered: what it is, the reason, and where it can be asked alone ("" where
    it cannot be asked)."""

    name: str
    href: str
    state: str
    reason: str


@dataclass(frozen=True)
class SearchView:
    """The page. ``everywhere`` is the way to all parts where this one has nothing, else "";
    ``goes_on``: whether it asks again by itself, at ``again``."""

    title: str
    summary: str
    q: str
    box: Box
    found: tuple[Found, ...]
    silent: tuple[Silent, ...]
    nothing: tuple[Link, ...]
    everywhere: str
    goes_on: bool
    path: str
    api: str

    @property
    def mark(self) -> str:
        """What tells this view from another that shows anything else."""
        return blake2b(repr(self).encode("utf-8", "replace"), digest_size=8).hexdigest()

    @property
    def again(self) -> str:
        """Where the page asks for what is new."""
        return f"{self.path}{'&' if '?' in self.path else '?'}shown={self.mark}"


def search(query: Query, totals: Sequence[Total]) -> SearchView:
    """The page of a query and what the datasets answer to it."""
    asked = query.pairs()
    string = f"?{urlencode(asked)}" if asked else ""
    by_total = sorted(totals, key=lambda each: -(each.total or 0))
    found = tuple(_found(each, string) for each in by_total if each.total)
    silent = tuple(_silent(each, string) for each in totals if each.total is None)
    q = query.q.strip()
    return SearchView(
        title=f"\u201c{q}\u201d in all datasets" if q else "Search in all datasets",
        summary=_summary(totals),
        q=q,
        box=search_box(address("/search"), query.q, asked),
        found=found,
        silent=silent,
        nothing=tuple(
            Link(each.name, dataset_path(each.name) + string) for each in totals if each.total == 0
        ),
        everywhere=_everywhere(query) if not found else "",
        goes_on=any(each.state in (BUILDING, SCANNING) for each in totals),
        path=address(f"/search{string}"),
        api=address(f"/api/search{string}"),
    )


def _everywhere(query: Query) -> str:
    if query.searched_in == ALL:
        return ""
    return address(f"/search?{urlencode(replace(query, searched_in=ALL).pairs())}")


def _found(each: Total, string: str) -> Found:
    total = each.total or 0
    share = max(1, round(1_000 * total / max(1, each.rows)))
    of = f"{each.rows:,}" + (f" ({each.of:,} in all)" if each.rows < each.of else "")
    return Found(each.name, dataset_path(each.name) + string, f"{total:,}", of, share)


def _silent(each: Total, string: str) -> Silent:
    open_ = each.state in _STATES
    reason = each.error[:1].upper() + each.error[1:]
    href = dataset_path(each.name) + string if open_ else ""
    return Silent(each.name, href, _STATES.get(each.state, "Cannot be served"), reason)


def _summary(totals: Sequence[Total]) -> str:
    """ "1,234 conversations in 3 of 12 datasets"."""
    rows = sum(each.total or 0 for each in totals)
    having = sum(bool(each.total) for each in totals)
    of = number_of(len(totals), "dataset")
    if not rows:
        return f"Nothing found in {of}" if len(totals) else "There is no dataset yet"
    return f"{number_of(rows, 'conversation')} in {having:,} of {of}"
