"""The order of facets: signals in the order of their table, then metadata, then columns; under headings.
Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import Field
from ..links import title_of
from .facets import FacetView


@dataclass(frozen=True)
class FacetGroup:
    """Facets under a heading; "" for facets that have none. ``notes`` tell of fields that are only
    shown because they have too many keys."""

    title: str
    facets: tuple[FacetView, ...]
    notes: tuple[str, ...] = ()


def grouped(
    views: Sequence[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetGroup, ...]:
    """The facets in groups, in each the ones last whose values are all different."""
    signals = [view for view in views if fields[view.name].signal]
    others = [view for view in views if not fields[view.name].signal]
    metadata = [view for view in others if _is_metadata(view.name)]
    columns = [view for view in others if not _is_metadata(view.name)]
    many = [each for each in fields.values() if each.keys]
    groups = (
        FacetGroup("Signals", tuple(signals)),
        FacetGroup(
            "Metadata",
            _telling(metadata, fields, rows),
            tuple(_note(each) for each in many if _is_metadata(each.name)),
        ),
        FacetGroup(
            "Other columns",
            _telling(columns, fields, rows),
            tuple(_note(each) for each in many if not _is_metadata(each.name)),
        ),
    )
    return tuple(group for group in groups if group.facets or group.notes)


def _is_metadata(name: str) -> bool:
    return name == "metadata" or name.startswith("metadata.")


def _note(field: Field) -> str:
    """What is said of a parent with too many keys."""
    return f"{title_of(field)} has {field.keys:,} different keys: shown with each conversation, no filters"


def _telling(
    views: Iterable[FacetView], fields: Mapping[str, Field], rows: int
) -> tuple[FacetView, ...]:
    def all_different(view: FacetView) -> bool:
        return view.kind == "values" and fields[view.name].distinct * 10 >= rows * 9 > 90

    return tuple(sorted(views, key=all_different))
