"""What an index says of its fields."""

from typing import Any, cast

import pyarrow as pa
import pytest

from app.conversations.signals.table import BY_NAME
from app.errors import Failed
from app.search.shard import catalog
from app.store.engine import Engine


class Fields:
    """An index whose table of fields has these rows."""

    def __init__(self, names: list[str], nulls: int = 0) -> None:
        self.names, self.nulls = names, nulls

    def table(self, statement: object, seconds: float) -> pa.Table:
        row = {"kind": "text", "type": "string", "signal": True, "column_name": "f0"}
        others = {"stored": "value", "facet": False, "longest": 3, "low": None, "high": None}
        more = {
            "middle": None,
            "distinct_values": 1,
            "nulls": self.nulls,
            "numbers": "",
            "path": b"[]",
        }
        kept: dict[str, Any] = {**row, **others, **more, "keys": 0, "origin": "signal"}
        return pa.Table.from_pylist([{**kept, "name": name} for name in self.names])


def test_an_index_without_one_of_the_signals_is_of_another_version() -> None:
    first, *others = BY_NAME
    with pytest.raises(Failed, match=f"lacks the signal '{first}'"):
        catalog.fields(catalog.field_rows(cast(Engine, Fields(others))))


def test_an_index_with_all_of_them_has_their_help() -> None:
    found = catalog.fields(catalog.field_rows(cast(Engine, Fields(list(BY_NAME)))))
    assert {name: each.help for name, each in found.items()} == {
        n: s.help for n, s in BY_NAME.items()
    }


@pytest.mark.parametrize(("nulls", "distinct"), [(0, 1), (1, 2), (9, 2)])
def test_no_value_is_one_value_more(nulls: int, distinct: int) -> None:
    found = catalog.fields(catalog.field_rows(cast(Engine, Fields(list(BY_NAME), nulls))))
    assert {each.distinct for each in found.values()} == {distinct}
