"""The order of facets: signals in the order of their table, then metadata, then columns; under headings.
Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import Field
from .facets import FacetView


@dataclass(frozen=True)
class FacetGroup:
    """Facets under a heading; "" for facets that have none."""

    title: str
    facets: tuple[FacetView, ...]


def grouped(
    views: Sequence[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetGroup, ...]:
    """The facets in groups, in each the ones last whose values are all different."""
    signals = [view for view in views if fields[view.name].signal]
    others = [view for view in views if not fields[view.name].signal]
    metadata = [view for view in others if view.name.startswith("metadata.")]
    columns = [view for view in others if not view.name.startswith("metadata.")]
    groups = (
        FacetGroup("Signals", tuple(signals)),
        FacetGroup("Metadata", _telling(metadata, fields, rows)),
        FacetGroup("Other columns", _telling(columns, fields, rows)),
    )
    return tuple(group for group in groups if group.facets)


def _telling(
    views: Iterable[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetView, ...]:
    def all_different(view: FacetView) -> bool:
        return view.kind == "values" and fields[view.name].distinct * 10 >= rows * 9 > 90

    return tuple(sorted(views, key=all_different))
