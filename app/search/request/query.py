"""The query: which rows are asked for, in which order, and which of them are shown. Pure.

What makes a file of them is ``export/choice.py``, a page's whole address ``web/address.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...conversations.fields import Field
from ...errors import InvalidInput
from ...store.schema import PARTS
from . import filters, language, narrowing, parameter
from .copies import FIRST, ONE_OF_EACH
from .filters import Filter
from .narrowing import Sample
from .ordering import ordered
from .parameter import LOOKS, ORDERS, SELECTS, Given, Pairs, Parameter, one_of, whole
from .tree import Node

RELEVANCE, ROW = "relevance", "row"
PROMPT, ALL = PARTS[0], "all"
SIZES = (25, 50, 100)
SMALLEST, LARGEST, DEFAULT_SIZE = 10, 100, 25
MOST_FACET_VALUES, FACET_VALUES = 1_000, 10
MOST_COLUMNS = 12


def _filter(name: str, text: str, fields: Mapping[str, Field]) -> Filter:
    return filters.parse(text, fields)


def _column(name: str, text: str, fields: Mapping[str, Field]) -> str:
    if text not in fields:
        raise InvalidInput(f"there is no field {text!r} to show as a column")
    return text


def _facet(name: str, text: str, fields: Mapping[str, Field]) -> str:
    if text not in fields or not fields[text].facet:
        raise InvalidInput(f"there is no facet {text!r}")
    return text


def _looked_for(name: str, text: str, fields: Mapping[str, Field]) -> str:
    return language.check_text(name, text)


def _sort(name: str, sort: str, fields: Mapping[str, Field]) -> str:
    return sort if sort in (RELEVANCE, ROW) else ordered(name, sort, fields)


def _filter_text(each: Filter) -> str:
    return each.text


RESULTS = (
    Parameter(
        "q",
        'The search: words, "phrases", OR, -, groups, prefix*, prompt: reasoning: answer: id:, '
        "/regex/.",
        "triangle area",
        SELECTS,
        parameter.text,
        written=str.strip,
    ),
    Parameter(
        "in",
        "The part that is searched where a term names none: prompt, reasoning, answer or all.",
        "reasoning",
        SELECTS,
        one_of((*PARTS, ALL)),
        PROMPT,
        held="searched_in",
    ),
    Parameter(
        "filter",
        "A condition, repeatable: field:value, field:a..b, field:>n (>=, <, <=), field:null; "
        "a leading '-' excludes.",
        "metadata.complete:true",
        SELECTS,
        _filter,
        (),
        _filter_text,
        filters.MOST,
        "filters",
    ),
    *narrowing.PARAMETERS[:2],
    *ONE_OF_EACH,
    *narrowing.PARAMETERS[2:],
    Parameter(
        "sort",
        "relevance (default with q), row (default without), a field, -field for descending, "
        "or random:SEED.",
        "-reasoning_words",
        ORDERS,
        _sort,
    ),
    Parameter("page", "The page, from 1.", "2", LOOKS, whole(1), 1),
    Parameter(
        "size",
        "Results on a page, 10 to 100 (25).",
        "50",
        LOOKS,
        whole(SMALLEST, LARGEST),
        DEFAULT_SIZE,
    ),
    Parameter(
        "column",
        "List: a field that each result shows, repeatable; without it the usual ones.",
        "language",
        LOOKS,
        _column,
        (),
        most=MOST_COLUMNS,
        held="columns",
    ),
)
FACETS = (
    Parameter(
        "facet", "Facets: give only this field's.", "metadata.model", LOOKS, _facet, kept=False
    ),
    Parameter(
        "facet_q",
        "Facets: only values that hold this text.",
        "distill",
        LOOKS,
        _looked_for,
        kept=False,
    ),
    Parameter(
        "facet_size",
        "Facets: how many values, 1 to 1,000 (10).",
        "100",
        LOOKS,
        whole(1, MOST_FACET_VALUES),
        FACET_VALUES,
        kept=False,
    ),
)
PARAMETERS = {each.name: each for each in (*RESULTS, *FACETS)}


@dataclass(frozen=True)
class Query:
    """One request. ``node`` is the tree of ``q``, ``searched_in`` where it is looked for; ``sort`` is
    "" for the default. ``one`` row is kept of each group of copies, "" for all rows; which, says ``keep``.
    ``columns`` are the fields that each result has besides its signals. Links have
    the parameters in the order of the attributes."""

    q: str = ""
    node: Node | None = None
    searched_in: str = PROMPT
    filters: tuple[Filter, ...] = ()
    picked: tuple[int, ...] = ()
    like: int | None = None
    one: str = ""
    keep: str = FIRST
    sample: Sample | None = None
    sort: str = ""
    size: int = DEFAULT_SIZE
    page: int = 1
    columns: tuple[str, ...] = ()
    facet: str = ""
    facet_q: str = ""
    facet_size: int = FACET_VALUES

    @classmethod
    def of(cls, given: Given, fields: Mapping[str, Field]) -> "Query":
        """The query of what is said of its parameters. Raises InvalidInput."""
        node = language.parse(given["q"][0]) if "q" in given else None
        said = parameter.values(given, PARAMETERS.values(), fields)
        if "one" not in said:
            said.pop("keep", None)  # a form sends it along
        return cls(node=node, **said)

    @property
    def order(self) -> str:
        """The sort that holds: relevance only where there is something to be relevant to."""
        if self.sort in ("", RELEVANCE):
            return RELEVANCE if self.ranks else ROW
        return self.sort

    @property
    def ranks(self) -> bool:
        """Whether there is something to be relevant to."""
        return self.node is not None or self.like is not None

    @property
    def matching(self) -> tuple[object, ...]:
        """What tells one match set from another."""
        asked = self.node, self.searched, frozenset(self.filters)
        return *asked, self.picked, self.like, self.sample

    @property
    def searched(self) -> tuple[str, ...]:
        """The parts where a term is looked for that names none."""
        return PARTS if self.searched_in == ALL else (self.searched_in,)

    def pairs(self, *added: str) -> Pairs:
        """The query as parameters, defaults left out; ``added`` are further filters."""
        further = (("filter", text) for text in added)
        return [
            *parameter.pairs_of(self, _UP_TO_FILTERS),
            *further,
            *parameter.pairs_of(self, _BEHIND),
        ]

    @property
    def asked(self) -> Pairs:
        """What selects and orders, as parameters: two queries of the same have the same rows."""
        return list(parameter.pairs_of(self, _ASKED))

    @cached_property
    def halves(self) -> tuple[str, str]:
        """The query as a query string has it: up to its filters, and what stands behind them."""
        first, second = (parameter.pairs_of(self, rows) for rows in (_UP_TO_FILTERS, _BEHIND))
        return parameter.string_of(first), parameter.string_of(second)


_LINKED = parameter.linked(Query, PARAMETERS.values())
_ASKED = tuple(each for each in _LINKED if each.kind != LOOKS)
_FILTERS = _LINKED.index(PARAMETERS["filter"]) + 1
_UP_TO_FILTERS, _BEHIND = _LINKED[:_FILTERS], _LINKED[_FILTERS:]


def parse(pairs: Sequence[tuple[str, str]], fields: Mapping[str, Field]) -> Query:
    """A query from parameters; one without a value is as absent. Raises InvalidInput."""
    return Query.of(parameter.given(pairs, PARAMETERS), fields)
