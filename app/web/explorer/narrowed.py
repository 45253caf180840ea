"""What the list says of samples, of rows that are ticked, and of what else narrows it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...search.request.narrowing import Sample
from ...search.request.ordering import RANDOM
from ...search.request.query import Query
from ..address import Address
from ..links import Link
from ..wording import filter_words, one_words, picked_words

USUAL = 50  # rows of a sample
SIZES = (10, 50, 200, 1_000)


@dataclass(frozen=True)
class SampleView:
    """What the list says of a sample: ``said`` is how many of how many rows it has, ``sizes`` lead to larger
    and smaller ones; or ``offer`` leads to one. ``order`` is the seed of a random order; "" for any other."""

    offer: Link | None
    said: str
    seed: str
    another: str
    same: str
    leave: str
    sizes: tuple[Link, ...]
    order: str


@dataclass(frozen=True)
class Ticks:
    """The rows that are ticked: how many, and what can be done with them."""

    said: str
    shown: str
    export: str
    clear: str


def sample_view(path: str, address: Address, total: int, of: int | None, seed: str) -> SampleView:
    """The sample of an address, ``of`` so many rows as are found (None where that is not known); ``seed``
    is what another one would take."""
    sample = address.query.sample
    order = seed_of(address.query)
    offer = None
    if sample is None and total > USUAL:
        offer = Link(f"Sample of {USUAL}", path + address.sampled(Sample(USUAL, seed)).string())
    leave = address.sampled(None) if sample else address.sorted("")
    return SampleView(
        offer=offer,
        said=_said(total, of) if sample else "",
        seed=sample.seed if sample else "",
        another=path + address.sampled(Sample(sample.size, seed)).string() if sample else "",
        same=path + address.on_page(1).string(),
        leave=path + leave.string(),
        sizes=tuple(_sizes(path, address, sample, of)) if sample else (),
        order=order,
    )


def _said(total: int, of: int | None) -> str:
    """ "50 of 1,284": how many rows a sample has, of how many."""
    return f"{total:,}" if of is None else f"{total:,} of {of:,}"


def _sizes(path: str, address: Address, sample: Sample, of: int | None) -> Iterator[Link]:
    for size in sorted({*SIZES, sample.size}):
        current = size == sample.size
        if current or of is None or size < of:
            href = path + address.sampled(Sample(size, sample.seed)).string()
            yield Link(f"{size:,}", href, current)


def seed_of(query: Query) -> str:
    """The seed of a random order; "" for any other order."""
    return query.sort.removeprefix(RANDOM) if query.sort.startswith(RANDOM) else ""


def ticks(path: str, address: Address) -> Ticks | None:
    """What is said of ticked rows; None where there are none."""
    if not (count := len(address.ticked)):
        return None
    chosen = address.of_ticked().string()
    said = "1 row is ticked" if count == 1 else f"{count:,} rows are ticked"
    return Ticks(said, path + chosen, f"{path}/export{chosen}", path + address.unticked().string())


def chips(path: str, address: Address, fields: Mapping[str, Field]) -> Iterator[Link]:
    """A link for each condition that takes it away; not for a sample, of which more is said."""
    query = address.query
    found = [(filter_words(each), address.without(each)) for each in query.filters]
    found += [(picked_words(len(query.picked)), address.of_rows(()))] if query.picked else []
    if query.like is not None:
        found.append((f"like row {query.like:,}", address.alike(None)))
    if words := one_words(query, fields):
        yield Link(words, path + address.with_copies().string(), label=f"Remove: {words}")
    for words, without in found:
        yield Link(words, path + without.string(), label=f"Remove the filter {words}")
