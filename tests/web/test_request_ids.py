"""Each answer bears the id of its request, which its error and the log say too."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app
from app.search.dataset import Dataset
from app.web.request_ids import request_id

MADE = re.compile(r"[0-9a-f]{16}")
ADDRESSES = [
    "/",
    "/healthz",
    "/static/app.js",
    "/static/nothing",
    "/datasets/talks",
    "/datasets/nothing",
    "/api/datasets",
    "/api/nothing",
    "/api/datasets/talks/export.jsonl",
    "/favicon.ico",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_an_id_of_its_own(client: TestClient, address: str) -> None:
    found = [client.get(address).headers["X-Request-Id"] for _ in range(3)]
    assert all(MADE.fullmatch(each) for each in found)
    assert len(set(found)) == 3
    assert request_id() == ""


@pytest.mark.parametrize("given", ["a", "abc-123", "Root=1-67891233-abcdef", "f" * 128])
def test_a_sane_id_of_the_caller_is_taken_over(client: TestClient, given: str) -> None:
    assert client.get("/", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", " ", "a b", "<b>", "a\tb", '"', "f" * 129, "ä"])
def test_another_one_is_not(client: TestClient, given: str) -> None:
    answer = client.get("/", headers={b"X-Request-Id": given.encode()})
    assert MADE.fullmatch(answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/nothing", 404),
        ("/api/datasets/talks/search?page=0", 422),
        ("/api/datasets/broken/search", 409),
    ],
)
def test_errors_as_json_say_it(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address, headers={"X-Request-Id": "mine"})
    assert answer.status_code == status
    assert answer.json()["request_id"] == "mine"


@pytest.mark.parametrize(
    "address", ["/nothing", "/datasets/talks?page=0", "/datasets/broken", "/static/nothing"]
)
def test_pages_of_errors_say_it(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"X-Request-Id": "mine"})
    assert "Request <code>mine</code>" in answer.text


def test_so_does_a_page_that_waits(building: TestClient) -> None:
    answer = building.get("/datasets/talks?q=x", headers={"X-Request-Id": "mine"})
    assert answer.status_code == 409
    assert "Request <code>mine</code>" in answer.text


@pytest.mark.parametrize("address", ["/datasets/talks", "/api/datasets/talks/search"])
def test_a_fault_is_in_the_log_once_with_its_id(
    settings: Settings,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: str,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(Dataset, "search", fail)
    client = TestClient(create_app(settings, library), "http://127.0.0.1")
    with caplog.at_level(logging.INFO):
        answer = client.get(address, headers={"X-Request-Id": "mine"})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, "mine")
    assert "mine" in answer.text
    faults = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert len(faults) == 1
    template = address.replace("talks", "{name}")
    assert faults[0].getMessage() == f"request mine of {template} failed"
    assert faults[0].exc_info is not None
    assert str(faults[0].exc_info[1]) == "a secret of the inside"
