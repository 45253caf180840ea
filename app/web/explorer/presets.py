"""Presets above the list: what a curator looks at first, each with how many of the results it leaves. Pure.

They are the faults of the overview, and the rows whose trace changes its result.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...conversations.fields import Field
from ...search.request import filters
from ...search.request.faults import Known, known
from ...search.request.filters import Filter
from ..address import Address

CHANGES = "result_changes"


@dataclass(frozen=True)
class Preset:
    """A filter by its short name; ``current`` where it stands, and its link takes it away. ``without`` leads
    to the results that do not pass it."""

    text: str
    title: str
    count: str
    href: str
    current: bool
    without: str


@dataclass(frozen=True)
class Offered:
    """A filter that may be offered, with its names for people."""

    text: str
    title: str
    filter: Filter


def offered(fields: Mapping[str, Field]) -> tuple[Offered, ...]:
    """The filters that a dataset of these fields can be asked by: read once, each page has them."""
    return _offered(tuple(fields.values()))


@lru_cache(64)
def _offered(named: tuple[Field, ...]) -> tuple[Offered, ...]:
    fields = {each.name: each for each in named}
    faults = [_fault(each) for each in known(fields)]
    if CHANGES not in fields:
        return tuple(faults)
    changes = filters.parse(f"{CHANGES}:>0", fields)
    return (
        *faults,
        Offered("result changes", "The trace states another result on its way", changes),
    )


def _fault(each: Known) -> Offered:
    """A fault as a preset; one that a dataset can have several times bears its name there."""
    own = each.name != each.fault.name
    title = f"{each.fault.title}: {each.name}" if own else each.fault.title
    return Offered(each.name if own else each.fault.short, title, each.filter)


def presets(
    path: str, address: Address, some: Sequence[Offered], counts: Sequence[int]
) -> Iterator[Preset]:
    """Those that would leave some of the results, or that stand; ``counts`` are how many they leave."""
    standing = {each.text for each in address.query.filters}
    for each, count in zip(some, counts, strict=True):
        text = each.filter.text
        current = text in standing
        others = address.without(*(own for own in address.query.filters if own.text == text))
        to = others.string() if current else others.string(text)
        if count or current:
            without = path + others.string(text[1:] if each.filter.exclude else f"-{text}")
            yield Preset(each.text, each.title, f"{count:,}", path + to, current, without)
