"""The query: everything that a page's address says, typed and checked. Pure.

``parse`` takes the pairs of a query string, ``pairs`` gives them back, so that every link is a query
changed with ``dataclasses.replace``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote_plus

from ... import file_types
from ...conversations.fields import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, Field
from ...errors import InvalidInput
from ...file_types import JSONL, TYPES
from ...store.schema import LONGEST_VALUE, PARTS
from . import filters, language
from .filters import Filter
from .tree import Node

RELEVANCE, ROW, RANDOM = "relevance", "row", "random:"
PROMPT, ALL = PARTS[0], "all"
SIZES = (25, 50, 100)
SMALLEST, LARGEST, DEFAULT_SIZE = 10, 100, 25
MOST_FACET_VALUES, FACET_VALUES = 1_000, 10
MOST_COLUMNS = 12
REPEATED = ("filter", "column")

# What each parameter means, for the documentation of the API and the README's table.
PARAMETERS: dict[str, tuple[str, str]] = {
    "q": (
        'The search: words, "phrases", OR, -, groups, prefix*, prompt: reasoning: answer: id:, '
        "/regex/.",
        "triangle area",
    ),
    "in": (
        "The part that is searched where a term names none: prompt, reasoning, answer or all.",
        "reasoning",
    ),
    "filter": (
        "A condition, repeatable: field:value, field:a..b, field:>n (>=, <, <=), field:null; "
        "a leading '-' excludes.",
        "metadata.complete:true",
    ),
    "sort": (
        "relevance (default with q), row (default without), a field, -field for descending, "
        "or random:SEED.",
        "-reasoning_words",
    ),
    "page": ("The page, from 1.", "2"),
    "size": ("Results on a page, 10 to 100 (25).", "50"),
    "column": (
        "List: a field that each result shows, repeatable; without it the usual ones.",
        "language",
    ),
    "density": ("List: comfortable (default) or compact.", "compact"),
    "read": ("List: the row that is read beside it, on wide screens.", "17"),
    "pick": ("List: the row that another is to be compared with.", "17"),
    "text": ("Conversation: rendered (default) or source.", "source"),
    "facet": ("Facets: give only this field's.", "metadata.model"),
    "facet_q": ("Facets: only values that hold this text.", "distill"),
    "facet_size": ("Facets: how many values, 1 to 1,000 (10).", "100"),
    "shape": (
        "Export: the shape of a record: source (default), messages, openai, sharegpt, alpaca or oumi.",
        "openai",
    ),
    "reasoning": (
        "Export: what becomes of traces: keep (default), strip, or separate (default of openai).",
        "strip",
    ),
    "type": (f"Export: the file type: {file_types.listed()}; the first by default.", "parquet"),
    "limit": ("Export: only so many rows, the first of the order; all without it.", "1000"),
    "download": ("Export: an id, by which a page asks how far the download is.", "a1b2c3d4e5f6"),
}

SOURCE, OPENAI = "source", "openai"
SHAPES = (SOURCE, "messages", OPENAI, "sharegpt", "alpaca", "oumi")
KEEP, STRIP, SEPARATE = "keep", "strip", "separate"
REASONINGS = (KEEP, STRIP, SEPARATE)

# Parameters of a few values, and what they take.
_CHOICES = {
    "in": (*PARTS, ALL),
    "shape": SHAPES,
    "reasoning": REASONINGS,
    "type": tuple(TYPES),
    "density": ("comfortable", "compact"),
    "text": ("rendered", "source"),
}


@dataclass(frozen=True)
class Query:
    """One request. ``node`` is the tree of ``q``, ``searched_in`` where it is looked for; ``sort`` is
    "" for the default. ``columns``, ``density``, ``read``, ``pick`` and ``text`` are how a page shows
    what is found; they change no answer."""

    q: str = ""
    node: Node | None = None
    searched_in: str = PROMPT
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    columns: tuple[str, ...] = ()
    density: str = ""
    read: int | None = None
    pick: int | None = None
    text: str = ""
    facet: str = ""
    facet_q: str = ""
    facet_size: int = FACET_VALUES
    shape: str = SOURCE
    reasoning: str = ""
    type: str = JSONL
    limit: int | None = None

    @property
    def traces(self) -> str:
        """What becomes of traces in an export; only the shape of OpenAI has a default of its own."""
        return self.reasoning or (SEPARATE if self.shape == OPENAI else KEEP)

    @property
    def order(self) -> str:
        """The sort that holds: relevance only where there is something to be relevant to."""
        if self.sort in ("", RELEVANCE):
            return ROW if self.node is None else RELEVANCE
        return self.sort

    @property
    def searched(self) -> tuple[str, ...]:
        """The parts where a term is looked for that names none."""
        return PARTS if self.searched_in == ALL else (self.searched_in,)

    def pairs(self, *added: str) -> list[tuple[str, str]]:
        """The query as parameters, defaults left out; ``added`` are further filters."""
        values = [
            ("q", self.q.strip()),
            ("in", "" if self.searched_in == PROMPT else self.searched_in),
            *(("filter", each.text) for each in self.filters),
            *(("filter", text) for text in added),
            ("sort", self.sort),
            ("size", "" if self.size == DEFAULT_SIZE else str(self.size)),
            ("page", "" if self.page == 1 else str(self.page)),
            *(("column", each) for each in self.columns),
            ("density", self.density),
            ("read", "" if self.read is None else str(self.read)),
            ("pick", "" if self.pick is None else str(self.pick)),
            ("text", self.text),
            ("shape", "" if self.shape == SOURCE else self.shape),
            ("reasoning", self.reasoning),
            ("type", "" if self.type == JSONL else self.type),
            ("limit", "" if self.limit is None else str(self.limit)),
        ]
        return [(name, value) for name, value in values if value]

    def string(self, *added: str) -> str:
        """The query string, with its "?" where it says anything; ``added`` are further filters."""
        said = "&".join(f"{name}={_quoted(value)}" for name, value in self.pairs(*added))
        return f"?{said}" if said else ""

    def at_place(self, place: int) -> "Query":
        """The query on the page that has this place, from 1, of its results."""
        return replace(self, page=(place - 1) // self.size + 1)

    def without(self, removed: Filter) -> "Query":
        """The query less one filter, back on the first page."""
        kept = tuple(each for each in self.filters if each.text != removed.text)
        return replace(self, filters=kept, page=1)

    def with_filter(self, text: str, fields: Mapping[str, Field]) -> "Query":
        """The query with one filter more, back on the first page."""
        return replace(self, filters=(*self.filters, filters.parse(text, fields)), page=1)


_quoted = lru_cache(4096)(quote_plus)  # a page has some 150 links, which hold the same few values


def parse(pairs: Sequence[tuple[str, str]], fields: Mapping[str, Field]) -> Query:
    """A query from parameters; one without a value is as absent. Raises InvalidInput."""
    given = [(name, value) for name, value in pairs if value != ""]
    single = _singles(given)
    texts = list(dict.fromkeys(value for name, value in given if name == "filter"))
    if len(texts) > filters.MOST:
        raise InvalidInput(f"{len(texts)} filters are given; at most {filters.MOST} are taken")
    for name in _CHOICES:
        _check_choice(name, single.get(name, ""))
    q = single.get("q", "")
    return Query(
        q=q,
        node=language.parse(q),
        searched_in=single.get("in", PROMPT),
        filters=tuple(filters.parse(text, fields) for text in texts),
        sort=_sort(single.get("sort", ""), fields),
        page=_whole("page", single.get("page", "1"), 1, None),
        size=_whole("size", single.get("size", str(DEFAULT_SIZE)), SMALLEST, LARGEST),
        columns=_columns([value for name, value in given if name == "column"], fields),
        density=_chosen("density", single),
        read=_optional("read", single, 0),
        pick=_optional("pick", single, 0),
        text=_chosen("text", single),
        facet=_facet(single.get("facet", ""), fields),
        facet_q=language.check_text("facet_q", single.get("facet_q", "")),
        facet_size=_whole(
            "facet_size", single.get("facet_size", str(FACET_VALUES)), 1, MOST_FACET_VALUES
        ),
        shape=single.get("shape", SOURCE),
        reasoning=_reasoning(single.get("shape", SOURCE), single.get("reasoning", "")),
        type=single.get("type", JSONL),
        limit=_optional("limit", single, 1),
    )


def _singles(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in given:
        if name not in PARAMETERS:
            raise InvalidInput(
                f"there is no parameter {name!r}; the parameters are: {', '.join(PARAMETERS)}"
            )
        if name in found and name not in REPEATED:
            raise InvalidInput(f"'{name}' is given more than once")
        found[name] = value
    return found


def _check_choice(name: str, value: str) -> None:
    if value and value not in _CHOICES[name]:
        raise InvalidInput(f"'{name}' is one of {', '.join(_CHOICES[name])}; not {value!r}")


def _reasoning(shape: str, reasoning: str) -> str:
    """What was chosen, "" where the shape has it by default."""
    return "" if reasoning == Query(shape=shape).traces else reasoning


def _whole(name: str, text: str, low: int, high: int | None) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if number is None or number < low or (high is not None and number > high):
        range_ = f"from {low} to {high:,}" if high is not None else f"from {low}"
        raise InvalidInput(f"'{name}' is a whole number {range_}, not {text[:40]!r}")
    return number


def _chosen(name: str, single: Mapping[str, str]) -> str:
    """The value of a parameter of a few values; "" for its default."""
    value = single.get(name, "")
    return "" if value == _CHOICES[name][0] else value


def _optional(name: str, single: Mapping[str, str], low: int) -> int | None:
    return _whole(name, single[name], low, None) if name in single else None


def _columns(names: Sequence[str], fields: Mapping[str, Field]) -> tuple[str, ...]:
    columns = tuple(dict.fromkeys(names))
    if len(columns) > MOST_COLUMNS:
        raise InvalidInput(f"{len(columns)} columns are given; at most {MOST_COLUMNS} are taken")
    for name in columns:
        if name not in fields:
            raise InvalidInput(f"there is no field {name!r} to show as a column")
    return columns


def _facet(name: str, fields: Mapping[str, Field]) -> str:
    if name and (name not in fields or not fields[name].facet):
        raise InvalidInput(f"there is no facet {name!r}")
    return name


def _sort(sort: str, fields: Mapping[str, Field]) -> str:
    if sort in ("", RELEVANCE, ROW):
        return sort
    if sort.startswith(RANDOM):
        seed = language.check_text("sort", sort.removeprefix(RANDOM))
        if not 1 <= len(seed) <= 64:
            raise InvalidInput("'sort=random:SEED' takes a seed of 1 to 64 characters")
        return sort
    field = fields.get(sort_field(sort))
    if field is None:
        raise InvalidInput(f"there is no field {sort_field(sort)!r} to sort by")
    if not sortable(field):
        raise InvalidInput(
            f"'{field.name}' cannot be sorted by: only numbers, dates, true or false and texts of "
            f"at most {LONGEST_VALUE} characters can"
        )
    return sort


def sort_field(sort: str) -> str:
    """The name of the field in a sort."""
    return sort.removeprefix("-")


def sortable(field: Field) -> bool:
    """Whether results can be sorted by a field."""
    if field.kind == TEXT:
        return field.longest <= LONGEST_VALUE and not field.digest
    return field.kind in (INTEGER, NUMBER, DATE, BOOLEAN) and bool(field.column)
