"""The addresses of exports: a file of each type, their manifest, and how far a download is."""

from dataclasses import replace

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...errors import InvalidInput
from ...export.job import Export
from ...search.dataset import Dataset
from ...search.request.query import Query
from ..answers import JSON
from ..api import ERRORS, PARAMETERS
from ..requests import Name, dataset_and_query, library_of
from .downloads import Downloads
from .response import ExportResponse

router = APIRouter()


def _export(request: Request, dataset: Dataset, query: Query) -> Export:
    return Export.of(dataset, query, library_of(request).settings.data_dir)


def _downloads(request: Request) -> Downloads:
    found: Downloads = request.app.state.downloads
    return found


def _file(request: Request, name: str, type_: str) -> Response:
    """The file of a type. Its address names the type; a parameter may only say the same."""
    dataset, query = dataset_and_query(request, name)
    if request.query_params.get("type") not in (None, "", type_):
        raise InvalidInput(f"'type={query.type}' is not the type of this address, {type_}")
    export = _export(request, dataset, replace(query, type=type_))
    identity = request.query_params.get("download", "")
    download = _downloads(request).begin(name, identity, export)
    return ExportResponse.of(export, library_of(request).settings.stall_seconds, download)


@router.get(
    "/api/datasets/{name}/export.jsonl",
    summary="The whole match set as JSON Lines",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def jsonl(request: Request, name: Name) -> Response:
    """Every row of the match set in order, a line each, in the shape that is asked for."""
    return _file(request, name, "jsonl")


@router.get(
    "/api/datasets/{name}/export.jsonl.gz",
    summary="The same, packed",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def packed(request: Request, name: Name) -> Response:
    """The bytes of export.jsonl in gzip's form."""
    return _file(request, name, "jsonl.gz")


@router.get(
    "/api/datasets/{name}/export.parquet",
    summary="The whole match set as Parquet",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def parquet(request: Request, name: Name) -> Response:
    """The rows in one file, in the types of their source where the shape is the source's."""
    return _file(request, name, "parquet")


@router.get(
    "/api/datasets/{name}/export.csv",
    summary="The whole match set as CSV",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def csv(request: Request, name: Name) -> Response:
    """RFC 4180 in UTF-8; nested values are JSON, what a spreadsheet could run has a ' in front."""
    return _file(request, name, "csv")


@router.get(
    "/api/datasets/{name}/export.manifest.json",
    summary="What makes an export reproducible",
    responses=ERRORS,
    openapi_extra=PARAMETERS,
)
def manifest(request: Request, name: Name) -> Response:
    """The dataset, the query, the rows by their kind of trace; with the file's hash once it was
    written here."""
    dataset, query = dataset_and_query(request, name)
    export = _export(request, dataset, query)
    said = export.manifest(_downloads(request).written(export))
    return Response(orjson.dumps(said, option=orjson.OPT_INDENT_2), media_type="application/json")


@router.get("/api/datasets/{name}/downloads/{identity}", include_in_schema=False)
def download(request: Request, name: str, identity: str) -> Response:
    """How far a download is."""
    return JSON(_downloads(request).get(name, identity).said())


@router.delete("/api/datasets/{name}/downloads/{identity}", include_in_schema=False)
def stop(request: Request, name: str, identity: str) -> Response:
    """End a download: its connection breaks."""
    found = _downloads(request).get(name, identity)
    found.stop()
    return JSON(found.said())
