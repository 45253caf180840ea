"""What every response carries, and which Host a request may name. One ASGI middleware."""

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..config import Settings

HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"

_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def page_policy(assets: str) -> str:
    """The Content-Security-Policy of pages: nothing inline, one file from elsewhere at most."""
    cdn = f" {HTMX_CDN}" if assets == "cdn" else ""
    return (
        f"default-src 'none'; script-src 'self'{cdn}; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "object-src 'none'; frame-ancestors 'none'"
    )


class Headers:
    """Adds the headers to every response and refuses requests for a host that is not served."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._hosts = {
            settings.host.casefold(),
            *_LOOPBACK,
            *map(str.casefold, settings.allow_hosts),
        }
        self._assets = settings.assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), self._assets)
            await send(message)

        if _host(HTTPConnection(scope)) not in self._hosts:
            sentence = "this host name is not served; start with --allow-host NAME to allow it"
            refusal = JSONResponse({"error": sentence, "code": "host"}, 400)
            return await refusal(scope, receive, with_headers)
        await self.app(scope, receive, with_headers)


def add_headers(headers: MutableHeaders, assets: str) -> None:
    """Put the headers on a response, those of a page where it is one."""
    for name, value in _ALWAYS.items():
        headers[name] = value
    page = headers.get("content-type", "").startswith("text/html")
    headers["Content-Security-Policy"] = page_policy(assets) if page else _DATA_POLICY
    if page:
        headers.add_vary_header("HX-Request")
        headers.add_vary_header("HX-History-Restore-Request")
        headers.setdefault("Cache-Control", "no-cache")


def _host(connection: HTTPConnection) -> str:
    """The name in the Host header, without port and brackets."""
    host = connection.headers.get("host", "").strip().casefold()
    if host.startswith("["):
        return host[1:].split("]", 1)[0]
    return host.rsplit(":", 1)[0] if host.count(":") == 1 else host
