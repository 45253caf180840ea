"""Some shards of a dataset stand, others are built, damaged, gone or fail: the rest is asked, exactly."""

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.conversations.signals.copies import NAMES
from app.errors import NotReady
from app.export.job import Export
from app.index import chunks, jobs, shards
from app.index.build import build
from app.index.shards import planned
from app.library import BUILDING, FAILED, READY, Entry, Library
from app.search.dataset import Dataset
from app.search.request.query import Query
from app.search.results import Result
from app.store.manifest import MANIFEST
from app.web.answers import results_json

from .test_damage import hurt

Row = dict[str, Any]
Write = Callable[..., Path]
SIZES = (100, 80, 60)  # rows of the files, a shard each
ASKED = (
    [("q", "hello OR world"), ("size", "100")],
    [("q", "hello"), ("in", "all"), ("sort", "-prompt_words")],
    [("q", "-reasoning:hello"), ("sort", "random:x"), ("size", "100")],
    [("filter", "trace:complete"), ("sort", "-metadata.score")],
    [("sort", "row"), ("page", "2")],
)


def quiet(_: Entry) -> None:
    """Nobody watches."""


def _without_copies(each: Result) -> Result:
    """Which rows are copies is known when all rows are indexed."""
    signals = {name: value for name, value in each.signals.items() if name not in NAMES}
    return replace(each, signals=signals)


def answers(dataset: Dataset) -> list[Any]:
    """What a dataset answers, each with how many rows it covers, histograms last; that it is not ready."""
    found: list[Any] = []
    for pairs in ASKED:
        query = dataset.query(pairs)
        try:
            results, facets = dataset.search(query, 30.0), dataset.facets(query)
        except NotReady:
            found.append(NotReady)
            continue
        told = [each for each in facets.facets if each.field.name not in NAMES]
        values = [(each.field.name, each.values, each.nulls) for each in told]
        bins = [each.bins for each in told]
        assert (results.covers, results.total) == (facets.covers, facets.total)
        listed = [_without_copies(each) for each in results.results]
        found.append([results.covers, results.total, listed, values, bins])
    return found


@dataclass
class World:
    """A dataset of three shards: its files, a data directory with its whole index, and what one index of
    some files alone answers."""

    folder: Path
    data: Path
    right: Callable[..., list[Any]]


def written(place: Path, rows: list[Row], write: Write) -> Path:
    first = 0
    for number, size in enumerate(SIZES):
        write(place / f"{number}.parquet", rows[first : first + size])
        first += size
    return place


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    rows400: list[Row],
    make_parquet: Write,
    open_at: Callable[..., Dataset],
) -> Iterator[World]:
    place = tmp_path_factory.mktemp("world")
    folder = written(place / "set", rows400, make_parquet)
    made: dict[tuple[int, ...], list[Any]] = {}

    def right(*files: int) -> list[Any]:
        if files not in made:
            own = place / "alone" / "-".join(map(str, files))
            own.mkdir(parents=True)
            for number in files:
                shutil.copy(folder / f"{number}.parquet", own)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(shards, "MOST_ROWS", 500)
                dataset = open_at(own, place / f"data-{own.name}")
            made[files] = answers(dataset)
            dataset.close()
        return deepcopy(made[files])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MOST_ROWS", 100)
        open_at(folder, place / "data").close()
        yield World(folder, place / "data", right)


@pytest.fixture
def library_of(tmp_path: Path, world: World, inline: Any) -> Iterator[Callable[..., Library]]:
    """``library_of()``: the dataset as a new process finds it; with ``whole`` its index is there."""
    made: list[Library] = []

    def opened(folder: Path = world.folder, whole: bool = False) -> Library:
        if whole:
            shutil.copytree(world.data, tmp_path / "data")
        settings = Settings(data_dir=tmp_path / "data", workers=1)
        made.append(Library(settings, [str(folder)], inline.of))
        return made[-1]

    yield opened
    for each in made:
        each.close()


# While it is built


def test_each_shard_that_stands_is_asked_while_the_next_is_built(
    library_of: Callable[..., Library], world: World
) -> None:
    library = library_of()
    seen: dict[tuple[int, ...], list[Any]] = {}

    def watch(entry: Entry) -> None:
        if entry.dataset is not None and (now := tuple(entry.dataset.covered.values())) not in seen:
            seen[now] = answers(entry.dataset)

    library.prepare_all(watch)
    assert [*seen] == [
        (100, 0, 0), (180, 0, 0), (240, 0, 0), (240, 100, 0), (240, 100, 100),
        (240, 180, 100), (240, 180, 180), (240, 240, 180), (240, 240, 240),
    ]  # fmt: skip
    right = {100: world.right(0), 180: world.right(0, 1), 240: world.right(0, 1, 2)}
    right[0] = [NotReady] * len(ASKED)
    for (prompts, reasoning, answer), found in seen.items():
        inside = [prompts, min(prompts, reasoning, answer), reasoning, prompts, prompts]
        for place, rows in enumerate(inside):
            said, expected = found[place], right[rows][place]
            if 0 < rows < prompts:  # histograms have the edges of all rows that stand
                del said[-1]
                expected = expected[:-1]
            assert said == expected, (prompts, reasoning, answer, place)
    assert library.entry("set").state == READY


def test_what_needs_all_rows_waits(library_of: Callable[..., Library], tmp_path: Path) -> None:
    library = library_of()
    said: set[str] = set()

    def watch(entry: Entry) -> None:
        if entry.dataset is not None and entry.dataset.covered["prompt"] == 180:
            with pytest.raises(NotReady) as fault:
                Export.of(entry.dataset, Query(), _choice(), tmp_path)
            said.add(fault.value.sentence)
            assert entry.dataset.rows == 240
            assert entry.dataset.reading(239).row == 239  # of a shard that is not there
            assert entry.dataset.neighbours(Query(), 239) is None
            beside = entry.dataset.neighbours(Query(), 179)
            assert beside is not None
            assert (beside.place, beside.total, beside.after) == (180, 180, None)
            given = results_json(entry.dataset, entry.dataset.search(Query()))
            assert given["covers"] == {"rows": 180, "of": 240}

    library.prepare_all(watch)
    assert said == {
        "only 180 of the 240 rows of 'set' are indexed so far for what is asked: all of them can be written "
        "when the others are"
    }
    assert len(Export.of(library.entry("set").ready(), Query(), _choice(), tmp_path).rows) == 240


def _choice() -> Any:
    from app.export.choice import parse

    return parse([])


# What a new process finds


@pytest.mark.parametrize(
    ("lost", "how"),
    [(0, "gone"), (1, "gone"), (2, "gone"), (0, "manifest"), (1, "version"), (2, "half")],
)
def test_a_shard_that_is_not_there_is_built_while_the_others_answer(
    library_of: Callable[..., Library],
    world: World,
    inline: Any,
    lost: int,
    how: str,
) -> None:
    again = library_of(whole=True)
    source = again.entry("set").source
    assert source is not None
    lose(planned(again.settings.data_dir, source).all[lost].home.published, how)
    seen: list[tuple[int, ...]] = []

    def watch(entry: Entry) -> None:
        if entry.dataset is not None:
            found = entry.dataset.search(entry.dataset.query([("q", "hello"), ("size", "100")]))
            rows = {each.row for each in found.results}
            begin = sum(SIZES[:lost])
            lacking = {*range(begin, begin + SIZES[lost])}
            assert bool(rows & lacking) is (found.covers == 240)
            seen.append((found.covers, len(rows)))

    again.prepare_all(watch)
    assert seen[0][0] == 240 - SIZES[lost]
    assert seen[-1][0] == 240
    assert inline.jobs.count("make_rows") == -(-SIZES[lost] // 5_000)
    entry = again.entry("set")
    assert (entry.state, entry.kept) == (READY, 240 - SIZES[lost])
    assert answers(entry.ready()) == world.right(0, 1, 2)


def lose(place: Path, how: str) -> None:
    """Do away with an index in a data directory that nobody has open."""
    if how == "gone":
        shutil.rmtree(place)
    elif how == "manifest":
        (place / MANIFEST).write_text("{")
    elif how == "version":
        said = json.loads((place / MANIFEST).read_text())
        (place / MANIFEST).write_text(json.dumps({**said, "version": said["version"] - 1}))
    else:  # as a build leaves it that is killed before its manifest is written
        (place / MANIFEST).unlink()
        os.truncate(place / "prompt.duckdb", 4_096)


@pytest.mark.parametrize("hit", [0, 1])
def test_a_shard_that_is_found_damaged_is_left_out_until_it_is_mended(
    library_of: Callable[..., Library], world: World, hit: int
) -> None:
    library = library_of(whole=True)
    library.prepare_all(quiet)
    entry = library.entry("set")
    hurt(entry.ready().folders[hit] / "answer.texts", "flipped")
    entry.verify(threading.Event())
    assert (entry.spoiled, entry.state) == (True, BUILDING)
    seen: list[int] = []

    def watch(each: Entry) -> None:
        if each.dataset is not None:
            seen.append(each.dataset.search(Query()).covers)

    library.prepare_all(watch)
    assert (seen[0], seen[-1]) == (240 - SIZES[hit], 240)
    assert answers(entry.ready()) == world.right(0, 1, 2)


# A shard that cannot be built


def test_where_one_fails_the_others_are_built_and_answer(
    library_of: Callable[..., Library],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merge = jobs.merge_rows

    def failing(pool: Any, source: Any, *rest: Any) -> None:
        if source.rows == SIZES[1]:
            jobs.result(pool.submit(_no_memory))
        merge(pool, source, *rest)

    library = library_of()
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "merge_rows", failing)
        library.prepare_all(quiet)
    entry = library.entry("set")
    assert (entry.state, entry.retried) == (FAILED, True)
    assert entry.error is not None
    assert "more memory" in entry.error.sentence
    dataset = entry.ready()
    assert dataset.covered == {"prompt": 160, "reasoning": 160, "answer": 160}
    found = dataset.search(dataset.query([("q", "hello"), ("in", "all")]))
    assert found.covers == 160
    with pytest.raises(NotReady, match="only 160 of the 240 rows"):
        dataset.order(Query())
    library.retry()
    library.prepare_all(quiet)
    assert entry.state == READY
    assert answers(entry.ready()) == world.right(0, 1, 2)


def _no_memory() -> None:
    raise MemoryError


def test_the_first_one_says_how_the_others_are_read(
    library_of: Callable[..., Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it nothing is built."""
    made: list[int] = []

    def failing(pool: Any, source: Any, *_: Any) -> None:
        made.append(source.rows)
        jobs.result(pool.submit(_no_memory))

    monkeypatch.setattr(jobs, "merge_rows", failing)
    library = library_of()
    library.prepare_all(quiet)
    assert (library.entry("set").state, made) == (FAILED, [100])


def test_a_disk_that_fills_leaves_what_stands(
    library_of: Callable[..., Library],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = chunks.write
    library = library_of()
    count = 0

    def full(path: Path, table: Any) -> None:
        nonlocal count
        count += 1
        if count > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written(path, table)

    with monkeypatch.context() as patch:
        patch.setattr(chunks, "write", full)
        library.prepare_all(quiet)
    entry = library.entry("set")
    assert entry.error is not None
    assert (count, entry.error.code) == (2, "no_space")
    assert entry.ready().search(Query()).covers == 100
    library.retry()
    library.prepare_all(quiet)
    assert answers(entry.ready()) == world.right(0, 1, 2)


def test_a_source_that_changes_while_its_shard_is_built_leaves_the_others(
    library_of: Callable[..., Library],
    tmp_path: Path,
    world: World,
    rows400: list[Row],
    make_parquet: Write,
    inline: Any,
) -> None:
    folder = written(tmp_path / "set", rows400, make_parquet)
    library = library_of(folder)
    changed: list[str] = []

    def watch(entry: Entry) -> None:
        if entry.step == "prompts" and entry.done >= 180 and not changed:
            changed.append(entry.step)
            make_parquet(folder / "1.parquet", rows400[300:390])

    library.prepare_all(watch)
    entry = library.entry("set")
    assert entry.error is not None
    assert entry.error.code == "source_changed"
    assert entry.ready().search(Query()).covers == 100
    library.close()
    inline.jobs.clear()
    again = library_of(folder)
    again.prepare_all(quiet)
    assert inline.jobs.count("make_rows") == 2
    assert again.entry("set").ready().rows == 250


def test_what_another_process_builds_is_asked_shard_by_shard(
    library_of: Callable[..., Library], world: World, inline: Any, wait_for: Callable[..., None]
) -> None:
    library, covered = library_of(), [0]
    entry = library.entry("set")
    assert entry.source is not None
    pieces = planned(library.settings.data_dir, entry.source)
    standing = {("fields", 180): 100, ("fields", 240): 180, ("texts", 0): 240}

    def watch(each: Entry) -> None:
        if each.dataset is not None:
            covered.append(each.dataset.search(Query()).covers)

    begun = threading.Event()

    def first(step: str, done: int, total: int) -> None:
        begun.set()
        wait_for(lambda: covered[-1] == standing.get((step, done), covered[-1]))

    other = threading.Thread(
        target=build, args=(pieces, 1, first, lambda: None, inline.of), daemon=True
    )
    other.start()
    assert begun.wait(60)
    follower = threading.Thread(target=library.prepare_all, args=(watch,), daemon=True)
    follower.start()
    other.join(60)
    follower.join(60)
    assert inline.jobs.count("make_rows") == 3
    assert sorted({*covered}) == [0, 100, 180, 240]
    assert answers(entry.ready()) == world.right(0, 1, 2)
