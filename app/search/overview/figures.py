"""What the overview of a dataset tells, as plain values: each figure of the rows that a query finds."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ..request.faults import Known
from ..results import Result


@dataclass(frozen=True)
class FaultCount:
    """How many rows have a fault."""

    known: Known
    rows: int


@dataclass(frozen=True)
class Length:
    """How long a part is, in the unit of its field: over all rows, of the reasoning over those with a trace
    (the filter ``only``); ``without`` are those left out. ``bins`` are counts between ``edges``, the last
    without an end. Percentiles are None where there is no row."""

    part: str
    field: Field
    rows: int
    without: int
    total: int
    median: int | None
    p95: int | None
    p99: int | None
    max: int | None
    edges: tuple[int, ...]
    bins: tuple[int, ...]
    only: str = ""


@dataclass(frozen=True)
class Budget:
    """What a limit of reasoning keeps: ``rows`` with at most so much, and what these have together."""

    most: int
    rows: int
    kept: int


@dataclass(frozen=True)
class Budgets:
    """What limits of reasoning keep, in words or in tokens, which ``field`` counts; ``total`` is what all
    rows have."""

    field: Field
    total: int
    limits: tuple[Budget, ...]


@dataclass(frozen=True)
class ByValue:
    """The rows with one value of a field: how many have each fault (by its name), and the 5th, 25th, 50th,
    75th and 95th percentile of their words of reasoning, over those that have a trace."""

    value: object
    rows: int
    faults: Mapping[str, int]
    spread: tuple[int, int, int, int, int] | None

    @property
    def median(self) -> int | None:
        return self.spread[2] if self.spread else None

    @property
    def p95(self) -> int | None:
        return self.spread[4] if self.spread else None


@dataclass(frozen=True)
class By:
    """The values of a field, those of the most rows first."""

    field: Field
    values: tuple[ByValue, ...]


@dataclass(frozen=True)
class Grid:
    """Rows by two lengths: ``cells`` has a row for each bin of ``up``, a count for each bin of ``across``;
    the last bins have no end."""

    across: tuple[int, ...]
    up: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Behaviour:
    """A mark of traces: how often it stands in all of them, and in how many rows."""

    field: Field
    times: int
    rows: int


@dataclass(frozen=True)
class FirstResult:
    """Where traces first state the result that they end with, as a share of their words: counts in tenths."""

    field: Field
    median: float | None
    bins: tuple[int, ...]
    nulls: int


@dataclass(frozen=True)
class Combination:
    """How many rows have these values of some fields."""

    values: tuple[object, ...]
    rows: int


@dataclass(frozen=True)
class Languages:
    """The commonest combinations of the languages of prompt, trace and answer, out of ``of`` many."""

    fields: tuple[Field, ...]
    combinations: tuple[Combination, ...]
    of: int


@dataclass(frozen=True)
class Opening:
    """How a part begins: its first words, and in how many rows."""

    words: str
    rows: int


@dataclass(frozen=True)
class Openings:
    """The commonest openings of a part, out of ``of`` different ones; ``without``: rows that have no word."""

    part: str
    openings: tuple[Opening, ...]
    of: int
    without: int


@dataclass(frozen=True)
class CopyGroup:
    """Rows that are copies of each other: ``group`` is the lowest row of the dataset that is one."""

    size: int
    group: int
    prompt: str


@dataclass(frozen=True)
class Copies:
    """Groups of two rows and more: how many, how many rows they have, how many groups are how large, and the
    largest ones."""

    of: str
    field: Field
    groups: int
    rows: int
    sizes: tuple[tuple[int, int], ...]
    largest: tuple[CopyGroup, ...]


@dataclass(frozen=True)
class FieldFigure:
    """A field: how many rows have no value of it, how many different values there are; its commonest values,
    or counts between ``edges`` and of nulls. None for what is not known of a field that is only shown, or
    that there was no time for."""

    field: Field
    nulls: int | None
    distinct: int | None
    top: tuple[tuple[object, int], ...] = ()
    edges: tuple[float, ...] = ()
    bins: tuple[int, ...] = ()


@dataclass(frozen=True)
class Outlier:
    """A row that stands out by a field, and its value there."""

    reason: str
    field: Field
    value: object
    result: Result


@dataclass(frozen=True)
class Difference:
    """A value of a field, or a bin between two edges (``last``: with its upper one), that rows of the
    selection have more or less often than the rest."""

    field: Field
    value: object
    edges: tuple[float, float] | None
    last: bool
    rows: int
    of: int
    share: float
    rest: float


@dataclass(frozen=True)
class Figures:
    """The figures of some rows."""

    total: int
    faults: tuple[FaultCount, ...]
    lengths: tuple[Length, ...]
    budgets: tuple[Budgets, ...]
    grid: Grid
    behaviour: tuple[Behaviour, ...]
    first_result: FirstResult | None
    languages: Languages
    openings: tuple[Openings, ...]
    copies: tuple[Copies, ...]
    fields: tuple[FieldFigure, ...]
    models: tuple[Field, int] | None
    late: str = ""


@dataclass(frozen=True)
class Overview:
    """The figures of what a query finds, ``own``, beside those of ``all`` rows; ``differences`` between them
    and the rest. ``by`` is None where no field has few enough values."""

    own: Figures
    all: Figures
    by: By | None
    choices: tuple[Field, ...]
    outliers: tuple[Outlier, ...]
    differences: tuple[Difference, ...]
    seconds: float

    @property
    def selected(self) -> bool:
        """Whether these are not all rows."""
        return self.own.total != self.all.total

    def fault_pairs(self) -> "tuple[tuple[FaultCount, int], ...]":
        """The faults with the rows of all that have them."""
        pairs = zip(self.own.faults, self.all.faults, strict=True)
        return tuple((own, every.rows) for own, every in pairs)
