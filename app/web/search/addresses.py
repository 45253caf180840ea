"""The addresses of the search over all datasets: its page, and the same as JSON."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...datasets.totals import Total, totals
from ...search.request import parameter
from ...search.request.query import Query
from .. import shell
from ..answers import JSON
from ..api import ERRORS, described
from ..requests import PATIENCE, library_of
from .page import PARAMETERS, SHOWN, search

router = APIRouter()


@router.get("/search", include_in_schema=False)
def everywhere(request: Request) -> Response:
    """The page; with nothing typed it asks no dataset. One that asks what is new gets its answers, or
    nothing where it shows all."""
    rows = {**PARAMETERS, SHOWN.name: SHOWN}
    given = parameter.given(request.query_params.multi_items(), rows)
    query = Query.of({name: said for name, said in given.items() if name in PARAMETERS}, {})
    view = search(query, _totals(request, query) if query.node is not None else ())
    if request.headers.get("HX-Target") != "found":
        return shell.page(request, "search.html", {"view": view})
    if given.get(SHOWN.name) == [view.mark]:
        return Response(status_code=204)
    return shell.page(request, "found.html", {"view": view})


@router.get(
    "/api/search",
    summary="One search over all datasets: how many rows each has",
    responses={422: ERRORS[422]},
    openapi_extra=described(PARAMETERS.values()),
)
def everywhere_json(request: Request) -> Response:
    """The total of each dataset; null with its state and the reason where it has not answered."""
    given = parameter.given(request.query_params.multi_items(), PARAMETERS)
    found = _totals(request, Query.of(given, {}))
    return JSON({"datasets": [_json(each) for each in found]})


def _totals(request: Request, query: Query) -> list[Total]:
    library = library_of(request)
    seconds = library.settings.query_seconds
    return totals(tuple(library.entries.values()), query, seconds, PATIENCE)


def _json(each: Total) -> dict[str, object]:
    return {
        "name": each.name,
        "total": each.total,
        "covers": {"rows": each.rows, "of": each.of},
        "state": each.state,
        "error": each.error or None,
    }
