"""The choice of an export: what becomes of the rows that a query finds, in which file. Pure.

Light, since the command line has its options of the rows of ``PARAMETERS``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import InvalidInput
from ..search.request import parameter
from ..search.request.parameter import SELECTS, Given, Pairs, Parameter, one_of, whole
from ..search.request.parameter import SHAPES as SHAPING
from . import file_types
from .file_types import JSONL, TYPES
from .options import (
    ARGUMENT,
    ARGUMENTS,
    INCOMPLETES,
    KEEP,
    KEPT,
    OBJECT,
    REASONING_CONTENT,
    REASONING_KEY,
    REASONING_KEYS,
    REASONINGS,
    ROLES,
    SEPARATE,
    SHAPES,
    SOURCE,
    STRIP,
    taking,
)
from .spelling import GPT, HUMAN, Spelling

if TYPE_CHECKING:
    from ..conversations.fields import Field
    from ..search.request.query import Query

MOST_COLUMNS = 200  # that are kept
_LONGEST_ROLE = 40
_TAKEN_ROLES = ("system", "tool", "observation", "function_call")  # of other speakers


def _listed(names: Iterable[str], default: bool = True) -> str:
    """Names as a sentence lists them, the first as the default."""
    first, *others, last = names
    return f"{', '.join([first + ' (default)' * default, *others])} or {last}"


def _of(option: str) -> str:
    """The shapes that take an option, as a sentence lists them."""
    *first, last = taking(option)
    return f"{', '.join(first)} and {last}" if first else last


def _roles(name: str, text: str, known: "Mapping[str, Field]") -> tuple[str, str]:
    """Two names parted by a comma."""
    names = [each.strip() for each in text.split(",")]
    if len(names) != 2 or names[0] == names[1] or not all(map(_may_be_role, names)):
        raise InvalidInput(
            f"'{name}' is two different names parted by a comma, for who asks and who answers, as "
            f"user,assistant; not {text[:80]!r}"
        )
    return names[0], names[1]


def _may_be_role(name: str) -> bool:
    short = 0 < len(name) <= _LONGEST_ROLE and name.isprintable()
    return short and name not in _TAKEN_ROLES


_APART = " and ".join(each.name for each in SHAPES.values() if each.traces == SEPARATE)

PARAMETERS = {
    each.name: each
    for each in (
        Parameter(
            "shape",
            f"Export: the shape of a record: {_listed(SHAPES)}.",
            "openai",
            SHAPING,
            one_of(SHAPES),
            SOURCE,
        ),
        Parameter(
            "reasoning",
            f"Export: what becomes of traces: {_listed(REASONINGS)}; {_APART} has {SEPARATE} by "
            "default.",
            STRIP,
            SHAPING,
            one_of(REASONINGS),
        ),
        Parameter(
            REASONING_KEY,
            f"Export: where reasoning stands apart in a message of {_of(REASONING_KEY)}: "
            f"{_listed(REASONING_KEYS)}.",
            "thinking",
            SHAPING,
            one_of(REASONING_KEYS),
            REASONING_CONTENT,
        ),
        Parameter(
            ARGUMENT,
            f"Export: the arguments of tool calls in {_of(ARGUMENT)}: {_listed(ARGUMENTS)}.",
            "text",
            SHAPING,
            one_of(ARGUMENTS),
            OBJECT,
        ),
        Parameter(
            ROLES,
            f"Export: the names in {_of(ROLES)} for who asks and who answers: {HUMAN},{GPT} "
            "(default), or user,assistant for TRL.",
            "user,assistant",
            SHAPING,
            _roles,
            (HUMAN, GPT),
            ",".join,
        ),
        Parameter(
            "incomplete",
            "Export: what becomes of rows whose trace is cut off or in which the assistant says "
            f"nothing: {_listed(INCOMPLETES)}.",
            "drop",
            SELECTS,
            one_of(INCOMPLETES),
            KEEP,
        ),
        Parameter(
            KEPT,
            "Export: columns of the source beside the record of a chat shape, parted by commas; "
            "repeatable.",
            "metadata",
            SHAPING,
            parameter.text,
            (),
            most=MOST_COLUMNS,
        ),
        Parameter(
            "signals",
            "Export: signals as columns, by their names parted by commas, or all.",
            "trace,answer_words",
            SHAPING,
            parameter.text,
            (),
            parted=True,
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
    many rows. Whether the columns and signals are there the dataset knows. Links have the parameters in
    the order of the attributes."""

    shape: str = SOURCE
    reasoning: str = ""
    reasoning_key: str = REASONING_CONTENT
    arguments: str = OBJECT
    roles: tuple[str, str] = (HUMAN, GPT)
    incomplete: str = KEEP
    keep_columns: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    type: str = JSONL
    limit: int | None = None

    @classmethod
    def of(cls, given: Given) -> "Choice":
        """The choice of what is said of its parameters. Raises InvalidInput, also for an option that
        the shape does not take."""
        made = cls(**parameter.values(given, PARAMETERS.values()))
        for name in made._without_use:
            raise InvalidInput(
                f"'{name}' says nothing in the shape {made.shape}: it is of {_of(name)}"
            )
        same = made.reasoning == SHAPES[made.shape].traces
        return replace(made, reasoning="") if same else made

    @property
    def _without_use(self) -> list[str]:
        """The options of which something is said that the shape does not take."""
        own = SHAPES[self.shape].takes
        default = Choice()
        return [
            name
            for name in (REASONING_KEY, ARGUMENT, ROLES, KEPT)
            if name not in own and getattr(self, name) != getattr(default, name)
        ]

    @property
    def traces(self) -> str:
        """What becomes of traces."""
        return self.reasoning or SHAPES[self.shape].traces

    @property
    def spelling(self) -> Spelling:
        """How its shape spells what may be spelt in several ways."""
        return Spelling(self.reasoning_key, self.arguments, self.roles)

    def takes(self, option: str) -> bool:
        """Whether its shape takes an option."""
        return option in SHAPES[self.shape].takes

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


def fitting(pairs: Sequence[tuple[str, str]]) -> Pairs:
    """The parameters of a form without the options that its shape does not take: they stay filled in
    when another shape is chosen."""
    shape = next((value for name, value in reversed(pairs) if name == "shape"), SOURCE)
    unused = {REASONING_KEY, ARGUMENT, ROLES, KEPT} - set(
        SHAPES[shape].takes if shape in SHAPES else ()
    )
    return [pair for pair in pairs if pair[0] not in unused]


def asked(query: "Query", choice: Choice) -> Pairs:
    """All that says what is exported, as parameters: what is only looks is left out."""
    return [*query.asked, *choice.pairs()]
