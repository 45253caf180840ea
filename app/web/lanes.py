"""How many requests are answered at once, by what they ask for; who leaves is not answered any more.

Every request behind a dataset's name has a lane: readings (pages of conversations, which are rendered), scans
(searches that may hold a regex, which wait for texts to be read) or questions (all other lists, facets,
searches). A lane lets so many in and keeps the others waiting outside, where they
hold no thread; one that would wait too long is told to come again. All else, liveness and the files of pages
among it, goes on beside them. Exports have bounds of their own.
"""

import asyncio
import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..caller import Caller, Gone, answering
from ..errors import Busy, ThinklensError

READINGS, SCANS, QUESTIONS = 2, 6, 12  # at once
WAITING = 200  # requests that may wait for a lane
LONGEST = 30.0  # seconds that one waits
AGAIN = 3  # seconds after which to ask again

_LANE = re.compile(r"(?:/api)?/datasets/[^/]+(?P<reading>/conversations/)?|/(?:api/)?search")

_SCAN = re.compile(rb"(?:^|&)q=[^&]*(?:/|%2F)", re.IGNORECASE)


class Lane:
    """So many at once; the others wait in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self.waiting = 0
        self._free = asyncio.Semaphore(at_once)

    async def enter(self) -> None:
        """Wait for a place. Raises Busy."""
        if self.waiting >= WAITING:
            raise _busy()
        self.waiting += 1
        try:
            async with asyncio.timeout(LONGEST):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()


def _busy() -> Busy:
    return Busy("too much is being asked at once: try again in a moment", AGAIN)


class _Place:
    """The place of one request in its lane, which it gives back once: with the first byte of its answer,
    which is made by then, or with its end."""

    def __init__(self, lane: Lane) -> None:
        self._lane: Lane | None = lane

    def give_back(self) -> None:
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.leave()

    def given_back_with(self, send: Send) -> Send:
        async def watched(message: Message) -> None:
            self.give_back()
            await send(message)

        return watched


class Lanes:
    """Lets requests in; ``answer`` tells who has to come again."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, ThinklensError], Response]) -> None:
        self.app = app
        self._answer = answer
        self.readings, self.scans, self.questions = Lane(READINGS), Lane(SCANS), Lane(QUESTIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lane(scope)
        if lane is None:
            return await self.app(scope, receive, send)
        one = Caller()
        watched = _Watched(receive, one)
        watching = asyncio.create_task(watched.watch())
        try:
            await lane.enter()
            place = _Place(lane)
            try:
                with answering(one):
                    one.check()
                    await self.app(scope, watched.receive, place.given_back_with(send))
            finally:
                place.give_back()
        except Gone:
            return
        except Busy as error:
            return await self._answer(Request(scope, receive), error)(scope, receive, send)
        finally:
            watching.cancel()

    def _lane(self, scope: Scope) -> Lane | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        found = _LANE.match(scope["path"].removeprefix(scope.get("root_path", "")))
        if found is None:
            return None
        if found["reading"]:
            return self.readings
        return self.scans if _SCAN.search(scope.get("query_string", b"")) else self.questions


class _Watched:
    """A request without a body, whose end is watched for: its caller leaves with its connection."""

    def __init__(self, receive: Receive, one: Caller) -> None:
        self._receive = receive
        self._caller = one
        self._begun = False
        self._left = asyncio.Event()

    async def watch(self) -> None:
        """Wait for the end."""
        while (await self._receive())["type"] != "http.disconnect":
            pass  # a body, which nothing reads
        self._left.set()
        self._caller.leave()

    async def receive(self) -> Message:
        """What the application may read of it."""
        if not self._begun:
            self._begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}
