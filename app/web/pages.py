"""What belongs to no dataset: the API's documentation, liveness, the icon."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from .requests import without_parameters
from .root_path import address
from .shell import page

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def health() -> Response:
    """Liveness; answered by the event loop itself, whatever its threads do."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse(address("/static/icon.svg"), 308)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's documentation, made from its own description."""
    without_parameters(request)
    return page(request, "docs.html", {"api": request.app.openapi()})
