"""What is suggested while one types, and what the box sends."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.conversations.fields import DATE, INTEGER, NUMBER, TEXT, Field
from app.search.request.query import Query
from app.search.results import Facet, Facets, FacetValue
from app.web.address import Address
from app.web.suggestions import before_caret, caret, parted, suggestions

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
    assert caret([("at", "x")]) == caret([("at", "100000")]) == (None, [])
    assert caret([("at", "99999")]) == (99_999, [])
    assert before_caret([("q", "ab cd")], 2) == ("ab", [("q", " cd")])
    assert before_caret([("q", "ab cd"), ("in", "all")], 4) == ("c", [("q", "ab d"), ("in", "all")])
    assert before_caret([("q", "ab ")], None) == ("", [("q", "ab ")])
    assert before_caret([], None) == ("", [])
    assert parted([("in", "all")], {}) == [("in", "all")]
    assert parted([("q", "a"), ("q", "b")], {}) == [("q", "a"), ("q", "b")]  # which is refused


def test_so_many_values_are_suggested_in_quotes_where_they_need_them() -> None:
    field = Field("kind", TEXT, "string", column="f1", facet="values", distinct=10)
    values = ["a!b", "a b", 'a"b', "(a", "null", None, "", "x", "y", "z"]
    counted = Facet(field, tuple(FacetValue(each, 1_000) for each in values), len(values))
    asked: list[Query] = []

    def facets(query: Query) -> Facets:
        asked.append(query)
        return Facets(10, (counted,), 10)

    dataset: Any = SimpleNamespace(fields={"kind": field}, facets=facets)
    address = Address.of([("filter", "kind:x")], dataset.fields)
    found = suggestions(dataset, address, 'kind:"a')
    texts = ["a!b", '"a b"', '"a""b"', '"(a"', '"null"', "null", '""', "x"]
    assert [(each.text, each.words, each.note) for each in found] == [
        (f"kind:{each}", "", "1,000") for each in texts
    ]
    (query,) = asked
    told = (query.filters, query.facet, query.facet_q, query.facet_size)
    assert told == ((), "kind", "a", 32)


@pytest.mark.parametrize(
    ("kind", "ends", "told"),
    [
        (INTEGER, (1, 9, 1_500), ("n:>1500", "above 1,500", "the median")),
        (DATE, (0, 9, 86_400), ("n:>1970-01-02", "after 1970-01-02", "the median")),
        (NUMBER, (2, 2, 2), None),
    ],
)
def test_the_median_is_suggested(
    kind: str, ends: tuple[float, float, float], told: tuple[str, str, str] | None
) -> None:
    low, high, middle = ends
    field = Field("n", kind, "", facet="histogram", low=low, high=high, middle=middle)
    dataset: Any = SimpleNamespace(fields={"n": field})
    found = suggestions(dataset, Address(), "n:")
    assert [(each.text, each.words, each.note) for each in found] == ([told] if told else [])
    assert suggestions(dataset, Address(), "n:1") == ()


def test_fields_with_what_they_have() -> None:
    """Those that begin so first, then by name; none that is no facet, or whose name means a part."""
    some = [
        Field("b.count", INTEGER, "", facet="histogram", low=1, high=2_000),
        Field("a.count", INTEGER, "", facet="histogram", low=0.5, high=2),
        Field("counted", DATE, "", facet="histogram"),
        Field("x.account", TEXT, "", facet="values", distinct=1),
        Field("discount", TEXT, "", facet="values", distinct=1_200),
        Field("country", TEXT, ""),
        Field("prompt", TEXT, "", facet="values"),
    ]
    dataset: Any = SimpleNamespace(fields={each.name: each for each in some})
    found = suggestions(dataset, Address(), "-COUNT")
    assert [(each.text, each.words, each.note) for each in found] == [
        ("-counted:", "counted", "dates"),
        ("-a.count:", "a.count", "0.5 to 2"),
        ("-account:", "x.account", "1 value"),
        ("-b.count:", "b.count", "1 to 2,000"),
        ("-discount:", "discount", "1,200 values"),
    ]
    assert suggestions(dataset, Address(), "-") == suggestions(dataset, Address(), "pro") == ()
