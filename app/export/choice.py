"""The choice of an export: what becomes of the rows that a query finds, in which file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import InvalidInput
from ..search.request import parameter
from ..search.request.parameter import Given, Pairs
from .file_types import JSONL
from .options import (
    ARGUMENT,
    KEEP,
    KEPT,
    OBJECT,
    REASONING_CONTENT,
    REASONING_KEY,
    ROLES,
    SHAPES,
    SOURCE,
    listed_taking,
)
from .parameters import PARAMETERS
from .spelling import GPT, HUMAN, Spelling

if TYPE_CHECKING:
    from ..search.request.query import Query

_OF_SOME = (REASONING_KEY, ARGUMENT, ROLES, KEPT)  # that not every shape takes


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
        """The choice of what is said of its parameters. Raises InvalidInput."""
        made = cls(**parameter.values(given, PARAMETERS.values()))
        same = made.reasoning == SHAPES[made.shape].traces
        return replace(made, reasoning="") if same else made

    def check(self) -> None:
        """Raise InvalidInput for an option of which something is said that the shape does not take."""
        default = Choice()
        for name in _OF_SOME:
            if not self.takes(name) and getattr(self, name) != getattr(default, name):
                raise InvalidInput(
                    f"'{name}' says nothing in the shape {self.shape}: it is of {listed_taking(name)}"
                )

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
    unused = set(_OF_SOME) - set(SHAPES[shape].takes if shape in SHAPES else ())
    return [pair for pair in pairs if pair[0] not in unused]


def asked(query: "Query", choice: Choice) -> Pairs:
    """All that says what is exported, as parameters: what is only looks is left out."""
    return [*query.asked, *choice.pairs()]
