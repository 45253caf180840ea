"""The facets of a query: each counted in all shards under the search and all filters but its own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ..conversations.fields import Field
from ..errors import TookTooLong
from .narrowing import narrowed
from .request.query import Query
from .results import Facet, FacetValue
from .shard.deadline import Deadline
from .shard.facet_columns import Counts
from .shards import Shards


def wanted(query: Query, fields: Mapping[str, Field], names: Collection[str] | None) -> list[Field]:
    """The facets that are counted: those of the names; without them the one that a query names, or all."""
    if names is None:
        names = (query.facet,) if query.facet else fields
    return [each for each in fields.values() if each.facet and each.name in names]


def counted(
    shards: Shards, query: Query, wanted: Sequence[Field], deadline: Deadline
) -> tuple[Facet, ...]:
    """The wanted facets in their order; one that was not counted in time has an error."""
    found: dict[str, list[Counts]] = {each.name: [] for each in wanted}
    whole: dict[str, Counts] = {}
    ended = ""
    try:
        for asked, names in _parted(query, [*found]):
            own = narrowed(shards, asked, deadline)
            for shard in shards.shards:
                for name, counts in shard.counted(names, own, deadline):
                    found[name].append(counts)
                    if len(found[name]) == len(shards.shards):
                        whole[name] = shards.joined.added(name, found[name], deadline)
    except TookTooLong as error:
        ended = error.sentence
    return tuple(
        _facet(query, each, whole[each.name]) if each.name in whole else Facet(each, error=ended)
        for each in wanted
    )


def _parted(query: Query, names: Sequence[str]) -> Iterator[tuple[Query, list[str]]]:
    """The facets without filters under all of them, then each other one under the others' filters."""
    own = {each.field.name for each in query.filters}
    if free := [name for name in names if name not in own]:
        yield query, free
    for name in names:
        if name in own:
            others = tuple(each for each in query.filters if each.field.name != name)
            yield replace(query, filters=others), [name]


def _facet(query: Query, each: Field, found: Counts) -> Facet:
    edges = found.scale.edges
    if edges:
        *bins, nulls = found.counts.tolist()
        return Facet(each, bins=tuple(zip(edges[:-1], edges[1:], bins, strict=True)), nulls=nulls)
    values, of = found.most(query.facet_size, query.facet_q)
    return Facet(each, tuple(FacetValue(*value) for value in values), of)
