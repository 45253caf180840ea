"""The choice of an export: what becomes of the rows that a query finds, in which file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..search.request import parameter
from ..search.request.parameter import SELECTS, Given, Pairs, Parameter, one_of, whole
from ..search.request.parameter import SHAPES as SHAPING
from ..search.request.query import Query
from . import file_types
from .chats import SHAPES, SOURCE
from .file_types import JSONL, TYPES
from .traces import KEEP, REASONINGS, SEPARATE, STRIP


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them, the first as the default."""
    first, *others, last = names
    return f"{', '.join([f'{first} (default)', *others])} or {last}"


_APART = " and ".join(each.name for each in SHAPES.values() if each.traces == SEPARATE)

PARAMETERS = {
    each.name: each
    for each in (
        Parameter(
            "shape",
            f"Export: the shape of a record: {_listed(tuple(SHAPES))}.",
            "openai",
            SHAPING,
            one_of(SHAPES),
            SOURCE,
        ),
        Parameter(
            "reasoning",
            f"Export: what becomes of traces: {KEEP} (default), {STRIP}, or {SEPARATE} (default of "
            f"{_APART}).",
            STRIP,
            SHAPING,
            one_of(REASONINGS),
        ),
        Parameter(
            "type",
            f"Export: the file type: {file_types.listed()}; the first by default.",
            "parquet",
            SHAPING,
            one_of(TYPES),
            JSONL,
        ),
        Parameter(
            "limit",
            "Export: only so many rows, the first of the order; all without it.",
            "1000",
            SELECTS,
            whole(1),
            None,
        ),
    )
}


@dataclass(frozen=True)
class Choice:
    """One choice. ``reasoning`` is "" where the shape has what was chosen by default; ``limit``: only so
    many rows. Links have the parameters in the order of the attributes."""

    shape: str = SOURCE
    reasoning: str = ""
    type: str = JSONL
    limit: int | None = None

    @classmethod
    def of(cls, given: Given) -> "Choice":
        """The choice of what is said of its parameters. Raises InvalidInput."""
        made = cls(**parameter.values(given, PARAMETERS.values()))
        same = made.reasoning == SHAPES[made.shape].traces
        return replace(made, reasoning="") if same else made

    @property
    def traces(self) -> str:
        """What becomes of traces."""
        return self.reasoning or SHAPES[self.shape].traces

    def pairs(self) -> Pairs:
        """The choice as parameters, defaults left out."""
        return list(parameter.pairs_of(self, _LINKED))

    @cached_property
    def string(self) -> str:
        """The choice as a query string has it."""
        return parameter.string_of(self.pairs())


_LINKED = parameter.linked(Choice, PARAMETERS.values())


def parse(pairs: Sequence[tuple[str, str]]) -> Choice:
    """A choice from parameters; one without a value is as absent. Raises InvalidInput."""
    return Choice.of(parameter.given(pairs, PARAMETERS))


def asked(query: Query, choice: Choice) -> Pairs:
    """All that says what is exported, as parameters: what is only looks is left out."""
    return [*query.asked, *choice.pairs()]
