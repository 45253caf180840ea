"""What is known of a file before it is read: what its user says, and what its first rows hold."""

import pyarrow as pa
import pytest

from app.conversations.formats.looked import Looked, Told
from app.conversations.tags import Tags

ONE = Told(
    "card", {"a": "x"}, (Tags("<a>", "</a>"),), {"r": "user"}, {"k": "role"}, True, "c", b"i"
)


@pytest.mark.parametrize(
    ("here", "other", "expected"),
    [
        (ONE, Told(), ONE),
        (Told(), ONE, ONE),
        (Told(), Told(), Told()),
        (
            ONE,
            Told("turns", {"b": "y"}, config_name="d", info=b"j"),
            Told("turns", {"a": "x", "b": "y"}, ONE.tags, ONE.roles, ONE.keys, True, "d", b"j"),
        ),
    ],
)
def test_what_is_said_last_holds(here: Told, other: Told, expected: Told) -> None:
    assert here.but(other) == expected


@pytest.mark.parametrize(
    ("values", "distinct"),
    [
        ([], True),
        (["a"], True),
        (["a", "b", None], True),
        (["a", "a", "b", "c"], True),
        (["a", "a", "b", "b"], False),
        (["a", "a", "a"], False),
        ([None, None], False),
    ],
)
def test_values_of_which_most_differ(values: list[str | None], distinct: bool) -> None:
    rows = [{"id": value} for value in values]
    assert Looked(pa.schema([("id", pa.string())]), rows).are_distinct("id") is distinct
