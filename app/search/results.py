"""What a dataset answers, as plain values: results, facets, neighbours, one row to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..conversations.fields import Field
from ..conversations.formats.format import Layout
from ..conversations.model import Conversation
from .request.tree import Node
from .snippets import Snippet


@dataclass(frozen=True)
class Result:
    """One found conversation. ``score`` is None without a query; ``opening`` begins the answer;
    ``values`` are those of the fields that the query chose to see, besides the signals; ``ending`` are
    the last characters of a trace that was cut off."""

    row: int
    conversation_id: str | None
    prompt: str
    opening: str
    score: int | None
    snippets: tuple[Snippet, ...]
    signals: Mapping[str, object]
    values: Mapping[str, object] = field(default_factory=dict)
    ending: str = ""


@dataclass(frozen=True)
class Results:
    """One page of a query. ``seconds`` is what finding it took; ``covers`` is how many rows were looked at;
    ``offered`` is another search that may have been meant, "" for none; ``node`` the tree that was looked
    for, with what a row's likes add."""

    total: int
    results: tuple[Result, ...]
    page: int
    size: int
    seconds: float
    covers: int
    offered: str = ""
    node: Node | None = None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet in its own type, and how many rows have it."""

    value: object
    count: int


@dataclass(frozen=True)
class Facet:
    """A field with its counts: ``values``, the first ``of`` so many, or ``bins`` (from, to, count) and
    ``nulls``; or with what went wrong instead."""

    field: Field
    values: tuple[FacetValue, ...] = ()
    of: int = 0
    bins: tuple[tuple[float, float, int], ...] = ()
    nulls: int = 0
    error: str = ""

    @property
    def more(self) -> bool:
        """Whether there are further values."""
        return self.of > len(self.values)


@dataclass(frozen=True)
class Facets:
    """All facets of a query, in the order of the fields, counted in so many rows."""

    total: int
    facets: tuple[Facet, ...]
    covers: int


@dataclass(frozen=True)
class NotUnderstood:
    """Something that no reader understood: its kind ("role", "key", "json", "tool", "surrogate",
    "tag", "line", "file"), its name, how often it stands, and in how many rows."""

    kind: str
    name: str
    count: int
    rows: int


@dataclass(frozen=True)
class Neighbours:
    """Where a row stands in the results of a query: place from 1, and the rows beside it."""

    place: int
    total: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Reading:
    """One row, read from its source file as ``layout`` says: its messages, the whole record, its
    signals."""

    row: int
    layout: Layout
    conversation: Conversation
    record: Mapping[str, object]
    signals: Mapping[str, object]
    metadata: Mapping[str, object]
    columns: Mapping[str, object] = field(default_factory=dict)  # neither text nor metadata
    file: str = ""
    file_row: int = 0
    folders: Mapping[str, str | None] = field(default_factory=dict)  # what those above the file say

    @property
    def told(self) -> dict[str, object]:
        """The columns, then what folders say: as ``folder.NAME`` where a column is named like it."""
        named = {f"folder.{n}" if n in self.record else n: v for n, v in self.folders.items()}
        return {**self.columns, **named}

    @property
    def identity(self) -> str | None:
        """The conversation's id as text; None where it has none."""
        return self.layout.identity(self.record)
