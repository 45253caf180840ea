"""Statements: queries as SQL text with bound values. Builds, runs nothing.

All of them select from one relation, the match set: page, total, facets, neighbours and export. The
text holds column names of the index, numbers made here and nothing that was typed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ..conversations.fields import LIST, NUMBER, Field
from ..store.engine import Statement
from .filters import COMPARE, EQUAL, NULL, RANGE, Filter
from .query import RELEVANCE, ROW, Query, sort_field

K1, B = 1.2, 0.75  # of BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
SCALE = 1_000_000  # a score is a sum of integers, so that it does not depend on the order of adding


@dataclass(frozen=True)
class Term:
    """A word's slice of the postings: rowids [first, first + frequency)."""

    frequency: int
    first: int


@dataclass(frozen=True)
class Collection:
    """What ranking takes from the whole part: how many conversations have words in it, and how many."""

    conversations: int
    words: int


@dataclass
class Values:
    """Collects the values that a statement binds, each under a name of its own."""

    bound: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        name = f"v{len(self.bound)}"
        self.bound[name] = value
        return f"${name}"


def lookup(words: Sequence[str], part: int) -> Statement:
    """(term, frequency, first) of those of the words that stand in the part."""
    values = Values()
    listed = ", ".join(values.bind(word) for word in words)
    return Statement(
        f"select term, frequency, first\nfrom terms\nwhere part = {part} and term in ({listed})",
        values.bound,
    )


def _slice(term: Term, of: Collection) -> str:
    """(row_number, score) of one term: its postings, which are one run of rowids."""
    idf = math.log(1 + (of.conversations - term.frequency + 0.5) / (term.frequency + 0.5))
    mean = of.words / of.conversations
    score = (
        f"round({SCALE}e0 * {idf!r} * frequency * {K1 + 1!r}e0\n"
        f"  / (frequency + {K1!r}e0 * ({1 - B!r}e0 + {B!r}e0 * length / {mean!r}e0)))::bigint"
    )
    return (
        f"select row_number, {score} as score\nfrom postings\n"
        f"where rowid between {term.first} and {term.first + term.frequency - 1}"
    )


def found(words: Sequence[str], terms: Mapping[str, Term], of: Collection) -> str:
    """(row_number, score) of the rows that hold all the words; all rows without any."""
    if not words:
        return "select row_number, null::bigint as score\nfrom conversations"
    if any(word not in terms for word in words):
        return "select row_number, null::bigint as score\nfrom conversations\nwhere false"
    slices = [_slice(terms[word], of) for word in sorted(words, key=lambda w: terms[w].frequency)]
    if len(slices) == 1:
        return slices[0]
    joined = f"({slices[0]}) t0"
    for place, each in enumerate(slices[1:], 1):
        joined += f"\njoin ({each}) t{place} using (row_number)"
    total = " + ".join(f"t{place}.score" for place in range(len(slices)))
    return f"select row_number, {total} as score\nfrom {joined}"


@dataclass(frozen=True)
class Match:
    """The match set of a query as common table expressions over an index.

    ``sql`` ends in one called ``matched`` (row_number, score); ``bound`` are its values.
    """

    sql: str
    bound: Mapping[str, object]


def match(query: Query, terms: Mapping[str, Term], of: Collection) -> Match:
    """The rows that a query's words and filters leave."""
    values = Values()
    rows = found(query.words, terms, of)
    if query.filters:
        wanted = "\n  and ".join(conditions(query.filters, values).values())
        kept = f"select row_number\nfrom conversations\nwhere {wanted}"
        rows = f"select row_number, score\nfrom ({rows})\nsemi join ({kept}) using (row_number)"
    return Match(f"matched as materialized (\n{rows}\n)", values.bound)


def conditions(filters: Sequence[Filter], values: Values) -> dict[str, str]:
    """One SQL condition a field, by the field's name."""
    ordered = sorted(filters, key=lambda each: each.field.name)
    grouped = groupby(ordered, key=lambda each: each.field.name)
    return {name: _field_condition(list(group), values) for name, group in grouped}


def _field_condition(filters: list[Filter], values: Values) -> str:
    """Values and ranges OR-ed; comparisons AND-ed with that; exclusions keep nulls."""
    kept = [each for each in filters if not each.exclude]
    choices = [_condition(each, values) for each in kept if each.kind != COMPARE]
    parts = [f"({' or '.join(choices)})"] if choices else []
    parts += [_condition(each, values) for each in kept if each.kind == COMPARE]
    for each in filters:
        if each.exclude:
            parts.append(f"not coalesce({_condition(each, values)}, false)")
    return f"coalesce({' and '.join(parts)}, false)"


def _condition(each: Filter, values: Values) -> str:
    column = each.field.column
    if each.kind == NULL:
        nan = f" or not isfinite({column}::double)" if each.field.kind == NUMBER else ""
        return f"({column} is null{nan})"
    if each.kind == RANGE:
        ends = [] if each.low is None else [f"{column} >= {values.bind(each.low)}"]
        ends += [] if each.high is None else [f"{column} <= {values.bind(each.high)}"]
        return f"({' and '.join([*ends, *_real(each)])})"
    if each.kind == COMPARE:
        compared = f"{column} {each.operator} {values.bind(each.low)}"
        return f"({' and '.join([compared, *_real(each)])})"
    assert each.kind == EQUAL
    if each.field.kind == LIST:
        return f"coalesce(list_contains({column}, {values.bind(each.low)}), false)"
    return f"{column} = {values.bind(each.low)}"


def _real(each: Filter) -> list[str]:
    """NaN and the infinities count as null; DuckDB would order them above all numbers."""
    return [f"isfinite({each.field.column}::double)"] if each.field.kind == NUMBER else []


def _order(query: Query, fields: Mapping[str, Field], values: Values) -> tuple[str, str]:
    """The relation to sort and the terms to sort it by; ties always by row."""
    order = query.order
    if order == ROW:
        return "matched", "row_number"
    if order == RELEVANCE:
        return "matched", "score desc, row_number"
    if order.startswith("random:"):
        seed = values.bind(order.removeprefix("random:"))
        # md5 is the same everywhere and always, which DuckDB's own hash() does not promise
        key = f"md5_number_lower({seed} || ':' || row_number::varchar)"
        return f"(select *, {key} as key from matched)", "key, row_number"
    column = fields[sort_field(order)].column
    if fields[sort_field(order)].kind == NUMBER:
        column = f"case when isfinite({column}::double) then {column} end"
    direction = "desc" if order.startswith("-") else "asc"
    keyed = f"(select m.*, {column} as key\nfrom matched m\njoin conversations using (row_number))"
    return keyed, f"key {direction} nulls last, row_number"


def page(query: Query, matched: Match, fields: Mapping[str, Field]) -> Statement:
    """(total, row_number, score) of one page, in order; one row of (total, null, null) if it is empty."""
    values = Values(dict(matched.bound))
    relation, order = _order(query, fields, values)
    offset = min((query.page - 1) * query.size, 2**40)
    return Statement(
        f"with {matched.sql},\n"
        f"listed as (\nselect row_number, score, row_number() over () as place\nfrom (\n"
        f"select row_number, score\nfrom {relation}\norder by {order}\n"
        f"limit {query.size} offset {offset}\n)\n)\n"
        "select total, row_number, score\nfrom (select count(*) as total from matched)\n"
        "left join listed on true\norder by place",
        values.bound,
    )


def rows(query: Query, matched: Match, fields: Mapping[str, Field]) -> Statement:
    """(row_number) of the whole match set, in the query's order."""
    values = Values(dict(matched.bound))
    relation, order = _order(query, fields, values)
    return Statement(
        f"with {matched.sql}\nselect row_number\nfrom {relation}\norder by {order}", values.bound
    )


def neighbours(query: Query, matched: Match, fields: Mapping[str, Field], row: int) -> Statement:
    """(place from 1, total, row before, row after) of a row in the match set; nothing if it is not there."""
    values = Values(dict(matched.bound))
    relation, order = _order(query, fields, values)
    return Statement(
        f"with {matched.sql}\nselect place, total, before, after\nfrom (\n"
        "select row_number, row_number() over w as place, count(*) over () as total,\n"
        "  lag(row_number) over w as before, lead(row_number) over w as after\n"
        f"from {relation}\nwindow w as (order by {order})\n)\n"
        f"where row_number = {row}",
        values.bound,
    )


def listed(numbers: Sequence[int], columns: Sequence[str]) -> Statement:
    """What the list shows of these rows; a rowid each, since a list of them reads whole columns."""
    chosen = ", ".join(("row_number", "prompt", "searched", "opening", *columns))
    first, last = min(numbers), max(numbers)
    if last - first < len(numbers):
        return Statement(
            f"select {chosen} from conversations where rowid between {first} and {last}"
        )
    selects = (f"select {chosen} from conversations where rowid = {number}" for number in numbers)
    return Statement("\nunion all\n".join(selects))
