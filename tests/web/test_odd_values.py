"""Odd values on the pages and in the API: what is shown is what is found by its link."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app

from .conftest import ADDRESS
from .test_pages import Elements, page, total

ROWS = 60
ODD, KEYS = "/datasets/odd", "/datasets/keys"
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999)


def odd(seed: int) -> pa.Table:
    """Numbers of every type to its ends, times of every kind, names that are taken."""
    number = np.random.default_rng(seed)
    words = {"prompt": ["p"] * ROWS, "response": ["r"] * ROWS}
    return pa.table(
        {
            **words,
            "score": pa.array([(0.1, 0.3, 0.7, None)[n % 4] for n in range(ROWS)], pa.float32()),
            "half": pa.array(number.random(ROWS).astype(np.float16)),
            "hash": pa.array(number.integers(0, 2**64, ROWS, np.uint64, endpoint=False)),
            "top": pa.array([2**64 - 1 - n % 5 for n in range(ROWS)], pa.uint64()),
            "signed": pa.array([(-(2**63), 0, 2**63 - 1)[n % 3] for n in range(ROWS)]),
            "byte": pa.array([250 + n % 6 for n in range(ROWS)], pa.uint8()),
            "price": pa.array([Decimal(10**38 - 1 - n) for n in range(ROWS)], pa.decimal128(38, 0)),
            "took": pa.array([timedelta(milliseconds=n) for n in range(ROWS)], pa.duration("us")),
            "clock": pa.array([time(1, n) for n in range(ROWS)], pa.time64("us")),
            "day": pa.array([(date.min, date.max)[n % 2] for n in range(ROWS)]),
            "moment": pa.array(
                [(datetime.min, LAST)[n % 2] for n in range(ROWS)], pa.timestamp("us")
            ),
            "list": pa.array([[0.1, 0.2, n / 10] for n in range(ROWS)], pa.list_(pa.float32())),
            "row": ["a", "b"] * (ROWS // 2),
            "language": ["q", "w"] * (ROWS // 2),
            "metadata": pa.array([{"x": 0.1}] * ROWS, pa.struct([("x", pa.float32())])),
        }
    )


def keys() -> pa.Table:
    """Metadata with a key of its own in each row, and rows with thousands."""
    rows: list[dict[str, Any]] = [
        {"votes": {f"judge-{n}": n % 5}, "model": f"m{n % 3}"} for n in range(ROWS)
    ]
    rows[7]["votes"] = {f"other-{n}": n for n in range(5_000)}
    words = {"prompt": ["p"] * ROWS, "response": ["r"] * ROWS}
    return pa.table({**words, "metadata": [json.dumps(row) for row in rows]})


@pytest.fixture(scope="module")
def odd_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    place = tmp_path_factory.mktemp("odd")
    for seed, folder in enumerate(("lang=de", "lang=en%20US")):
        (place / "odd" / folder).mkdir(parents=True)
        pq.write_table(odd(seed), place / "odd" / folder / "part.parquet")
    pq.write_table(keys(), place / "keys.parquet")
    settings = Settings(data_dir=place / "data", workers=1, assets="cdn")
    library = Library(settings, [str(place / "odd"), str(place / "keys.parquet")])
    library.prepare_all(lambda entry: None)
    yield TestClient(create_app(settings, library), ADDRESS, follow_redirects=False)
    library.close()


def filter_links(client: TestClient, address: str) -> set[str]:
    found = page(client, address).named("a")
    return {a["href"] for a, _ in found if "filter=" in a.get("href", "")}


def shown_counts(elements: Elements) -> list[tuple[str, str]]:
    """The links of bars and values, each with the count that it shows."""
    bars = [a for a, _ in elements.named("a") if re.search(r": [\d,]+$", a.get("aria-label", ""))]
    counts = [text for _, text in elements.named("span", class_="count")]
    values = [a for a, _ in elements.named("a", class_="value")]
    said = [(bar["href"], bar["aria-label"].rpartition(": ")[2]) for bar in bars]
    return said + [(value["href"], count) for value, count in zip(values, counts, strict=True)]


def test_each_bar_and_value_finds_what_it_shows(odd_client: TestClient) -> None:
    """Of the facets that lie open, and of those that lead to a page of their own."""
    elements = page(odd_client, ODD)
    said = shown_counts(elements)
    for folded, _ in elements.named("a", class_="undrawn"):
        said += shown_counts(page(odd_client, folded["href"]))
    assert len(said) > 150
    for href, count in said:
        assert f"{total(odd_client, href):,}" == count, href


@pytest.mark.parametrize("row", [0, 1, 63])
def test_each_value_of_a_conversation_finds_it(odd_client: TestClient, row: int) -> None:
    links = filter_links(odd_client, f"{ODD}/conversations/{row}")
    shown = {link for link in links if "source.row" in link or "lang%3A" in link}

    assert len(links) > 25
    assert len(shown) == 2
    for link in links:
        parts = urlsplit(link)
        query = f"/api{parts.path}/search?{parts.query}&size=100"
        found = odd_client.get(query).json()
        assert row in [each["row"] for each in found["results"]] or found["total"] > 100, link


def test_facets_hold_every_row_within_the_range_of_the_type(odd_client: TestClient) -> None:
    facets = odd_client.get(f"/api{ODD}/facets").json()["facets"]
    bins = {facet["field"]: facet for facet in facets if facet["kind"] == "histogram"}

    for name, facet in bins.items():
        assert sum(each["count"] for each in facet["bins"]) + facet["nulls"] == 2 * ROWS, name
    assert bins["top"]["bins"][0] == {"from": 2**64 - 5, "to": 2**64 - 4, "count": 24}
    assert bins["top"]["bins"][-1] == {"from": 2**64 - 2, "to": 2**64 - 1, "count": 48}
    assert (bins["hash"]["bins"][0]["from"], bins["hash"]["bins"][-1]["to"]) == (0, 2**64 - 1)
    assert bins["signed"]["bins"][0]["from"] == -(2**63)
    assert bins["signed"]["bins"][-1]["to"] == 2**63 - 1
    assert bins["byte"]["bins"][-1]["to"] == 255
    assert bins["moment"]["bins"][0]["from"] == "0001-01-01"
    assert bins["moment"]["bins"][-1]["to"] == "9999-12-31"
    assert {"from": 0.1, "to": 0.15, "count": 30} in bins["score"]["bins"]


def test_json_says_the_shortest_digits(odd_client: TestClient) -> None:
    conversation = odd_client.get(f"/api{ODD}/conversations/60").json()
    assert conversation["columns"]["score"] == 0.1
    assert conversation["columns"]["list"] == [0.1, 0.2, 0.0]
    assert conversation["columns"]["took"] == 0.0
    assert conversation["columns"]["lang"] == "en US"
    assert conversation["metadata"] == {"x": 0.1}
    chosen = "&".join(f"column={name}" for name in ("score", "list", "top", "lang", "price"))
    found = odd_client.get(f"/api{ODD}/search?{chosen}").json()["results"][1]
    assert found["values"] == {
        "score": 0.3, "list": [0.1, 0.2, 0.1], "top": 2**64 - 2, "lang": "de", "price": "9" * 37 + "8",
    }  # fmt: skip
    line = odd_client.get(f"/api{ODD}/export.jsonl?limit=1").json()
    assert (line["score"], line["list"], line["metadata"]) == (0.1, [0.1, 0.2, 0.0], {"x": 0.1})
    assert list(line) == odd(0).column_names  # every column as it was, and none of a folder
    sheet = odd_client.get(f"/api{ODD}/export.csv?limit=1").text
    assert '"p","r",0.1,' in sheet


def test_too_many_keys_are_said_where_one_looks(odd_client: TestClient) -> None:
    datasets = odd_client.get("/api/datasets").json()["datasets"]
    fields = {each["name"]: each for each in datasets[1]["fields"]}
    said = "votes has 5,059 different keys: shown with each conversation, no filters"

    assert fields["metadata.votes"] == {"name": "metadata.votes", "type": "nested", "keys": 5_059}
    assert fields["metadata.model"] == {"name": "metadata.model", "type": "text"}
    assert said in [text for _, text in page(odd_client, KEYS).named("p")]
    refused = odd_client.get(f"/api{KEYS}/search?filter=metadata.votes.judge-3:1")
    assert refused.status_code == 422
    assert "has 5,059 different keys" in refused.json()["error"]


def test_the_page_of_a_row_with_thousands_of_keys_stays_small(odd_client: TestClient) -> None:
    for address in (KEYS, f"{KEYS}/conversations/7", f"{KEYS}/conversations/7/beside/8"):
        text = odd_client.get(address).text
        assert len(text) < 60_000, address
    text = odd_client.get(f"{KEYS}/conversations/7").text
    assert "5,000 keys" in text
    assert "4,900 more: the raw record has them" in text
    assert "other-4999" in odd_client.get(f"{KEYS}/conversations/7/raw").text
    found = odd_client.get(f"/api{KEYS}/conversations/7").json()
    assert len(found["metadata"]["votes"]) == 5_000
