"""What most addresses begin with: the library, the dataset, the checked address, the row."""

from collections.abc import Collection
from dataclasses import replace
from typing import Annotated

from fastapi import Path, Request

from ..errors import InvalidInput, NoPage, NotFound, NotReady
from ..library import Library
from ..search.dataset import Dataset, Facets, Reading, Results
from ..search.readable import Readable
from ..search.request.parameter import Pairs
from ..search.request.query import Query
from .address import Address

PATIENCE = 0.7  # seconds that a page waits for a scan before it says how far that is

Name = Annotated[str, Path(description="The dataset's name.", examples=["demo"])]


Row = Annotated[int, Path(ge=0, description="Position in the dataset, from 0.", examples=[0])]


def library_of(request: Request) -> Library:
    """The library that the application serves."""
    library: Library = request.app.state.library
    return library


def without_parameters(request: Request) -> None:
    """Of an address that takes none. Raises InvalidInput."""
    if name := next((name for name, said in request.query_params.multi_items() if said), ""):
        raise InvalidInput(f"there is no parameter {name!r}: this address takes none")


def address_of(request: Request, dataset: Readable, pairs: Pairs | None = None) -> Address:
    """The checked address of a request, or of some of its parameters. Raises InvalidInput, and NotReady
    where what it asks for has to wait for the index."""
    pairs = request.query_params.multi_items() if pairs is None else pairs
    waiting = dataset.waiting(pairs)
    address = Address.of((pair for pair in pairs if pair[0] not in waiting), dataset.fields)
    if waiting:
        raise NotReady(
            f"the index of {dataset.name!r} is being built: until it stands the rows can be read in "
            f"their order, without {' and '.join(map(repr, waiting))}"
        )
    return address


def dataset_and_address(request: Request, name: str) -> tuple[Dataset, Address]:
    """What most addresses begin with: the dataset and the checked address."""
    dataset = library_of(request).entry(name).ready()
    return dataset, address_of(request, dataset)


def shown_and_address(request: Request, name: str) -> tuple[Readable, Address]:
    """The same where the rows can be shown before the index stands."""
    dataset = library_of(request).entry(name).shown()
    return dataset, address_of(request, dataset)


def read_row(
    request: Request, name: str, row: int, whole: bool = False
) -> tuple[Readable, Reading, Address]:
    """One conversation and the address on whose way it is read: that of all rows where it has to wait."""
    dataset = library_of(request).entry(name).shown()
    reading = dataset.reading(row, whole)
    try:
        return dataset, reading, address_of(request, dataset)
    except NotReady:
        return dataset, reading, Address()


def results_of(
    dataset: Readable,
    address: Address,
    patience: float | None = None,
    columns: tuple[str, ...] = (),
) -> Results:
    """The page of results of an address, with the values of ``columns`` where it names none itself. Raises
    NotFound beyond the last, with the way to that."""
    query = address.query
    try:
        return dataset.search(replace(query, columns=query.columns or columns), patience)
    except NoPage as error:
        last = address.on_page(error.last).string() or "?"
        raise NotFound(error.sentence, last, f"Page {error.last:,}") from error


def facets_of(
    request: Request,
    dataset: Readable,
    query: Query,
    patience: float | None = None,
    names: Collection[str] | None = None,
) -> Facets:
    """The facets of a query, as a dataset gives them; those that were not counted in time are counted
    as ended."""
    found = dataset.facets(query, patience, names)
    if late := sum(bool(each.error) for each in found.facets):
        request.app.state.metrics.ended(late)
    return found
