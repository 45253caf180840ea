"""Statements that fetch what facets are counted by: a field's values, or the bins they fall into.

Builds, runs nothing; as in ``statements``, the text holds nothing that was typed.
"""

from collections.abc import Sequence
from decimal import Decimal

from ...conversations import numbers
from ...conversations.fields import BOOLEAN, DATE, INTEGER, LIST, TEXT, Field
from ...store.engine import Statement
from . import bins

# Types of list elements that are taken as they are, as decimals are.
_PLAIN = ("boolean", "bigint", "hugeint", "double", "varchar")


def edges(each: Field) -> list[float]:
    """The edges of a field's bins; nothing for a field without a histogram."""
    if each.facet != "histogram":
        return []
    if each.kind == DATE:
        return bins.date_edges(each.low, each.high)
    found = bins.edges(each.low, each.high, each.middle, each.kind == INTEGER)
    return bins.cut(found, each.numbers)


def binned(each: Field, edges: Sequence[float]) -> Statement:
    """(bin) of each row in order: how many inner edges its value reaches; one past the last for nulls
    and what is no finite number."""
    number = f"epoch({each.column})" if each.kind == DATE else each.column
    real = f"{number} is not null"
    if each.kind != INTEGER:
        real = f"coalesce(isfinite({number}::double), false)"
    reached = [f"({number} >= {_edge(each, edge)})::usmallint" for edge in edges[1:-1]]
    count = " + ".join(reached) or "0::usmallint"
    return Statement(
        f"select case when {real} then {count} else {len(edges) - 1} end as code\nfrom conversations"
    )


def _edge(each: Field, edge: float) -> str:
    """An edge as SQL: the least value that reaches it, as filters take it."""
    if each.kind == INTEGER:
        return f"'{edge}'::hugeint"
    if not each.numbers.startswith("decimal"):
        return f"'{edge!r}'::double"
    least, _ = numbers.taken(each.numbers, Decimal(repr(edge)))
    return f"'{least}'::{'double' if isinstance(least, float) else each.numbers}"


def valued(each: Field) -> Statement:
    """(row_number, value) of each row in order; of a list one row for each value that it contains,
    and one with null where there is no list."""
    assert each.kind in (BOOLEAN, TEXT, LIST)
    value = each.column
    if each.kind == LIST:
        inner = each.type.removeprefix("list of ")
        if inner not in _PLAIN and not inner.startswith("decimal"):
            value = f"{value}::varchar[]"
        if inner == "double":  # no number is no value
            value = f"list_filter({value}, lambda x: isfinite(x))"
        value = f"unnest(coalesce(list_distinct({value}), [null]))"
    return Statement(f"select row_number, {value} as value\nfrom conversations")
