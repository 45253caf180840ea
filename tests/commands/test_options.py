"""What ``--help`` says of options of a few values: the values of their tables, in their order."""

import re
from typing import get_args

import pytest

from app.commands import options
from app.export.file_types import TYPES
from app.export.options import REASONINGS, SHAPES
from app.search.request.query import ALL
from app.store.schema import PARTS


@pytest.mark.parametrize(
    ("option", "values"),
    [
        (options.Shape, SHAPES),
        (options.Reasoning, REASONINGS),
        (options.Type, TYPES),
        (options.SearchedIn, (*PARTS, ALL)),
    ],
)
def test_the_help_names_all_values(option: object, values: tuple[str, ...]) -> None:
    """Some are written twice, since help is not to wait for what makes records."""
    said = get_args(option)[1].help.rpartition(": ")[2].partition(";")[0]
    named = re.findall(r"[a-z]+(?:\.[a-z]+)*", said)
    assert [each for each in named if each not in ("default", "or")] == list(values)
