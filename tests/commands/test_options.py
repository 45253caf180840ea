"""What ``--help`` says of options of a few values: the values of their tables, in their order."""

import re
from collections.abc import Sequence
from typing import Any, get_args

import pytest
import typer

from app.cli import command
from app.commands import options
from app.commands.chosen import ROWS, option_of, with_choice
from app.export.file_types import TYPES
from app.export.parameters import PARAMETERS
from app.search.request.query import ALL
from app.store.schema import PARTS


@pytest.mark.parametrize(
    ("option", "values"), [(options.Type, TYPES), (options.SearchedIn, (*PARTS, ALL))]
)
def test_the_help_names_all_values(option: object, values: tuple[str, ...]) -> None:
    """Some are written twice, since help is not to wait for what makes records."""
    said = get_args(option)[1].help.rpartition(": ")[2].partition(";")[0]
    named = re.findall(r"[a-z]+(?:\.[a-z]+)*", said)
    assert [each for each in named if each not in ("default", "or")] == list(values)


def test_an_export_has_an_option_for_each_parameter_of_its_choice() -> None:
    """Its help is what the row says, its name the parameter's with ``-`` for ``_``."""
    group: Any = typer.main.get_command(command)
    offered = {each.opts[0]: each for each in group.commands["export"].params}
    for row in ROWS:
        option = offered[option_of(row.name)]
        assert option.multiple == row.repeatable
        assert f"Export: {option.help[0].lower()}{option.help[1:]}" == row.meaning
    assert [*PARAMETERS] == [*(each.name for each in ROWS[:-1]), "type", "limit"]
    assert (option_of("keep_columns"), option_of("limit")) == ("--keep-columns", "--limit")
    assert "--type" in offered


def test_what_is_said_of_a_choice_is_given_as_pairs() -> None:
    @with_choice
    def told(path: str, chosen: Sequence[tuple[str, str]] = ()) -> None:
        found.append((path, list(chosen)))

    found: list[tuple[str, list[tuple[str, str]]]] = []
    nothing = {row.attribute: None if row.repeatable else "" for row in ROWS}
    told(path="a", **nothing)
    told(path="b", **{**nothing, "roles": "u,a", "keep_columns": ["x", "y"], "limit": "3"})
    assert found == [
        ("a", []),
        ("b", [("roles", "u,a"), ("keep_columns", "x"), ("keep_columns", "y"), ("limit", "3")]),
    ]
