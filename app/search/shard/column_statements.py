"""Statements that fetch a field's values, where the index does not have them as numbers.

Builds, runs nothing; as in ``row_statements``, the text holds nothing that was typed.
"""

from ...conversations.fields import DATE, INTEGER, LIST, NUMBER, Field
from ...store.engine import Statement
from ...store.field_rows import moment

# Types of list elements that are taken as they are, as decimals are.
_PLAIN = ("boolean", "bigint", "hugeint", "double", "varchar")


def told(each: Field, days: bool) -> Statement:
    """(value, length, times, number) of the different values of a field, those of a list by themselves;
    null is one. ``number`` is what its histogram is of, null for what has no place in one; ``days``: its
    dates have no time."""
    number, real = "x", "isfinite(x::double)"
    if each.kind == DATE:
        number, real = moment("x", days), "isfinite(x)"
    elif each.kind not in (INTEGER, NUMBER):
        number, real = "null", "false"
    values = f"unnest({each.column})" if each.kind == LIST else each.column
    return Statement(
        f"select x as value, length(x::varchar) as length, count(*) as times,\n"
        f"case when {real} then {number} end as number\n"
        f"from (select {values} as x from conversations)\ngroup by x"
    )


def valued(each: Field) -> Statement:
    """(row_number, value) of each row in order; of a list one row for each value that it contains,
    and one with null where there is no list."""
    value = each.column
    if each.kind == NUMBER:  # no number is no value
        value = f"case when isfinite({value}::double) then {value} end"
    if each.kind == LIST:
        inner = each.type.removeprefix("list of ")
        if inner not in _PLAIN and not inner.startswith("decimal"):
            value = f"{value}::varchar[]"
        if inner == "double":  # no number is no value
            value = f"list_filter({value}, lambda x: isfinite(x))"
        value = f"unnest(coalesce(list_distinct({value}), [null]))"
    return Statement(f"select row_number, {value} as value\nfrom conversations")
