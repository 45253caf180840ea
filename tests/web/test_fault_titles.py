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


def ways(client: TestClient, query: str) -> dict[str, str]:
    """The ways on from a search that was refused."""
    main = client.get(f"{TALKS}?{query}").text.partition("<main")[2]
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>\s*([^<]*?)\s*</a>', main)
    return {text: href for href, text in found}


def test_a_search_that_is_refused_is_offered_as_its_words(client: TestClient) -> None:
    found = ways(client, "q=/(/+two+words&size=10")
    assert found["Search for the words two words"] == f"{TALKS}?q=two+words&amp;size=10"
    assert found["Without the search"] == f"{TALKS}?size=10"
    found = ways(client, "q=two+words&page=0&size=10")
    assert not [text for text in found if text.startswith("Search for the words")]
    assert found["Without the search"] == f"{TALKS}?size=10"
    assert "Without the search" not in ways(client, "page=0")
    assert not [text for text in ways(client, "q=/(/") if text.startswith("Search for the")]
