"""The address where two conversations are read side by side."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...errors import InvalidInput
from ..requests import PATIENCE, Name, Row, read_row
from ..shell import page
from .page import comparing

router = APIRouter(include_in_schema=False)


@router.get("/datasets/{name}/conversations/{row}/beside/{other}")
def beside(request: Request, name: Name, row: Row, other: Row) -> Response:
    """Two conversations of one dataset, on the way through the results of a query."""
    if row == other:
        raise InvalidInput(f"row {row:,} is to be compared with another row, not with itself")
    dataset, read, address = read_row(request, name, row)
    reads = (read, dataset.reading(other))
    places = tuple(dataset.neighbours(address.query, each.row, PATIENCE) for each in reads)
    view = comparing(name, reads, (places[0], places[1]), address, dataset.fields)
    return page(request, "beside.html", {"view": view})
