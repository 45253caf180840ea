"""Which requests are refused before anything looks at them: a host that is not served, an address or a body
that is too long, one whose length is said twice.

A refusal closes its connection, since what is left of such a request is not to be taken for another.
"""

import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..config import Settings
from ..errors import ThinklensError
from .answers import error_json

LONGEST_ADDRESS = 8_192  # bytes of path and query, as they are sent
LARGEST_BODY = 1_000_000
LARGEST_FORM = 64 * 2**20  # bytes of a form with a file

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WITH_FILE = re.compile(r"/datasets/[^/]+/overlap$")
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?")


class Refused(ThinklensError):
    """A request that is not taken."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


class Bounds:
    """Refuses such requests; ``answer`` tells who asked."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        answer: Callable[[Request, ThinklensError], Response],
    ) -> None:
        self.app = app
        self._hosts = frozenset(
            map(str.casefold, (settings.host, *_LOOPBACK, *settings.allow_hosts))
        )
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        try:
            headers = Headers(scope=scope)
            self._check_host(headers)
            _check_lengths(scope, headers)
            if scope["method"] != "POST" and "transfer-encoding" in headers:
                receive = await _taken(receive)
        except Refused as error:
            told = (
                self._answer if error.status == 414 else error_json
            )  # whose Host is known by then
            return await told(Request(scope, receive), error)(scope, receive, _last(send))
        await self.app(scope, receive, send)

    def _check_host(self, headers: Headers) -> None:
        given = headers.getlist("host")
        if len(given) != 1 or host_of(given[0]) not in self._hosts:
            sentence = "this host name is not served; start with --allow-host NAME to allow it"
            raise Refused(400, "host", sentence)


def host_of(given: str) -> str:
    """The name in a Host header, without port and brackets; "" where it is none."""
    found = _HOST.fullmatch(given.strip().casefold())
    if found is None or int(found["port"] or 0) > 65_535:
        return ""
    return found["six"] or found["name"]


def _check_lengths(scope: Scope, headers: Headers) -> None:
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    if len(raw) + len(scope["query_string"]) > LONGEST_ADDRESS:
        sentence = f"the address is longer than {LONGEST_ADDRESS:,} characters"
        raise Refused(414, "address_length", sentence)
    said = headers.getlist("content-length")
    if said and "transfer-encoding" in headers:
        raise Refused(400, "length", "the length of the body is said in two ways")
    with_file = scope["method"] == "POST" and _WITH_FILE.search(scope["path"])
    largest = LARGEST_FORM if with_file else LARGEST_BODY
    if any(each.isdecimal() and int(each[:20]) > largest for each in said):
        raise _too_large(largest)


def _too_large(largest: int = LARGEST_BODY) -> Refused:
    return Refused(413, "body_length", f"the body has more than {largest:,} bytes")


async def _taken(receive: Receive) -> Receive:
    """Take a body of unknown length, which nothing reads; what comes behind it is left. Raises Refused."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
        if size > LARGEST_BODY:
            raise _too_large()
    return receive


def _last(send: Send) -> Send:
    """What sends an answer after which the connection is closed."""

    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return closing
