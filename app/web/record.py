"""What becomes known of a request from its first byte to its last: its id, and what it came to.

The outermost of our middlewares behind what stands in front of addresses, so that all answers bear the id.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .request_ids import HEADER, begin


@dataclass
class Answered:
    """A request and what it came to. ``route`` is the template of its address, so that there are few, and
    ``dataset`` the name in it; ``status`` is 0 where its client left before there was one, ``whole`` says
    whether all of the answer was given out, ``size`` its bytes."""

    identity: str
    method: str
    route: str = ""
    dataset: str = ""
    status: int = 0
    whole: bool = False
    size: int = 0
    seconds: float = 0.0
    token: str = ""


class Record:
    """Gives each request its id, and tells ``began`` of it and ``told`` what it came to."""

    def __init__(
        self, app: ASGIApp, told: Callable[[Answered], None], began: Callable[[], None]
    ) -> None:
        self.app = app
        self._told = told
        self._began = began

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answered = Answered(begin(Headers(scope=scope).get(HEADER, "")), scope["method"])
        began = time.perf_counter()
        self._began()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = answered.identity
            elif message["type"] == "http.response.body":
                answered.size += len(message.get("body", b""))
                answered.whole = not message.get("more_body", False)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            answered.seconds = time.perf_counter() - began
            answered.route = route_of(scope)
            answered.dataset = scope.get("path_params", {}).get("name", "")
            answered.token = scope.get("state", {}).get("token", "")
            self._told(answered)


def route_of(scope: Scope) -> str:
    """The template of the address that answered; "" where none did."""
    if "route" in scope:
        return str(scope["route"].path)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return "/static" if path.startswith("/static/") else ""
