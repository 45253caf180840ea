"""The view of the overview: what is selected, the facts, and one figure after the other. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...search.dataset import Dataset
from ...search.overview.figures import Overview
from ...search.overview.lengths import REASONING
from ..address import Address
from ..links import Link, api_path, dataset_path, title_of
from ..search_box import Box, search_box
from ..wording import filter_words
from . import behaviour, grid, lengths, look_first, texts, values
from .figure import Choice, Figure, number, percent, share
from .ways import Ways, told


@dataclass(frozen=True)
class Fact:
    """A figure in a line: what is counted, what is said of it, its rows; ``warn`` for what is wrong."""

    figure: str
    words: str
    href: str = ""
    warn: bool = False


@dataclass(frozen=True)
class FigureView:
    """A figure with the addresses of its files, "" for one that there is not."""

    figure: Figure
    csv: str
    svg: str


@dataclass(frozen=True)
class OverviewView:
    """The page of the overview."""

    name: str
    path: str
    title: str
    summary: str
    box: Box
    searched_in: str
    chips: tuple[Link, ...]
    clear: str
    explore: str
    export: str
    api: str
    total: int
    one: str
    facts: tuple[Fact, ...]
    figures: tuple[FigureView, ...]
    took: str


def overview_view(dataset: Dataset, address: Address, found: Overview) -> OverviewView:
    """The page of an overview of what an address asks for."""
    path = dataset_path(dataset.name)
    here, ways = f"{path}/overview", Ways.of(path, address)
    total, of = found.own.total, found.all.total
    return OverviewView(
        name=dataset.name,
        path=path,
        title=f"Overview of {dataset.name}" + (f": {total:,} of {of:,}" if found.selected else ""),
        summary=_summary(found, dataset.rows),
        box=search_box(here, address.query.q, address.on_page(1).pairs(), "", dataset.name),
        searched_in=dict(address.pairs()).get("in", ""),
        chips=tuple(
            Link(words, here + address.without(each).string(), label=f"Remove the filter {words}")
            for each in address.query.filters
            for words in [filter_words(each)]
        ),
        clear=here + address.of_all_rows().string(),
        explore=ways.here,
        export=f"{path}/export{ways.address.string()}",
        api=f"{api_path(dataset.name)}/overview{address.string()}",
        total=total,
        one=address.query.one.replace("_", " "),
        facts=tuple(_facts(found, dataset.parts, ways)),
        figures=tuple(_with_files(each, here, address) for each in figures(found, address, ways)),
        took=f"{found.seconds * 1000:.0f} ms",
    )


def _summary(found: Overview, rows: int) -> str:
    """Of how many conversations figures are; ``rows`` are all, whether they are indexed yet or not."""
    total, of = found.own.total, found.all.total
    said = f"{total:,} of {of:,} conversations" if found.selected else f"All {of:,} conversations"
    return said if of == rows else f"{said}: covers {of:,} of {rows:,} rows"


def _with_files(each: Figure, here: str, address: Address) -> FigureView:
    place, asked = f"{here}/{each.name}", address.string()
    return FigureView(each, f"{place}.csv{asked}", f"{place}.svg{asked}" if each.picture else "")


def figures(found: Overview, address: Address, ways: Ways) -> Iterator[Figure]:
    """All figures that the dataset has, in the order of the page."""
    if found.differences:
        yield values.differences(found, ways)
    yield look_first.faults(found, ways)
    if found.by is not None and found.by.values:
        yield look_first.by_field(found, found.by, ways, _choice(found, address))
    yield from lengths.lengths(found, ways)
    yield from lengths.budgets(found, ways)
    yield grid.grid(found, ways)
    yield from behaviour.behaviour(found, ways)
    yield texts.languages(found, ways)
    yield from texts.openings(found, ways)
    yield from texts.copies(found, ways)
    yield values.fields(found, ways)
    yield texts.outliers(found, ways)


def _choice(found: Overview, address: Address) -> Choice:
    assert found.by is not None
    chosen = found.by.field
    offered = found.choices if chosen in found.choices else (chosen, *found.choices)
    hidden = address.looked_at_by("").pairs()
    options: Sequence[tuple[str, str, bool]] = [
        (each.name, title_of(each), each.name == chosen.name) for each in offered
    ]
    return Choice("by", "By", options, hidden)


def _facts(found: Overview, parts: Sequence[str], ways: Ways) -> Iterator[Fact]:
    own = found.own
    by_part = {each.part: each for each in own.lengths}
    reasoning = by_part[REASONING]
    words = sum(each.total for each in own.lengths)
    yield Fact(
        f"{own.total:,}",
        "conversations" + (f" of {found.all.total:,}" if found.selected else ""),
        ways.here,
    )
    traced = told(reasoning.field, f"{reasoning.field.name}:>0", False)
    yield Fact(
        f"{reasoning.rows:,}",
        f"with a trace, {percent(share(reasoning.rows, own.total))}",
        ways.to(traced) if reasoning.rows else "",
    )
    yield Fact(number(reasoning.median), "words of reasoning, median")
    longest = f"; the longest {reasoning.max:,}" if reasoning.max is not None else ""
    yield Fact(
        number(reasoning.p95), f"95th percentile{longest}", ways.sorted(f"-{reasoning.field.name}")
    )
    for part, said in (
        ("prompt", "words of prompts"),
        (REASONING, "of reasoning"),
        ("answer", "of answers"),
    ):
        yield Fact(
            _large(by_part[part].total), f"{said}, {percent(share(by_part[part].total, words))}"
        )
    if own.models is not None:
        field, count = own.models
        yield Fact(f"{count:,}", "model" if count == 1 else "models", ways.facet(field))
    ready = "all parts" if len(parts) == len(by_part) else ", ".join(parts)
    yield Fact(f"{len(parts)} of {len(by_part)}", f"parts can be searched: {ready}")


def _large(words: int) -> str:
    """A number of words in few digits: 3.8 M."""
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M")):
        if words >= size:
            return f"{words / size:,.1f} {letter}"
    return f"{words:,}"
