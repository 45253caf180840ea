"""The JSON API: each address is a handler of a few lines over the library.

Contract: section "Addresses" of the README. Keys may be added, none changes.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ..errors import NotFound, NotReady
from ..search.dataset import Dataset
from ..search.request.parameter import Parameter
from .address import PARAMETERS as ROWS
from .answers import JSON, covers_json, entry_json, facet_json, reading_json, results_json
from .looks import SOURCE
from .overview.answer import overview_json
from .requests import (
    Name,
    Row,
    address_of,
    dataset_and_address,
    facets_of,
    library_of,
    read_row,
    results_of,
    shown_and_address,
    without_parameters,
)
from .suggestions import before_caret, caret, parted, suggestions

router = APIRouter(prefix="/api")
rest = APIRouter(prefix="/api")  # any other address: after all that there are


def described(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What the API's description says of the parameters of an address."""
    text = {"type": "string"}
    return {
        "parameters": [
            {
                "name": each.name,
                "in": "query",
                "description": each.meaning,
                "schema": {"type": "array", "items": text} if each.repeatable else text,
                "example": [each.example] if each.repeatable else each.example,
            }
            for each in parameters
        ]
    }


PARAMETERS = described(ROWS.values())
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        name: {"type": "string"} for name in ("error", "code", "request_id")
                    },
                }
            }
        },
    }
    for status, meaning in {
        400: "The Host header is none that is served.",
        404: "No such dataset, row or page.",
        409: "The index is being built, has failed, or the source files have changed.",
        422: "A parameter cannot be taken; the sentence names it.",
        503: "Ended at its time limit, or too much is asked at once; Retry-After says when to ask again.",
    }.items()
}


@router.get("/datasets", summary="The datasets and the state of their indexes", responses=ERRORS)
def datasets(request: Request) -> Response:
    """All datasets in the order of their PATHs."""
    without_parameters(request)
    return JSON({"datasets": [entry_json(e) for e in library_of(request).entries.values()]})


@router.get(
    "/datasets/{name}/search",
    summary="One page of results",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def search(request: Request, name: Name) -> Response:
    """The rows that match, in order, with the exact total."""
    dataset, address = shown_and_address(request, name)
    return JSON(results_json(dataset, results_of(dataset, address)))


@router.get(
    "/datasets/{name}/facets",
    summary="Facets, each counted under the search and all filters but its own",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def facets(request: Request, name: Name) -> Response:
    """Value facets and histograms of the match set; exact numbers."""
    dataset, address = dataset_and_address(request, name)
    query = address.query
    found = facets_of(request, dataset, query)
    counted = [facet_json(each, query) for each in found.facets]
    covers = covers_json(dataset, found.covers)
    return JSON({"total": found.total, "facets": counted, "covers": covers})


@router.get("/datasets/{name}/suggest", include_in_schema=False)
def suggest(request: Request, name: Name) -> Response:
    """What may be meant by what is typed into the box so far, and how many rows that finds: nothing that is
    known while it has to wait for the index, which is no fault of who types."""
    try:
        return JSON(_suggested(request, library_of(request).entry(name).ready()))
    except NotReady:
        return JSON({"total": None, "of": 0, "choices": []})


def _suggested(request: Request, dataset: Dataset) -> dict[str, Any]:
    at, pairs = caret(request.query_params.multi_items())
    address = address_of(request, dataset, parted(pairs, dataset.fields))
    item, others = before_caret(pairs, at)
    beside = address_of(request, dataset, parted(others, dataset.fields))
    found = suggestions(dataset, beside, item)
    (total,) = dataset.counts((address.query,))
    return {"total": total, "of": dataset.rows, "choices": [asdict(each) for each in found]}


@router.get(
    "/datasets/{name}/overview",
    summary="The figures of a dataset, or of what a query finds of it",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def overview(request: Request, name: Name) -> Response:
    """Faults, lengths, values of a field, openings, copies, fields, outliers, and what is different."""
    dataset, address = dataset_and_address(request, name)
    found = dataset.overview(address.query, address.by)
    return JSON({**overview_json(found), "covers": covers_json(dataset, found.all.total)})


@router.get(
    "/datasets/{name}/conversations/{row}",
    summary="One conversation",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def conversation(request: Request, name: Name, row: Row) -> Response:
    """The messages of one row in typed parts, its metadata, signals and place in the source."""
    _, read, address = read_row(request, name, row)
    return JSON(reading_json(read, whole=address.text == SOURCE))


@rest.get("/{rest:path}", include_in_schema=False)
def unknown(rest: str) -> Response:
    """Any other address below /api, so that its error is JSON."""
    raise NotFound(f"there is no address '/api/{rest[:100]}'")
