"""What most addresses begin with: the library, the dataset, the checked query, the row."""

from typing import Annotated

from fastapi import Path, Request

from ..library import Library
from ..search.dataset import Dataset, Reading
from ..search.readable import Readable
from ..search.request.query import Query

PATIENCE = 0.7  # seconds that a page waits for a scan before it says how far that is

Name = Annotated[str, Path(description="The dataset's name.", examples=["demo"])]


Row = Annotated[int, Path(ge=0, description="Position in the dataset, from 0.", examples=[0])]


def library_of(request: Request) -> Library:
    """The library that the application serves."""
    library: Library = request.app.state.library
    return library


def dataset_and_query(request: Request, name: str) -> tuple[Dataset, Query]:
    """What most addresses begin with: the dataset and the checked query."""
    dataset = library_of(request).entry(name).ready()
    return dataset, dataset.query(request.query_params.multi_items())


def shown_and_query(request: Request, name: str) -> tuple[Readable, Query]:
    """The same where the rows can be shown before the index stands."""
    dataset = library_of(request).entry(name).shown()
    return dataset, dataset.query(request.query_params.multi_items())


def read_row(
    request: Request, name: str, row: int, whole: bool = False
) -> tuple[Readable, Reading, Query]:
    """One conversation and the query on whose way it is read."""
    dataset = library_of(request).entry(name).shown()
    reading = dataset.reading(row, whole)
    return dataset, reading, dataset.way(request.query_params.multi_items())
