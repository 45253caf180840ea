"""The API as it describes itself, and its answers of values that no page shows."""

import datetime
from typing import Any, cast

import orjson
import pytest

from app.conversations.fields import DATE, INTEGER, NUMBER, TEXT, Field
from app.export.file_types import ARRAY, CELLS, LINES, TABLE
from app.search.readable import Readable
from app.search.request.query import Query
from app.search.results import Facet, FacetValue, Result, Results
from app.search.snippets import Snippet
from app.web.answers import JSON, edge, facet_json, results_json
from app.web.api import ERRORS, PARAMETERS, router
from app.web.export.files import _FORMS


def test_what_each_address_gives() -> None:
    said = {getattr(each, "path", ""): getattr(each, "summary", "") for each in router.routes}
    assert said == {
        "/api/datasets": "The datasets and the state of their indexes",
        "/api/datasets/{name}/search": "One page of results",
        "/api/datasets/{name}/facets": (
            "Facets, each counted under the search and all filters but its own"
        ),
        "/api/datasets/{name}/conversations/{row}": "One conversation",
    }


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            LINES,
            "Every row of the match set in order, a line each, in the shape that is asked for.",
        ),
        (ARRAY, "The same rows as the elements of one array."),
        (
            TABLE,
            "The rows in one file, in the types of their source where the shape is the source's.",
        ),
        (
            CELLS,
            "RFC 4180 in UTF-8; nested values are JSON, what a spreadsheet could run has a ' in front.",
        ),
    ],
)
def test_what_a_form_of_export_is(form: str, said: str) -> None:
    assert _FORMS[form] == said


def test_what_an_error_means() -> None:
    assert {status: said["description"] for status, said in ERRORS.items()} == {
        400: "The Host header is none that is served.",
        404: "No such dataset, row or page.",
        409: "The index is being built, has failed, or the source files have changed.",
        422: "A parameter cannot be taken; the sentence names it.",
        503: "Ended at its time limit, or too much is asked at once; Retry-After says when to ask again.",
    }
    text = {"type": "string"}
    schema = {"type": "object", "properties": dict.fromkeys(("error", "code", "request_id"), text)}
    for each in ERRORS.values():
        assert each["content"] == {"application/json": {"schema": schema}}


def test_what_may_be_given_several_times_is_a_list() -> None:
    listed: list[dict[str, Any]] = PARAMETERS["parameters"]
    said = {each["name"]: each for each in listed}
    text = {"type": "string"}
    several = {name for name, each in said.items() if each["schema"] != text}
    assert several == {"filter", "column", "keep_columns", "signals"}
    for name, each in said.items():
        assert each["in"] == "query"
        assert isinstance(each["example"], list if name in several else str)
    assert said["filter"]["schema"] == {"type": "array", "items": text}


class Rows:
    rows = 9
    partial = False


def test_a_page_of_results() -> None:
    snippet = Snippet("answer", "a b", ((0, 1),), 0, False)
    result = Result(3, "c", "p", "o", 7, (snippet,), {"turns": 1}, {"n": 2})
    plain = Result(4, None, "", "", None, (), {})
    results = Results(42, (result, plain), 2, 25, 0.12345, '"-1"')
    assert results_json(cast(Readable, Rows()), results) == {
        "total": 42,
        "results": [
            {
                "row": 3,
                "conversation_id": "c",
                "prompt": "p",
                "score": 7,
                "snippets": [{"part": "answer", "text": "a b", "hits": ((0, 1),)}],
                "signals": {"turns": 1},
                "values": {"n": 2},
            },
            {
                "row": 4,
                "conversation_id": None,
                "prompt": "",
                "score": None,
                "snippets": [],
                "signals": {},
            },
        ],
        "page": 2,
        "size": 25,
        "pages": 2,
        "took_ms": 123.5,
        "covers": {"rows": 9, "of": 9},
        "offers": ['"-1"'],
    }


def test_facets_with_their_counts() -> None:
    values = Field("k", TEXT, "", column="c", facet="values")
    number = Field("n", NUMBER, "", column="c", facet="histogram")
    failed = Facet(values, error="too slow")
    assert facet_json(failed, Query()) == {"field": "k", "kind": "values", "error": "too slow"}
    counted = Facet(values, (FacetValue("a", 3),), 2)
    assert facet_json(counted, Query()) == {
        "field": "k",
        "kind": "values",
        "values": [{"value": "a", "count": 3, "selected": False}],
        "more": True,
    }
    bars = Facet(number, bins=((0.5, 1.0, 4),), nulls=2)
    assert facet_json(bars, Query()) == {
        "field": "n",
        "kind": "histogram",
        "bins": [{"from": 0.5, "to": 1.0, "count": 4}],
        "nulls": 2,
    }


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [(INTEGER, 3.0, "3"), (NUMBER, 3.0, "3.0"), (DATE, 86_400.0, "1970-01-02")],
)
def test_an_edge_in_its_own_form(kind: str, number: float, shown: str) -> None:
    assert str(edge(Field("k", kind, ""), number)) == shown


def test_values_that_json_has_no_form_for() -> None:
    value = {"a": float("nan"), "b": b"ab", "c": datetime.timedelta(seconds=1)}
    body = orjson.loads(bytes(JSON({**value, "d": datetime.date(2025, 1, 2)}).body))
    assert body == {"a": None, "b": "YWI=", "c": 1.0, "d": "2025-01-02"}
