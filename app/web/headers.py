"""What every response carries. One ASGI middleware.

What says nothing of how it may be kept is for its reader alone, and asked for anew each time.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..config import Settings

HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"

RETRY_AFTER = 2  # seconds, where a busy server says nothing else

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
    """Adds the headers to every response."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._assets = settings.assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_headers(headers, self._assets)
                if message["status"] == 503:
                    headers.setdefault("Retry-After", str(RETRY_AFTER))
            await send(message)

        await self.app(scope, receive, with_headers)


def add_headers(headers: MutableHeaders, assets: str) -> None:
    """Put the headers on a response, those of a page where it is one."""
    for name, value in _ALWAYS.items():
        headers[name] = value
    page = headers.get("content-type", "").startswith("text/html")
    headers["Content-Security-Policy"] = page_policy(assets) if page else _DATA_POLICY
    headers.setdefault("Cache-Control", "private, no-cache")
    if page:
        headers.add_vary_header("HX-Request")
        headers.add_vary_header("HX-History-Restore-Request")
