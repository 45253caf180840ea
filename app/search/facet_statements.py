"""Statements that count facets: values and histograms of the match set, in one pass over it.

Builds, runs nothing; as in ``statements``, the text holds nothing that was typed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..conversations.fields import BOOLEAN, DATE, INTEGER, LIST, Field
from ..store.engine import Statement
from . import bins
from .query import Query
from .statements import Collection, Term, Values, conditions, found


@dataclass(frozen=True)
class FacetPlan:
    """How the facets of a query are counted: the fields, the edges of those that are histograms (else
    nothing), and one statement for all.

    It gives rows (place of the field, value as text, count, null), one a value; for a histogram one row
    (place, null, count of nulls, counts of the bins); and (-1, null, total, null) for the match set.
    """

    statement: Statement
    fields: tuple[Field, ...]
    edges: tuple[tuple[float, ...], ...]


def facets(
    query: Query, terms: Mapping[str, Term], of: Collection, fields: Sequence[Field]
) -> FacetPlan:
    """Facets of these fields, each counted under the words and all filters but its own.

    Every row gets a number, ``miss``: a bit for each faceted field whose filter it fails. Rows that
    fail two are in no count, rows that fail one are in that field's own.
    """
    values = Values()
    base, misses = _base(query, terms, of, fields, values)
    edges = tuple(tuple(_edges(each)) if each.facet == "histogram" else () for each in fields)
    total = (
        "select -1 as place, null::varchar as value, count(*) as n, null::bigint[] as counts\n"
        "from base\nwhere miss = 0"
    )
    counted = [
        _histogram(place, each, edges[place], misses)
        if edges[place]
        else _value_counts(place, each, query, misses, values)
        for place, each in enumerate(fields)
    ]
    sql = f"with base as materialized (\n{base}\n)\n" + "\nunion all\n".join([total, *counted])
    return FacetPlan(Statement(sql, values.bound), tuple(fields), edges)


def _base(
    query: Query,
    terms: Mapping[str, Term],
    of: Collection,
    fields: Sequence[Field],
    values: Values,
) -> tuple[str, dict[str, int]]:
    """The relation that all facets are counted from, and the bit of each filtered field."""
    by_field = conditions(query.filters, values)
    faceted = [each.name for each in fields if each.name in by_field]
    misses = {name: 1 << place for place, name in enumerate(faceted)}
    miss = " + ".join(
        f"case when {by_field[name]} then 0::bigint else {bit}::bigint end"
        for name, bit in misses.items()
    )
    columns = ", ".join(dict.fromkeys(each.column for each in fields))
    select = f"select {columns}, {miss or '0'} as miss\nfrom conversations"
    if query.words:
        select += f"\nsemi join ({found(query.words, terms, of)}) using (row_number)"
    others = [condition for name, condition in by_field.items() if name not in misses]
    if others:
        select += f"\nwhere {' and '.join(others)}"
    if len(misses) > 1:
        select = f"select *\nfrom ({select})\nwhere bit_count(miss) < 2"
    return select, misses


def _value_counts(
    place: int, each: Field, query: Query, misses: Mapping[str, int], values: Values
) -> str:
    # a row counts once for each value that its list contains, and as a null without a list
    contained = f"unnest(coalesce(list_distinct({each.column}), [null]))"
    value = contained if each.kind == LIST else each.column
    source = f"select {value} as x from base where {_hits(each, misses)}"
    wanted = ""
    if query.facet_q:
        wanted = f"\nwhere contains(lower(x::varchar), lower({values.bind(query.facet_q)}))"
    return (
        f"select * from (\nselect {place}, x::varchar, count(*) as n, null\nfrom ({source}){wanted}\n"
        f"group by x\norder by n desc, x asc nulls last\nlimit {query.facet_size + 1}\n)"
    )


def _hits(each: Field, misses: Mapping[str, int]) -> str:
    return f"miss in (0, {misses[each.name]})" if each.name in misses else "miss = 0"


def _edges(each: Field) -> list[float]:
    if each.kind == DATE:
        return bins.date_edges(each.low, each.high)
    return bins.edges(each.low, each.high, each.middle, each.kind == INTEGER)


def _histogram(place: int, each: Field, edges: Sequence[float], misses: Mapping[str, int]) -> str:
    """Counts by bin, and nulls. DuckDB's bins hold their upper edge, ours do not."""
    if each.kind == INTEGER:
        uppers = [int(edge) - 1 for edge in edges[1:-1]] + [int(edges[-1])]
        number, listed = f"{each.column}::hugeint", ", ".join(f"'{n}'::hugeint" for n in uppers)
        real = f"{each.column} is not null"
    else:
        below = [math.nextafter(edge, -math.inf) for edge in edges[1:-1]] + [edges[-1]]
        number = f"epoch({each.column})" if each.kind == DATE else f"{each.column}::double"
        listed = ", ".join(f"'{n!r}'::double" for n in below)
        real = f"coalesce(isfinite({number}), false)"
    return (
        f"select {place}, null, count(*) filter (not {real}),\n"
        f"  map_values(histogram({number}, [{listed}]) filter ({real}))\n"
        f"from base\nwhere {_hits(each, misses)}"
    )


def value_of(each: Field, text: str | None) -> object:
    """A facet's value in its own type, from the text that the statement gives."""
    kind = each.type.removeprefix("list of ") if each.kind == LIST else each.kind
    if text is None:
        return None
    if kind == BOOLEAN:
        return text == "true"
    if kind in ("bigint", "hugeint", INTEGER):
        return int(text)
    return float(text) if kind == "double" else text
