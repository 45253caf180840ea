"""While an index is built: what can be searched is said, the rest waits, and nothing is counted falsely."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.index import shards
from app.library import Entry, Library
from app.main import create_app

from .conftest import ADDRESS
from .test_pages import TALKS, Elements, heading, page

API = f"/api{TALKS}"


class Held:
    """A dataset whose build stands still at a step, once its prompts can be searched."""

    def __init__(self, path: Path, data: Path, step: str = "texts") -> None:
        settings = Settings(data_dir=data, workers=1)
        self.library = Library(settings, [str(path)])
        self.client = TestClient(
            create_app(settings, self.library), ADDRESS, follow_redirects=False
        )
        self._step = step
        self._reached, self._go = threading.Event(), threading.Event()
        self._builder = threading.Thread(target=self.library.prepare_all, args=(self._watch,))

    def _watch(self, entry: Entry) -> None:
        if entry.dataset is not None and entry.step == self._step:
            self._reached.set()
            assert self._go.wait(120)

    def __enter__(self) -> TestClient:
        self._builder.start()
        assert self._reached.wait(120)
        return self.client

    def __exit__(self, *fault: object) -> None:
        self._go.set()
        self._builder.join(120)
        self.library.close()


@pytest.fixture(scope="module")
def held(talks_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Held(talks_path, tmp_path_factory.mktemp("held")) as client:
        yield client


# Before any part stands


@pytest.mark.parametrize(
    "query",
    [
        "q=zzzz&sort=row",
        "q=zzzz",
        "sort=row&filter=turns%3A1",
        "filter=nothing%3A1",
        "sort=row&facet_q=x",
        "sort=-turns",
        "sort=random%3Ax",
        "column=turns&sort=row",
    ],
)
def test_what_needs_the_index_is_409_and_no_row_counts_as_found(
    building: TestClient, query: str
) -> None:
    answer = building.get(f"{API}/search?{query}")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert "being built" in answer.json()["error"]


@pytest.mark.parametrize(
    "query", ["", "sort=row", "sort=relevance", "q=%20", "q=%22%22", "in=all", "size=10&page=6"]
)
def test_all_rows_in_their_order_need_no_index(building: TestClient, query: str) -> None:
    answer = building.get(f"{API}/search?{query}").json()
    assert answer["total"] == 60
    assert answer["covers"] == {"rows": 60, "of": 60}


@pytest.mark.parametrize("query", ["page=0", "nothing=1&q=a", "q=%2F%5B%2F&sort=row", "size=3&q=a"])
def test_what_cannot_be_taken_is_said_before_that_it_waits(
    building: TestClient, query: str
) -> None:
    assert building.get(f"{API}/search?{query}").status_code == 422


def test_a_search_that_waits_keeps_all_that_was_asked(building: TestClient) -> None:
    query = "?q=two+words&in=answer&filter=turns%3A1&sort=-turns&page=2"
    elements = page(building, TALKS + query, 409)
    assert heading(elements) == "Not available"
    inputs = [a for _, a, _ in elements.found if a.get("name")]
    kept = [(a["name"], a["value"]) for a in inputs if "value" in a]
    assert kept == [
        ("q", "two words"),
        ("typed", "1"),
        ("filter", "turns:1"),
        ("sort", "-turns"),
    ]
    chosen = [a["value"] for a, _ in elements.named("option") if "selected" in a]
    assert chosen == ["answer"]
    asks = [a["hx-get"] for _, a, _ in elements.found if "hx-get" in a]
    assert asks == [TALKS + query, f"{TALKS}/progress?shown="]


def test_what_is_typed_while_it_waits_is_no_fault(building: TestClient) -> None:
    answer = building.get(f"{API}/suggest?q=half")
    assert answer.json() == {"total": None, "of": 0, "choices": []}


# Once the prompts can be searched


def test_the_part_that_stands_is_searched(held: TestClient) -> None:
    found = held.get(f"{API}/search?q=triangle").json()
    assert found["total"] > 0
    assert found["covers"] == {"rows": 60, "of": 60}
    assert held.get(f"{API}/search?q=zzzz&sort=row").json()["total"] == 0
    assert held.get(f"{API}/facets?q=triangle").json()["total"] == found["total"]


@pytest.mark.parametrize(
    "address",
    [
        "search?q=step&in=reasoning",
        "search?q=answer:step",
        "facets?q=step&in=answer",
        "export.jsonl?q=step&in=all",
        "export.manifest.json?q=reasoning:step",
    ],
)
def test_a_part_that_does_not_stand_is_409(held: TestClient, address: str) -> None:
    answer = held.get(f"{API}/{address}")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")


@pytest.mark.parametrize("address", ["", "/facets", "/export", "/conversations/0"])
def test_every_page_of_a_search_waits_for_its_part(held: TestClient, address: str) -> None:
    elements = page(held, f"{TALKS}{address}?q=step&in=reasoning", 409)
    assert "Prompts can be searched." in told(elements)
    asks = [a["hx-get"] for _, a, _ in elements.found if "hx-get" in a]
    assert asks == [
        f"{TALKS}{address}?q=step&in=reasoning",
        f"{TALKS}/progress?shown=prompt",
    ]


def told(elements: Elements) -> str:
    """What the page says of how far the index is."""
    return next(text for _, text in elements.named("div", class_="indexing"))


def test_every_page_says_what_can_be_searched(held: TestClient, building: TestClient) -> None:
    for address in ("/", TALKS, f"{TALKS}?q=triangle", f"{TALKS}/progress?shown=prompt"):
        said = told(page(held, address))
        assert "Prompts can be searched." in said
        assert "load the page again" not in said
    for address in ("/", TALKS, f"{TALKS}/progress"):
        said = told(page(building, address))
        assert "can be searched" not in said
        assert "Rows can be read in their order" in said


def test_what_stands_by_now_is_offered_where_one_is(held: TestClient) -> None:
    here = f"{TALKS}?size=50&page=2"
    answer = held.get(
        f"{TALKS}/progress?shown=", headers={"HX-Current-URL": f"http://127.0.0.1{here}"}
    )
    assert f'href="{here.replace("&", "&amp;")}"' in answer.text
    assert "Prompts can be searched now: load the page again" in answer.text
    assert answer.headers["HX-Trigger"] == "indexed"
    elsewhere = held.get(f"{TALKS}/progress?shown=", headers={"HX-Current-URL": "http://x/y?z=1"})
    assert f'href="{TALKS}"' in elsewhere.text
    assert "HX-Trigger" not in held.get(f"{TALKS}/progress?shown=prompt").headers


# Once a shard of two can be searched


@pytest.fixture(scope="module")
def half(talks_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """40 of 60 rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MOST_ROWS", 40)
        with Held(talks_path, tmp_path_factory.mktemp("half"), "prompts") as client:
            yield client


def test_what_is_covered_is_said_exactly(half: TestClient) -> None:
    found = half.get(f"{API}/search?q=triangle").json()
    assert found["covers"] == {"rows": 40, "of": 60}
    assert half.get(f"{API}/facets?q=triangle").json()["covers"] == {"rows": 40, "of": 60}
    index = half.get("/api/datasets").json()["datasets"][0]["index"]
    assert (index["state"], index["parts"]) == ("building", ["prompt"])
    assert index["covers"] == {"prompt": 40, "reasoning": 0, "answer": 0}
    (every,) = half.get("/api/search?q=triangle").json()["datasets"]
    assert (every["total"], every["covers"]) == (found["total"], {"rows": 40, "of": 60})
    assert every["state"] == "building"


def test_pages_say_what_is_covered(half: TestClient) -> None:
    elements = page(half, TALKS)
    (summary,) = (text for a, text in elements.named("h2") if a.get("id") == "summary")
    assert summary == "Showing 1\u201325 of 40: covers 40 of 60 rows"
    assert "Prompts can be searched in 40 of 60 rows." in told(elements)
    asks = [a["hx-get"] for _, a, _ in elements.found if "hx-get" in a]
    assert f"{TALKS}/progress?shown=prompt&covers=40" in asks
    assert "Prompts can be searched in 40 of 60 rows" in half.get("/").text
    assert "of 40 (60 in all)" in half.get("/search?q=triangle").text
    (export,) = (text for a, text in elements.named("a") if "data-export" in a)
    assert export == "Export"
    empty = page(half, f"{TALKS}?q=nothingofthis")
    (summary,) = (text for a, text in empty.named("h2") if a.get("id") == "summary")
    assert summary == "Nothing found in 40 of 60 conversations"
    assert ": 40 conversations" in " ".join(text for _, text in empty.named("li"))


def test_a_page_is_told_as_more_rows_come(half: TestClient) -> None:
    here = {"HX-Current-URL": f"http://127.0.0.1{TALKS}?size=50"}
    same = half.get(f"{TALKS}/progress?shown=prompt&covers=40", headers=here)
    assert "HX-Trigger" not in same.headers
    assert "load the page again" not in same.text
    before = half.get(f"{TALKS}/progress?shown=prompt&covers=20", headers=here)
    assert before.headers["HX-Trigger"] == "indexed"
    assert "More rows can be searched now: load the page again" in before.text


def test_rows_that_are_not_covered_are_read_and_what_needs_all_waits(half: TestClient) -> None:
    assert half.get(f"{API}/conversations/59").json()["row"] == 59
    assert half.get(f"{TALKS}/conversations/59?q=triangle").status_code == 200
    for address in ("export.jsonl", "export.manifest.json?q=triangle"):
        answer = half.get(f"{API}/{address}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
        assert "only 40 of the 60 rows" in answer.json()["error"]
    waiting = page(half, f"{TALKS}/export", 409)
    assert "Only 40 of the 60 rows" in next(text for a, text in waiting.named("p") if "role" in a)
    assert half.get(f"{API}/search?q=step&in=reasoning").status_code == 409


def test_what_waited_is_answered_when_all_stands(talks_path: Path, tmp_path: Path) -> None:
    held = Held(talks_path, tmp_path)
    with held as client:
        assert client.get(f"{TALKS}?q=step&in=reasoning").status_code == 409
        held._go.set()
        held._builder.join(120)
        assert client.get(f"{TALKS}/progress?shown=prompt").headers["HX-Trigger"] == "indexed"
        assert client.get(f"{API}/search?q=step&in=reasoning").json()["total"] > 0
        assert client.get(f"{API}/export.manifest.json").status_code == 200
