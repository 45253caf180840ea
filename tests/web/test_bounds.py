"""Requests that are refused before anything looks at them: by their length, or said in two ways."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.bounds import LARGEST_BODY, LONGEST_ADDRESS

from .coroutines import ended

PAGE = "text/html; charset=utf-8"


def ask(client: TestClient, *headers: tuple[bytes, bytes], path: str = "/api/datasets") -> int:
    """The status of a request with just these headers, which clients would not send."""
    found: list[int] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 9),
        "headers": [*headers],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            found.append(message["status"])

    async def asked() -> None:
        await client.app(scope, receive, send)

    ended(asked())
    return found[0]


HOST = (b"host", b"localhost")


def test_a_request_names_one_host(client: TestClient) -> None:
    assert ask(client, HOST) == 200
    assert ask(client) == 400
    assert ask(client, HOST, HOST) == 400


def test_a_length_is_said_once(client: TestClient) -> None:
    chunked = (b"transfer-encoding", b"chunked")
    assert ask(client, HOST, (b"content-length", b"0")) == 200
    assert ask(client, HOST, chunked) == 200
    assert ask(client, HOST, (b"content-length", b"0"), chunked) == 400


@pytest.mark.parametrize("address", ["/", "/datasets/talks", "/api/datasets", "/static/app.js"])
def test_a_body_has_a_largest_size(client: TestClient, address: str) -> None:
    assert client.request("GET", address, content=b"x" * LARGEST_BODY).status_code == 200
    answer = client.request("GET", address, content=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert answer.headers["Connection"] == "close"
    assert answer.json()["error"] == "the body has more than 1,000,000 bytes"


def test_a_body_of_unknown_length_has_it_too(client: TestClient) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        yield from (b"x" * 1000 for _ in range(count))

    assert client.request("GET", "/api/datasets", content=pieces(1000)).status_code == 200
    assert client.request("GET", "/api/datasets", content=pieces(1001)).status_code == 413
    assert client.post("/api/datasets", content=b"x" * (LARGEST_BODY + 1)).status_code == 413


@pytest.mark.parametrize(
    "start", ["/?name=", "/datasets/talks?q=", "/datasets/talks?filter=split:", "/", "/nothing?x="]
)
def test_an_address_has_a_largest_length(client: TestClient, start: str) -> None:
    longest = start + "x" * (LONGEST_ADDRESS - len(start) + ("?" in start))
    assert client.get(longest).status_code != 414
    for longer in (longest + "x", longest + "x" * 50_000):
        answer = client.get(longer)
        assert (answer.status_code, answer.headers["content-type"]) == (414, PAGE)
        assert "The address is longer than 8,192 characters." in answer.text
        assert len(answer.content) < 10_000
        assert "xxx" not in answer.text


def test_below_the_api_that_is_said_as_json(client: TestClient) -> None:
    answer = client.get("/api/datasets/talks/search?q=" + "x" * LONGEST_ADDRESS)
    assert answer.status_code == 414
    assert answer.json()["code"] == "address_length"


def test_a_refused_host_is_shown_no_page(client: TestClient) -> None:
    answer = client.get("/", headers={"Host": "example.org"})
    assert answer.headers["Connection"] == "close"
    assert re.fullmatch(r"[0-9a-f]{16}", answer.json()["request_id"])
