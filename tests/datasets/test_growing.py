"""A dataset whose files come, change and go: what is indexed already stays, also while it is served."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from app.config import Settings
from app.datasets.opened import Opened
from app.errors import Damaged
from app.library import BUILDING, READY, Entry, Library
from app.search import shards as joining
from app.search.dataset import Dataset

from .test_damage import hurt

Write = Callable[..., Path]
Row = dict[str, Any]
SORTED = [("sort", "-prompt_words"), ("size", "40")]
ASKED = [("q", "hello"), ("in", "all"), ("size", "100"), ("sort", "-prompt_words")]


def quiet(_: Entry) -> None:
    """Nobody watches."""


def answer(dataset: Dataset) -> object:
    found = dataset.search(dataset.query(ASKED), 30.0)
    return found.total, found.results


@pytest.fixture
def folder(tmp_path: Path, make_parquet: Write, rows400: list[Row]) -> Path:
    """Two files of a hundred rows."""
    for number in (1, 2):
        part = rows400[number * 100 : number * 100 + 100]
        make_parquet(tmp_path / "set" / f"{number}.parquet", part)
    return tmp_path / "set"


@pytest.fixture
def library(tmp_path: Path, folder: Path, inline: Any) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    made = Library(settings, [str(folder)], inline.of, watched=True)
    made.prepare_all(quiet)
    yield made
    made.close()


@pytest.fixture
def right(tmp_path: Path, open_at: Callable[..., Dataset], folder: Path) -> Callable[[], object]:
    """``right()``: what an index of the files as they are now, in one shard, answers."""

    def asked() -> object:
        dataset = open_at(folder, tmp_path / f"once-{len(list(tmp_path.iterdir()))}")
        assert len(dataset.folders) == 1
        try:
            return answer(dataset)
        finally:
            dataset.close()

    return asked


def renewed(library: Library) -> Dataset:
    library.look()
    library.look()
    library.prepare_all(quiet)
    return library.entry("set").ready()


def made(inline: Any) -> int:
    """How many chunks were read since it was asked last."""
    count: int = inline.jobs.count("make_rows")
    inline.jobs.clear()
    return count


def test_a_file_that_is_added_costs_itself_while_the_others_are_served(
    library: Library, folder: Path, make_parquet: Write, rows400: list[Row], inline: Any, right: Any
) -> None:
    before = library.entry("set").ready()
    assert made(inline) == 2
    said = answer(before)
    make_parquet(folder / "0.parquet", rows400[300:350])  # its rows come first
    with library.using():
        after = renewed(library)
        assert made(inline) == 1
        assert answer(before) == said
        assert [each.rows for each in after.indexes] == [50, 200]
        assert after.indexes[1] is before.indexes[0]
    library.look()
    assert answer(after) == right()
    entry = library.entry("set")
    assert (entry.kept, entry.shards, entry.total, entry.state) == (200, 2, 250, READY)


def test_deep_pages_are_those_of_the_files_that_are_there_now(
    library: Library,
    folder: Path,
    make_parquet: Write,
    rows400: list[Row],
    tmp_path: Path,
    open_at: Callable[..., Dataset],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is kept of a shard that both states have is kept for each of them."""

    def rows(dataset: Dataset) -> list[int]:
        pages = [[*SORTED, ("page", str(number))] for number in (1, 2, 3)]
        found = [dataset.search(dataset.query(pairs)).results for pairs in pages]
        return [each.row for some in found for each in some]

    monkeypatch.setattr(joining, "SHALLOW", 0)
    make_parquet(folder / "3.parquet", rows400[300:350])
    rows(renewed(library))
    for number, first in ((0, 0), (4, 350)):
        make_parquet(folder / f"{number}.parquet", rows400[first : first + 50])
        after = renewed(library)
        once = open_at(folder, tmp_path / f"once-{number}")
        assert rows(after) == rows(once)
        once.close()


@pytest.mark.parametrize(
    "asked", [("rows", "3,60,120,249"), ("sample", "40:monday")], ids=lambda each: each[0]
)
def test_rows_that_numbers_name_are_those_that_have_them_now(
    library: Library,
    folder: Path,
    make_parquet: Write,
    rows400: list[Row],
    tmp_path: Path,
    open_at: Callable[..., Dataset],
    asked: tuple[str, str],
) -> None:
    """What is kept of a shard is not what its rows were found by when others came before it."""

    def found(dataset: Dataset) -> list[tuple[int, str]]:
        results = dataset.search(dataset.query([asked, ("size", "100")])).results
        return [(each.row, each.prompt) for each in results]

    make_parquet(folder / "3.parquet", rows400[300:350])
    before = found(renewed(library))
    (folder / "3.parquet").rename(folder / "0.parquet")  # as many rows, those of the others later
    after = renewed(library)
    assert after.indexes[1].rows == 200
    once = open_at(folder, tmp_path / "once")
    said = found(after)
    assert (said == found(once), said != before) == (True, True)
    assert after.fingerprint == once.fingerprint
    once.close()


def test_a_file_that_is_gone_or_changed_costs_its_shard(
    library: Library, folder: Path, make_parquet: Write, rows400: list[Row], inline: Any, right: Any
) -> None:
    make_parquet(folder / "3.parquet", rows400[300:350])
    make_parquet(folder / "4.parquet", rows400[350:360])
    renewed(library)
    made(inline)
    (folder / "4.parquet").unlink()
    after = renewed(library)
    assert made(inline) == 1
    assert [each.rows for each in after.indexes] == [200, 50]
    make_parquet(folder / "1.parquet", rows400[:30])
    after = renewed(library)
    assert made(inline) == 2
    assert [each.rows for each in after.indexes] == [130, 50]
    library.look()
    assert answer(after) == right()
    states = [each for each in after.folders[0].parent.iterdir() if each.is_dir()]
    assert sorted(states) == sorted(after.folders)


def test_a_damaged_shard_is_built_anew_and_the_others_stay(
    library: Library, folder: Path, make_parquet: Write, rows400: list[Row], inline: Any, right: Any
) -> None:
    make_parquet(folder / "3.parquet", rows400[300:350])
    before = renewed(library)
    made(inline)
    hurt(before.folders[1] / "prompt.duckdb", "flipped")
    entry = library.entry("set")
    entry.verify(threading.Event())
    assert (entry.spoiled, entry.state) == (True, BUILDING)
    library.prepare_all(quiet)
    assert made(inline) == 1
    assert entry.state == READY
    assert entry.ready().indexes[0].rows == 200
    assert answer(entry.ready()) == right()


def test_columns_that_are_objects_are_those_of_the_first_file(
    library: Library,
    folder: Path,
    make_parquet: Write,
    tmp_path: Path,
    open_at: Callable[..., Dataset],
) -> None:
    """Whichever shard it is in: a first file that says otherwise has the others read anew."""
    texts = [{"prompt": "p", "response": "a", "note": each} for each in ('{"k": 1}', '{"k": 2}')]
    for path in folder.iterdir():
        path.unlink()
    make_parquet(folder / "b.parquet", texts)
    make_parquet(folder / "c.parquet", [{**each, "note": "plain"} for each in texts])
    one = renewed(library)
    assert "note.k" in one.fields
    make_parquet(folder / "d.parquet", [{**each, "note": "plain"} for each in texts])
    assert "note.k" in renewed(library).fields
    make_parquet(folder / "a.parquet", [{**each, "note": "plain"} for each in texts])
    several = renewed(library)
    assert "note.k" not in several.fields
    once = open_at(folder, tmp_path / "once")
    assert several.fields == once.fields
    once.close()


def test_an_index_is_open_once_and_closed_with_its_last_user(
    tmp_path: Path, path400: Path, open_at: Any
) -> None:
    dataset = open_at(path400, tmp_path)
    index, opened = dataset.indexes[0], Opened()
    told: list[str] = []

    def opening(folder: Path, found: Callable[[str], None]) -> Any:
        told.append(folder.name)
        return index

    def first(file: str) -> None: ...

    def second(file: str) -> None: ...

    closed: list[str] = []
    index.close, close = lambda: closed.append("closed"), index.close
    try:
        assert opened.take([index.folder], first, opening) == [index]
        assert opened.take([index.folder], second, opening) == [index]
        assert told == [index.folder.name]
        opened.give([index], first)
        assert closed == []
        opened.give([index], second)
        assert closed == ["closed"]
        index.integrity.damage = "answer.arrow"
        with pytest.raises(Damaged, match="answer.arrow"):
            opened.take([index.folder], first, opening)
    finally:
        close()


def test_what_cannot_be_opened_is_damaged_and_named(tmp_path: Path) -> None:
    def opening(folder: Path, told: Callable[[str], None]) -> Any:
        raise LookupError

    opened = Opened()
    for _ in range(2):
        with pytest.raises(Damaged) as found:
            opened.take([tmp_path / "a"], lambda _: None, opening)
        assert found.value.folder == tmp_path / "a"


def test_rows_of_a_kept_shard_are_read_by_their_new_numbers(
    library: Library, folder: Path, make_parquet: Write, rows400: list[Row]
) -> None:
    make_parquet(folder / "0.parquet", rows400[300:350])
    after = renewed(library)
    texts = [row["prompt"] for row in (*rows400[300:350], *rows400[100:300])]
    for row in (0, 49, 50, 149, 249):
        assert after.reading(row).conversation.prompt == texts[row]
    assert pq.read_metadata(folder / "0.parquet").num_rows == 50
