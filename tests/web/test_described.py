"""The API as it describes itself, and its answers of values that no page shows."""

import datetime
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app.config import Settings
from app.conversations.fields import DATE, INTEGER, NUMBER, TEXT, Field
from app.errors import Failed, NotFound, ThinklensError
from app.export.file_types import ARRAY, CELLS, LINES, TABLE, TYPES, FileType
from app.library import Entry, Library
from app.main import create_app
from app.search.readable import Readable
from app.search.request.query import Query
from app.search.results import Facet, FacetValue, Result, Results
from app.search.snippets import Snippet
from app.web import answers
from app.web.address import PARAMETERS as ADDRESS_PARAMETERS
from app.web.answers import JSON, edge, entry_json, error_json, facet_json, results_json
from app.web.api import ERRORS, PARAMETERS, router
from app.web.export.files import _FORMS

from .conftest import ADDRESS


def test_what_each_address_gives() -> None:
    told = [each for each in router.routes if getattr(each, "include_in_schema", False)]
    said = {getattr(each, "path", ""): getattr(each, "summary", "") for each in told}
    assert said == {
        "/api/datasets": "The datasets and the state of their indexes",
        "/api/datasets/{name}/search": "One page of results",
        "/api/datasets/{name}/facets": (
            "Facets, each counted under the search and all filters but its own"
        ),
        "/api/datasets/{name}/overview": (
            "The figures of a dataset, or of what a query finds of it"
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
    results = Results(42, (result, plain), 2, 25, 0.12345, 8, '"-1"')
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
        "covers": {"rows": 8, "of": 9},
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


def test_a_name_that_is_no_text_is_mended() -> None:
    assert bytes(JSON({"file": "a\udce4"}).body) == '{"file":"a\ufffd"}'.encode()


@pytest.mark.parametrize(
    ("link", "led"),
    [("?page=3", "/api/x?page=3"), ("?", "/api/x"), ("/datasets/a", None), (None, None)],
)
def test_an_error_and_where_it_leads(link: str | None, led: str | None) -> None:
    error = NotFound("no such page")
    if link is not None:
        error.link = link
    asked = SimpleNamespace(url=SimpleNamespace(path="/api/x"))
    answer = error_json(cast(Request, asked), cast(ThinklensError, error))
    said = {"error": "no such page", "code": "not_found", "request_id": ""}  # outside of a request
    assert answer.status_code == 404
    assert orjson.loads(bytes(answer.body)) == said | ({"link": led} if led else {})


def test_a_dataset_of_which_nothing_is_known() -> None:
    found = entry_json(Entry("a", "/data/a.jsonl", error=Failed("it broke")))
    assert found == {
        "name": "a",
        "rows": 0,
        "size": 0,
        "source_format": None,
        "read_as": None,
        "fields": [],
        "card": None,
        "left_out": [],
        "not_understood": [],
        "index": {
            "state": "failed",
            "done": 0,
            "total": 0,
            "error": "it broke",
            "step": "waiting",
            "parts": (),
            "covers": {},
            "seconds_left": None,
            "newer": None,
        },
    }


def test_a_file_and_how_it_is_read() -> None:
    file: Any = SimpleNamespace(
        name="b.parquet", rows=7, layout=SimpleNamespace(name="turns", said="turns in `a`")
    )
    assert answers._file_json(file) == {
        "name": "b.parquet",
        "rows": 7,
        "source_format": "turns",
        "read_as": "turns in `a`",
    }


@pytest.mark.parametrize(
    ("name", "meaning", "example"),
    [
        ("density", "List: comfortable (default) or compact.", "compact"),
        ("read", "List: the row that is read beside it, on wide screens.", "17"),
        ("pick", "List: the row that another is to be compared with.", "17"),
        ("text", "Conversation: rendered (default) or source.", "source"),
        (
            "answer",
            "Conversation: which answer is shown where a question has several, 0 (default) for the "
            "first, or beside for all beside each other.",
            "1",
        ),
        (
            "by",
            "Overview: the field by whose values rows are looked at, at most 200 of them; by default the "
            "models.",
            "metadata.model",
        ),
        (
            "download",
            "Export: an id, by which a page asks how far the download is.",
            "a1b2c3d4e5f6",
        ),
    ],
)
def test_what_a_parameter_of_pages_means(name: str, meaning: str, example: str) -> None:
    assert (ADDRESS_PARAMETERS[name].meaning, ADDRESS_PARAMETERS[name].example) == (
        meaning,
        example,
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """The site without any dataset."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    return TestClient(create_app(settings, Library(settings, [])), ADDRESS)


def test_the_description_is_of_the_api_alone(empty: TestClient) -> None:
    paths = empty.get("/openapi.json").json()["paths"]
    assert [path for path in paths if not path.startswith("/api/")] == []
    search = paths["/api/search"]["get"]
    assert search["summary"] == "One search over all datasets: how many rows each has"
    assert [each["name"] for each in search["parameters"]] == ["q", "in"]
    for each in search["parameters"]:
        assert (each["in"], each["schema"]) == ("query", {"type": "string"})
    one = paths["/api/datasets/{name}/conversations/{row}"]["get"]["parameters"]
    said = {each["name"]: each["description"] for each in one if each["in"] == "path"}
    assert said == {"name": "The dataset's name.", "row": "Position in the dataset, from 0."}


@pytest.mark.parametrize(
    ("step", "what"),
    [("converting", "converted"), ("fetching", "fetched"), ("waiting", "converted")],
)
def test_a_dataset_that_cannot_be_read_yet(empty: TestClient, step: str, what: str) -> None:
    library: Library = empty.app.state.library  # type: ignore[attr-defined]
    cast(dict[str, Entry], library.entries)["a"] = Entry("a", "/data/a.jsonl", step=step)
    answer = empty.get("/datasets/a")
    assert answer.status_code == 200
    assert f"<title>a is being {what}" in answer.text


@pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.name)
def test_an_export_is_described_as_what_it_is(client: TestClient, kind: FileType) -> None:
    path = f"/api/datasets/{{name}}/export.{kind.name}"
    described = client.get("/openapi.json").json()["paths"][path]["get"]["responses"]["200"]
    sent = client.get(path.replace("{name}", "talks")).headers["content-type"].partition(";")[0]
    assert [each.partition(";")[0] for each in described["content"]] == [sent]
    assert described["description"] == kind.words
