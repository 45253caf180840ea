"""The ranks that a build writes of its fields: of which, and what they say."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from app.conversations.fields import BOOLEAN, DATE, INTEGER, LIST, NUMBER, SHOWN, TEXT
from app.index import field_ranks
from app.store.arrays import Arrays
from app.store.schema import LONGEST_VALUE, ranks_of


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def told(kind: str, **more: Any) -> dict[str, object]:
    usual = {"kind": kind, "type": kind, "column_name": "f0", "stored": "value", "facet": "values"}
    return {**usual, "longest": 0, **more}


def written(
    connection: duckdb.DuckDBPyConnection, folder: Path, fields: list[dict[str, object]]
) -> Arrays:
    path = folder / "ranks"
    field_ranks.write(connection, fields, path)
    return Arrays(lambda: path.open("rb", buffering=0))


@pytest.mark.parametrize("at_once", [1, 3, 1_000_000])
@pytest.mark.parametrize(
    ("kind", "sql", "values", "ranks", "different"),
    [
        (TEXT, "varchar", "('b'), (null), ('a'), ('b')", [1, 2, 0, 1], ["a", "b"]),
        (BOOLEAN, "boolean", "(true), (null), (false)", [1, 2, 0], [False, True]),
        (INTEGER, "bigint", "(3), (-1), (3), (null)", [1, 0, 1, 2], [-1, 3]),
        (INTEGER, "hugeint", "(18446744073709551615), (1)", [1, 0], [Decimal(1), Decimal(2**64 - 1)]),
        (NUMBER, "double", "('nan'), ('0.5'), ('-inf'), ('-0'), ('0')", [2, 1, 2, 0, 0], [0.0, 0.5]),
        (NUMBER, "decimal(5, 2)", "(1.5), (null)", [0, 1], [Decimal("1.50")]),
        (DATE, "date", "('2024-01-02'), (null), ('2024-01-01')", [1, 2, 0],
         [date(2024, 1, 1), date(2024, 1, 2)]),
    ],
)  # fmt: skip
def test_ranks_of_rows(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    kind: str,
    sql: str,
    values: str,
    ranks: list[int],
    different: list[object],
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second field is the same once more: fields are read one by one, or together."""
    monkeypatch.setattr(field_ranks, "AT_ONCE", at_once)
    connection.execute(f"create table conversations (f0 {sql}, f1 {sql})")
    connection.execute(f"insert into conversations select x, x from (values {values}) t(x)")
    fields = [told(kind), told(kind, column_name="f1")]
    arrays = written(connection, tmp_path, fields)
    for name in ("f0", "f1"):
        own, distinct, rows = ranks_of(name)
        assert arrays.numbers(own).tolist() == ranks
        assert arrays.values(distinct).to_pylist() == different
        with pytest.raises(KeyError):
            arrays.numbers(rows)


@pytest.mark.parametrize(
    ("inner", "sql", "values", "ranks", "different", "rows"),
    [
        ("varchar", "varchar[]", "(0, ['b', 'a', 'b']), (1, null), (2, []), (3, ['a', null])",
         [(0, "a"), (0, "b"), (1, None), (3, "a")], ["a", "b"], 4),
        ("double", "double[]", "(0, ['0.5', 'nan']), (1, ['inf'])", [(0, 0.5)], [0.5], 1),
        ("date", "date[]", "(0, ['2024-01-02'])", [(0, "2024-01-02")], ["2024-01-02"], 1),
        ("decimal(5, 2)", "decimal(5, 2)[]", "(7, [1.5])", [(7, Decimal("1.50"))], [Decimal("1.50")], 1),
    ],
)  # fmt: skip
def test_ranks_of_lists(
    connection: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    inner: str,
    sql: str,
    values: str,
    ranks: list[tuple[int, object]],
    different: list[object],
    rows: int,
) -> None:
    """An entry for each value that a list contains, one with null for a row without a list."""
    connection.execute(f"create table conversations (row_number uinteger, f0 {sql})")
    connection.execute(f"insert into conversations values {values}")
    arrays = written(connection, tmp_path, [told(LIST, type=f"list of {inner}")])
    own, distinct, owners = (ranks_of("f0")[n] for n in (0, 1, 2))
    labels = [*arrays.values(distinct).to_pylist(), None]
    assert labels[:-1] == different
    entries = zip(arrays.numbers(owners).tolist(), arrays.numbers(own).tolist(), strict=True)
    found = [(row, labels[rank]) for row, rank in entries]
    assert sorted(found, key=str) == sorted(ranks, key=str)
    assert len(found) == rows


@pytest.mark.parametrize(
    ("field", "ranked"),
    [
        (told(TEXT, longest=LONGEST_VALUE), True),
        (told(TEXT, longest=LONGEST_VALUE, facet=""), True),  # sorted by
        (told(TEXT, longest=LONGEST_VALUE + 1, facet=""), False),
        (told(TEXT, stored="digest", facet=""), False),
        (told(INTEGER, facet=""), True),
        (told(LIST), True),
        (told(LIST, facet=""), False),
        (told(SHOWN, column_name="", facet=""), False),
    ],
)
def test_which_fields_have_ranks(field: dict[str, object], ranked: bool) -> None:
    assert field_ranks._is_ranked(field) is ranked
