"""The overview of a dataset, put together: the figures of all rows once, those of a selection when asked."""

import time
from collections.abc import Sequence
from dataclasses import replace

from ..request import faults
from ..request.filters import Filter
from ..request.query import Query
from ..shard.deadline import Deadline
from ..shard.facet_columns import Counts
from ..shards import Shards
from .asking import Asking
from .behaviour import behaviour, first_result, languages
from .by_field import by_field, checked, choices
from .copies import ROWS, copies
from .differences import differences
from .field_figures import field_figures
from .figures import By, FaultCount, Figures, Outlier, Overview
from .lengths import budgets, field_of, grid, lengths
from .openings import openings
from .outliers import outliers

EVERY = Query()
FIGURES = "figures"
SIZE = 200_000  # bytes that figures take, about, without the counts of facets

Found = tuple[Figures, dict[str, Counts]]


def overview(shards: Shards, query: Query, by: str, deadline: Deadline) -> Overview:
    """The overview of what a query finds, by a field or by that which tells most. Raises InvalidInput."""
    start = time.perf_counter()
    query = replace(query, sort="", page=1, size=EVERY.size, columns=(), facet="", facet_q="")
    offered = choices(shards.fields)
    field = checked(by, shards.fields) if by else next(iter(offered), None)
    asking = Asking(shards, query, deadline)
    every, every_facets = _of_all(replace(asking, query=EVERY))
    own, facets = (every, every_facets) if asking.rows() == shards.covers else _figures(asking)
    left_out = ROWS.union(each.field.name for each in query.filters)
    compared = [each for each in shards.fields.values() if each.facet and each.name not in left_out]
    return Overview(
        own=own,
        all=every,
        by=None if field is None else _by(asking, field.name),
        choices=offered,
        outliers=_outliers(asking, field.name if field else ""),
        differences=differences(compared, facets, every_facets, (own.total, every.total)),
        seconds=time.perf_counter() - start,
    )


def passing(shards: Shards, query: Query, also: Sequence[Filter], deadline: Deadline) -> list[int]:
    """How many of the rows that a query finds pass each of some filters besides."""
    return Asking(shards, query, deadline).met(also)


def _faults(asking: Asking) -> tuple[FaultCount, ...]:
    """How many rows have each fault that the dataset can have."""
    known = faults.known(asking.fields)
    found = asking.met([each.filter for each in known])
    return tuple(FaultCount(each, rows) for each, rows in zip(known, found, strict=True))


def _of_all(asking: Asking) -> Found:
    """The figures of all rows, made once."""
    whole = asking.shards.whole
    if FIGURES not in whole:
        whole[FIGURES] = _made(asking)
    found: Found = whole[FIGURES]
    return found


def _figures(asking: Asking) -> Found:
    return asking.shards.figures.get(
        ("figures", _rows_of(asking.query)), lambda: _made(asking), _size
    )


def _size(found: Found) -> int:
    return SIZE + sum(each.counts.nbytes for each in found[1].values())


def _by(asking: Asking, name: str) -> By:
    known = faults.known(asking.fields)
    return asking.shards.figures.get(
        ("by", name, _rows_of(asking.query)),
        lambda: by_field(asking, asking.fields[name], known),
        lambda found: 1_000 + 400 * len(found.values),
    )


def _outliers(asking: Asking, shown: str) -> tuple[Outlier, ...]:
    return asking.shards.figures.get(
        ("outliers", shown, _rows_of(asking.query)),
        lambda: tuple(outliers(asking, shown)),
        lambda found: 4_000 * len(found),
    )


def _rows_of(query: Query) -> tuple[Query, frozenset[Filter]]:
    """What tells one selection of rows from another, whatever its text and the order of its filters."""
    return replace(query, q="", filters=()), frozenset(query.filters)


def _made(asking: Asking) -> Found:
    """The figures of some rows, and the facets that they were counted with."""
    every = replace(asking, query=EVERY)
    sizes = list(lengths(asking))
    tallies = {field_of(each.part): tally for each, tally in sizes}
    facets = asking.counted([each.name for each in asking.fields.values() if each.facet])
    offered = choices(asking.fields)
    fields, late = field_figures(asking, every, facets, tallies)
    models = next((each for each in offered if "model" in each.name.lower()), None)
    figures = Figures(
        total=asking.rows(),
        faults=_faults(asking),
        lengths=tuple(each for each, _ in sizes),
        budgets=tuple(budgets(asking, tallies[field_of("reasoning")])),
        grid=grid(asking),
        behaviour=tuple(behaviour(asking)),
        first_result=first_result(asking),
        languages=languages(asking),
        openings=tuple(openings(asking)),
        copies=tuple(copies(asking)),
        fields=fields,
        models=None
        if models is None
        else (models, next(e.distinct or 0 for e in fields if e.field.name == models.name)),
        late=late,
    )
    return figures, facets
