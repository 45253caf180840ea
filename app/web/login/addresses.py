"""The addresses of the login and of its end."""

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ...access.sessions import LIFE, begun
from ...errors import NoToken, ThinklensError, TooLarge, TooManyTries
from ...search.request import parameter
from .. import shell
from ..access import SCHEME, Gate, cookie_name
from ..return_path import local
from ..root_path import address
from .page import PARAMETERS, login

LARGEST_FORM = 16_384  # bytes
router = APIRouter(include_in_schema=False)


@router.get("/login")
async def form(request: Request) -> Response:
    """The form; who is logged in, or need not be, goes on."""
    given = parameter.given(request.query_params.multi_items(), PARAMETERS)
    wanted = given.get("next", [""])[0]
    gate = _gate(request)
    if not gate.tokens or gate.session(request):
        return _onward(wanted)
    return shell.page(request, "login.html", {"view": login(wanted), "bare": True})


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Begin a session, or say what was wrong."""
    said = await _form(request)
    gate, wanted = _gate(request), said.get("next", "")
    if not gate.tokens:
        return _onward(wanted)
    try:
        token = gate.tried(request, said.get("token", "").strip())
    except (NoToken, TooManyTries) as error:
        return _again(request, wanted, error)
    request.scope.setdefault("state", {})["token"] = token.name  # whose request it came to be
    answer = _onward(wanted)
    _set(request, answer, begun(token, gate.clock()), LIFE)
    return answer


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session in this browser."""
    answer = RedirectResponse(address("/login"), 303)
    _set(request, answer, "", 0)
    return answer


def _gate(request: Request) -> Gate:
    found: Gate = request.app.state.gate
    return found


def _onward(wanted: str) -> Response:
    return RedirectResponse(address(local(wanted) or "/"), 303)


def _again(request: Request, wanted: str, error: ThinklensError) -> Response:
    view = login(wanted, error.sentence)
    answer = shell.page(request, "login.html", {"view": view, "bare": True}, error.status)
    if isinstance(error, TooManyTries):
        answer.headers["Retry-After"] = str(error.seconds)
    else:
        answer.headers["WWW-Authenticate"] = SCHEME
    return answer


def _set(request: Request, answer: Response, session: str, seconds: int) -> None:
    """Give the browser a session for so many seconds. Links from other sites have it: they only read."""
    answer.set_cookie(
        cookie_name(request),
        session,
        max_age=seconds,
        path=request.scope.get("root_path", "") or "/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    answer.headers["Cache-Control"] = "no-store"


async def _form(request: Request) -> dict[str, str]:
    """What a form says, the first of each name. Raises TooLarge."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise TooLarge(f"the form has more than {LARGEST_FORM:,} bytes")
    pairs = parse_qsl(body.decode("utf-8", "replace"))
    return dict(reversed(pairs))
