"""What holds of every address, whatever it is: its headers, no way out of the site, nobody else is asked."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.main import ROUTERS
from app.web.address import PARAMETERS
from app.web.explorer.addresses import PROGRESS

from .coroutines import ended
from .test_every_address import paths
from .test_headers import ALWAYS, CDN, DATA_POLICY, PAGE_POLICY

PAGE = PAGE_POLICY.format(f" {CDN}")
HTML = "text/html; charset=utf-8"
STATIC = ["/static/app.js", "/static/app.css", "/static/icon.svg", "/static/none", "/static/"]
REFUSED: list[tuple[str, dict[str, str]]] = [
    ("/datasets/talks?nothing=1", {}),
    ("/api/datasets?" + "x" * 9_000, {}),
    ("/?" + "x" * 9_000, {}),
    ("/", {"Host": "evil.example"}),
    ("/login", {"Sec-Fetch-Site": "cross-site"}),
    ("/api/none", {}),
    ("/none", {}),
]


def test_every_answer_has_the_headers(client: TestClient) -> None:
    """By its type one of two policies, whatever the method, the status and the address."""
    asked: list[tuple[str, str, dict[str, str]]] = [
        (method, path, {})
        for path in [*paths("talks"), *paths("broken"), *paths("none"), *STATIC, "/metrics"]
        for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "BREW")
    ]
    asked += [("GET", path, headers) for path, headers in REFUSED]
    statuses = set()
    for method, path, headers in asked:
        answer = client.request(method, path, headers=headers)
        statuses.add(answer.status_code)
        policy = PAGE if answer.headers.get("content-type") == HTML else DATA_POLICY
        assert answer.headers["Content-Security-Policy"] == policy, (method, path)
        found = {name: answer.headers.get(name) for name in ALWAYS}
        assert found == ALWAYS, (method, path)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert not answer.headers.get("Server")
        if "/export." in path and answer.status_code == 200 and "manifest" not in path:
            assert answer.headers["Content-Disposition"].startswith("attachment;"), path
    assert statuses >= {200, 303, 308, 400, 404, 405, 409, 414, 422}
    assert not [status for status in statuses if status >= 500]


def raw(client: TestClient, path: str) -> tuple[int, bytes]:
    """What the application answers to a path as it was sent: clients would take ``..`` out of it."""
    found: dict[str, Any] = {"body": b""}
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "raw_path": quote(path).encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 9), "headers": [(b"host", b"localhost")],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # who asks stays
        return {}

    async def send(message: Any) -> None:
        found["status"] = message.get("status", found.get("status"))
        found["body"] += message.get("body", b"")

    async def asked() -> None:
        await client.app(scope, receive, send)

    ended(asked())
    return found["status"], found["body"]


def outside(talks_path: Path) -> Iterator[str]:
    """Ways to a file that stands beside the dataset, in the root, and beside what is shipped."""
    secret = talks_path.parent / "secret.txt"
    secret.write_text("a-secret-of-the-machine")
    up = "../" * 12
    names = [f"{up}{str(secret).lstrip('/')}", str(secret), f"/{secret}", f"file://{secret}"]
    names += [f"talks/{up}{str(secret).lstrip('/')}", f"{secret}\0.css", "../pyproject.toml"]
    names += [each.replace("../", "..\\") for each in names if "../" in each]
    for name in names:
        yield from (f"/static/{name}", f"/datasets/{name}", f"/api/datasets/{name}/search")
        yield from (f"/static/v-000000000000/{name}", f"/api/datasets/{name}/export.jsonl")
        yield f"/datasets/talks/conversations/{name}/raw"


def test_no_address_leads_out(client: TestClient, talks_path: Path) -> None:
    asked = list(outside(talks_path))
    assert len(asked) >= 60
    for path in asked:
        for given in (path, path.replace("/", "%2f").replace("%2f", "/", 2), path + "/"):
            status, body = raw(client, given)
            assert status in (303, 307, 400, 404, 405, 422), given
            assert b"a-secret-of" not in body
            assert b"[build-system]" not in body


def test_no_parameter_makes_the_server_ask_another(client: TestClient) -> None:
    """An address as the value of each parameter, as a name and in headers that others trust."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        there = f"127.0.0.1:{listener.getsockname()[1]}"
        urls = [f"http://{there}/x.parquet", f"//{there}/x", f"hf://datasets@{there}/x"]
        sent = {"X-Forwarded-Host": there, "Forwarded": f"host={there}", "Referer": urls[0]}
        sent |= {"HX-Current-URL": urls[0], "Origin": f"http://{there}"}
        names = [*PARAMETERS, *PROGRESS, "next", "name", "path", "url"]
        for number, path in enumerate(paths("talks")):
            client.get(path, headers=sent)
            for name in names[number % 4 :: 4]:  # in all each of them at several addresses
                client.get(f"{path}?{name}={quote(urls[0])}")
        for url in urls:
            for path in {path for path in paths(quote(url, safe="")) if "%3A" in path}:
                assert client.get(path).status_code in (404, 422), path
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_over_http_nothing_is_changed(client: TestClient) -> None:
    """But the session of who logs in or out, and what a dataset is compared with; a download can be
    stopped."""
    changing = {
        (method, route.path)  # type: ignore[attr-defined]
        for router in ROUTERS
        for route in router.routes
        for method in getattr(route, "methods", ())
        if method not in ("GET", "HEAD")
    }
    stopped = ("DELETE", "/api/datasets/{name}/downloads/{identity}")
    compared = ("POST", "/datasets/{name}/overlap")
    assert changing == {("POST", "/login"), ("POST", "/logout"), compared, stopped}
