"""The order of facets, by their use: metadata, signals in the order of their table, then columns; under
headings, most of the signals folded. What lies folded is not counted. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import Field
from ...search.request.query import Query
from ..links import title_of
from .facets import FacetView

METADATA, SIGNALS, OTHERS = "Metadata", "Signals", "Other columns"
OPEN = {METADATA: 12, SIGNALS: 6, OTHERS: 6}  # the groups in order, and how many of each lie open
NAMED = 5  # fields that are left out


@dataclass(frozen=True)
class FacetGroup:
    """Facets under a heading. ``notes`` tell of fields that are no facets here."""

    title: str
    facets: tuple[FacetView, ...]
    notes: tuple[str, ...] = ()


def told(query: Query, fields: Mapping[str, Field], rows: int) -> tuple[Field, ...]:
    """The fields whose facets a page has, the same ones whatever is searched: the one that is named; else
    all that tell rows apart, and those of which a filter speaks."""
    if query.facet:
        return (fields[query.facet],)
    active = _active(query)
    return tuple(
        each
        for each in fields.values()
        if each.facet and (each.name in active or (each.distinct > 1 and not is_unique(each, rows)))
    )


def drawn(query: Query, fields: Sequence[Field]) -> tuple[str, ...]:
    """Which of the told ones lie open, by name: the first of each group, and those of which a filter
    speaks."""
    active = _active(query)
    names: list[str] = []
    for title, most in OPEN.items():
        own = [each.name for each in fields if _group(each) == title]
        names += own[:most] + [name for name in own[most:] if name in active]
    return tuple(names)


def _active(query: Query) -> set[str]:
    return {each.field.name for each in query.filters}


def is_unique(field: Field, rows: int) -> bool:
    """Whether nearly every row has a value of its own, as ids have: no facet helps there."""
    return field.facet == "values" and field.distinct * 10 >= rows * 9 > 90


def grouped(
    views: Sequence[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetGroup, ...]:
    """The facets in groups."""
    groups = []
    for title in OPEN:
        own = tuple(view for view in views if _group(fields[view.name]) == title)
        of_it = [each for each in fields.values() if _group(each) == title]
        groups.append(FacetGroup(title, own, tuple(_notes(of_it, rows))))
    return tuple(group for group in groups if group.facets or group.notes)


def _group(field: Field) -> str:
    if field.signal:
        return SIGNALS
    name = field.name
    return METADATA if name == "metadata" or name.startswith("metadata.") else OTHERS


def _notes(fields: Sequence[Field], rows: int) -> Iterator[str]:
    """What is said of fields that are no facets: too many keys, one value alone, or one in each row."""
    for each in fields:
        if each.keys:
            yield (
                f"{title_of(each)} has {each.keys:,} different keys: shown with each conversation, "
                "no filters"
            )
    same = [title_of(each) for each in fields if each.facet and each.distinct == 1]
    unique = [title_of(each) for each in fields if is_unique(each, rows)]
    if same:
        yield f"{len(same)} with one value in all rows: {_listed(same)}"
    if unique:
        yield f"{len(unique)} with another value in nearly every row: {_listed(unique)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
