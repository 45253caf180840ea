"""The figures of each field that its facet needs: distinct values, lengths, nulls, ends and median.

Of few rows the values are fetched and counted here, since a statement takes longer than that. It costs as
much as the table has columns, whichever it asks for: of a wide table with many rows some columns at a time
are asked in a narrow copy.
"""

import math
from collections.abc import Sequence
from typing import Any

import duckdb

from ..conversations import fields as f
from ..conversations.found import Found
from ..store.field_rows import NAMES, NOTHING, moment

WIDE = 300  # columns from which on this costs less than it saves
NARROW = 50  # columns of a copy
FEW, AT_ONCE = 2_000, 500  # rows, and the columns of them that are fetched together

Facts = dict[str, object]


def of_fields(
    connection: duckdb.DuckDBPyConnection, fields: Sequence[tuple[Found, str]], rows: int
) -> list[Facts]:
    """The figures of fields and their columns of ``conversations``; "" for one that has none."""
    found: list[Facts] = [NOTHING] * len(fields)
    asked = [place for place, (_, column) in enumerate(fields) if column]
    few = [place for place in asked if rows <= FEW and fields[place][0].kind != f.LIST]
    for at in range(0, len(few), AT_ONCE):
        some = few[at : at + AT_ONCE]
        told = _of_few(connection, [fields[place] for place in some])
        for place, facts in zip(some, told, strict=True):
            found[place] = facts
    others = [place for place in asked if found[place] is NOTHING]
    if len(asked) < WIDE:
        for place in others:
            found[place] = _of(connection, *fields[place], "conversations")
        return found
    for at in range(0, len(others), NARROW):
        some = others[at : at + NARROW]
        columns = ", ".join(fields[place][1] for place in some)
        connection.execute(f"create temp table narrow as select {columns} from conversations")
        for place in some:
            found[place] = _of(connection, *fields[place], "narrow")
        connection.execute("drop table narrow")
    return found


def _of_few(
    connection: duckdb.DuckDBPyConnection, fields: Sequence[tuple[Found, str]]
) -> list[Facts]:
    """The same of fields without lists, of few rows."""
    asked = [
        f"{f'{x}::varchar' if field.kind == f.DATE else x}, {_number(field, x)}"
        for field, x in fields
    ]
    rows = connection.execute(f"select {', '.join(asked)}\nfrom conversations").fetchall()
    columns = list(zip(*rows, strict=True)) or [()] * (2 * len(fields))
    return [
        _counted(field, columns[2 * place], columns[2 * place + 1])
        for place, (field, _) in enumerate(fields)
    ]


def _number(field: Found, x: str) -> str:
    """What is ordered of a field that has a histogram."""
    if field.kind == f.DATE:
        return f"case when isfinite({x}) then {_moment(field, x)} end"
    return x if field.kind in (f.INTEGER, f.NUMBER) else "null"


def _moment(field: Found, x: str) -> str:
    return moment(x, field.column_type == "date")


def _counted(field: Found, values: Sequence[Any], numbers: Sequence[Any]) -> Facts:
    there = [value for value in values if value is not None]
    distinct = {"nan" if value != value else value for value in there}
    longest = max(map(len, there), default=0) if field.kind == f.TEXT else 0
    real = sorted(each for each in numbers if each is not None and math.isfinite(each))
    ends = (real[0], real[-1], real[(len(real) - 1) // 2]) if real else (None, None, None)
    nulls = len(values) - len(there)
    return dict(zip(NAMES, (len(distinct), longest, nulls, *ends), strict=True))


def _of(connection: duckdb.DuckDBPyConnection, field: Found, column: str, table: str) -> Facts:
    """The figures of one field; the values of a list are rows of their own."""
    values = f"unnest({column})" if field.kind == f.LIST else column
    sql = f"select {_figures(field)}\nfrom (select {values} as x from {table})"
    return dict(zip(NAMES, connection.execute(sql).fetchall()[0], strict=True))


def _figures(field: Found) -> str:
    longest = "coalesce(max(length(x::varchar)), 0)" if field.kind in (f.TEXT, f.LIST) else "0"
    ends = "null, null, null"
    if field.kind in (f.INTEGER, f.NUMBER, f.DATE):
        number, real = "x", "isfinite(x::double)"
        if field.kind == f.DATE:
            number, real = _moment(field, "x"), "isfinite(x)"
        ends = ", ".join(
            f"{figure} filter ({real})"
            for figure in (f"min({number})", f"max({number})", f"quantile_disc({number}, 0.5)")
        )
    return f"count(distinct x), {longest}, count(*) filter (x is null), {ends}"
