"""One search over all datasets: the count of each, and what those say that do not answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.datasets import totals as everywhere
from app.datasets.totals import LATE, SCANNING, Total
from app.errors import Failed, Scanning, TookTooLong
from app.library import BUILDING, FAILED, READY, Library
from app.main import create_app
from app.search.request.query import parse
from app.web.links import Link
from app.web.search.page import Found, Silent, search

from ..conftest import ADDRESS
from ..test_pages import page


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Four datasets: beetles, spiders, one that is broken, one whose index is not built."""
    folder = tmp_path_factory.mktemp("sets")
    for name, count, word in (
        ("beetles", 3, "beetle"),
        ("spiders", 5, "spider"),
        ("late", 7, "late"),
    ):
        lines = [f'{{"prompt": "{word} {n}", "response": "{n} legs"}}\n' for n in range(count)]
        (folder / f"{name}.jsonl").write_text("".join(lines))
    (folder / "broken.parquet").write_bytes(b"PAR1 none")
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), workers=1)
    files = [
        str(folder / name)
        for name in ("beetles.jsonl", "broken.parquet", "late.jsonl", "spiders.jsonl")
    ]
    made = Library(settings, files)
    for name in ("beetles", "broken", "spiders"):
        made.prepare(made.entry(name), lambda entry: None)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(library: Library) -> TestClient:
    return TestClient(create_app(library.settings, library), ADDRESS, follow_redirects=False)


def counted(client: TestClient, query: str) -> dict[str, Any]:
    found = client.get(f"/api/search{query}").json()["datasets"]
    return {each["name"]: each["total"] for each in found}


@pytest.mark.parametrize(
    ("query", "beetles", "spiders"),
    [
        ("?q=spider", 0, 5),
        ("?q=beetle+OR+spider", 3, 5),
        ("?q=legs", 0, 0),
        ("?q=legs&in=answer", 3, 5),
        ("?q=answer%3A4", 0, 1),
        ("?q=%2Fspider+[12]%2F", 0, 2),
        ("", 3, 5),
    ],
)
def test_the_count_of_each_dataset(
    client: TestClient, query: str, beetles: int, spiders: int
) -> None:
    assert counted(client, query) == {
        "beetles": beetles, "broken": None, "late": None, "spiders": spiders,
    }  # fmt: skip


def test_the_json_says_what_each_covers_and_why_one_does_not_answer(client: TestClient) -> None:
    answer = client.get("/api/search?q=spider")
    assert answer.status_code == 200
    beetles, broken, late, spiders = answer.json()["datasets"]
    assert spiders == {
        "name": "spiders", "total": 5, "covers": {"rows": 5, "of": 5}, "state": "ready", "error": None,
    }  # fmt: skip
    assert (beetles["total"], beetles["covers"]) == (0, {"rows": 3, "of": 3})
    assert (broken["total"], broken["state"]) == (None, "failed")
    assert broken["covers"] == {"rows": 0, "of": 0}
    assert "'broken.parquet' cannot be read as Parquet" in broken["error"]
    assert (late["total"], late["state"], late["covers"]) == (
        None,
        "building",
        {"rows": 0, "of": 7},
    )
    assert "is being built" in late["error"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?q=%2F[%2F", "is no regular expression"),
        ("?q=a&in=response", "'in' is one of prompt"),
        ("?q=" + "a" * 1_001, "1,001 characters"),
        ("?q=a&filter=turns%3A1", "there is no parameter 'filter'; the parameters are: q, in"),
        ("?q=a&q=b", "'q' is given more than once"),
    ],
)
def test_what_cannot_be_taken_is_422(client: TestClient, query: str, said: str) -> None:
    answer = client.get(f"/api/search{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert said in answer.json()["error"]
    elements = page(client, f"/search{query}", 422)
    kept = [a.get("value") for a, _ in elements.named("input") if a.get("id") == "q"]
    assert kept[0] is not None
    assert [a["action"] for a, _ in elements.named("form", class_="search")] == ["/search"]


def test_the_page_leads_to_each_dataset_with_the_search(client: TestClient) -> None:
    elements = page(client, "/search?q=%22spider+1%22&in=all")
    links = {text: a["href"] for a, text in elements.named("a")}
    assert links["spiders"] == "/datasets/spiders?q=%22spider+1%22&in=all"
    assert client.get(links["spiders"]).status_code == 200
    assert links["beetles"] == "/datasets/beetles?q=%22spider+1%22&in=all"
    assert links["JSON"] == "/api/search?q=%22spider+1%22&in=all"
    assert "broken" not in links
    text = client.get("/search?q=%22spider+1%22&in=all").text
    assert "1 conversation in 1 of 4 datasets" in text
    assert "Nothing in 1 dataset" in text
    assert "Cannot be served." in text


def test_a_page_without_a_search_asks_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.search.addresses.totals", lambda *_: 1 / 0)
    for address in ("/search", "/search?q=", "/search?q=%20&in=all"):
        assert "What is typed is counted in each dataset" in client.get(address).text


def test_a_page_that_waits_asks_again_and_gets_nothing_where_nothing_is_new(
    client: TestClient,
) -> None:
    elements = page(client, "/search?q=spider")
    again = next(a["hx-get"] for _, a, _ in elements.found if "hx-get" in a)
    asking = {"HX-Request": "true", "HX-Target": "found"}
    assert client.get(again, headers=asking).status_code == 204
    part = client.get("/search?q=spider&shown=x", headers=asking)
    assert part.text.startswith('<section id="found"')


# Who does not answer in time


def asked(library: Library, seconds: float = 5.0) -> dict[str, tuple[str, int | None]]:
    found = everywhere.totals(
        tuple(library.entries.values()), parse([("q", "legs")], {}), seconds, 0.0
    )
    return {each.name: (each.state, each.total) for each in found}


def test_who_fails_is_told_and_the_others_answer(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = {"beetles": TookTooLong("long"), "spiders": Scanning(2, 5)}
    for name, fault in faults.items():

        def total(*_: object, fault: Exception = fault) -> tuple[int, int]:
            raise fault

        monkeypatch.setattr(library.entry(name).ready(), "total", total)
    assert asked(library) == {
        **{"beetles": (LATE, None), "broken": (FAILED, None)},
        **{"late": (BUILDING, None), "spiders": (SCANNING, None)},
    }
    monkeypatch.setattr(library.entry("beetles").ready(), "total", lambda *_: (1, 2))
    monkeypatch.setattr(library.entry("spiders").ready(), "total", lambda *_: _failing())
    assert asked(library)["beetles"] == (READY, 1)
    assert asked(library)["spiders"] == (FAILED, None)


def _failing() -> int:
    raise Failed("it broke")


def test_the_time_is_that_of_all_together(library: Library) -> None:
    assert asked(library, 0.0) == {
        "beetles": (LATE, None), "broken": (FAILED, None), "late": (BUILDING, None), "spiders": (LATE, None),
    }  # fmt: skip


def test_nobody_waits_for_a_turn_longer_than_that(library: Library) -> None:
    dataset = library.entry("spiders").ready()
    with dataset.asking(5.0, None), dataset.asking(5.0, None), dataset.asking(5.0, None):
        assert asked(library, 0.2)["spiders"] == (LATE, None)
    assert asked(library)["spiders"] == (READY, 0)


# The view


def test_those_that_find_most_come_first() -> None:
    totals = [
        Total("few", READY, 2, 10, 10),
        Total("none", READY, 0, 10, 10),
        Total("built", BUILDING, None, 0, 9, "being built"),
        Total("many", READY, 1_500, 2_000, 2_000),
        Total("failed", FAILED, None, 0, 0, "it broke"),
        Total("late", LATE, None, 0, 9, "too long"),
    ]
    view = search(parse([("q", " a b "), ("in", "all")], {}), totals)
    end = "?q=a+b&in=all"
    assert view.found == (
        Found("many", f"/datasets/many{end}", "1,500", "2,000", 750),
        Found("few", f"/datasets/few{end}", "2", "10", 200),
    )
    assert view.nothing == (Link("none", f"/datasets/none{end}"),)
    assert view.silent == (
        Silent("built", f"/datasets/built{end}", "Being indexed", "Being built"),
        Silent("failed", "", "Cannot be served", "It broke"),
        Silent("late", f"/datasets/late{end}", "No answer in time", "Too long"),
    )
    assert view.summary == "1,502 conversations in 2 of 6 datasets"
    assert view.title == "\u201ca b\u201d in all datasets"
    assert view.goes_on
    assert view.again == f"/search{end}&shown={view.mark}"
    assert not search(parse([("q", "a")], {}), [*totals[:2], *totals[3:]]).goes_on
    assert search(parse([("q", "a")], {}), totals[1:2]).summary == "Nothing found in 1 dataset"
    assert search(parse([("q", "a")], {}), []).summary == "There is no dataset yet"


@pytest.mark.parametrize(
    ("pairs", "total", "way"),
    [
        ([("q", "a b")], 0, "/search?q=a+b&in=all"),
        ([("q", "a b"), ("in", "answer")], 0, "/search?q=a+b&in=all"),
        ([("q", "a b"), ("in", "all")], 0, ""),
        ([("q", "a b")], 1, ""),
    ],
)
def test_where_a_part_has_nothing_all_of_them_are_offered(
    pairs: list[tuple[str, str]], total: int, way: str
) -> None:
    assert search(parse(pairs, {}), [Total("a", READY, total, 10, 10)]).everywhere == way
