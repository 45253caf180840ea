"""How a dataset is read, and what was not understood, on the pages where people decide."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app
from app.search.results import NotUnderstood
from app.web.read_as import read_as

from .conftest import ADDRESS
from .test_wording import read


def turns(number: int) -> list[dict[str, Any]]:
    odd = "critic" if number < 3 else "assistant"
    more = {"<b>key": 1} if number == 0 else {}
    return [{"from": "human", "value": "p"}, {"from": odd, "value": "a", "weight": 1, **more}]


@pytest.fixture
def client(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Callable[..., Any]
) -> Iterator[TestClient]:
    rows = [{"conversations": json.dumps(turns(number))} for number in range(5)]
    path = make_parquet(tmp_path / "talks.parquet", rows)
    settings = Settings(data_dir=tmp_path / "data", workers=1, assets="cdn")
    open_at(path, tmp_path / "data").close()
    library = Library(settings, [str(path)])
    library.prepare_all(lambda entry: None)
    yield TestClient(create_app(settings, library), ADDRESS)
    library.close()


@pytest.mark.parametrize("page", ["/datasets/talks", "/datasets/talks/export"])
def test_it_stands_on_the_page(client: TestClient, page: str) -> None:
    html = client.get(page).text

    assert "<code>conversations</code>" in html
    said = read(html)
    assert "Read as turns as JSON in" in said
    assert (
        "Not understood: key \u201cweight\u201d in 5 rows, role \u201ccritic\u201d in 3 rows, "
        "key \u201c<b>key\u201d in 1 row"
    ) in said


@pytest.mark.parametrize("page", ["", "/export"])
def test_nothing_is_said_where_all_was_understood(
    library: Library, settings: Settings, page: str
) -> None:
    made = TestClient(create_app(settings, library), ADDRESS)

    said = read(made.get(f"/datasets/talks{page}").text)

    assert "Read as" in said
    assert "Not understood" not in said


@pytest.mark.parametrize(
    ("count", "shown", "rest", "more"),
    [
        (0, 0, "", 0),
        (1, 1, "", 0),
        (3, 3, "", 0),
        (4, 3, " and 1 more", 4),
        (205, 3, " and 202 more", 101),
    ],
)
def test_the_commonest_are_said_first(
    library: Library, count: int, shown: int, rest: str, more: int
) -> None:
    found = [NotUnderstood("key", f"k{n}", 2_000 - n, 1_000 - n) for n in range(count)]
    source = library.entry("talks").source
    assert source is not None
    made = read_as(source, found)

    line = ", ".join(f"key \u201ck{n}\u201d in {1_000 - n:,} rows" for n in range(shown))
    assert (made.line, len(made.more)) == (line + rest, more)


@pytest.mark.parametrize(
    ("kind", "count", "rows", "said"),
    [
        ("role", 9, 1, "role \u201cn\u201d in 1 row"),
        ("key", 9, 2, "key \u201cn\u201d in 2 rows"),
        ("json", 1, 1, "JSON that does not parse in \u201cn\u201d in 1 row"),
        ("tool", 1, 1, "tool \u201cn\u201d in 1 row"),
        ("surrogate", 2, 2_000, "half a character in \u201cn\u201d in 2,000 rows"),
        ("tag", 1, 1, "tag left in answers \u201cn\u201d in 1 row"),
        ("new", 1, 1, "new \u201cn\u201d in 1 row"),
        ("file", 1, 0, "file \u201cn\u201d"),
        ("line", 1, 0, "1 line, first \u201cn\u201d"),
        ("line", 1_200, 0, "1,200 lines, first \u201cn\u201d"),
    ],
)
def test_each_thing_by_its_kind(kind: str, count: int, rows: int, said: str) -> None:
    source: Any = SimpleNamespace(read_as="turns in `a`, system in `b`")
    made = read_as(source, [NotUnderstood(kind, "n", count, rows)])
    assert made.line == said
    assert made.said == (("turns in ", False), ("a", True), (", system in ", False), ("b", True))
