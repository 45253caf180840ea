"""The datasets of one process: names, order, states, and what becomes of faults."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.conversations.source import open_source
from app.datasets import entry as entries
from app.datasets import preparing
from app.errors import CannotBeAsked, Failed, NotFound, NotReady, SourceChanged, Unreadable
from app.index.publish import home
from app.library import BUILDING, FAILED, READY, Entry, Library
from app.main import create_app
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.store import groups, schema
from app.store.blocks import Writer

Row = dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", workers=1)


def quiet(_: Entry) -> None:
    """Nobody watches."""


@pytest.fixture
def path(tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]) -> Path:
    return make_parquet(tmp_path / "set" / "rows.parquet", rows400[:50])


def clocked(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    """Time is the test's, for entries and for what builds them."""
    monkeypatch.setattr(entries, "time", clock)
    monkeypatch.setattr(preparing, "time", clock)


def test_names(settings: Settings, path: Path) -> None:
    paths = [str(path), str(path.parent), str(path), f"{path.parent}/*.parquet", str(path)]
    library = Library(settings, paths)
    assert list(library.entries) == ["rows", "set", "rows-2", "set-2", "rows-3"]
    assert [entry.path for entry in library.entries.values()] == paths
    with pytest.raises(NotFound, match="'other'"):
        library.entry("other")


def test_from_waiting_to_ready(settings: Settings, path: Path, inline: Any) -> None:
    library = Library(settings, [str(path)], inline.of)
    entry = library.entry("rows")
    assert (entry.state, entry.step, entry.done, entry.total) == (BUILDING, "waiting", 0, 50)
    with pytest.raises(NotReady, match="being built \\(0 of 50 rows\\)"):
        entry.ready()
    assert entry.shown().reading(3).row == 3
    with pytest.raises(NotFound):
        entry.shown().reading(50)
    seen: list[tuple[str, int]] = []
    library.prepare_all(lambda each: seen.append((each.step, each.done)))
    assert entry.state == READY
    assert seen[0] == ("prompts", 0)
    assert [step for step in dict(seen) if (step, 50) in seen] == [
        "prompts", "fields", "texts", "reasoning", "answer", "copies", "ready",
    ]  # fmt: skip
    assert seen[-1] == ("ready", 50)
    assert entry.built.is_set()
    assert entry.ready().rows == 50
    assert entry.changed() == ""


@pytest.mark.parametrize(
    ("step", "done", "said", "seconds"),
    [
        ("waiting", 0, "waiting", None),
        ("copying", 500, "copying large row groups", None),
        ("prompts", 0, "reading rows and prompts", None),
        ("prompts", 44, "reading rows and prompts", None),  # a fiftieth of the build is too little
        ("prompts", 45, "reading rows and prompts", 4_838),
        ("prompts", 500, "reading rows and prompts", 344),
        ("fields", 0, "putting fields and prompts together", 122),
        ("fields", 1_000, "putting fields and prompts together", 100),
        ("texts", 500, "reading reasoning and answers", 48),
        ("reasoning", 500, "putting reasoning and answers together", 10),
        ("answer", 0, "putting answers together", 4),
        ("answer", 1_000, "putting answers together", 0),
        ("ready", 1_000, "ready", None),
    ],
)
def test_what_a_build_still_takes(
    monkeypatch: pytest.MonkeyPatch,
    clock: Any,
    step: str,
    done: int,
    said: str,
    seconds: int | None,
) -> None:
    """After 100 seconds, by the share of the build that is done."""
    clocked(monkeypatch, clock)
    entry = Entry("d", "p", step=step, done=done, total=1_000, began=clock.now)
    clock.now += 100
    assert (entry.said, entry.seconds_left) == (said, seconds)
    assert replace(entry, error=Failed("it broke")).seconds_left is None


def test_a_build_without_rows_and_one_that_just_began(
    monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    clocked(monkeypatch, clock)
    entry = Entry("d", "p", step="texts", began=clock.now)
    assert entry.seconds_left == 0
    clock.now += 10
    assert entry.seconds_left == 10


def test_time_is_counted_from_where_the_build_began(
    settings: Settings,
    path: Path,
    inline: Any,
    monkeypatch: pytest.MonkeyPatch,
    clock: Any,
) -> None:
    """Not from when the dataset was named: others may have been built before it."""
    clocked(monkeypatch, clock)
    library = Library(settings, [str(path)], inline.of)
    entry = library.entry("rows")
    clock.now += 1_000
    left: dict[str, int | None] = {}

    def watch(each: Entry) -> None:
        clock.now = each.began + 100
        left.setdefault(each.step, each.seconds_left)

    library.prepare_all(watch)
    assert entry.began == 2_000.0
    assert left["texts"] == 100
    library.close()


def test_a_bad_dataset_beside_a_good_one(
    settings: Settings, path: Path, tmp_path: Path, inline: Any
) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not")
    library = Library(settings, [str(tmp_path / "bad.parquet"), str(path)], inline.of)
    library.prepare_all(quiet)
    bad, good = library.entries.values()
    assert (bad.state, good.state) == (FAILED, READY)
    with pytest.raises(Unreadable, match=r"'bad\.parquet' cannot be read"):
        bad.ready()
    assert bad.built.is_set()
    assert good.ready().rows == 50


def test_those_with_an_index_come_first(
    settings: Settings, path: Path, tmp_path: Path, inline: Any
) -> None:
    Library(settings, [str(path)], inline.of).prepare_all(quiet)
    pq.write_table(pq.read_table(path), tmp_path / "new.parquet")
    library = Library(settings, [str(tmp_path / "new.parquet"), str(path)], inline.of)
    done: list[str] = []
    library.prepare_all(lambda each: done.append(each.name) if each.built.is_set() else None)
    assert done == ["rows", "new"]


def test_prompts_can_be_searched_while_the_rest_is_built(
    settings: Settings, path: Path, inline: Any
) -> None:
    library = Library(settings, [str(path)], inline.of)
    seen: dict[str, tuple[str, ...]] = {}

    def watch(entry: Entry) -> None:
        if entry.dataset is None or entry.state != BUILDING:
            return
        seen.setdefault(entry.step, entry.ready().parts)
        assert found(entry.ready(), "prompt") > 0
        missing = set(schema.PARTS) - set(entry.ready().parts)
        for part in missing | ({"all"} if missing else set()):
            with pytest.raises(NotReady, match="cannot be searched yet") as refused:
                found(entry.ready(), part)
            assert refused.value.status == 409

    library.prepare_all(watch)
    entry = library.entry("rows")
    assert entry.state == READY
    assert seen == {
        "fields": ("prompt",),
        "texts": ("prompt",),
        "reasoning": ("prompt",),
        "answer": ("prompt", "reasoning"),
        "copies": schema.PARTS,
    }
    assert entry.ready().parts == schema.PARTS
    assert found(entry.ready(), "all") >= found(entry.ready(), "reasoning") > 0
    library.close()


class Ended(Exception):
    """The process ends here, as far as a build can tell."""


@pytest.mark.parametrize("step", ["prompts", "fields", "texts", "reasoning", "answer"])
def test_an_unfinished_build_is_finished_by_the_next_start(
    settings: Settings, path: Path, tmp_path: Path, inline: Any, step: str
) -> None:
    def end(entry: Entry) -> None:
        if entry.step == step and not entry.built.is_set():
            raise Ended

    first = Library(settings, [str(path)], inline.of)
    first.prepare_all(end)
    assert first.entry("rows").state == FAILED
    asked = first.entry("rows").dataset
    if step in ("texts", "reasoning", "answer"):  # what was published is served
        assert asked is not None
        assert found(asked, "prompt") > 0
    first.close()
    inline.jobs.clear()
    second = Library(settings, [str(path)], inline.of)
    opened: list[bool] = []
    second.prepare_all(lambda entry: opened.append(entry.dataset is not None))
    assert opened[0] == (asked is not None)
    assert inline.jobs.count("merge") == {"texts": 2, "reasoning": 2, "answer": 1}.get(step, 4)
    whole = Library(Settings(data_dir=tmp_path / "whole", workers=1), [str(path)], inline.of)
    whole.prepare_all(quiet)
    again, undisturbed = second.entry("rows").ready(), whole.entry("rows").ready()
    for part in (*schema.PARTS, "all"):
        assert results(again, part) == results(undisturbed, part)
    folder = again.folders[0]
    assert sorted(each.name for each in folder.parent.iterdir()) == [
        "dataset.json", groups.path_of(folder.parent, [folder.name]).name, "lock", folder.name,
    ]  # fmt: skip
    second.close()
    whole.close()


FILES = (
    schema.CONVERSATIONS_FILE,
    *map(schema.part_file, schema.PARTS),
    *map(schema.texts_file, schema.PARTS),
    schema.SHOWN_FILE,
    schema.RECORDS_FILE,
    schema.RANKS_FILE,
)
DAMAGE = ("garbage", "empty", "cut", "zeros", "gone", "no tables")


@pytest.fixture(scope="module")
def whole(
    path400: Path, open_at: Callable[..., Dataset], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, object]:
    """A data directory with an index of ``path400``, and what a search in it finds."""
    data = tmp_path_factory.mktemp("whole")
    dataset = open_at(path400, data)
    right = results(dataset, "all")
    dataset.close()
    return data, right


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *((name, damage) for name in (FILES[0], FILES[4]) for damage in DAMAGE),
        *((FILES[7], damage) for damage in ("cut", "gone", "no tables")),
        *((name, "cut") for name in (FILES[1], FILES[3], FILES[5], FILES[8])),
        *((FILES[9], damage) for damage in ("cut", "gone", "zeros")),
    ],
)
def test_a_damaged_index_is_built_anew(
    settings: Settings,
    path400: Path,
    whole: tuple[Path, object],
    inline: Any,
    name: str,
    damage: str,
) -> None:
    shutil.copytree(whole[0], settings.data_dir)
    damaged(next(settings.data_dir.rglob(name)), damage)
    library = Library(settings, [str(path400)], inline.of)
    library.prepare_all(quiet)
    entry = library.entry("sample")
    assert entry.state == READY
    assert results(entry.ready(), "all") == whole[1]
    library.close()


def damaged(file: Path, damage: str) -> None:
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage != "no tables":
        cut = content[: len(content) // 2]
        made = {"garbage": b"x" * 9_000, "empty": b"", "cut": cut, "zeros": bytes(len(content))}
        file.write_bytes(made[damage])
    elif file.suffix != ".duckdb":  # whole, and of nothing
        with Writer(file):
            pass
    else:
        file.unlink()
        duckdb.connect(str(file)).close()


def test_what_a_build_left_beside_a_removed_index_is_not_published(
    settings: Settings, path: Path, inline: Any
) -> None:
    """A build ended while it merged, then somebody took the published index away."""

    def end(entry: Entry) -> None:
        if entry.step == "reasoning" and not entry.built.is_set():
            raise Ended

    first = Library(settings, [str(path)], inline.of)
    first.prepare_all(end)
    first.close()
    here = home(settings.data_dir, open_source(str(path)))
    shutil.rmtree(here.published)
    for part in ("reasoning", "answer"):
        (here.out / schema.texts_file(part)).write_bytes(b"half")
        (here.out / schema.part_file(part)).write_bytes(b"half")
    library = Library(settings, [str(path)], inline.of)
    library.prepare_all(quiet)
    assert library.entry("rows").state == READY
    assert found(library.entry("rows").ready(), "reasoning") > 0
    library.close()


def found(dataset: Dataset, part: str) -> int:
    """How many conversations a search in a part finds."""
    query = queries.parse([("q", "hello"), ("in", part)], dataset.fields)
    return dataset.search(query).total


def results(dataset: Dataset, part: str) -> object:
    """What a search in a part finds, all of it."""
    asked = [("q", "hello"), ("in", part), ("size", "100")]
    return dataset.search(queries.parse(asked, dataset.fields)).results


def test_a_fault_that_nobody_foresaw_is_one_sentence(
    settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(preparing, "build", broken)
    library = Library(settings, [str(path)])
    library.prepare_all(quiet)
    with pytest.raises(CannotBeAsked, match="log has the reason") as failed:
        library.entry("rows").ready()
    assert "secret" not in failed.value.sentence


def test_a_source_that_vanished_before_its_build(settings: Settings, path: Path) -> None:
    library = Library(settings, [str(path)])
    path.unlink()
    library.prepare_all(quiet)
    with pytest.raises(SourceChanged, match="is gone"):
        library.entry("rows").ready()


def test_a_file_whose_name_is_no_text_fails_alone(
    settings: Settings, tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    folder = tmp_path / "sets"
    folder.mkdir()
    for name in (b"bad\xff.parquet", b"good.parquet"):
        made = make_parquet(tmp_path / "x.parquet", [{"prompt": "p", "response": "r"}])
        made.rename(folder / os.fsdecode(name))
    library = Library(settings, [], folders=[str(folder)])
    library.look()
    library.prepare_all(quiet)
    client = TestClient(create_app(settings, library), "http://localhost")
    assert {name: each.state for name, each in library.entries.items()} == {
        "bad?": FAILED,
        "good": READY,
    }
    for address in ("/", "/api/datasets", "/api/search?q=p", "/search?q=p", "/datasets/good"):
        assert client.get(address).status_code == 200, address
    assert client.get("/datasets/bad%3F").status_code == 409
    library.close()
