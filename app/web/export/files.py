"""The addresses of exports: a file of each type, their manifest, and how far a download is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...errors import InvalidInput
from ...export.choice import Choice
from ...export.file_types import ARRAY, CELLS, LINES, TABLE, TYPES, FileType
from ...export.job import Export
from ...export.manifest import manifest
from ...search.dataset import Dataset
from ...search.request.query import Query
from ..answers import JSON
from ..api import ERRORS, PARAMETERS
from ..requests import Name, dataset_and_address, library_of, without_parameters
from .downloads import Downloads
from .response import ExportResponse

_FORMS = {
    LINES: "Every row of the match set in order, a line each, in the shape that is asked for.",
    ARRAY: "The same rows as the elements of one array.",
    TABLE: "The rows in one file, in the types of their source where the shape is the source's.",
    CELLS: "RFC 4180 in UTF-8; nested values are JSON, what a spreadsheet could run has a ' in front.",
}
_NEVER_KEPT = {"Cache-Control": "no-store"}


def _router() -> APIRouter:
    """A router with the address of each type."""
    made = APIRouter()
    for each in TYPES.values():
        made.add_api_route(
            f"/api/datasets/{{name}}/export.{each.name}",
            _file_of(each),
            name=f"export.{each.name}",
            summary=f"The whole match set as a file: {each.words}",
            description=_FORMS[each.form],
            response_class=Response,
            responses={200: _described(each), **ERRORS},
            openapi_extra=PARAMETERS,
        )
    return made


def _described(kind: FileType) -> dict[str, Any]:
    """The answer of a type, for the description of the API."""
    array: dict[str, Any] = {"type": "array", "items": {"type": "object"}}
    schema = array if kind.form == ARRAY else {"type": "string", "format": "binary"}
    return {"description": kind.words, "content": {kind.media: {"schema": schema}}}


def _file_of(kind: FileType) -> Callable[[Request, Name], Response]:
    """The handler of a type. Its address names the type; a parameter may only say the same."""

    def file(request: Request, name: Name) -> Response:
        dataset, address = dataset_and_address(request, name)
        if request.query_params.get("type") not in (None, "", kind.name):
            raise InvalidInput(
                f"'type={address.choice.type}' is not the type of this address, {kind.name}"
            )
        choice = replace(address.choice, type=kind.name)
        export = _export(request, dataset, address.query, choice)
        download = _downloads(request).begin(name, address.download, export)
        return ExportResponse.of(export, library_of(request).settings.stall_seconds, download)

    return file


def _export(request: Request, dataset: Dataset, query: Query, choice: Choice) -> Export:
    return Export.of(dataset, query, choice, library_of(request).settings.data_dir)


def _downloads(request: Request) -> Downloads:
    found: Downloads = request.app.state.downloads
    return found


router = _router()


@router.get(
    "/api/datasets/{name}/export.manifest.json",
    summary="What makes an export reproducible",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def export_manifest(request: Request, name: Name) -> Response:
    """The dataset, the query, the rows by their kind of trace; with the file's hash once it was
    written here."""
    dataset, address = dataset_and_address(request, name)
    export = _export(request, dataset, address.query, address.choice)
    said = manifest(export, _downloads(request).written(export))
    written = orjson.dumps(said, option=orjson.OPT_INDENT_2)
    return Response(written, headers=_NEVER_KEPT, media_type="application/json")


@router.get("/api/datasets/{name}/downloads/{identity}", include_in_schema=False)
def download(request: Request, name: str, identity: str) -> Response:
    """How far a download is."""
    without_parameters(request)
    return JSON(_downloads(request).get(name, identity).said(), headers=_NEVER_KEPT)


@router.delete("/api/datasets/{name}/downloads/{identity}", include_in_schema=False)
def stop(request: Request, name: str, identity: str) -> Response:
    """End a download: its connection breaks."""
    without_parameters(request)
    found = _downloads(request).get(name, identity)
    found.stop()
    return JSON(found.said())
