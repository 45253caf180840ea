"""Shared fixtures: Parquet files written from plain rows, and datasets built from them.

A test module states its rows; these build the index in this process (quick, and faults can be
injected), while ``tests/faults`` runs the real command with its processes.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, settings

from app.conversations.source import open_source
from app.index import shards
from app.index.build import build
from app.index.shards import planned
from app.search.dataset import Dataset, Limits
from app.search.shard.index import Index, files_of
from app.store.database import Database

from . import forked
from .shared import Shared, key_of

Row = dict[str, Any]

# PyArrow looks for it with each column that it makes of plain values: where it is not there, all of the
# path is searched each time.
if find_spec("dateutil") is None:
    sys.modules["dateutil"] = None  # type: ignore[assignment]

# The same examples every time, so that no test fails by chance: new ones are looked for by hand,
# with --hypothesis-profile=default. A mutation run needs no smaller example of what it finds.
settings.register_profile("steady", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile(
    "mutation", settings.get_profile("steady"), phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("steady")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time tests wait for processes, a browser or a limit."""
    return (os.cpu_count() or 1) + 1


# The files that take longest begin first, so that no process works alone at the end.
LONG = (
    *("tests/browser/", "tests/faults/", "tests/datasets/", "tests/search/test_", "tests/index/"),
    *("tests/test_library", "tests/test_cli"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


WORDS = (  # noqa: SIM905
    "hello world triangle area proof Straße STRASSE привет мир 你好 東京 日本語 한국어 हिन्दी ไทย "
    "42 3.14 C++ don't value of the a _x naïve cafe\u0301 ﬁne x² İzmir ½ foo.bar() مرحبا שלום 😀 OR-gate"
).split()
TRACES = (
    ("complete", "<think>\n{r}\n</think>\n\n{a}"),
    ("unclosed", "<think>\n{r}"),
    ("unopened", "{r}\n</think>\n\n{a}"),
    ("empty", "<think>\n\n</think>\n\n{a}"),
    ("multiple", "<think>\n{r}\n</think>\n\n{a}\n<think>\n{r}\n</think>\n{a}"),
    ("none", "{a}"),
)


class Inline(Executor):
    """Runs what is submitted at once, in this process; ``jobs`` names what ran."""

    def __init__(self) -> None:
        self.jobs: list[str] = []

    @contextmanager
    def of(self, workers: int) -> Iterator[Executor]:
        """Itself, whatever the number of workers: what builds take as their pool."""
        yield self

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.jobs.append(fn.__name__)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def sample_rows(count: int, seed: int = 1) -> list[Row]:
    """Rows like those of the first dataset, the same for the same seed."""
    rng = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))

    rows: list[Row] = []
    for number in range(count):
        trace, template = TRACES[number % len(TRACES)]
        response = template.format(r=text(30), a=text(20))
        prompt = text(12)
        turns = [
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": response},
        ]
        rows.append(
            {
                "conversation_id": f"c{number:05d}",
                "prompt": prompt,
                "response": response,
                "messages": turns,
                "metadata": {
                    "model": rng.choice(["alpha", "beta", "gamma", None]),
                    "score": rng.choice([None, rng.randint(-50, 5_000)]),
                    "share": rng.choice([None, rng.random(), float("nan"), float("inf")]),
                    "complete": rng.choice([True, False, None]) if number else True,
                    "trace": trace,
                },
            }
        )
    return rows


def write_parquet(path: Path, rows: Sequence[Row] | pa.Table, group: int = 64) -> Path:
    """Write rows (or a table) as Parquet in row groups of so many rows."""
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=group)
    return path


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def open_dataset(path: Path, data_dir: Path, limits: Limits | None = None) -> Dataset:
    """The dataset at a path, its index built in this process if need be."""
    limits = limits or Limits(30.0, 30.0)
    pieces = planned(data_dir, open_source(str(path)))
    build(pieces, 1, silent, pool_of=Inline().of)
    pieces = pieces.again
    folders = [each.home.published for each in pieces.all]
    return Dataset(pieces.source, open_indexes(folders, limits.scan), limits)


def open_indexes(folders: Sequence[Path], scan_seconds: float) -> list[Index]:
    """The indexes in these folders, open in one DuckDB."""
    files = (file for folder in folders for file in files_of(folder))
    with Database(files, 128) as database:
        return [Index(folder, database, scan_seconds) for folder in folders]


def open_parted(path: Path, data_dir: Path, cuts: Sequence[int]) -> Dataset:
    """The same of several shards, which begin at these files."""
    source = open_source(str(path))
    spans = list(pairwise([0, *cuts, len(source.files)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "_packed", lambda source, first, last: iter(spans))
        patch.setattr(shards, "MOST_SMALL", len(spans))
        return open_dataset(path, data_dir)


def open_ranges(path: Path, data_dir: Path, rows: int) -> Dataset:
    """The same of shards of so many rows, and of ranges of files that have more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MOST_ROWS", rows)
        patch.setattr(shards, "MOST_SMALL", 100)
        return open_dataset(path, data_dir)


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for what another thread or process is about to do; only a hang takes so long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.005)


class Clock:
    """Stands for the module ``time`` where a test says how late it is."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(scope="session", autouse=True)
def program_that_forks() -> Iterator[None]:
    """Ends what ``forked.run`` has started, with the session."""
    yield
    forked.end()


@pytest.fixture(scope="session")
def wait_for() -> Callable[..., None]:
    """``wait_for(condition, seconds=30)`` returns once the condition holds."""
    return until


@pytest.fixture
def clock() -> Clock:
    """A clock that stands; ``clock.now += 5`` lets five seconds go by."""
    return Clock()


@pytest.fixture(scope="session")
def make_parquet() -> Callable[..., Path]:
    """``make_parquet(path, rows, group=64)`` writes a Parquet file."""
    return write_parquet


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., list[Row]]:
    """``make_rows(count, seed=1)`` gives rows like those of the first dataset."""
    return sample_rows


Make = Callable[..., Dataset]


@pytest.fixture
def own_dataset(tmp_path: Path) -> Iterator[Make]:
    """``own_dataset(rows, ..., group=64, limits=None)``: a dataset, each argument a file of it, for who
    does something to it."""
    made: list[Dataset] = []

    def make(
        *files: Sequence[Row] | pa.Table, group: int = 64, limits: Limits | None = None
    ) -> Dataset:
        place = tmp_path / f"made{len(made)}"
        made.append(open_files(files, group, limits, place))
        return made[-1]

    yield make
    for dataset in made:
        dataset.close()


def open_files(
    files: Sequence[Sequence[Row] | pa.Table], group: int, limits: Limits | None, place: Path
) -> Dataset:
    for number, rows in enumerate(files):
        write_parquet(place / "source" / f"part-{number:03}.parquet", rows, group)
    return open_dataset(place / "source", place / "data", limits)


@pytest.fixture(scope="session")
def shared() -> Iterator[Shared]:
    made = Shared()
    yield made
    made.close()


@pytest.fixture
def make_dataset(
    request: pytest.FixtureRequest,
    own_dataset: Make,
    shared: Shared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Make:
    """The same for who only asks: one that is there already, unless this test has it, or changes how the
    program works."""
    given: set[str] = set()
    shared.trim()

    def make(
        *files: Sequence[Row] | pa.Table, group: int = 64, limits: Limits | None = None
    ) -> Dataset:
        tables = [
            each if isinstance(each, pa.Table) else pa.Table.from_pylist(list(each))
            for each in files
        ]
        key = key_of(tables, group)
        if "monkeypatch" in request.fixturenames or limits or key in given:
            return own_dataset(*tables, group=group, limits=limits)
        given.add(key)
        return shared.of(
            key,
            lambda: tmp_path_factory.mktemp("made"),
            lambda place: open_files(tables, group, None, place),
        )

    return make


@pytest.fixture(scope="session")
def open_at() -> Callable[..., Dataset]:
    """``open_at(path, data_dir)``: the dataset of a PATH, built in this process; close it."""
    return open_dataset


@pytest.fixture(scope="session")
def open_in_shards() -> Callable[..., Dataset]:
    """``open_in_shards(path, data_dir, cuts)``: the same of several shards, which begin at these files."""
    return open_parted


@pytest.fixture(scope="session")
def open_in_ranges() -> Callable[..., Dataset]:
    """``open_in_ranges(path, data_dir, rows)``: the same of shards of so many rows, cut inside of files."""
    return open_ranges


@pytest.fixture
def inline() -> Inline:
    """An executor whose ``of`` makes builds run in this process."""
    return Inline()


@pytest.fixture(scope="session")
def rows400() -> list[Row]:
    """The rows of ``dataset400``."""
    return sample_rows(400)


@pytest.fixture(scope="session")
def path400(rows400: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file of 400 rows."""
    return write_parquet(tmp_path_factory.mktemp("sample") / "sample.parquet", rows400)


@pytest.fixture(scope="session")
def data400(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that holds the index of ``path400`` once ``dataset400`` was asked for."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def dataset400(path400: Path, data400: Path) -> Iterator[Dataset]:
    """The dataset of ``path400``, built once."""
    dataset = open_dataset(path400, data400)
    yield dataset
    dataset.close()
