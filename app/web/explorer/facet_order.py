"""The order of facets, by their use: metadata, signals in the order of their table, then columns; under
headings, most of the signals folded. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import Field
from ..links import title_of
from .facets import FacetView, is_unique

METADATA, SIGNALS, OTHERS = "Metadata", "Signals", "Other columns"
OPEN = {METADATA: 12, SIGNALS: 6, OTHERS: 6}  # the groups in order, and how many of each lie open
NAMED = 5  # fields that are left out


@dataclass(frozen=True)
class FacetGroup:
    """Facets under a heading. ``notes`` tell of fields that are no facets here; ``folded`` are the names of
    those that are closed at first."""

    title: str
    facets: tuple[FacetView, ...]
    notes: tuple[str, ...] = ()
    folded: frozenset[str] = frozenset()


def grouped(
    views: Sequence[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetGroup, ...]:
    """The facets in groups, without those of fields in which nearly every row has another value."""
    told = [view for view in views if view.active or not is_unique(fields[view.name], rows)]
    groups = []
    for title, most in OPEN.items():
        own = tuple(view for view in told if _group(fields[view.name]) == title)
        of_it = [each for each in fields.values() if _group(each) == title]
        folded = frozenset(view.name for view in own[most:] if not view.active)
        groups.append(FacetGroup(title, own, tuple(_notes(of_it, rows)), folded))
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
