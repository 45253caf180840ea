"""Damage of an index that is served: nobody is answered wrongly, one line is told, it is built anew."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from app.config import Settings
from app.conversations.formats.looked import Told
from app.conversations.source import open_source
from app.errors import Damaged, NotReady, ThinklensError
from app.index.build import ELSEWHERE, build
from app.index.publish import LOCK, locked
from app.index.shards import planned
from app.library import BUILDING, READY, Entry, Library
from app.search.dataset import Dataset
from app.store import groups, schema
from app.store.in_use import alone
from app.store.manifest import MANIFEST

Row = dict[str, Any]
IDS = "ids.keys"  # stands for the file of keys of the column of the ids
FILES = (
    schema.CONVERSATIONS_FILE,
    schema.RANKS_FILE,
    schema.OPENINGS_FILE,
    *map(schema.part_file, schema.PARTS),
    *map(schema.texts_file, schema.PARTS),
    schema.SHOWN_FILE,
    schema.RECORDS_FILE,
    *map(schema.copies_file, ("prompt", "response")),
    IDS,
)
HOW = ("flipped", "cut", "gone")  # each file in one way, a table and blocks in all
ASKED = ([("q", "hello"), ("in", "all"), ("size", "100")], [("q", "/l+o/")], [("sort", "turns")])


def quiet(_: Entry) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def whole(
    path400: Path, open_at: Callable[..., Dataset], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, object]:
    """A data directory with an index of ``path400``, and what it answers."""
    data = tmp_path_factory.mktemp("whole")
    dataset = open_at(path400, data)
    right = [answer(dataset, pairs) for pairs in ASKED]
    dataset.close()
    return data, right


@pytest.fixture
def library(
    tmp_path: Path, path400: Path, whole: tuple[Path, object], inline: Any
) -> Iterator[Library]:
    """The dataset of ``path400``, its index open."""
    shutil.copytree(whole[0], tmp_path / "data")
    made = Library(Settings(data_dir=tmp_path / "data", workers=1), [str(path400)], inline.of)
    made.prepare_all(quiet)
    yield made
    made.close()


def answer(dataset: Dataset, pairs: list[tuple[str, str]]) -> object:
    found = dataset.search(dataset.query(pairs), 30.0)
    return found.total, found.results


def hurt(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    if how == "flipped":  # much of it: what is not asked for is not read
        for at in range(len(content) // 3, len(content) * 2 // 3, 97):
            content[at] ^= 0xFF
    path.write_bytes(content[: len(content) // 2] if how == "cut" else content)
    if how == "gone":
        path.unlink()


@pytest.mark.parametrize(
    ("name", "how"),
    dict.fromkeys(
        [
            *zip(FILES, cycle(HOW), strict=False),
            *((name, how) for name in (FILES[1], schema.SHOWN_FILE) for how in HOW),
        ]
    ),
)
def test_damage_that_is_found_late_is_mended_by_itself(
    library: Library,
    whole: tuple[Path, Any],
    caplog: pytest.LogCaptureFixture,
    name: str,
    how: str,
) -> None:
    entry = library.entry("sample")
    before = entry.ready()
    if name == IDS:
        name = schema.keys_file(before.fields["conversation_id"].column)
    hurt(before.folders[0] / name, how)
    for pairs, right in zip(ASKED, whole[1], strict=True):
        with suppress(Damaged):
            assert answer(before, pairs) == right
    entry.verify(threading.Event())
    assert entry.spoiled
    assert entry.state == BUILDING
    library.prepare_all(quiet)
    assert entry.state == READY
    assert [answer(entry.ready(), pairs) for pairs in ASKED] == whole[1]
    assert entry.ready() is not before
    entry.verify(threading.Event())
    assert all(each.integrity.verified for each in entry.ready().indexes)
    told = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert told == [f"the index of 'sample' is damaged in {name!r}: it is built anew"]
    folder = before.folders[0]
    assert sorted(each.name for each in folder.parent.iterdir()) == [
        "dataset.json", groups.path_of(folder.parent, [folder.name]).name, "lock", folder.name,
    ]  # fmt: skip


def test_rows_are_shown_while_a_damaged_index_is_built_anew(
    library: Library, wait_for: Callable[..., None]
) -> None:
    entry = library.entry("sample")
    hurt(entry.ready().folders[0] / FILES[0], "flipped")
    entry.verify(threading.Event())
    assert entry.spoiled
    seen: list[tuple[str, int]] = []

    def watch(each: Entry) -> None:
        if each.dataset is None:
            seen.append((each.said, each.shown().reading(3).row))
            with pytest.raises(NotReady):
                each.ready()

    library.prepare_all(watch)
    anew = f"anew, since it was damaged in {FILES[0]!r}"
    assert (f"reading rows and prompts {anew}", 3) in seen
    assert entry.said == "ready"


def test_a_request_that_reads_a_damaged_index_may_end_first(
    library: Library, wait_for: Callable[..., None]
) -> None:
    entry = library.entry("sample")
    before = entry.ready()
    with library.using():
        hurt(before.folders[0] / "answer.texts", "flipped")
        entry.verify(threading.Event())
        assert entry.spoiled
        thread = threading.Thread(target=library.prepare_all, args=(quiet,))
        thread.start()
        wait_for(lambda: entry.dataset is None)
        assert before.search(before.query([("q", "hello")])).total > 0
    thread.join(60)
    assert entry.ready() is not before


def test_a_server_verifies_its_indexes_by_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch, wait_for: Callable[..., None]
) -> None:
    monkeypatch.setattr("app.library.VERIFY", 0.01)
    entry = library.entry("sample")
    before = entry.ready()
    hurt(before.folders[0] / "reasoning.texts", "flipped")
    with library.running(quiet):
        wait_for(lambda: entry.dataset not in (None, before) and entry.state == READY)
        wait_for(lambda: all(each.integrity.verified for each in entry.ready().indexes))


def test_a_damaged_index_that_cannot_be_mended_is_said(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full: rows are shown, a search is told why, and it is tried again."""
    entry = library.entry("sample")
    hurt(entry.ready().folders[0] / "prompt.duckdb", "flipped")
    entry.verify(threading.Event())
    assert entry.spoiled

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    library.prepare_all(quiet)
    assert (entry.retried, entry.shown().reading(7).row) == (True, 7)
    with pytest.raises(ThinklensError, match="no space is left"):
        entry.ready()
    monkeypatch.undo()
    library.retry()
    library.prepare_all(quiet)
    assert entry.state == READY


def test_two_that_build_the_same_build_it_once(
    tmp_path: Path, path400: Path, inline: Any, wait_for: Callable[..., None]
) -> None:
    """The second follows: it opens what the first publishes, and builds nothing."""
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    library = Library(settings, [str(path400)], inline.of)
    source = open_source(str(path400))
    pieces, go_on = planned(settings.data_dir, source), threading.Event()
    seen: list[tuple[str, tuple[str, ...]]] = []

    def watch(entry: Entry) -> None:
        seen.append((entry.said, entry.dataset.parts if entry.dataset else ()))

    def first(step: str, done: int, total: int) -> None:
        if step == "texts":
            wait_for(lambda: (ELSEWHERE, ("prompt",)) in seen)

    def published() -> None:
        go_on.set()

    builder = threading.Thread(
        target=build, args=(pieces, 1, first, published, inline.of), daemon=True
    )
    with locked(pieces.folder):
        builder.start()
        second = threading.Thread(target=library.prepare_all, args=(watch,), daemon=True)
        second.start()
        wait_for(lambda: (ELSEWHERE, ()) in seen)
    builder.join(60)
    second.join(60)
    assert library.entry("sample").state == READY
    assert library.entry("sample").ready().parts == schema.PARTS
    assert inline.jobs.count("merge") == 4
    library.close()
    place = pieces.all[0].home
    with alone(place.published) as unused:
        assert unused
    assert sorted(each.name for each in place.folder.iterdir()) == [
        "dataset.json", groups.path_of(place.folder, [place.fingerprint]).name, LOCK, place.published.name,
    ]  # fmt: skip
    assert (place.published / MANIFEST).is_file()


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_file_that_turns_out_bad_in_the_middle_of_a_build_is_left_out_and_named(
    tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row], inline: Any, bad: int
) -> None:
    """Its footer and first rows can be read, a page further on cannot."""
    paths = [
        make_parquet(tmp_path / "set" / f"{n}.parquet", rows400[n * 100 : n * 100 + 100], group=50)
        for n in range(3)
    ]
    content = bytearray(paths[bad].read_bytes())
    second = pq.read_metadata(paths[bad]).row_group(1).column(1)
    start = second.dictionary_page_offset or second.data_page_offset
    content[start : start + 400] = b"\xff" * 400
    paths[bad].write_bytes(content)
    library = Library(
        Settings(data_dir=tmp_path / "data", workers=1), [str(tmp_path / "set")], inline.of
    )
    library.prepare_all(quiet)
    dataset = library.entry("set").ready()
    assert (library.entry("set").state, dataset.rows) == (READY, 200)
    ids = [dataset.reading(row).record["conversation_id"] for row in range(200)]
    kept = [row["conversation_id"] for n, row in enumerate(rows400[:300]) if n // 100 != bad]
    assert ids == kept
    ((kind, name, count),) = ((each.kind, each.name, each.count) for each in dataset.not_understood)
    assert (kind, count) == ("file", 1)
    assert name.startswith(f"'{bad}.parquet' cannot be read as Parquet")
    library.close()
    strict = Library(
        Settings(data_dir=tmp_path / "strict", workers=1), [str(tmp_path / "set")], inline.of,
        Told(strict=True),
    )  # fmt: skip
    strict.prepare_all(quiet)
    error = strict.entry("set").error
    assert error is not None
    assert f"'{bad}.parquet'" in error.sentence
    strict.close()
