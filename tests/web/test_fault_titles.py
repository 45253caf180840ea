"""Errors as pages: each status has its title, and the sentence begins with a capital letter."""

import re

import pytest
from starlette.testclient import TestClient

TALKS = "/datasets/talks"


@pytest.mark.parametrize(
    ("address", "status", "title", "ways"),
    [
        ("/datasets/nothing", 404, "Not found", []),
        (f"{TALKS}/conversations/60", 404, "Not found", [TALKS, f"{TALKS}/conversations/59"]),
        ("/datasets/broken", 409, "Not available", []),
        (f"{TALKS}?page=0", 422, "That cannot be taken as it is", [TALKS]),
        (f"{TALKS}/conversations/x", 422, "That cannot be taken as it is", [TALKS]),
        (f"{TALKS}?page=9", 404, "Not found", [f"{TALKS}?page=3"]),
    ],
)
def test_an_error_has_its_title_and_ways_on(
    client: TestClient, address: str, status: int, title: str, ways: list[str]
) -> None:
    answer = client.get(address)
    main = answer.text.partition("<main")[2]
    assert answer.status_code == status
    assert re.search(r"<h1[^>]*>\s*([^<]*?)\s*</h1>", main)[1] == title  # type: ignore[index]
    links = re.findall(r'href="([^"]*)"', main)
    assert [way for way in ways if way not in links] == []


def test_what_of_a_request_can_be_taken_is_kept(client: TestClient) -> None:
    text = client.get(f"{TALKS}/conversations/60?q=triangle&filter=none:1&size=10").text
    assert f'href="{TALKS}/conversations/59?q=triangle&amp;size=10"' in text
    assert f'href="{TALKS}?q=triangle&amp;size=10"' in text
