"""Who may ask: those who say a token, as a bearer or by the session that a login gave. One ASGI middleware.

What is open to all is a list of exact paths; everything else is closed, whatever its address looks like.
"""

import time
from collections.abc import Callable
from itertools import islice
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..access import sessions
from ..access.tokens import Token, Tokens
from ..access.tries import Tries
from ..errors import NoToken, ThinklensError, TooManyTries
from .origins import SAFE, Foreign, check_origin
from .return_path import around, asked
from .root_path import address

OPEN = ("/healthz", "/readyz", "/login", "/logout", "/favicon.ico")
FILES = "/static/"
PROGRAMS = ("/api/", "/metrics", "/openapi.json")  # what is answered with a status, and led nowhere
SCHEME = 'Bearer realm="Thinklens"'
COOKIES = 10  # of the session's name that are looked at: other sites of a host may set some


class Gate:
    """The tokens of one application, and the tries at them. All methods are called from its event loop."""

    def __init__(self, tokens: Tokens, clock: Callable[[], float] = time.time) -> None:
        self.tokens = tokens
        self.tries = Tries()
        self.clock = clock

    def named(self, request: Request) -> Token | None:
        """Whose request it is; None where it says no token and has no session. Raises NoToken for one that
        is not known, TooManyTries where none is looked at."""
        said = [each for each in map(_bearer, request.headers.getlist("authorization")) if each]
        if len(said) > 1:
            raise NoToken("the token is said more than once")
        return self.tried(request, said[0]) if said else self.session(request)

    def session(self, request: Request) -> Token | None:
        """Whose session it is."""
        found = (
            sessions.holder(each, self.tokens, self.clock())
            for each in _cookies(request, cookie_name(request))
        )
        return next(filter(None, found), None)

    def tried(self, request: Request, secret: str) -> Token:
        """The token of a secret that was sent. Raises NoToken and TooManyTries."""
        host = request.client.host if request.client else ""
        if wait := self.tries.wait(host):
            sentence = f"too many wrong tokens were tried: wait {wait} seconds, then try again"
            raise TooManyTries(sentence, wait)
        token = self.tokens.of(secret)
        if token is None:
            self.tries.failed(host, self.tokens.hashed(secret))
            raise NoToken("this token is not known here")
        self.tries.succeeded(host)
        return token


def cookie_name(request: Request) -> str:
    """The name of the session's cookie: cookies do not tell ports apart, and servers of one host must."""
    return f"thinklens-{(request.scope.get('server') or ('', 0))[1] or 0}"


def _bearer(header: str) -> str:
    """The secret of a header; "" where it is of another scheme, which a proxy may have asked for."""
    scheme, _, secret = header.strip().partition(" ")
    return secret.strip() or " " if scheme.lower() == "bearer" else ""


def _cookies(request: Request, name: str) -> list[str]:
    pairs = (each for line in request.headers.getlist("cookie") for each in line.split(";"))
    found = (
        value.strip()
        for key, _, value in (each.partition("=") for each in pairs)
        if key.strip() == name
    )
    return list(islice(found, COOKIES))


class Access:
    """Lets those through who may ask; ``answer`` tells the others."""

    def __init__(
        self,
        app: ASGIApp,
        gate: Gate,
        answer: Callable[[Request, ThinklensError], Response],
    ) -> None:
        self.app = app
        self._gate = gate
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            refused = self._refused(Request(scope, receive))
            return await (refused or self.app)(scope, receive, send)
        if scope["type"] == "websocket" and self._gate.tokens:
            return await send({"type": "websocket.close", "code": 1008})
        await self.app(scope, receive, send)

    def _refused(self, request: Request) -> Response | None:
        """What a request is answered that may not go on."""
        try:
            check_origin(request)
            if self._gate.tokens and not _is_open(_own(request)):
                token = self._gate.named(request)
                if token is None:
                    return self._led(request)
                request.scope.setdefault("state", {})["token"] = token.name
        except (Foreign, NoToken, TooManyTries) as error:
            return self._told(request, error)
        return None

    def _led(self, request: Request) -> Response:
        """Who says no token: a program is told so, a reader is led to the login."""
        front = request.scope.get("root_path", "")
        if _own(request).startswith(PROGRAMS):
            where = "send Authorization: Bearer SECRET, or log in"
            return self._told(request, NoToken(f"this address asks for a token: {where}"))
        if request.headers.get("HX-Request") != "true":
            wanted = asked(request.scope, front) if request.method in SAFE else ""
            return RedirectResponse(login_address(wanted), 303)
        boosted = request.headers.get("HX-Boosted") == "true" and request.method in SAFE
        current = request.headers.get("HX-Current-URL", "")
        wanted = asked(request.scope, front) if boosted else around(current, front)
        answer = self._told(request, NoToken("you are not logged in any more"))
        answer.headers["HX-Redirect"] = login_address(wanted)
        return answer

    def _told(self, request: Request, error: ThinklensError) -> Response:
        answer = self._answer(request, error)
        if isinstance(error, NoToken):
            given = any(map(_bearer, request.headers.getlist("authorization")))
            answer.headers["WWW-Authenticate"] = SCHEME + (', error="invalid_token"' * given)
        return answer


def login_address(wanted: str) -> str:
    """The login that leads on to an address of the site."""
    return address("/login") + (f"?{urlencode({'next': wanted})}" if wanted else "")


def _own(request: Request) -> str:
    """The path as routes are found by it."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", ""))


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(FILES)
