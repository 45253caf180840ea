"""The front page: every dataset with what it is, and what of it changes by itself."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.datasets.folder import Below
from app.errors import Failed, OutOfSpace
from app.library import Entry, Library
from app.main import create_app
from app.web.home import page as front
from app.web.home.page import GIVEN, MANY, NAME, Progress, home

from ..conftest import ADDRESS
from ..test_pages import Elements, page

LINE = '{"prompt": "spider", "response": "eight legs"}\n'


def plain(name: str, **given: Any) -> Entry:
    return Entry(name, f"/data/{name}.jsonl", **given)


def names(*entries: Entry, name: str = "", sort: str = GIVEN) -> list[str]:
    return [each.name for each in home(entries, (), name, sort, False).datasets]


def test_the_order_given_and_by_name() -> None:
    entries = [plain("b"), plain("C"), plain("a")]
    assert names(*entries) == ["b", "C", "a"]
    assert names(*entries, sort=NAME) == ["a", "b", "C"]
    view = home(entries, (), "", NAME, False)
    assert [(each.href, each.current) for each in view.sorts] == [
        ("/", False),
        ("/?sort=name", True),
    ]
    assert home(entries[:1], (), "", GIVEN, False).sorts == ()


def test_a_part_of_a_name_narrows_whatever_its_case() -> None:
    entries = [plain("Chat one"), plain("sft"), plain("two CHAT")]
    assert names(*entries, name="chat") == ["Chat one", "two CHAT"]
    view = home(entries, (), "ch&t", NAME, False)
    assert (view.datasets, view.all, view.narrows) == ((), 3, True)
    assert view.sorts == ()
    assert view.again == f"/?name=ch%26t&sort=name&shown={view.mark}"


@pytest.mark.parametrize(("count", "narrows"), [(MANY, False), (MANY + 1, True)])
def test_many_can_be_narrowed(count: int, narrows: bool) -> None:
    view = home([plain(str(number)) for number in range(count)], (), "", GIVEN, False)
    assert view.narrows == narrows


def test_a_build_says_how_far_it_is_and_what_can_be_done_meanwhile() -> None:
    entry = plain("a", step="prompts", done=1_200, total=5_000)
    view = home([entry], (), "", GIVEN, False)
    said = "Reading rows and prompts: 1,200 of 5,000 rows"
    assert view.datasets[0].progress == Progress(1_200, 5_000, said, "")
    assert view.every == 1
    entry.step, entry.done, entry.total = "waiting", 0, 0
    waits = home([entry], (), "", GIVEN, False)
    assert waits.datasets[0].progress == Progress(0, 1, "Waiting", "")
    assert waits.mark != view.mark
    assert waits.mark == home([entry], (), "", GIVEN, False).mark


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("prompts", "Reading rows and prompts: 3 of 5,000 rows"),
        ("texts", "Reading reasoning and answers: 3 of 5,000 rows"),
        ("copying", "Copying large row groups: 3 of 5,000 rows"),
        ("waiting", "Waiting: 3/5,000"),
    ],
)
def test_how_far_a_step_is(step: str, said: str) -> None:
    view = home([plain("a", step=step, done=3, total=5_000)], (), "", GIVEN, False)
    assert view.datasets[0].progress == Progress(3, 5_000, said, "")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, ""),
        (1, ", about 1 second left"),
        (89, ", about 89 seconds left"),
        (90, ", about 2 minutes left"),
        (3_600, ", about 60 minutes left"),
    ],
)
def test_what_a_build_still_takes(seconds: int | None, said: str) -> None:
    assert front._left(seconds) == said


def test_splits_of_configs_stand_in_their_usual_order() -> None:
    told = (
        ("de", "test", 1),
        ("de", "train", 2_000),
        ("en", "other", 3),
        ("en", "validation", 4),
        ("en", "train", 5),
        ("en", "train", 6),
        (None, "train", 7),
        ("it", None, 8),
        (None, None, 9),
    )
    files = [SimpleNamespace(folders={"config": c, "split": s}, rows=n) for c, s, n in told]
    source: Any = SimpleNamespace(files=files)
    assert front._splits(source) == [
        ("de / train", "2,000"),
        ("en / train", "11"),
        ("train", "7"),
        ("en / validation", "4"),
        ("de / test", "1"),
        ("en / other", "3"),
        ("it", "8"),
    ]


def test_a_dataset_that_is_not_read_yet_has_no_figures() -> None:
    view = home([plain("a")], (), "", GIVEN, False)
    (only,) = view.datasets
    assert (only.formats, only.said, only.rows, only.size, only.files) == ((), (), "", "", "")
    assert (view.box.path, view.box.q, view.box.hidden) == ("/search", "", ())


def test_what_failed_says_why_and_is_no_link() -> None:
    entry = plain("a", error=Failed("it broke"))
    view = home([entry, plain("b")], (), "", GIVEN, False)
    assert [(each.href, each.fault, bool(each.progress)) for each in view.datasets] == [
        ("", "It broke", False),
        ("/datasets/b", "", True),
    ]
    assert view.summary == "2 datasets; 1 is being indexed; 1 cannot be served"


def test_what_only_has_no_index_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE)
    library = Library(Settings(data_dir=tmp_path / "data", workers=1), [str(path)])
    library.entry("a").error = OutOfSpace("no space is left")
    view = home([library.entry("a")], (), "", GIVEN, False).datasets[0]
    assert (view.href, view.fault, view.retried) == ("/datasets/a", "No space is left", True)
    client = TestClient(create_app(library.settings, library), ADDRESS)
    said = "No space is left. It is tried again by itself; rows can be read."
    assert said in client.get("/").text
    explorer = client.get("/datasets/a")
    assert explorer.status_code == 200
    assert "no space is left. It is tried again by itself." in explorer.text
    assert client.get("/datasets/a/conversations/0").status_code == 200


def test_when_the_page_asks_again() -> None:
    failed = plain("a", error=Failed("it broke"))
    assert home([failed], (), "", GIVEN, False).every == 0
    assert home([failed], (), "", GIVEN, True).every == 5
    assert home([failed, plain("b")], (), "", GIVEN, True).every == 1


def test_what_is_no_data_is_said_once() -> None:
    below = [
        Below((), ("a.txt", "b")),
        Below((), ("c",)),
        Below((), (), "the folder is gone"),
        Below(),
    ]
    view = home([], below, "", GIVEN, True)
    assert view.ignored == (
        ("2 entries are no data", ("a.txt", "b")),
        ("1 entry is no data", ("c",)),
    )
    assert view.faults == ("The folder is gone",)


# The page itself


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset of splits, one of lines that are none, and what is no data."""
    folder = tmp_path_factory.mktemp("sets")
    for name, count in (("train-0", 3), ("train-1", 2), ("test", 1)):
        path = folder / "split" / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(LINE * count)
    (folder / "split" / "broken.parquet").write_bytes(b"PAR1 none")
    (folder / "lines.jsonl").write_text(LINE + "none\n")
    (folder / "notes.txt").write_text("none")
    return folder


@pytest.fixture(scope="module")
def served(sets: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), workers=1)
    library = Library(settings, [], folders=[str(sets)])
    library.look()
    library.prepare_all(lambda entry: None)
    yield TestClient(create_app(settings, library), ADDRESS, follow_redirects=False)
    library.close()


def rows_of(elements: Elements) -> dict[str, str]:
    found = [text for _, text in elements.named("tr", class_="dataset")]
    return {text.split()[0]: text for text in found}


def test_each_dataset_with_its_format_rows_splits_and_notes(served: TestClient) -> None:
    elements = page(served, "/")
    rows = rows_of(elements)
    assert list(rows) == ["lines", "split"]
    assert rows["lines"] == (
        "lines card prompt and response 1 52 bytes Ready 1 thing not understood"
    )
    assert "train 5 test 1" in rows["split"]
    assert "in 3 files" in rows["split"]
    assert "1 file left out" in rows["split"]
    assert "1 entry is no data" in served.get("/").text
    summary = next(text for a, text in elements.named("h2") if a.get("id") == "datasets-summary")
    assert summary.startswith("2 datasets, 7 conversations, ")
    sizes = {each["name"]: each["size"] for each in served.get("/api/datasets").json()["datasets"]}
    assert sizes == {"lines": len(LINE) + 5, "split": 6 * len(LINE)}


def test_notes_lead_to_where_they_are_told(served: TestClient) -> None:
    links = {text: a["href"] for a, text in page(served, "/").named("a")}
    assert links["1 thing not understood"] == "/datasets/lines#read-as"
    explorer = page(served, "/datasets/lines")
    told = next(text for a, text in explorer.named("div") if a.get("id") == "read-as")
    assert "1 line, first" in told


def test_a_page_that_shows_all_gets_nothing_new(served: TestClient) -> None:
    elements = page(served, "/?name=split")
    again = next(a["hx-get"] for _, a, _ in elements.found if "hx-get" in a)
    asking = {"HX-Request": "true", "HX-Target": "datasets"}
    assert served.get(again, headers=asking).status_code == 204
    part = served.get("/?name=l&shown=old", headers=asking)
    assert part.status_code == 200
    assert part.text.startswith('<section id="datasets"')
    assert list(rows_of(Elements(part.text))) == ["lines", "split"]


@pytest.mark.parametrize("address", ["/?sort=size", "/?nothing=1", "/?name=a&name=b"])
def test_what_cannot_be_taken_is_said(served: TestClient, address: str) -> None:
    assert served.get(address).status_code == 422


def test_a_folder_without_datasets(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    library = Library(settings, [], folders=[str(tmp_path / "sets")])
    client = TestClient(create_app(settings, library), ADDRESS)
    assert "There is no dataset yet." in client.get("/").text


def test_a_newer_state_is_told_on_both_pages(
    tmp_path: Path, inline: Any, wait_for: Callable[..., None]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE)
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    library = Library(settings, [str(path)], inline.of, watched=True)
    library.prepare_all(lambda entry: None)
    client = TestClient(create_app(settings, library), ADDRESS)
    path.write_text(LINE * 4)
    library.look()
    library.look()
    text = page(client, "/")
    row = rows_of(text)["a"]
    assert "A newer state is being indexed. Waiting." in row
    assert "Rows of files that changed can be read again when it stands." in row
    explorer = page(client, "/datasets/a?q=spider")
    again = next(a["hx-get"] for _, a, _ in explorer.found if "hx-get" in a)
    renewing = (
        "A newer state of the files is being indexed: waiting. What is shown is the state before: "
        "its rows can be read again when the new one stands."
    )
    assert renewing in client.get(again).text.replace("\n", " ")
    told = client.get("/datasets/a/conversations/0?q=spider")
    assert told.status_code == 409
    assert "which goes on by itself" in told.text
    assert "start again" not in told.text
    assert 'href="/datasets/a?q=spider">All of a</a>' in told.text
    said = client.get("/api/datasets/a/conversations/0").json()
    assert said["code"] == "source_changed"
    assert "which goes on by itself" in said["error"]
    listed = client.get("/api/datasets").json()["datasets"][0]
    assert (listed["rows"], listed["index"]["state"]) == (1, "ready")
    assert listed["index"]["newer"] == {"state": "building", "done": 0, "total": 4, "error": None}
    library.prepare_all(lambda entry: None)
    here = {"HX-Current-URL": f"{ADDRESS}/datasets/a?q=spider"}
    stands = Elements(client.get(again, headers=here).text)
    assert [a["href"] for a, _ in stands.named("a")] == ["/datasets/a?q=spider"]
    assert not [a for _, a, _ in stands.found if "hx-get" in a]
    assert client.get("/api/datasets/a/conversations/3").status_code == 200
    assert client.get("/api/datasets").json()["datasets"][0]["index"]["newer"] is None
    library.close()
