"""The application: routes, headers, error pages, and the builds behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from . import __version__
from .access.tokens import Tokens
from .config import Settings
from .errors import Busy, InvalidInput, NotFound, SourceChanged, ThinklensError, TookTooLong
from .library import Entry, Library, Watch
from .web import api, pages
from .web.access import PROGRAMS, Access, Gate
from .web.answers import error_json
from .web.assets import asset_files
from .web.bearer_scheme import describe
from .web.beside import addresses as beside
from .web.bounds import Bounds
from .web.conversation import addresses as conversation
from .web.copies import addresses as copies
from .web.copies import by_prompt
from .web.explorer import addresses as explorer
from .web.export import addresses as export
from .web.export import files
from .web.export.downloads import Downloads
from .web.faults import error_page
from .web.head import Head
from .web.headers import Headers
from .web.home import addresses as home
from .web.lanes import Lanes
from .web.login import addresses as login
from .web.metrics import Metrics
from .web.overlap import addresses as overlap
from .web.overview import addresses as overview
from .web.record import Answered, Record
from .web.request_log import tell_request
from .web.root_path import RootPath, own_path
from .web.search import addresses as search
from .web.unforeseen import SENTENCE, Unforeseen, tell
from .web.uses import Uses

# The rooms of the site, each with its addresses; that of unknown ones below /api comes after all of it.
ROUTERS = (
    api.router,
    files.router,
    search.router,
    by_prompt.router,
    copies.router,
    overlap.router,
    api.rest,
    pages.router,
    login.router,
    home.router,
    explorer.router,
    overview.router,
    conversation.router,
    beside.router,
    export.router,
)


def create_app(
    settings: Settings, library: Library, watch: Watch | None = None, tokens: Tokens | None = None
) -> FastAPI:
    """The application over a library. Its indexes are opened or built when it starts. Without tokens nobody
    is asked for one."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with library.running(watch or _silent):
            yield

    app = FastAPI(
        title="Thinklens",
        version=__version__,
        description="Search, filter, read and export chat and reasoning-trace datasets.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages load from other hosts
        redoc_url=None,
    )
    app.state.library = library
    app.state.settings = settings
    app.state.downloads = Downloads()
    app.state.metrics = Metrics(library, app.state.downloads)
    app.state.stopping = False
    app.state.gate = Gate(tokens or Tokens())
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", asset_files(), name="static")
    app.add_exception_handler(ThinklensError, _answer)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    _add_middlewares(app)
    describe(app, app.state.gate.tokens)
    return app


def _add_middlewares(app: FastAPI) -> None:
    """What each request goes through, the innermost first."""
    settings = app.state.settings
    app.add_middleware(Uses, library=app.state.library)
    app.add_middleware(Lanes, answer=_told)
    app.add_middleware(Head)
    app.add_middleware(Access, gate=app.state.gate, answer=_told)
    app.add_middleware(Bounds, settings=settings, answer=_told)
    app.add_middleware(Unforeseen, answer=_told)
    app.add_middleware(Headers, settings=settings)
    app.add_middleware(Record, told=partial(_seen, app), began=app.state.metrics.began)
    app.add_middleware(RootPath, root_path=settings.root_path)


def _seen(app: FastAPI, answered: Answered) -> None:
    """Count and log a request that has ended. A dataset that there is not is anybody's text."""
    if answered.dataset not in app.state.library.entries:
        answered.dataset = ""
    app.state.metrics.answered(answered)
    tell_request(answered)


def _silent(_: Entry) -> None:
    """Progress that nobody watches."""


def _answer(request: Request, error: Exception) -> Response:
    """An error as JSON below /api, as a page elsewhere; the log has what is behind our own."""
    assert isinstance(error, ThinklensError)
    if isinstance(error, SourceChanged):
        entry = request.app.state.library.entries.get(request.path_params.get("name", ""))
        return _told(request, entry.explained(error) if entry else error)
    return _told(request, error)


def _told(request: Request, error: ThinklensError) -> Response:
    if error.status in (500, 507) and error.sentence != SENTENCE:
        tell(request.scope, error)
    if isinstance(error, TookTooLong):
        request.app.state.metrics.ended()
    answers = error_json if own_path(request).startswith(PROGRAMS) else error_page
    answer = answers(request, error)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = first["loc"][-1]
    given = str(first.get("input"))[:40]
    return _answer(request, InvalidInput(f"'{name}' is a whole number from 0, not {given!r}"))


def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        path = request.url.path[:100]
        return _answer(request, NotFound(f"there is no address {path!r}", "/", "All datasets"))
    other = ThinklensError(f"{error.detail} ({request.method})")
    other.status, other.code = error.status_code, "http"
    answer = _answer(request, other)
    answer.headers.update(error.headers or {})
    return answer
