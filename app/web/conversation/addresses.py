"""The addresses of one conversation: its page, and its raw record."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from ...caller import caller
from ...conversations import records
from ...markup.directions import json_html
from ...markup.room import Room
from .. import shell
from ..compare_links import others, picking
from ..links import api_path, dataset_path
from ..pager import listed_at
from ..requests import PATIENCE, Name, Row, library_of, read_row, without_parameters
from .page import reading
from .plain_text import plain_text
from .source_text import fitting

FRESH = 30  # seconds that a browser may keep a conversation that it fetched ahead

router = APIRouter(include_in_schema=False)


@router.get("/datasets/{name}/conversations/{row}")
def conversation(request: Request, name: Name, row: Row) -> Response:
    """One conversation, with its place in the results of the query it was found by."""
    dataset, read, address = read_row(request, name, row)
    neighbours = dataset.neighbours(address.query, row, PATIENCE)
    view = reading(name, read, address, neighbours, dataset.fields)
    context = {
        "view": view,
        "picking": picking(name, address, neighbours),
        "others": others(name, read),
    }
    return shell.page(request, "conversation.html", context, fresh=FRESH)


@router.get("/datasets/{name}/conversations/{row}/raw")
def raw(request: Request, name: Name, row: Row) -> Response:
    """The record of one row, every column as the source has it."""
    dataset, read, address = read_row(request, name, row, whole=True)
    neighbours = dataset.neighbours(address.query, row, PATIENCE)
    text = records.pretty(dict(read.record))
    html, left_out = fitting(text, json_html, Room(go_on=caller().check))
    context = {
        "name": name,
        "row": row,
        "path": dataset_path(name),
        "html": html,
        "left_out": left_out,
        "back": f"{dataset_path(name)}/conversations/{row}{address.string()}",
        "listed": listed_at(dataset_path(name), address, neighbours, row),
        "api": f"{api_path(name)}/conversations/{row}",
        "file": read.file,
        "file_row": read.file_row,
    }
    return shell.page(request, "raw.html", context)


@router.get("/datasets/{name}/conversations/{row}/text")
def text(request: Request, name: Name, row: Row) -> Response:
    """All text of one conversation, plain, however long it is."""
    without_parameters(request)
    read = library_of(request).entry(name).shown().reading(row)
    return StreamingResponse(plain_text(read.conversation), media_type="text/plain; charset=utf-8")
