"""Lanes: so many requests at once of each kind, the others wait outside, who leaves is not answered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from app.caller import Gone, caller
from app.errors import Busy, ThinklensError
from app.web import lanes
from app.web.lanes import READINGS, Lanes

from .coroutines import ended

PAGE = "/datasets/a/conversations/1"
LIST = "/datasets/a"


def told(_: Request, error: ThinklensError) -> Response:
    assert isinstance(error, Busy)
    return JSONResponse([error.sentence, error.seconds], error.status)


class Site:
    """An application behind lanes whose answers come when they are let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.under_way = 0
        self.most = 0
        self.ended: list[str] = []
        self.lanes = Lanes(self._app, told)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
            await self.go.wait()
            caller().check()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"ok"})
            self.ended.append("answered")
        except Gone:
            self.ended.append("gone")
            raise
        finally:
            self.under_way -= 1

    def ask(
        self, path: str, receive: Callable[[], Awaitable[Any]] | None = None, method: str = "GET"
    ) -> "asyncio.Task[list[Any]]":
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message.get("status", message.get("body")))

        async def silent() -> Any:
            await asyncio.Event().wait()

        async def whole() -> list[Any]:
            scope = {"type": "http", "method": method, "path": path, "headers": []}
            await self.lanes(scope, receive or silent, send)
            return sent

        return asyncio.create_task(whole())


async def turned() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_so_many_pages_are_made_at_once_and_others_go_on_beside_them() -> None:
    async def tried() -> None:
        site = Site()
        pages = [site.ask(PAGE) for _ in range(READINGS + 5)]
        await turned()
        assert site.under_way == READINGS
        beside = [site.ask(path) for path in (LIST, "/api/search")]
        await turned()
        assert site.under_way == READINGS + 2
        site.go.set()
        asked = [*pages, *beside]
        assert await asyncio.gather(*asked) == [[200, b"ok"]] * len(asked)
        assert site.most == READINGS + 2

    ended(tried())


def test_one_that_would_wait_too_long_is_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def tried() -> None:
        monkeypatch.setattr(lanes, "LONGEST", 0.05)
        monkeypatch.setattr(lanes, "WAITING", 2)
        site = Site()
        pages = [site.ask(PAGE) for _ in range(READINGS + 3)]
        await turned()
        assert pages[-1].done()  # no place to wait
        waited = await asyncio.gather(*pages[READINGS:])
        sentence = b'["too much is being asked at once: try again in a moment",3]'
        assert waited == [[503, sentence]] * 3
        site.go.set()
        assert await asyncio.gather(*pages[:READINGS]) == [[200, b"ok"]] * READINGS

    ended(tried())


def test_who_leaves_is_not_answered_and_holds_no_place() -> None:
    async def tried() -> None:
        site, left = Site(), asyncio.Event()
        messages = [{"type": "http.request", "body": b"said", "more_body": False}]

        async def leaving() -> Any:
            if messages:
                return messages.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        gone = [site.ask(PAGE, leaving) for _ in range(READINGS + 30)]
        stays = site.ask(PAGE)
        await turned()
        left.set()
        await turned()
        site.go.set()
        assert await asyncio.gather(*gone) == [[]] * len(gone)
        assert await stays == [200, b"ok"]
        assert site.ended == ["gone"] * READINGS + ["answered"]
        assert site.lanes.readings.waiting == 0

    ended(tried())


def test_a_place_is_given_back_with_the_first_byte() -> None:
    async def tried() -> None:
        site = Site()
        site.go.set()
        slow = asyncio.Event()

        async def stalled(message: Any) -> None:
            if message["type"] == "http.response.body":
                await slow.wait()

        async def receive() -> Any:
            await asyncio.Event().wait()

        scope = {"type": "http", "method": "GET", "path": PAGE, "headers": []}
        readers = [
            asyncio.create_task(site.lanes({**scope}, receive, stalled)) for _ in range(READINGS)
        ]
        await turned()
        assert await asyncio.wait_for(site.ask(PAGE), 5) == [200, b"ok"]
        slow.set()
        await asyncio.gather(*readers)

    ended(tried())


@pytest.mark.parametrize(
    ("path", "method", "lane"),
    [
        ("/datasets/a?filter=a/b&q=c", "GET", "questions"),
        ("/datasets/a?in=all&q=b+/c/", "GET", "scans"),
        ("/api/datasets/a/search?q=%2fc%2f", "GET", "scans"),
        ("/datasets/a/conversations/1?q=/c/", "GET", "readings"),
        ("/datasets/a/conversations/1", "GET", "readings"),
        ("/api/datasets/a%2fb/conversations/1/beside/2", "GET", "readings"),
        ("/datasets/a", "GET", "questions"),
        ("/api/datasets/a/export.jsonl", "GET", "questions"),
        ("/search", "GET", "questions"),
        ("/api/search", "GET", "questions"),
        ("/", "GET", ""),
        ("/api/datasets", "GET", ""),
        ("/healthz", "GET", ""),
        ("/static/search.js", "GET", ""),
        ("/datasets/a", "POST", ""),
    ],
)
def test_which_lane_is_whose(path: str, method: str, lane: str) -> None:
    made = Lanes(lambda *_: None, told)  # type: ignore[arg-type]
    for root in ("", "/team/lens"):
        at, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": root + at, "root_path": root}
        scope["query_string"] = query.encode()  # type: ignore[assignment]
        assert made._lane(scope) is (getattr(made, lane) if lane else None)
