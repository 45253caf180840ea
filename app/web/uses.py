"""Every request is known to the library from its first byte to its last: what it may read stays open."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ..library import Library


class Uses:
    """Tells the library of each request."""

    def __init__(self, app: ASGIApp, library: Library) -> None:
        self.app = app
        self._library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        with self._library.using():
            await self.app(scope, receive, send)
