"""The pages that belong to no dataset: all of them, the API's documentation, liveness."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from .requests import library_of
from .root_path import address
from .shell import page

router = APIRouter(include_in_schema=False)


@router.get("/")
def datasets(request: Request) -> Response:
    """The datasets."""
    return page(request, "home.html", {"entries": list(library_of(request).entries.values())})


@router.get("/healthz")
def health() -> Response:
    """Liveness."""
    return PlainTextResponse("ok\n")


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse(address("/static/icon.svg"), 308)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's documentation, made from its own description."""
    return page(request, "docs.html", {"api": request.app.openapi()})
