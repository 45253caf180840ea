"""Connections that do nothing end; a slow reader that takes something stays; no more than may be."""

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from app.commands import connections
from app.commands.connections import Connection, most_backlog, most_connections

LARGE = 8 * 2**20


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        body = "x" * (LARGE if scope["path"] == "/large" else 2)
        await PlainTextResponse(body)(scope, receive, send)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server whose limits are short."""
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.6)
    monkeypatch.setattr(Connection, "stall", 0.6)
    monkeypatch.setattr(Connection, "most", 5)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(answer, http=Connection, lifespan="off", log_level=50))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    listener.close()
    assert not thread.is_alive()


def opened(port: int, said: bytes = b"") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(said)
    return made


def ended(connection: socket.socket) -> bool:
    """Whether the server ends a connection without a byte, in twenty seconds."""
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def answered(connection: socket.socket) -> bytes:
    """A whole answer, which ends with its text."""
    found = b""
    while not found.endswith(b"\r\n\r\nxx"):
        found += connection.recv(9_000)
    return found


def request(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "said", [b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n"]
)
def test_a_request_that_does_not_come_ends_its_connection(port: int, said: bytes) -> None:
    with opened(port, said) as connection:
        assert ended(connection)


def test_a_request_after_another_has_its_time_too(port: int) -> None:
    with opened(port, request("/")) as connection:
        assert answered(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(request("/"))
        assert answered(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert ended(connection)


def taken(connection: socket.socket) -> int:
    """The bytes that come before a connection ends, however it does."""
    size = 0
    try:
        while found := connection.recv(2**20):
            size += len(found)
    except ConnectionResetError:
        pass
    return size


def test_an_answer_that_nobody_takes_ends(port: int) -> None:
    with opened(port, request("/large")) as connection:
        time.sleep(3)
        assert 0 < taken(connection) < LARGE


def test_a_slow_reader_gets_all(port: int) -> None:
    with opened(port, request("/large", "Connection: close")) as connection:
        size = 0
        while found := connection.recv(2**18):
            size += len(found)
            time.sleep(0.05)
        assert size > LARGE


def test_no_more_connections_than_may_be(port: int) -> None:
    held = [opened(port) for _ in range(5)]
    with opened(port, request("/")) as further:
        assert ended(further)
    for each in held:
        each.close()


def test_five_hundred_that_say_half_a_request_hold_nobody_and_end(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "most", 1_000)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 2.0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 4_096) if hard != resource.RLIM_INFINITY else 4_096
    if wanted < 1_500:
        pytest.skip("a process may have too few descriptors here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        with ExitStack() as stack:
            half = [stack.enter_context(opened(port, b"GET / HTTP/1.1\r\nHo")) for _ in range(500)]
            with opened(port, request("/", "Connection: close")) as reader:
                assert answered(reader).startswith(b"HTTP/1.1 200")
            assert all(ended(each) for each in half)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("size", [70_000, 1_000_000])
def test_headers_that_are_too_long_are_refused(port: int, size: int) -> None:
    with opened(port) as connection:
        with suppress(ConnectionError):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * size)
        said = b""
        with suppress(ConnectionError):
            while found := connection.recv(9_000):
                said += found
        assert said.startswith(b"HTTP/1.1 4") or not said


@pytest.mark.parametrize(
    ("descriptors", "most"), [(1_024, 512), (100_000, 1_000), (20, 16), (-1, 1_000)]
)
def test_how_many_there_may_be(
    monkeypatch: pytest.MonkeyPatch, descriptors: int, most: int
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (descriptors, descriptors))
    assert most_connections() == most
    assert most_backlog() == max(8, most // 4)
