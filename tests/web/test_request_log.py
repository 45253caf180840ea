"""The line of a request: facts of it, nothing that was searched for."""

import logging

import pytest
from starlette.testclient import TestClient

from app.web.record import Answered
from app.web.request_log import LOGGER, facts_of, line, tell_request

ANSWERED = Answered("id-1", "GET", "/datasets/{name}", "talks", 200, True, 1_234, 1.234_56, "mary")


def test_a_line() -> None:
    said = "id-1 GET /datasets/{name} talks 200 1234 1234.6 mary"
    assert line(facts_of(ANSWERED)) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "-"),
        ("two words", '"two words"'),
        ("a\nb", '"a\\nb"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("näme", "näme"),
    ],
)
def test_a_line_is_one_whatever_a_dataset_is_called(name: str, said: str) -> None:
    facts = facts_of(Answered("i", "GET", "/x", name, 200, True, 1, 0.001))
    assert line(facts) == f"i GET /x {said} 200 1 1.0 -"


def test_what_broke_off_says_so() -> None:
    assert line(facts_of(Answered("i", "GET", status=200))) == "i GET - - 200 0 0.0 - broken-off"


def test_it_is_logged_with_its_facts(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, LOGGER):
        tell_request(ANSWERED)
    assert caplog.records == []
    with caplog.at_level(logging.INFO, LOGGER):
        tell_request(ANSWERED)
    assert caplog.records[0].facts == {  # type: ignore[attr-defined]
        "request_id": "id-1",
        "method": "GET",
        "route": "/datasets/{name}",
        "dataset": "talks",
        "status": 200,
        "bytes": 1_234,
        "ms": 1234.6,
        "token": "mary",
        "whole": True,
    }


def test_nothing_that_was_searched_for(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        client.get("/datasets/talks?q=secretword&filter=metadata.model:large")
        client.get("/api/datasets/talks/export.jsonl?q=secretword")
        client.get("/nothing/secretword")
    said = [each.getMessage() for each in caplog.records if each.name == LOGGER]
    assert [each.split()[1:4] for each in said] == [
        ["GET", "/datasets/{name}", "talks"],
        ["GET", "/api/datasets/{name}/export.jsonl", "talks"],
        ["GET", "-", "-"],
    ]
    assert "secretword" not in "".join(said)
    assert "large" not in "".join(said)
