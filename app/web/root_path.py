"""What stands in front of all addresses, where a proxy shows the site below a path of its own.

Every address of the site that is written goes through ``address``; requests are taken with what stands
in front and without it, so that the proxy may strip it or leave it.
"""

from contextvars import ContextVar

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

_FRONT: ContextVar[str] = ContextVar("front", default="")  # of the request that is being answered


def address(path: str) -> str:
    """An address of the site, beginning with a slash, as it is written into pages and answers."""
    return _FRONT.get() + path


def own_path(request: Request) -> str:
    """The path of a request as the site itself names it."""
    return request.url.path.removeprefix(_FRONT.get())


class RootPath:
    """Takes requests with and without what stands in front; behind it all of them have it."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self._front = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _FRONT.set(self._front)
            # in place: errors that no handler took are answered from outside, over the same scope
            scope["path"] = self._path(scope["path"])
            scope["root_path"] = self._front
        await self.app(scope, receive, send)

    def _path(self, path: str) -> str:
        if path == self._front:
            return f"{path}/"
        return path if path.startswith(f"{self._front}/") else self._front + path
