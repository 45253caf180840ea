"""Groups of copies, one group, one of each: pages and JSON over HTTP, and the same everywhere."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.search import by_prompt
from app.web.explorer.copies import copies_form

from ... import forked

LONG = " ".join(f"word{n}" for n in range(40))
PROMPTS = [
    "How many?",
    "how  MANY?",
    "Why?",
    LONG,
    LONG + " more",
    "How many?",
    "",
    "",
    "Why?",
    "!",
]
MODELS = ["a", "b", "a", "a", "b", None, "a", "a", "b", "a"]
ANSWERS = [
    r"<think>So the answer is \boxed{4}.</think>Four of them.",
    "<think>Five. Wait, no.",
    "Because.",
    "x",
    "y",
    r"<think>The answer is 7.</think>Seven.",
    "z",
    "z",
    "Because of it.",
    "w",
]
API = "/api/datasets/copied"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources") / "copied"
    folder.mkdir()
    rows = [
        {"prompt": prompt, "response": answer, "metadata": {"model": model, "n": n % 4}}
        for n, (prompt, answer, model) in enumerate(zip(PROMPTS, ANSWERS, MODELS, strict=True))
    ]
    for number, some in enumerate((rows[:4], rows[4:])):
        pq.write_table(pa.Table.from_pylist(some), folder / f"{number}.parquet")
    return folder


@pytest.fixture(scope="module")
def own(
    tmp_path_factory: pytest.TempPathFactory,
    source: Path,
    client_of: Callable[[Settings, Library], TestClient],
) -> Iterator[TestClient]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("own"), workers=1)
    library = Library(settings, [str(source)])
    library.prepare_all(lambda entry: None)
    yield client_of(settings, library)
    library.close()


def get(client: TestClient, address: str, status: int = 200) -> Any:
    answer = client.get(API + address)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_groups_by_size(own: TestClient) -> None:
    found = get(own, "/copies")
    assert {name: found[name] for name in ("of", "like", "groups", "rows", "page", "pages")} == {
        "of": "prompt", "like": "exact", "groups": 2, "rows": 5, "page": 1, "pages": 1,
    }  # fmt: skip
    first, second = found["listed"]
    assert first == {
        "group": 0,
        "size": 3,
        "prompt": "How many?",
        "fields": {
            "metadata.model": [{"value": value, "count": 1} for value in (None, "a", "b")],
            "trace": [{"value": "complete", "count": 2}, {"value": "unclosed", "count": 1}],
        },
        "words": {"least": 3, "most": 9},
    }
    assert (second["group"], second["size"], second["words"]) == (2, 2, {"least": 1, "most": 3})


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        ("", [(0, 3), (2, 2)]),
        ("?of=prompt&like=exact", [(0, 3), (2, 2)]),
        ("?like=near", [(0, 3), (2, 2), (3, 2)]),
        ("?of=conversation", [(6, 2)]),
        ("?of=response&like=near", [(6, 2)]),
    ],
)
def test_each_kind_of_copies(own: TestClient, asked: str, groups: list[tuple[int, int]]) -> None:
    found = get(own, f"/copies{asked}")
    assert [(each["group"], each["size"]) for each in found["listed"]] == groups
    assert (found["groups"], found["rows"]) == (len(groups), sum(size for _, size in groups))
    page = own.get(f"/datasets/copied/copies{asked}")
    assert page.status_code == 200
    for group, size in groups:
        assert re.search(rf'href="/datasets/copied/copies/{group}[?"]', page.text)
        assert f"{size}</a></td>" in page.text


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("?of=response", 422, "there are no exact copies of response: there are exact of prompt"),
        ("?of=conversation&like=near", 422, "there are no near copies of conversation"),
        ("?of=everything", 422, "'of' is one of prompt, conversation, response"),
        ("?like=all", 422, "'like' is one of exact, near"),
        ("?size=5", 422, "there is no parameter 'size'"),
        ("?page=0", 422, "'page' is a whole number from 1"),
        ("?page=2", 404, "there is no page 2: the last one is 1"),
        ("/0?page=2", 404, "no page 2"),
        ("/9?like=near", 404, "row 9 has no near copies of its prompt"),
        ("/10", 404, "there is no row 10"),
    ],
)
def test_what_is_refused(own: TestClient, asked: str, status: int, said: str) -> None:
    assert said in get(own, f"/copies{asked}", status)["error"]
    assert own.get(f"/datasets/copied/copies{asked}").status_code == status


def test_the_rows_of_a_group(own: TestClient) -> None:
    found = get(own, "/copies/5")  # any of them leads to it
    assert (found["group"], found["size"], found["prompt"]) == (0, 3, "How many?")
    rows = found["rows"]
    assert [each["row"] for each in rows] == [0, 1, 5]
    assert [each["last_result"] for each in rows] == ["4", None, "7"]
    assert [each["values"] for each in rows] == [{"metadata.model": m} for m in ("a", "b", None)]
    assert [each["signals"]["prompt_copies"] for each in rows] == [3, 3, 3]
    page = own.get("/datasets/copied/copies/0").text
    assert page.count("How many?") == 1  # once
    assert "Same prompt: 3 rows" in page
    assert re.findall(r'class="pick" href="([^"]*)"', page) == [
        f"/datasets/copied/copies/0?pick={row}" for row in (0, 1, 5)
    ]
    assert "Same prompt: 1 row<" in own.get("/datasets/copied/copies/6").text


def test_two_rows_are_picked(own: TestClient) -> None:
    page = own.get("/datasets/copied/copies/0?pick=1").text
    assert re.findall(r'class="pick" href="([^"]*)"', page) == [
        "/datasets/copied/conversations/1/beside/0",
        "/datasets/copied/copies/0",
        "/datasets/copied/conversations/1/beside/5",
    ]


def test_a_field_like_any_other(own: TestClient) -> None:
    assert get(own, "/search?filter=prompt_copies:>1")["total"] == 5
    assert get(own, "/search?filter=-near_prompt:null")["total"] == 7
    assert [each["row"] for each in get(own, "/search?sort=-prompt_group&size=10")["results"]] == [
        9, 7, 6, 4, 3, 2, 8, 0, 1, 5,
    ]  # fmt: skip
    (facet,) = get(own, "/facets?facet=near_prompt")["facets"]
    assert (sum(each["count"] for each in facet["bins"]), facet["nulls"]) == (7, 3)
    lines = own.get(f"{API}/export.jsonl?signals=prompt_copies,near_response").text.splitlines()
    assert [json.loads(line)["prompt_copies"] for line in lines] == [3, 3, 2, 1, 1, 3, 1, 1, 2, 1]
    assert [json.loads(line)["near_response"] for line in lines][6:8] == [6, 6]
    signals = get(own, "/conversations/5")["signals"]
    assert (signals["prompt_copies"], signals["prompt_group"]) == (3, 0)


KEPT = [
    ("one=prompt", [0, 2, 3, 4, 6, 7, 9]),
    ("one=prompt&keep=longest", [0, 3, 4, 6, 7, 8, 9]),
    ("one=prompt&keep=shortest", [1, 2, 3, 4, 6, 7, 9]),
    ("one=near_prompt&keep=-metadata.n", [1, 2, 3, 6, 7, 9]),
    ("one=conversation", [0, 1, 2, 3, 4, 5, 6, 8, 9]),
    ("one=prompt&filter=metadata.model:b", [1, 4, 8]),
]


@pytest.mark.parametrize(("asked", "rows"), KEPT)
def test_one_of_each_is_the_same_everywhere(
    own: TestClient, source: Path, asked: str, rows: list[int], tmp_path: Path
) -> None:
    found = get(own, f"/search?{asked}&size=10")
    assert (found["total"], [each["row"] for each in found["results"]]) == (len(rows), rows)
    facets = get(own, f"/facets?{asked}")
    assert facets["total"] == len(rows)
    exported = own.get(f"{API}/export.jsonl?{asked}").text
    assert [json.loads(line)["response"] for line in exported.splitlines()] == [
        ANSWERS[row] for row in rows
    ]
    manifest = get(own, f"/export.manifest.json?{asked}")
    assert manifest["rows"] == len(rows)
    assert manifest["query"]["one"] == asked.partition("=")[2].partition("&")[0]
    page = own.get(f"/datasets/copied?{asked}").text
    assert f"Showing 1\u2013{len(rows)} of {len(rows)} of 10" in page
    assert f"Export {len(rows)}" in own.get(f"/datasets/copied/export?{asked}").text
    options = [f"--{each}" for each in asked.split("&")]
    data = str(own.app.state.settings.data_dir)  # type: ignore[attr-defined]
    at = tmp_path / "o.jsonl"
    written = forked.run("export", source, "-o", at, "--data-dir", data, *options)
    assert written.returncode == 0, written.stderr
    assert at.read_text() == exported


def test_the_control_of_the_list(own: TestClient) -> None:
    page = own.get("/datasets/copied?q=how&filter=prompt_copies:3").text
    assert '<select id="one" name="one">' in page
    assert '<select id="keep"' not in page
    chosen = own.get("/datasets/copied?one=near_prompt&keep=random:7").text
    assert '<option value="near_prompt" selected>' in chosen
    assert '<option value="random:7" selected>Any, by chance 7</option>' in chosen
    assert "one of each prompt, near ones too: any, by chance 7" in chosen
    export = own.get("/datasets/copied/export?one=prompt&keep=-metadata.n").text
    assert "one of each prompt: the one with the highest n" in export


def test_the_form_takes_everything_along(own: TestClient) -> None:
    page = own.get("/datasets/copied?q=how&in=all&filter=prompt_copies:3&sort=-answer_words").text
    form = page[page.index('aria-label="Copies"') :]
    hidden = re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("<select")])
    assert hidden == [
        ("q", "how"), ("in", "all"), ("filter", "prompt_copies:3"), ("sort", "-answer_words"),
    ]  # fmt: skip


def test_no_control_before_copies_are_known() -> None:
    from app.web.address import Address

    assert copies_form(Address(), {}) is None


def test_the_way_to_other_rows_of_the_prompt(own: TestClient) -> None:
    page = own.get("/datasets/copied/conversations/5").text
    assert 'href="/datasets/copied?filter=prompt_group%3A0&amp;pick=5"' in page
    assert "2 other rows with this prompt" in page
    assert "with this prompt" not in own.get("/datasets/copied/conversations/6").text


def test_prompts_by_model(own: TestClient) -> None:
    found = get(own, "/copies/by")
    assert (found["field"], found["prompts"], found["page"], found["pages"]) == (
        "metadata.model", 2, 1, 1,
    )  # fmt: skip
    first, second = found["lines"]
    assert (first["group"], first["size"], first["prompt"]) == (0, 3, "How many?")
    assert first["words"] == {"least": 3, "most": 9}
    assert first["agreement"] == 0.5  # 4 and 7, the third states none
    assert [(c["value"], c["row"], c["rows"], c["last_result"]) for c in first["cells"]] == [
        ("a", 0, 1, "4"), ("b", 1, 1, None), (None, 5, 1, "7"),
    ]  # fmt: skip
    assert [(c["value"], c["words"], c["trace"]) for c in second["cells"]] == [
        ("a", 1, "none"), ("b", 3, "none"),
    ]  # fmt: skip
    assert second["agreement"] is None
    page = own.get("/datasets/copied/copies/by").text
    assert "2 prompts that several rows have" in page
    assert "50%" in page
    assert '<strong dir="auto">7</strong>' in page


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        ("?sort=size", [0, 2]),
        ("?sort=spread", [0, 2]),
        ("?only=cut", [0]),
        ("?only=results", [0]),
        ("?field=trace", [0, 2]),
    ],
)
def test_which_prompts_stand_first(own: TestClient, asked: str, groups: list[int]) -> None:
    assert [each["group"] for each in get(own, f"/copies/by{asked}")["lines"]] == groups
    assert own.get(f"/datasets/copied/copies/by{asked}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("?field=nothing", 422, "there is no field 'nothing'"),
        ("?field=answer_words", 422, "'answer_words' cannot be the columns"),
        ("?sort=up", 422, "'sort' is one of size, spread"),
        ("?only=no", 422, "'only' is one of results, cut"),
        ("?of=prompt", 422, "there is no parameter 'of'"),
        ("?page=2", 404, "there is no page 2: the last one is 1"),
    ],
)
def test_what_no_table_is_made_of(own: TestClient, asked: str, status: int, said: str) -> None:
    assert said in get(own, f"/copies/by{asked}", status)["error"]
    assert own.get(f"/datasets/copied/copies/by{asked}").status_code == status


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], ("", None)),
        (["4"], ("4", None)),
        (["4", None, None], ("4", None)),
        (["4", "5", "4", None], ("4", 2 / 3)),
        (["5", "4"], ("5", 0.5)),
        (["7", "50%", "0.5", "5/10"], ("50%", 3 / 4)),
    ],
)
def test_agreement(results: list[str | None], expected: tuple[str, float | None]) -> None:
    assert by_prompt.agreement(results) == expected


def test_values_that_are_no_columns_are_counted(
    own: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_prompt, "MOST_COLUMNS", 2)
    found = get(own, "/copies/by")
    assert found["others"] == 1
    assert [[c["value"] for c in line["cells"]] for line in found["lines"]] == [["a", "b"]] * 2
    assert "other values, which are no columns: 1." in own.get("/datasets/copied/copies/by").text
