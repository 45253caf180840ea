"""The export page, its files of each type, their manifest, and downloads that are watched."""

import hashlib
import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.export.file_types import TYPES
from app.export.job import Export
from app.library import Library
from app.web.address import Address
from app.web.export import addresses

API = "/api/datasets/talks"
PAGE = "/datasets/talks/export"


def text(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text)))


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    "query", ["", "sort=random:1&shape=openai&limit=7", "q=triangle&reasoning=strip"]
)
def test_the_web_gives_the_bytes_of_the_export(
    client: TestClient, library: Library, settings: Settings, type_: str, query: str
) -> None:
    answer = client.get(f"{API}/export.{type_}?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f".{type_}")
    dataset = library.entry("talks").ready()
    pairs = [tuple(each.split("=")) for each in query.split("&") if each]
    address = Address.of([*pairs, ("type", type_)], dataset.fields)  # type: ignore[list-item]
    made = Export.of(dataset, address.query, address.choice, settings.data_dir)
    assert answer.content == b"".join(made.pieces())


def test_the_manifest_has_the_hash_once_it_was_written(client: TestClient) -> None:
    query = "q=triangle&reasoning=separate&shape=oumi"
    before = client.get(f"{API}/export.manifest.json?{query}&type=csv").json()
    assert before["file"] is None
    raw = client.get(f"{API}/export.csv?{query}").content
    after = client.get(f"{API}/export.manifest.json?{query}&type=csv").json()
    assert after["file"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert {**after, "file": None} == before


def test_the_manifest_has_the_features_once_they_were_written(client: TestClient) -> None:
    """Of a sheet they follow from its shape; of lines from what is in them."""
    query = "q=triangle&shape=openai"
    text = {"dtype": "string", "_type": "Value"}
    sheet = client.get(f"{API}/export.manifest.json?{query}&type=csv").json()
    assert sheet["features"] == {"tools": text, "messages": text}
    assert client.get(f"{API}/export.manifest.json?{query}").json()["features"] is None
    client.get(f"{API}/export.jsonl?{query}")
    after = client.get(f"{API}/export.manifest.json?{query}").json()
    turn = dict.fromkeys(("role", "content", "reasoning_content"), text)
    assert after["features"] == {"messages": [turn]}


@pytest.mark.parametrize(
    "looks",
    ["column=split", "density=compact", "read=3", "pick=3", "text=source", "page=2&size=50"],
)
def test_what_is_only_looks_makes_no_other_file(client: TestClient, looks: str) -> None:
    query = f"q=angles&type=json&limit={1 + len(looks)}"
    client.get(f"{API}/export.json?{query}&{looks}")
    assert client.get(f"{API}/export.manifest.json?{query}").json()["file"] is not None


def test_the_first_rows_of_an_order(client: TestClient) -> None:
    query = "sort=random:a&filter=split:train"
    whole = client.get(f"{API}/export.jsonl?{query}").text.splitlines()
    assert client.get(f"{API}/export.jsonl?{query}&limit=5").text.splitlines() == whole[:5]
    assert client.get(f"{API}/export.jsonl?{query}&limit=999").text.splitlines() == whole
    manifest = client.get(f"{API}/export.manifest.json?{query}&limit=5").json()
    assert (manifest["rows"], manifest["matching"]) == (5, len(whole))
    assert manifest["query"]["limit"] == 5
    page = client.get(f"{PAGE}?{query}&limit=5")
    assert f"Export 5 of the {len(whole)} that match, of 60 conversations" in text(page)
    assert "in the order: random order a" in text(page)
    assert "--limit=5" in text(page)
    assert 'name="limit"' in page.text
    assert not re.search(r'type="hidden" name="limit"', page.text)


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "many", "9" * 30])
def test_no_other_limit_is_taken(client: TestClient, limit: str) -> None:
    answer = client.get(f"{API}/export.jsonl?limit={limit}")
    assert answer.status_code == 422
    assert "'limit' is a whole number from 1" in answer.json()["error"]


def test_a_download_tells_how_far_it_is(client: TestClient) -> None:
    size = len(client.get(f"{API}/export.jsonl?download=one").content)
    told = client.get(f"{API}/downloads/one").json()
    assert told == {"state": "done", "rows": 60, "of": 60, "bytes": size}
    assert client.delete(f"{API}/downloads/one").json()["state"] == "done"
    assert client.get(f"{API}/export.jsonl?download=one").status_code == 422
    assert client.get(f"{API}/downloads/two").status_code == 404


def test_a_type_that_is_not_the_address(client: TestClient) -> None:
    assert client.get(f"{API}/export.csv?type=parquet").status_code == 422
    assert client.get(f"{API}/export.csv?type=csv").status_code == 200
    assert client.get(f"{API}/export.xml").status_code == 404


def test_the_page_says_what_will_be_written(client: TestClient) -> None:
    answer = client.get(f"{PAGE}?q=triangle&filter=trace:unclosed&reasoning=strip&type=csv")
    said = text(answer)
    assert re.search(r"Export (\d+) of 60 conversations", said)
    assert "search for triangle in the prompts, trace is cut off" in said
    assert re.search(
        r"\d+ traces are cut off: nothing follows them, only what stood before them is left", said
    )
    assert "--q=triangle --reasoning=strip --filter=trace:unclosed --data-dir=" in said
    assert "/api/datasets/talks/export.csv?q=triangle&amp;filter=" in answer.text


@pytest.mark.parametrize("query", ["", "limit=7&sort=random:1", "q=triangle&incomplete=drop"])
def test_the_page_counts_the_words(client: TestClient, library: Library, query: str) -> None:
    """Of just the rows that are written; no reasoning is counted where it is stripped."""
    dataset = library.entry("talks").ready()
    pairs = [(each.split("=")[0], each.split("=")[1]) for each in query.split("&") if each]
    address = Address.of(pairs, dataset.fields)
    rows = Export.of(dataset, address.query, address.choice, library.settings.data_dir).rows
    names = [f"{part}_words" for part in ("prompt", "reasoning", "answer")]
    told = [dataset.reading(int(row)).signals for row in rows]
    prompts, reasoning, answers = (sum(int(str(each[n])) for each in told) for n in names)
    page = text(client.get(f"{PAGE}?{query}"))
    assert (
        f"Words: {prompts:,} of prompts, {reasoning:,} of reasoning, {answers:,} of answers" in page
    )
    page = text(client.get(f"{PAGE}?{query}&reasoning=strip"))
    assert f"Words: {prompts:,} of prompts, {answers:,} of answers" in page


def test_no_row_has_no_words(client: TestClient) -> None:
    assert "Words:" not in text(client.get(f"{PAGE}?q=nothinghasthisword"))


def test_the_command_names_the_data_directory_unless_it_is_the_usual(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command() -> str:
        return text(client.get(PAGE)).partition("The same in a terminal")[2]

    assert f"--data-dir={settings.data_dir} -o talks.jsonl" in command()
    monkeypatch.setattr(addresses, "usual_data_dir", lambda: settings.data_dir)
    assert "--data-dir" not in command()


@pytest.mark.parametrize("query", ["q=nowhere", "sort=random:1&shape=alpaca", "type=parquet"])
def test_the_page_of_any_query(client: TestClient, query: str) -> None:
    assert client.get(f"{PAGE}?{query}").status_code == 200
    assert client.get(f"{PAGE}?shape=xml").status_code == 422


def test_hostile_text_stays_text(client: TestClient) -> None:
    answer = client.get(f"{PAGE}?filter=metadata.tags:hostile")
    assert "<script>alert" not in answer.text
    quoted = client.get(PAGE, params={"q": "it's $(x) `y`; <b>"})
    assert "--q=it'\"'\"'s $(x) `y`; <b>'" in text(quoted)
