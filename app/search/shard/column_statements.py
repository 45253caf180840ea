"""Statements that fetch what facets are counted by: a field's values, or the bins they fall into.

Builds, runs nothing; as in ``statements``, the text holds nothing that was typed.
"""

from collections.abc import Sequence

from ...conversations.fields import BOOLEAN, DATE, INTEGER, LIST, TEXT, Field
from ...store.engine import Statement
from . import bins

_PLAIN = (
    "boolean",
    "bigint",
    "double",
    "varchar",
)  # types of list elements that are taken as they are


def edges(each: Field) -> list[float]:
    """The edges of a field's bins; nothing for a field without a histogram."""
    if each.facet != "histogram":
        return []
    if each.kind == DATE:
        return bins.date_edges(each.low, each.high)
    return bins.edges(each.low, each.high, each.middle, each.kind == INTEGER)


def binned(each: Field, edges: Sequence[float]) -> Statement:
    """(bin) of each row in order: how many inner edges its value reaches; one past the last for nulls
    and what is no finite number."""
    if each.kind == INTEGER:
        number, kind = f"{each.column}::hugeint", "hugeint"
        inner = [str(int(edge)) for edge in edges[1:-1]]
        real = f"{each.column} is not null"
    else:
        number = f"epoch({each.column})" if each.kind == DATE else f"{each.column}::double"
        kind, inner = "double", [repr(edge) for edge in edges[1:-1]]
        real = f"coalesce(isfinite({number}), false)"
    reached = [f"({number} >= '{edge}'::{kind})::usmallint" for edge in inner]
    count = " + ".join(reached) or "0::usmallint"
    return Statement(
        f"select case when {real} then {count} else {len(edges) - 1} end as code\nfrom conversations"
    )


def valued(each: Field) -> Statement:
    """(row_number, value) of each row in order; of a list one row for each value that it contains,
    and one with null where there is no list."""
    assert each.kind in (BOOLEAN, TEXT, LIST)
    value = each.column
    if each.kind == LIST:
        if each.type.removeprefix("list of ") not in _PLAIN:
            value = f"{value}::varchar[]"
        value = f"unnest(coalesce(list_distinct({value}), [null]))"
    return Statement(f"select row_number, {value} as value\nfrom conversations")
