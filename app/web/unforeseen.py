"""Faults of the program: told once in the log with the request's id, a sentence for who asked.

After the first byte of an answer its connection has to break, so that no part is taken for the whole.
"""

import logging
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ThinklensError
from .record import route_of
from .request_ids import request_id

Answer = Callable[[Request, ThinklensError], Response]
SENTENCE = "something went wrong here; the server's log has it"


class Unforeseen:
    """Answers what no handler took."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return  # nobody is there to be told
        except Exception as error:
            tell(scope, error)
            if begun:
                raise
            answer = self._answer(Request(scope, receive), ThinklensError(SENTENCE))
            await answer(scope, receive, send)


def tell(scope: Scope, error: Exception) -> None:
    """Put a fault into the log, once."""
    if not is_told(error):
        error._thinklens_told = True  # type: ignore[attr-defined]
        route = route_of(scope) or "an unknown address"
        logging.getLogger(__name__).error(
            "request %s of %s failed", request_id(), route, exc_info=error
        )


def is_told(error: BaseException | None) -> bool:
    """Whether the log has a fault already."""
    return getattr(error, "_thinklens_told", False)
