"""The JSON API: each address is a handler of a few lines over the library.

Contract: section "Addresses" of the README. Keys may be added, none changes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from ..conversations.fields import DATE, INTEGER, Field
from ..errors import ThinklensError
from ..library import Entry, Library
from ..search import query as queries
from ..search.dataset import Dataset, Facet, Reading, Result, Results
from ..search.filters import EQUAL, NULL, Filter
from ..search.preview import Preview
from ..search.query import Query

router = APIRouter(prefix="/api")
rest = APIRouter(prefix="/api")  # any other address: after all that there are

Name = Annotated[str, Path(description="The dataset's name.", examples=["demo"])]
Row = Annotated[int, Path(ge=0, description="Position in the dataset, from 0.", examples=[0])]

PARAMETERS = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "description": meaning,
            "schema": {"type": "array", "items": {"type": "string"}}
            if name in queries.REPEATED
            else {"type": "string"},
            "example": [example] if name in queries.REPEATED else example,
        }
        for name, (meaning, example) in queries.PARAMETERS.items()
    ]
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"error": {"type": "string"}, "code": {"type": "string"}},
                }
            }
        },
    }
    for status, meaning in {
        400: "The Host header is none that is served.",
        404: "No such dataset, row or page.",
        409: "The index is being built, has failed, or the source files have changed.",
        422: "A parameter cannot be taken; the sentence names it.",
        503: "Ended at its time limit.",
    }.items()
}


class JSON(Response):
    """JSON by orjson: fast, UTF-8, NaN as null."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return orjson.dumps(content, default=str)


def library_of(request: Request) -> Library:
    """The library that the application serves."""
    library: Library = request.app.state.library
    return library


def dataset_and_query(request: Request, name: str) -> tuple[Dataset, Query]:
    """What most addresses begin with: the dataset and the checked query."""
    dataset = library_of(request).entry(name).ready()
    return dataset, dataset.query(request.query_params.multi_items())


def shown_and_query(request: Request, name: str) -> tuple[Dataset | Preview, Query]:
    """The same where the rows can be shown before the index stands."""
    dataset = library_of(request).entry(name).shown()
    return dataset, dataset.query(request.query_params.multi_items())


def read_row(
    request: Request, name: str, row: int, whole: bool = False
) -> tuple[Dataset | Preview, Reading, Query]:
    """One conversation and the checked query; before the index stands there is none."""
    dataset = library_of(request).entry(name).shown()
    reading = dataset.reading(row, whole)
    if isinstance(dataset, Preview):
        return dataset, reading, Query()
    return dataset, reading, dataset.query(request.query_params.multi_items())


def error_json(request: Request, error: ThinklensError) -> Response:
    """An error; ``link`` where it leads to a page that is there."""
    said = {"error": error.sentence, "code": error.code}
    link = getattr(error, "link", "")
    if link.startswith("?"):
        said["link"] = request.url.path + link.rstrip("?")
    return JSON(said, error.status)


@router.get("/datasets", summary="The datasets and the state of their indexes", responses=ERRORS)
def datasets(request: Request) -> Response:
    """All datasets in the order of their PATHs."""
    return JSON({"datasets": [entry_json(e) for e in library_of(request).entries.values()]})


@router.get(
    "/datasets/{name}/search",
    summary="One page of results",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def search(request: Request, name: Name) -> Response:
    """The rows that match, in order, with the exact total."""
    dataset, query = shown_and_query(request, name)
    return JSON(results_json(dataset, dataset.search(query)))


@router.get(
    "/datasets/{name}/facets",
    summary="Facets, each counted under the search and all filters but its own",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def facets(request: Request, name: Name) -> Response:
    """Value facets and histograms of the match set; exact numbers."""
    dataset, query = dataset_and_query(request, name)
    found = dataset.facets(query)
    return JSON(
        {"total": found.total, "facets": [facet_json(each, query) for each in found.facets]}
    )


@router.get(
    "/datasets/{name}/conversations/{row}",
    summary="One conversation",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def conversation(request: Request, name: Name, row: Row) -> Response:
    """The messages of one row in typed parts, its metadata, signals and place in the source."""
    _, read, query = read_row(request, name, row)
    return JSON(reading_json(read, whole=query.text == "source"))


@rest.get("/{rest:path}", include_in_schema=False)
def unknown(rest: str) -> Response:
    """Any other address below /api, so that its error is JSON."""
    return JSON({"error": f"there is no address '/api/{rest}'", "code": "not_found"}, 404)


def entry_json(entry: Entry) -> dict[str, object]:
    """A dataset as the API lists it."""
    dataset, source = entry.dataset, entry.source
    fields = dataset.fields.values() if dataset else ()
    source_format = source.files[0].layout.name if source else None
    error = entry.error.sentence if entry.error else entry.changed() or None
    return {
        "name": entry.name,
        "rows": source.rows if source else 0,
        "source_format": source_format,
        "fields": [{"name": each.name, "type": each.type} for each in fields],
        "index": {
            "state": entry.state,
            "done": entry.done,
            "total": entry.total,
            "error": error,
            "step": entry.step,
            "parts": dataset.parts if dataset else (),
            "seconds_left": entry.seconds_left,
        },
    }


def results_json(dataset: Dataset | Preview, results: Results) -> dict[str, object]:
    """A page of results; ``offers`` only where another search may have been meant."""
    return {
        "total": results.total,
        "results": [_result_json(each) for each in results.results],
        "page": results.page,
        "size": results.size,
        "pages": results.pages,
        "took_ms": round(results.seconds * 1000, 1),
        "covers": {"rows": dataset.rows, "of": dataset.rows},
        **({"offers": [results.offered]} if results.offered else {}),
    }


def _result_json(result: Result) -> dict[str, object]:
    return {
        "row": result.row,
        "conversation_id": result.conversation_id,
        "prompt": result.prompt,
        "score": result.score,
        "snippets": [
            {"part": each.part, "text": each.text, "hits": each.hits} for each in result.snippets
        ],
        "signals": result.signals,
    }


def facet_json(facet: Facet, query: Query) -> dict[str, object]:
    """A facet with its counts."""
    common = {"field": facet.field.name, "kind": facet.field.facet}
    if facet.error:
        return {**common, "error": facet.error}
    if facet.field.facet == "values":
        values = [
            {"value": v.value, "count": v.count, "selected": selected(query, facet.field, v.value)}
            for v in facet.values
        ]
        return {**common, "values": values, "more": facet.more}
    bins = [
        {"from": edge(facet.field, low), "to": edge(facet.field, high), "count": count}
        for low, high, count in facet.bins
    ]
    return {**common, "bins": bins, "nulls": facet.nulls}


def edge(field: Field, number: float) -> float | int | str:
    """An edge of a bin in its field's own form."""
    if field.kind == DATE:
        return datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%d")
    return int(number) if field.kind == INTEGER else number


def filters_of(query: Query, field: Field) -> Iterator[Filter]:
    """The filters of a query that speak of one field."""
    return (each for each in query.filters if each.field.name == field.name)


def selected(query: Query, field: Field, value: object) -> bool:
    """Whether a filter asks for just this value."""
    return any(
        not each.exclude
        and (each.kind == NULL if value is None else each.kind == EQUAL and each.low == value)
        for each in filters_of(query, field)
    )


def reading_json(reading: Reading, whole: bool = False) -> dict[str, object]:
    """One conversation; with ``whole`` each message has its ``content`` in one piece, tags and all."""
    return {
        "row": reading.row,
        "conversation_id": reading.record.get("conversation_id"),
        "messages": [
            {
                "role": message.role,
                "parts": [{"type": part.type, "text": part.text} for part in message.parts],
                **({"content": message.content} if whole else {}),
            }
            for message in reading.conversation.messages
        ],
        "metadata": reading.metadata,
        "columns": reading.columns,
        "signals": reading.signals,
        "source": {"file": reading.file, "row": reading.file_row},
    }
