"""The JSON API: every address key by key, its numbers against the rows, its errors by their sentence."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app.conversations.signals.copies import NAMES
from app.conversations.signals.table import EVERYWHERE
from app.export.file_types import TYPES
from app.web.address import PARAMETERS

Row = dict[str, Any]

TALKS = "/api/datasets/talks"
SIGNAL_NAMES = {*EVERYWHERE, *NAMES}
PART_TYPES = {"text", "reasoning", "tool_call", "tool_result"}


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def pages(client: TestClient, query: str) -> Iterator[Row]:
    """All results of a query, page after page."""
    page, last = 1, 1
    while page <= last:
        found = get(client, f"{TALKS}/search?{query}&size=10&page={page}")
        assert (found["page"], found["size"]) == (page, 10)
        last = found["pages"]
        yield from found["results"]
        page += 1


def test_health(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


INDEX = {"covers", "state", "done", "total", "error", "step", "parts", "seconds_left", "newer"}


def test_datasets_key_by_key(client: TestClient, talks_path: Path) -> None:
    found = get(client, "/api/datasets")
    assert set(found) == {"datasets"}
    for each in found["datasets"]:
        assert set(each) == {
            "name", "rows", "source_format", "read_as", "fields", "left_out", "not_understood",
            "index", "size", "card",
        }  # fmt: skip
        assert set(each["index"]) == INDEX
        assert all(set(field) == {"name", "type"} for field in each["fields"])
    talks, odd, broken = found["datasets"]
    assert (talks["name"], talks["rows"]) == ("talks", 60)
    assert talks["source_format"] == "card"
    assert talks["read_as"].startswith("`prompt` and `response`")
    assert (talks["not_understood"], talks["left_out"]) == ([], [])
    assert talks["index"] == {
        "state": "ready",
        "done": 60,
        "total": 60,
        "error": None,
        "step": "ready",
        "parts": ["prompt", "reasoning", "answer"],
        "covers": {"prompt": 60, "reasoning": 60, "answer": 60},
        "seconds_left": None,
        "newer": None,
    }
    assert talks["size"] == sum(file.stat().st_size for file in talks_path.rglob("*.parquet"))
    assert broken["size"] == 0
    assert odd["index"]["state"] == "ready"
    assert broken["index"]["state"] == "failed"
    assert "'broken.parquet' cannot be read as Parquet" in broken["index"]["error"]


def test_fields_are_the_columns_nested_ones_too_and_the_signals(client: TestClient) -> None:
    fields = {f["name"]: f["type"] for f in get(client, "/api/datasets")["datasets"][0]["fields"]}
    assert set(fields) >= SIGNAL_NAMES | {
        "conversation_id",
        "prompt",
        "response",
        "messages",
        "metadata.complete",
        "metadata.model",
        "metadata.tags",
        "metadata.sampling.temperature",
        "split",
        'odd name: "x"',
    }
    assert all(isinstance(kind, str) and kind for kind in fields.values())
    odd = {f["name"] for f in get(client, "/api/datasets")["datasets"][1]["fields"]}
    assert odd >= {'metadata."a.b"', 'metadata.c."d e"'}


def test_datasets_while_one_is_built(building: TestClient) -> None:
    (only,) = get(building, "/api/datasets")["datasets"]
    kept = {name: only["index"][name] for name in ("state", "done", "total", "error", "parts")}
    assert kept == {"state": "building", "done": 0, "total": 60, "error": None, "parts": []}
    assert only["rows"] == 60


def test_search_key_by_key(client: TestClient) -> None:
    found = get(client, f"{TALKS}/search?q=triangle")
    assert set(found) == {"total", "results", "page", "size", "pages", "took_ms", "covers"}
    assert (found["page"], found["size"]) == (1, 25)
    assert found["total"] == 59  # every prompt but the empty one
    assert found["pages"] == 3
    assert found["covers"] == {"rows": 60, "of": 60}
    assert found["took_ms"] >= 0
    assert len(found["results"]) == 25
    for each in found["results"]:
        assert set(each) >= {"row", "conversation_id", "prompt", "score", "snippets", "signals"}
        assert isinstance(each["score"], int)
        assert set(each["signals"]) == SIGNAL_NAMES
        (snippet,) = each["snippets"]
        assert set(snippet) == {"part", "text", "hits"}
        assert snippet["part"] == "prompt"


def test_search_without_a_query_has_neither_scores_nor_snippets(client: TestClient) -> None:
    for query in ("", "?q=", "?q=%20%20", "?q=%22%22"):
        found = get(client, f"{TALKS}/search{query}")
        assert found["total"] == 60
        assert [each["row"] for each in found["results"]] == list(range(25))
        assert {each["score"] for each in found["results"]} == {None}
        assert [each["snippets"] for each in found["results"]] == [[]] * 25


def test_results_are_the_rows_of_the_source(client: TestClient, talks: list[Row]) -> None:
    for each in pages(client, "q=triangle"):
        source = talks[each["row"]]
        assert each["conversation_id"] == source["conversation_id"]
        assert each["prompt"] == source["prompt"][:300]


def test_snippets_are_source_text_and_their_hits_code_points(
    client: TestClient, talks: list[Row]
) -> None:
    for each in pages(client, "q=triangle"):
        (snippet,) = each["snippets"]
        assert len(snippet["text"]) <= 240
        users = [m["content"] for m in talks[each["row"]]["messages"] if m["role"] == "user"]
        assert snippet["text"] in "\n\n".join(users)
        assert snippet["hits"]
        for start, end in snippet["hits"]:
            assert snippet["text"][start:end].casefold() == "triangle"


def test_results_are_ordered_by_score_then_row(client: TestClient) -> None:
    keys = [(-each["score"], each["row"]) for each in pages(client, "q=the+triangle")]
    assert keys == sorted(keys)


def test_nothing_found_is_an_answer_of_one_page(client: TestClient) -> None:
    found = get(client, f"{TALKS}/search?q=nowhere")
    assert (found["total"], found["results"], found["pages"]) == (0, [], 1)


@pytest.mark.parametrize("sort", ["row", "metadata.model", "-metadata.difficulty", "random:7"])
def test_pages_hold_every_row_once_whatever_the_sort(client: TestClient, sort: str) -> None:
    rows = [each["row"] for each in pages(client, f"sort={sort}")]
    assert sorted(rows) == list(range(60))


@pytest.mark.parametrize("direction", ["", "-"])
def test_a_sort_puts_nulls_last_and_ties_by_row(
    client: TestClient, talks: list[Row], direction: str
) -> None:
    def key(row: int) -> tuple[bool, float, int]:
        value = (talks[row]["metadata"] or {}).get("difficulty")
        return value is None, (value or 0) * (-1 if direction else 1), row

    rows = [each["row"] for each in pages(client, f"sort={direction}metadata.difficulty")]
    assert rows == sorted(range(60), key=key)


def test_facets_key_by_key(client: TestClient) -> None:
    found = get(client, f"{TALKS}/facets")
    assert set(found) == {"total", "facets", "covers"}
    assert found["covers"] == {"rows": 60, "of": 60}
    assert found["total"] == 60
    kinds = {each["field"]: each["kind"] for each in found["facets"]}
    assert kinds["trace"] == kinds["metadata.model"] == kinds["metadata.tags"] == "values"
    assert kinds["reasoning_words"] == kinds["metadata.created"] == "histogram"
    assert not {"prompt", "response", "messages", "conversation_id"} & set(kinds)
    for each in found["facets"]:
        if each["kind"] == "values":
            assert set(each) == {"field", "kind", "values", "more"}
            assert all(set(value) == {"value", "count", "selected"} for value in each["values"])
            assert isinstance(each["more"], bool)
        else:
            assert set(each) == {"field", "kind", "bins", "nulls"}
            assert all(set(bin_) == {"from", "to", "count"} for bin_ in each["bins"])
            counted = sum(bin_["count"] for bin_ in each["bins"]) + each["nulls"]
            assert counted == found["total"], each["field"]


def facet(client: TestClient, query: str, field: str) -> Any:
    found = get(client, f"{TALKS}/facets?{query}")["facets"]
    return next(each for each in found if each["field"] == field)


def test_facet_values_are_counted_exactly_and_in_their_own_type(
    client: TestClient, talks: list[Row]
) -> None:
    def counts(key: str) -> Counter[object]:
        return Counter((row["metadata"] or {}).get(key) for row in talks)

    for key in ("complete", "model"):
        values = facet(client, "", f"metadata.{key}")["values"]
        assert {each["value"]: each["count"] for each in values} == counts(key)
        assert [each["count"] for each in values] == sorted(counts(key).values(), reverse=True)
    lists = [(row["metadata"] or {"tags": [None]})["tags"] for row in talks]
    tags = Counter(tag for listed in lists for tag in listed)
    values = facet(client, "", "metadata.tags")["values"]
    assert {each["value"]: each["count"] for each in values} == tags


def test_a_facet_is_counted_without_its_own_filter(client: TestClient) -> None:
    values = facet(client, "filter=metadata.model:small", "metadata.model")["values"]
    assert {each["value"]: each["selected"] for each in values} == {
        "large": False,
        "small": True,
        None: False,
    }
    assert {each["value"]: each["count"] for each in values}["large"] > 0


def test_edges_of_bins_have_the_form_of_their_field(client: TestClient) -> None:
    for field, form in (
        ("metadata.created", r"2025-0\d-\d\d"),
        ("reasoning_words", r"\d+"),
        ("metadata.score", r"\d+\.\d+"),
    ):
        bins = facet(client, "", field)["bins"]
        edges = [json.dumps(each[end]).strip('"') for each in bins for end in ("from", "to")]
        assert all(re.fullmatch(form, edge) for edge in edges), (field, edges)
        assert all(a["to"] == b["from"] for a, b in zip(bins, bins[1:], strict=False))


def test_every_count_is_the_total_of_its_filter(client: TestClient) -> None:
    base = "q=triangle&filter=split:train"
    for each in get(client, f"{TALKS}/facets?{base}")["facets"]:
        if each["kind"] != "values" or each["field"] == "split":
            continue
        for value in each["values"]:
            text = _typed(value["value"])
            found = get(
                client, f"{TALKS}/search?{base}&filter={quote(each['field'])}:{quote(text)}"
            )
            assert found["total"] == value["count"], (each["field"], value)


def _typed(value: object) -> str:
    """A value as it is typed into a filter."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if isinstance(value, str) else text


def test_one_facet_longer_and_narrowed(client: TestClient) -> None:
    found = get(client, f"{TALKS}/facets?facet=metadata.tags&facet_q=GEO&facet_size=3")
    (only,) = found["facets"]
    assert [each["value"] for each in only["values"]] == ["geometry"]
    (only,) = get(client, f"{TALKS}/facets?facet=metadata.tags&facet_size=1")["facets"]
    assert (len(only["values"]), only["more"]) == (1, True)


def test_conversation_key_by_key(client: TestClient, talks_as_json: list[Row]) -> None:
    for row in (0, 1, 39, 40, 59):
        found = get(client, f"{TALKS}/conversations/{row}")
        source = talks_as_json[row]
        assert set(found) >= {
            "row",
            "conversation_id",
            "messages",
            "metadata",
            "signals",
            "source",
        }
        assert (found["row"], found["conversation_id"]) == (row, source["conversation_id"])
        assert found["metadata"] == (source["metadata"] or {})
        assert set(found["signals"]) == SIGNAL_NAMES
        file = {"file": "a.parquet", "row": row}
        assert found["source"] == (
            file if row < 40 else {"file": "more/b.parquet", "row": row - 40}
        )
        for message in found["messages"]:
            assert set(message) == {"role", "parts"}
            assert all(set(part) == {"type", "text"} for part in message["parts"])
            assert {part["type"] for part in message["parts"]} <= PART_TYPES


def test_the_parts_of_a_conversation(client: TestClient) -> None:
    user, assistant = get(client, f"{TALKS}/conversations/0")["messages"]
    assert user == {
        "role": "user",
        "parts": [{"type": "text", "text": "What is the sum of the angles of triangle 0?"}],
    }
    assert [part["type"] for part in assistant["parts"]] == ["reasoning", "text"]
    assert assistant["parts"][0]["text"].strip() == "Let me add the corners of number 0."
    roles = [m["role"] for m in get(client, f"{TALKS}/conversations/7")["messages"]]
    assert roles == ["user", "assistant", "user", "assistant"]


def test_signals_say_the_same_in_the_list_and_in_the_conversation(client: TestClient) -> None:
    for each in pages(client, "sort=row"):
        read = get(client, f"{TALKS}/conversations/{each['row']}")
        assert read["signals"] == each["signals"]


def test_a_name_that_needs_quoting(client: TestClient) -> None:
    name = get(client, "/api/datasets")["datasets"][1]["name"]
    path = f"/api/datasets/{quote(name, safe='')}"
    found = get(client, f"{path}/search?q=say&filter=metadata.%22a.b%22:1")
    assert found["total"] == 15
    assert get(client, f"{path}/conversations/3")["metadata"] == {"a.b": 1, "c": {"d e": "v0"}}


# Errors

WRONG = [
    ("nonsense", "1", "nonsense"),
    ("page", "0", "'page'"),
    ("page", "-1", "'page'"),
    ("page", "one", "'one'"),
    ("page", "1e3", "'page'"),
    ("page", "\u0663", "'page'"),
    ("size", "9", "'size'"),
    ("size", "101", "'size'"),
    ("size", "x", "'size'"),
    ("sort", "nothing", "'nothing'"),
    ("sort", "-metadata.tags", "'metadata.tags'"),
    ("sort", "messages", "'messages'"),
    ("sort", "random:", "random:SEED"),
    ("sort", "random:" + "x" * 65, "random:SEED"),
    ("filter", "metadata.model", "':'"),
    ("filter", "nothing:1", "'nothing'"),
    ("filter", "messages:1", "'messages'"),
    ("filter", "metadata.difficulty:hard", "'hard'"),
    ("filter", "metadata.difficulty:>hard", "'hard'"),
    ("filter", "metadata.difficulty:1..hard", "'hard'"),
    ("filter", "metadata.score:nan", "'nan'"),
    ("filter", "turns:..", "'turns:..'"),
    ("filter", "metadata.complete:maybe", "'maybe'"),
    ("filter", "metadata.created:yesterday", "'yesterday'"),
    ("filter", "metadata.created:2025-02-30", "'2025-02-30'"),
    ("in", "everything", "'everything'"),
    ("in", "response", "is one of prompt, reasoning, answer, all"),
    ("shape", "parquet", "'parquet'"),
    ("reasoning", "hide", "'hide'"),
    ("reasoning", "drop", "'drop'"),
    ("type", "xlsx", "'xlsx'"),
    ("facet", "prompt", "'prompt'"),
    ("facet_size", "0", "'facet_size'"),
    ("facet_size", "1001", "'facet_size'"),
    ("q", "a" * 1001, "'q'"),
    ("q", "a\0b", "U+0000"),
    ("facet_q", "\x07", "'facet_q'"),
]
ADDRESSES = ("search", "facets", "export.jsonl", "conversations/0")


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_wrong_input_is_named(client: TestClient, name: str, value: str, said: str) -> None:
    for address in ADDRESSES:
        answer = client.get(f"{TALKS}/{address}", params={name: value})
        assert answer.status_code == 422, address
        found = answer.json()
        assert set(found) == {"error", "code", "request_id"}
        assert found["code"] == "invalid"
        assert said in found["error"]


def test_a_parameter_given_twice_is_refused(client: TestClient) -> None:
    answer = client.get(f"{TALKS}/search?page=1&page=2")
    assert answer.status_code == 422
    assert answer.json()["error"] == "'page' is given more than once"


@pytest.mark.parametrize("row", ["-1", "x", "1.5", "%20", "9" * 5000])
def test_a_row_that_is_no_number_is_refused(client: TestClient, row: str) -> None:
    answer = client.get(f"{TALKS}/conversations/{row}")
    assert answer.status_code == 422
    assert "'row' is a whole number from 0" in answer.json()["error"]


@pytest.mark.parametrize("row", ["60", "99999999999999999999999999"])
def test_a_row_that_is_not_there(client: TestClient, row: str) -> None:
    answer = client.get(f"{TALKS}/conversations/{row}")
    assert answer.status_code == 404
    assert "has rows 0 to 59" in answer.json()["error"]


def test_a_page_beyond_the_last_leads_to_the_last(client: TestClient) -> None:
    answer = client.get(f"{TALKS}/search?q=triangle&size=50&page=3")
    assert answer.status_code == 404
    found = answer.json()
    assert found["error"] == "there is no page 3: the last one is 2"
    assert get(client, found["link"])["page"] == 2


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/nothing",
        "/api/datasets/",
        "/api/datasets/nothing",
        f"{TALKS}/nothing",
        "/api/datasets/nothing/search",
        "/api/datasets/..%2f..%2fetc/search",
    ],
)
def test_an_unknown_address_is_404_in_json(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["code"] == "not_found"


def test_other_methods_are_refused(client: TestClient) -> None:
    answer = client.post(f"{TALKS}/search")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert "POST" in answer.json()["error"]


def test_what_needs_the_index_waits_for_it(building: TestClient) -> None:
    for address in ("search?q=a", "search?sort=turns", "facets", "export.jsonl"):
        answer = building.get(f"{TALKS}/{address}")
        assert answer.status_code == 409
        assert answer.json()["code"] == "not_ready"
        assert "being built" in answer.json()["error"]


def test_rows_are_listed_while_the_index_is_built(building: TestClient, client: TestClient) -> None:
    found, later = (get(each, f"{TALKS}/search?page=3") for each in (building, client))
    assert found["total"] == later["total"] == 60
    assert found["covers"] == later["covers"] == {"rows": 60, "of": 60}
    for each in later["results"]:  # which rows are copies is known when all are indexed
        each["signals"] = {n: v for n, v in each["signals"].items() if n not in NAMES}
    assert found["results"] == later["results"]
    assert building.get(f"{TALKS}/search?page=4").status_code == 404


def test_conversations_are_read_while_the_index_is_built(building: TestClient) -> None:
    assert get(building, f"{TALKS}/conversations/45")["conversation_id"] == "id-045"
    assert building.get(f"{TALKS}/conversations/60").status_code == 404


def test_a_failed_dataset_says_why(client: TestClient) -> None:
    for address in ADDRESSES:
        answer = client.get(f"/api/datasets/broken/{address}")
        assert answer.status_code == 409
        assert answer.json()["code"] == "unreadable"
        assert "broken.parquet" in answer.json()["error"]


# Strings that break programs


def naughty() -> list[str]:
    path = Path(__file__).parents[3] / "shared" / "corpora" / "text" / "blns.json"
    if not path.exists():
        pytest.skip("the list of naughty strings is not beside the repository")
    found: list[str] = json.loads(path.read_text("utf-8"))
    return found


GIVEN = [*PARAMETERS, "filter by text", "filter by number", "from"]
OF_ANY_TEXT = {"q", "like", "facet_q", "filter", "filter by text"}


@pytest.mark.parametrize("name", GIVEN)
def test_no_string_breaks_a_parameter(client: TestClient, name: str) -> None:
    """All of them where any text is taken; where a word or a number is, every sixth, others in each."""
    key = name.split()[0]
    before = {"filter by text": "split:", "filter by number": "turns:"}.get(name, "")
    address = f"{TALKS}/facets" if key == "facet_q" else f"{TALKS}/search"
    others = {"facet": "split"} if key == "facet_q" else {}
    texts = naughty() if name in OF_ANY_TEXT else naughty()[GIVEN.index(name) % 6 :: 6]
    for text in texts:
        answer = client.get(address, params={**others, key: before + text})
        assert answer.status_code in (200, 404, 422), (name, text)


@pytest.mark.parametrize(
    "address", ["/api/datasets/{}/search", f"{TALKS}/conversations/{{}}", "/{}"]
)
def test_no_string_breaks_an_address(client: TestClient, address: str) -> None:
    for text in naughty():
        answer = client.get(address.format(quote(text, safe="")))
        assert answer.status_code in (404, 422, 200), text


# The description of the API


def test_every_parameter_is_described_with_an_example(client: TestClient) -> None:
    paths = get(client, "/openapi.json")["paths"]
    assert set(paths) == {
        "/api/datasets",
        "/api/search",
        "/api/datasets/{name}/search",
        "/api/datasets/{name}/facets",
        "/api/datasets/{name}/overview",
        "/api/datasets/{name}/conversations/{row}",
        "/api/datasets/{name}/copies",
        "/api/datasets/{name}/copies/{row}",
        "/api/datasets/{name}/copies/by",
        "/api/datasets/{name}/overlap",
        *(f"/api/datasets/{{name}}/export.{each}" for each in (*TYPES, "manifest.json")),
    }
    for path, methods in paths.items():
        assert set(methods) == {"get"}
        operation = methods["get"]
        assert operation["summary"]
        assert operation["description"]
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])
            examples = parameter.get("example") or parameter["schema"].get("examples")
            assert examples is not None, (path, parameter["name"])


@pytest.mark.parametrize("address", ["search", "facets", "export.jsonl", "conversations/{row}"])
def test_the_described_parameters_are_those_that_are_taken(
    client: TestClient, address: str
) -> None:
    operation = get(client, "/openapi.json")["paths"][f"/api/datasets/{{name}}/{address}"]["get"]
    described = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    assert described == set(PARAMETERS)


def test_the_examples_of_the_description_are_taken(client: TestClient) -> None:
    for name, row in PARAMETERS.items():
        example = row.example
        if name == "facet_size" or "metadata" not in example:
            answer = client.get(f"{TALKS}/facets", params={name: example})
            assert answer.status_code == 200, name


def test_an_address_that_takes_no_parameter_says_so(client: TestClient) -> None:
    answer = client.get("/api/datasets?q=x")
    assert answer.status_code == 422
    assert answer.json()["error"] == "there is no parameter 'q': this address takes none"
