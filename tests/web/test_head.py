"""HEAD is answered like GET, without the body, on every address that GET has."""

import pytest
from starlette.testclient import TestClient

from app.main import ROUTERS
from app.web.export.downloads import Downloads

VARY = ("x-request-id", "content-length", "transfer-encoding", "vary")


def addresses() -> list[str]:
    routes = [each for router in ROUTERS for each in router.routes]
    paths: list[str] = [
        each.path  # type: ignore[attr-defined]
        for each in routes
        if "GET" in getattr(each, "methods", ())
    ]
    filled = {"{name}": "talks", "{row}": "3", "{other}": "4", "{rest:path}": "nothing"}
    for name, value in {**filled, "{identity}": "none"}.items():
        paths = [each.replace(name, value) for each in paths]
    return [*paths, "/static/app.js", "/static/nothing", "/nothing", "/datasets/talks?page=0"]


def test_every_address_answers_head_like_get(client: TestClient) -> None:
    found = addresses()
    assert len(found) > 25
    for address in found:
        asked, headed = client.get(address), client.head(address)
        assert headed.status_code == asked.status_code, address
        assert headed.content == b""
        for name, value in asked.headers.items():
            assert name in VARY or headers_of(headed)[name] == value, (address, name)


def headers_of(answer: object) -> dict[str, str]:
    return dict(answer.headers)  # type: ignore[attr-defined]


def test_its_length_is_that_of_the_body(client: TestClient) -> None:
    for address in ("/datasets/talks/conversations/0", "/static/icon.svg", "/api/nothing"):
        asked, headed = client.get(address), client.head(address)
        assert headed.headers["content-length"] == asked.headers["content-length"]


def test_the_head_of_an_export_makes_no_export(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    plain = Downloads.begin

    def begin(*arguments: object) -> object:
        begun.append(plain(*arguments))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr(Downloads, "begin", begin)
    answer = client.head("/api/datasets/talks/export.jsonl")
    assert (answer.status_code, answer.headers["x-total-count"]) == (200, "60")
    assert [each.state for each in begun] == ["broken"]


def test_other_methods_are_none(client: TestClient) -> None:
    answer = client.request("DELETE", "/datasets/talks")
    assert (answer.status_code, answer.content[:1]) == (405, b"<")
