"""The addresses of the export page: its choices, and from a form's choices to the file."""

import os
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ...config import usual_data_dir
from ...export.choice import fitting
from ...export.job import Export
from .. import shell
from ..links import api_path
from ..read_as import read_as
from ..requests import Name, address_of, library_of
from .page import export_view

router = APIRouter(include_in_schema=False)


@router.get("/datasets/{name}/export")
def export(request: Request, name: Name) -> Response:
    """What an export would be: its choices, a preview, the ways to it."""
    entry = library_of(request).entry(name)
    dataset = entry.ready()
    address = address_of(request, dataset, fitting(request.query_params.multi_items()))
    data_dir: Path = request.app.state.settings.data_dir
    made = Export.of(dataset, address.query, address.choice, data_dir)
    view = export_view(made, address, entry.path, _elsewhere(data_dir))
    said = read_as(dataset.source, dataset.not_understood)
    return shell.page(request, "export.html", {"view": view, "read_as": said})


def _elsewhere(data_dir: Path) -> str:
    """The data directory as a command has to name it; "" where it is the usual one."""
    place = os.path.abspath(data_dir)
    return "" if place == os.path.abspath(usual_data_dir()) else place


@router.get("/datasets/{name}/export/file")
def export_file(request: Request, name: Name) -> Response:
    """From the choices of a form to the file that they mean."""
    pairs = fitting(request.query_params.multi_items())
    address = address_of(request, library_of(request).entry(name).ready(), pairs)
    kept = [(key, value) for key, value in pairs if value and key != "type"]
    query_string = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(f"{api_path(name)}/export.{address.choice.type}{query_string}", 303)
