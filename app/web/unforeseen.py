"""Faults in the middle of an answer: told once in the log with the request's id, a sentence for who asked.

After the first byte of an answer its connection has to break, so that no part is taken for the whole.
What can happen to any program (a full disk, a client that leaves, a source that changed) is a line of the
log; what cannot has a traceback there.
"""

import errno
import logging
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import BrokenOff, Busy, OutOfSpace, ThinklensError
from .record import route_of
from .request_ids import request_id

Answer = Callable[[Request, ThinklensError], Response]
SENTENCE = "something went wrong here; the server's log has it"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_TOO_MANY = (errno.EMFILE, errno.ENFILE)


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
            answer = self._answer(Request(scope, receive), known(error) or ThinklensError(SENTENCE))
            await answer(scope, receive, send)


def known(error: BaseException | None) -> ThinklensError | None:
    """What is behind a fault, where that is one that can happen to any program."""
    while error is not None:
        if isinstance(error, ThinklensError):
            ours = error.status != 500 or isinstance(error, BrokenOff)
            return error if ours or isinstance(error.__cause__, OSError) else None
        if isinstance(error, OSError) and error.errno in _FULL:
            return OutOfSpace("no space is left on the disk")
        if isinstance(error, OSError) and error.errno in _TOO_MANY:
            return Busy("as many files are open as may be: try again")
        error = error.__cause__
    return None


def tell(scope: Scope, error: Exception) -> None:
    """Put a fault into the log, once. What is known is a line, which the log may fold (``folded``)."""
    if is_told(error):
        return
    error._thinklens_told = True  # type: ignore[attr-defined]
    route = route_of(scope) or "an unknown address"
    log = logging.getLogger(__name__)
    plain = known(error)
    if plain is None:
        log.error("request %s of %s failed", request_id(), route, exc_info=error)
    else:
        level = logging.INFO if isinstance(plain, BrokenOff) else logging.WARNING
        said = (request_id(), route, plain.sentence)
        log.log(level, "request %s of %s: %s", *said, extra={"folded": plain.sentence})


def is_told(error: BaseException | None) -> bool:
    """Whether the log has a fault already."""
    return getattr(error, "_thinklens_told", False)
