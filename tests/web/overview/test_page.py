"""The page of the overview: every number leads to just the rows that it counts; its files; odd datasets."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.web.address import Address
from app.web.overview.figure import Figure
from app.web.overview.page import _summary, figures
from app.web.overview.ways import Ways

PAGE, ALL = "/datasets/talks/overview", "/api/datasets/talks/search"
SELECTIONS: tuple[list[tuple[str, str]], ...] = (
    [],
    [("filter", "metadata.model:large"), ("filter", "metadata.model:small")],
    [
        ("filter", "trace:complete"),
        ("filter", "trace:unclosed"),
        ("filter", "reasoning_words:2..20"),
    ],
    [
        ("q", "triangle OR long"),
        ("filter", "-metadata.tags:geometry"),
        ("filter", "answer_words:>=1"),
    ],
    [("filter", "metadata.created:2025-01-05..2025-01-20"), ("filter", "metadata.tags:geometry")],
)


def drawn(library: Library, pairs: list[tuple[str, str]], by: str = "") -> Iterator[Figure]:
    dataset = library.entries["talks"].whole()
    address = Address.of([*pairs, ("by", by)], dataset.fields)
    found = dataset.overview(address.query, address.by)
    yield from figures(found, address, Ways.of("/datasets/talks", address))


def total(client: TestClient, href: str) -> int:
    path, _, asked = href.partition("?")
    assert path == "/datasets/talks"
    answer = client.get(f"{ALL}?{asked}")
    assert answer.status_code == 200, (href, answer.text)
    found: int = answer.json()["total"]
    return found


def counts(figure: Figure) -> Iterator[tuple[str, int]]:
    """Each link of a figure that stands for a number of rows, with that number."""
    for row in figure.table.rows:
        for each in row:
            if each.href and isinstance(each.value, int) and each.text == f"{each.value:,}":
                yield each.href, each.value
            if each.drawing:
                yield from _pieces(each.drawing.pieces)
    if figure.chart:
        yield from _pieces(figure.chart.pieces)


def _pieces(pieces: Any) -> Iterator[tuple[str, int]]:
    for each in pieces:
        told = re.search(r": ([\d,]+)(?: \(|$)", each.label)
        if each.href and told:
            yield each.href, int(told[1].replace(",", ""))


@pytest.mark.parametrize("pairs", SELECTIONS)
def test_every_number_leads_to_its_rows(
    client: TestClient, library: Library, pairs: list[tuple[str, str]]
) -> None:
    asked: dict[str, int] = {}
    for figure in drawn(library, pairs):
        for href, count in counts(figure):
            assert asked.setdefault(href, count) == count, href
    assert len(asked) > 40
    for href, count in asked.items():
        assert total(client, href) == count, href


@pytest.mark.parametrize(
    "by", ["metadata.tags", "metadata.difficulty", "metadata.created", "split"]
)
def test_the_cells_of_a_field_lead_to_their_rows(
    client: TestClient, library: Library, by: str
) -> None:
    pairs = [("filter", f"{by}:{value}") for value in ("geometry", "t1")] * (by == "metadata.tags")
    figure = next(each for each in drawn(library, pairs, by) if each.name == "by")
    linked = [(each, row) for row in figure.table.rows for each in row[1:] if each.href]
    assert bool(linked) == (by != "metadata.tags")
    for each, row in linked:
        own = row[1].value
        assert isinstance(own, int)
        count = each.value if isinstance(each.value, int) else round(own * float(str(each.value)))
        assert total(client, each.href) == count, (by, each)


def test_a_list_without_a_selection_is_linked(client: TestClient, library: Library) -> None:
    figure = next(each for each in drawn(library, [], "metadata.tags") if each.name == "by")
    for row in figure.table.rows:
        assert total(client, row[0].href) == row[1].value


def test_the_page_says_what_is_selected(client: TestClient) -> None:
    whole = client.get(PAGE).text
    assert "All 60 conversations" in whole
    assert "Overview of talks: " not in whole
    assert "What is different here" not in whole
    some = client.get(PAGE, params={"filter": "trace:unclosed", "q": "sum"}).text
    found = client.get(ALL, params={"filter": "trace:unclosed", "q": "sum"}).json()["total"]
    assert f"{found} of 60 conversations" in some
    assert f"Overview of talks: {found} of 60" in some
    assert "What is different here" in some
    assert "Remove the filter trace is cut off" in some
    for part in (
        "What to look at first",
        "Reasoning against answer",
        "Every field",
        "Rows that stand out",
    ):
        assert part in whole
        assert part in some


def test_what_is_covered_is_said(library: Library) -> None:
    dataset = library.entries["talks"].whole()
    found = dataset.overview(dataset.query([("filter", "split:test")]))
    assert _summary(found, 60) == "20 of 60 conversations"
    assert _summary(found, 99) == "20 of 60 conversations: covers 60 of 99 rows"


def test_nothing_found_is_said(client: TestClient) -> None:
    page = client.get(PAGE, params={"q": "nowhereatall"})
    assert page.status_code == 200
    assert "No conversation matches" in page.text


def test_each_figure_is_a_file(client: TestClient) -> None:
    page = client.get(PAGE, params={"filter": "metadata.model:large"}).text
    hrefs = re.findall(r'href="(/datasets/talks/overview/[^"]+)"', page)
    names = {href.partition("?")[0].rpartition("/")[2] for href in hrefs}
    assert {"faults.csv", "faults.svg", "by.csv", "reasoning-words.svg", "fields.csv"} <= names
    for href in map(unescape, hrefs):
        answer = client.get(href)
        assert answer.status_code == 200, href
        if ".svg?" in href:
            assert answer.headers["content-type"] == "image/svg+xml"
            assert ElementTree.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
        else:
            lines = list(csv.reader(io.StringIO(answer.text)))
            assert len({len(line) for line in lines}) == 1, href
            assert len(lines) >= 1


def test_the_table_of_faults_as_a_file(client: TestClient) -> None:
    answer = client.get(f"{PAGE}/faults.csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    told = client.get("/api/datasets/talks/overview").json()["faults"]
    assert [(each["fault"], int(each["rows"])) for each in lines] == [
        (each["name"], each["of"]) for each in told
    ]
    assert lines[0] == {"fault": "cut_off", "rows": "10", "share": "0.166667"}


@pytest.mark.parametrize("name", ["faults.txt", "nothing.csv", "outliers.svg", "x"])
def test_a_file_that_is_none(client: TestClient, name: str) -> None:
    answer = client.get(f"{PAGE}/{name}")
    assert answer.status_code == 404
    assert "here is no figure" in answer.text


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("nowhere", "here is no field"),
        (
            "messages",
            "'messages' is nested, binary or empty: the dataset cannot be looked at by it",
        ),
        ("circles", "'circles' has no value in any row: the dataset cannot be looked at by it"),
    ],
)
def test_a_field_that_cannot_be_looked_at_by(client: TestClient, by: str, said: str) -> None:
    for path in (PAGE, "/api/datasets/talks/overview"):
        answer = client.get(path, params={"by": by})
        assert answer.status_code == 422
        assert said in unescape(answer.text)


ODD: dict[str, list[dict[str, Any]]] = {
    "one": [{"prompt": "p", "response": "a"}],
    "traceless": [{"prompt": f"p {n}", "response": "a"} for n in range(30)],
    "silent": [{"prompt": "", "response": ""} for _ in range(3)],
    "hostile": [
        {
            "prompt": f"<b>&{n}",
            "response": "</svg>\x01",
            "model": f"<script>\x00\u202e{n % 2}\x1b]]>",
        }
        for n in range(9)
    ],
    "ids": [
        {"conversation_id": f"c{n}", "prompt": "p", "response": "a", "kind": f"k{n}"}
        for n in range(201)
    ],
}


@pytest.fixture(scope="module")
def odd(
    tmp_path_factory: pytest.TempPathFactory, client_of: Callable[..., TestClient]
) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("odd-datasets")
    for name, rows in ODD.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    settings = Settings(data_dir=folder / "data", workers=1)
    paths: list[Path] = [folder / f"{name}.parquet" for name in ODD]
    library = Library(settings, [str(each) for each in paths])
    library.prepare_all(lambda entry: None)
    yield client_of(settings, library)
    library.close()


@pytest.mark.parametrize("name", ODD)
def test_odd_datasets_have_a_page(odd: TestClient, name: str) -> None:
    page = odd.get(f"/datasets/{name}/overview")
    assert page.status_code == 200
    assert "No row has any." in page.text
    told = odd.get(f"/api/datasets/{name}/overview").json()
    assert told["total"] == told["of"] == len(ODD[name])
    reasoning = told["lengths"][1]
    assert (reasoning["rows"], reasoning["median"], reasoning["max"]) == (0, None, None)
    assert "<script>\x00" not in page.text
    for href in re.findall(rf'href="(/datasets/{name}/overview/[^"]+)"', page.text):
        answer = odd.get(href)
        assert answer.status_code == 200
        if href.endswith(".svg"):
            ElementTree.fromstring(answer.text)  # noqa: S314  # ours


def test_a_field_of_too_many_values(odd: TestClient) -> None:
    for path in ("/datasets/ids/overview", "/api/datasets/ids/overview"):
        answer = odd.get(path, params={"by": "kind"})
        assert answer.status_code == 422
        assert "at most 200 different values; 'kind' has 201" in unescape(answer.text)
