"""What is suggested while one types, and what the box sends."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.suggestions import before_caret, caret, parted

from .test_pages import TALKS

API = f"/api{TALKS}/suggest"


def asked(client: TestClient, q: str, **more: str) -> dict[str, Any]:
    answer = client.get(API, params={"q": q, **more})
    assert answer.status_code == 200
    return dict(answer.json())


def texts(client: TestClient, q: str, **more: str) -> list[str]:
    return [each["text"] for each in asked(client, q, **more)["choices"]]


def test_fields_those_first_that_begin_so(client: TestClient) -> None:
    assert texts(client, "mod") == ["model:"]
    assert texts(client, "triangle -mod") == ["-model:"]
    found = texts(client, "wor")
    assert found
    assert all("word" in each for each in found)
    assert asked(client, "mod")["choices"][0] == {
        "text": "model:",
        "words": "model",
        "note": "3 values",
    }
    assert texts(client, "zzz") == []
    assert {"prompt_words:", "language:"} <= set(texts(client, "prompt"))


def test_values_with_their_counts_under_all_else(client: TestClient) -> None:
    whole = asked(client, "model:")
    assert [each["text"] for each in whole["choices"]] == [
        "model:large",
        "model:small",
        "model:null",
    ]
    some = asked(client, "model:la", filter="split:train")
    assert [each["text"] for each in some["choices"]] == ["model:large"]
    assert int(some["choices"][0]["note"]) < int(whole["choices"][0]["note"])
    assert texts(client, "trace:cut") == ['trace:"cut off"']
    assert texts(client, "-trace:cut") == ['-trace:"cut off"']
    assert texts(client, "reasoning_words:")[0].startswith("reasoning_words:>")
    assert texts(client, "reasoning_words:>5") == []


def test_the_median_of_dates_is_a_date(client: TestClient) -> None:
    (found,) = asked(client, "-created:")["choices"]
    assert found["text"] == "-created:>2025-01-15"
    assert found["words"] == "after 2025-01-15"
    sent = {"q": found["text"], "typed": "1"}
    assert client.get(TALKS, params=sent, follow_redirects=True).status_code == 200


def test_only_what_ends_at_the_caret(client: TestClient) -> None:
    assert texts(client, "mod triangle", at="3") == ["model:"]
    assert texts(client, "mod triangle") == []
    assert texts(client, "mod ") == []


def test_how_many_would_be_found(client: TestClient) -> None:
    whole = client.get(f"/api{TALKS}/search", params={"q": "triangle"}).json()["total"]
    assert asked(client, "triangle")["total"] == whole
    pairs = {"q": "triangle", "filter": "metadata.model:small"}
    small = client.get(f"/api{TALKS}/search", params=pairs).json()["total"]
    assert asked(client, "triangle model:small")["total"] == small < whole
    assert asked(client, "triangle", filter="metadata.model:small")["total"] == small


def test_what_cannot_be_taken_is_said(client: TestClient) -> None:
    answer = client.get(API, params={"q": "reasoning_words:many"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "'reasoning_words' is a number, not 'many'"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("q=triangle", "?q=triangle"),
        ("q=triangle+model%3Asmall", "?q=triangle&filter=metadata.model%3Asmall"),
        ("q=model%3Asmall&in=all&page=3", "?in=all&filter=metadata.model%3Asmall&page=3"),
        (
            "q=-model%3Asmall&filter=split%3Atrain",
            "?filter=split%3Atrain&filter=-metadata.model%3Asmall",
        ),
        ("q=nothing%3Ax", "?q=nothing%3Ax"),
        ("q=", ""),
    ],
)
@pytest.mark.parametrize("path", [TALKS, f"{TALKS}/overview"])
def test_the_form_is_answered_with_its_filters(
    client: TestClient, path: str, sent: str, address: str
) -> None:
    answer = client.get(f"{path}?{sent}&typed=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, path + address)


def test_a_stored_search_stays_text_and_says_so(client: TestClient) -> None:
    page = client.get(f"{TALKS}?q=model%3Asmall+nothing%3Ax").text
    assert "Nothing found" in page
    assert "No field <code>nothing</code>: searched as text." in page
    assert f'href="{TALKS}?q=nothing%3Ax&amp;filter=metadata.model%3Asmall"' in page
    assert "no-field" not in client.get(f"{TALKS}?q=triangle").text


def test_the_caret() -> None:
    assert caret([("q", "a"), ("at", "1"), ("in", "all")]) == (1, [("q", "a"), ("in", "all")])
    assert caret([("at", "x")]) == (None, [])
    assert before_caret([("q", "ab cd")], 2) == ("ab", [("q", " cd")])
    assert before_caret([("q", "ab cd"), ("in", "all")], 4) == ("c", [("q", "ab d"), ("in", "all")])
    assert before_caret([("q", "ab ")], None) == ("", [("q", "ab ")])
    assert before_caret([], None) == ("", [])
    assert parted([("in", "all")], {}) == [("in", "all")]
    assert parted([("q", "a"), ("q", "b")], {}) == [("q", "a"), ("q", "b")]  # which is refused
