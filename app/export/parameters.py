"""The parameters that say what is exported, one row each: for addresses, the command line and help.

Light, since the options of the command line are made of these rows.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..errors import InvalidInput
from ..search.request import parameter
from ..search.request.parameter import SELECTS, Parameter, one_of, whole
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
    listed_taking,
)
from .spelling import GPT, HUMAN

if TYPE_CHECKING:
    from ..conversations.fields import Field

MOST_COLUMNS = 200  # that are kept
_LONGEST_ROLE = 40
_TAKEN_ROLES = ("system", "tool", "observation", "function_call")  # of other speakers


def _listed(names: Iterable[str], default: bool = True) -> str:
    """Names as a sentence lists them, the first as the default."""
    first, *others, last = names
    return f"{', '.join([first + ' (default)' * default, *others])} or {last}"


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
            f"Export: where reasoning stands apart in a message of {listed_taking(REASONING_KEY)}: "
            f"{_listed(REASONING_KEYS)}.",
            "thinking",
            SHAPING,
            one_of(REASONING_KEYS),
            REASONING_CONTENT,
        ),
        Parameter(
            ARGUMENT,
            f"Export: the arguments of tool calls in {listed_taking(ARGUMENT)}: {_listed(ARGUMENTS)}.",
            "text",
            SHAPING,
            one_of(ARGUMENTS),
            OBJECT,
        ),
        Parameter(
            ROLES,
            f"Export: the names in {listed_taking(ROLES)} for who asks and who answers: {HUMAN},{GPT} "
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
