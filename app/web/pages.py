"""What belongs to no dataset: the API's documentation, whether the server lives and is ready, what it counts,
the icon."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from .metrics import Metrics
from .requests import library_of, without_parameters
from .root_path import address
from .shell import page

router = APIRouter(include_in_schema=False)
_NEVER_KEPT = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def health() -> Response:
    """Liveness; answered by the event loop itself, whatever its threads do."""
    return PlainTextResponse("ok\n", headers=_NEVER_KEPT)


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Whether every dataset can be shown or has failed, and the server goes on."""
    entries = library_of(request).entries.values()
    count = sum(each.settled for each in entries)
    going = not request.app.state.stopping
    said = f"{count} of {len(entries)} datasets are ready\n" if going else "stopping\n"
    status = 200 if going and count == len(entries) else 503
    return PlainTextResponse(said, status, headers=_NEVER_KEPT)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """What is counted, for Prometheus."""
    without_parameters(request)
    kept: Metrics = request.app.state.metrics
    written, kind = kept.written(request.headers.get("accept", ""))
    return Response(written, headers={**_NEVER_KEPT, "Content-Type": kind})


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse(address("/static/icon.svg"), 308)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's documentation, made from its own description."""
    without_parameters(request)
    return page(request, "docs.html", {"api": request.app.openapi()})
