"""HEAD is answered like GET, on every address, without the body."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Enough(OSError):
    """The headers have been sent; nobody waits for more."""


class Head:
    """Asks what is behind it for what GET would be answered, and ends with its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def headers_alone(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif message["type"] == "http.response.body":
                await send({"type": "http.response.body", "body": b""})
                raise _Enough

        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, headers_alone)
        except (_Enough, ClientDisconnect):
            pass
        finally:  # what was found on the way is told of this request too
            scope.update({**asked, "method": "HEAD"})
