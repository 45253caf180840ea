"""Options that are parameters, one for each row of their table: name, help and value are the row's.

The type of the file is not among them: FILE's ending says it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from ..export.parameters import PARAMETERS
from ..search.request.narrowing import PARAMETERS as NARROWING
from ..search.request.parameter import Parameter
from .added import Command, added

ROWS = [each for each in PARAMETERS.values() if each.name != "type"]


def option_of(name: str) -> str:
    """The name of a parameter's option."""
    return f"--{name.replace('_', '-')}"


def with_choice(command: Command) -> Command:
    """The command with the options of an export's choice, which it is given as ``chosen``: what is said of
    them, as pairs of parameter and text."""
    return _with(command, ROWS, "chosen")


def with_narrowing(command: Command) -> Command:
    """The command with the options that narrow a query besides search and filters; given as ``narrowed``."""
    return _with(command, NARROWING, "narrowed")


def _with(command: Command, rows: Sequence[Parameter], name: str) -> Command:
    options = {each.attribute: _annotation(each) for each in rows}
    defaults = {each.attribute: None if each.repeatable else "" for each in rows}

    def pairs(said: Mapping[str, Any]) -> list[tuple[str, str]]:
        texts = ((row, said[row.attribute]) for row in rows)
        listed = ((row, each if row.repeatable else [each]) for row, each in texts if each)
        return [(row.name, text) for row, each in listed for text in each]

    return added(command, options, defaults, name, pairs)


_METAVARS = {"rows": "ROWS", "like": "ROW", "sample": "N:SEED"}


def _annotation(row: Parameter) -> Any:
    kind: Any = list[str] | None if row.repeatable else str
    said = row.meaning.removeprefix("Export: ")
    usual = "N" if row.default is None else row.name.rpartition("_")[2].upper()
    metavar = _METAVARS.get(row.name, usual)
    option = typer.Option(option_of(row.name), help=said[0].upper() + said[1:], metavar=metavar)
    return Annotated[kind, option]
