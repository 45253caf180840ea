"""Faults: a build that is killed, a disk that refuses, files that are damaged or change."""

import errno
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.config import Settings
from app.conversations.source import open_source
from app.errors import SourceChanged, ThinklensError
from app.export.stream import lines
from app.index import build as building
from app.index import jobs
from app.index.publish import home
from app.index.shards import planned
from app.index.workers import Pools, processes
from app.library import READY, Entry, Library
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.store import groups, schema
from app.store.manifest import MANIFEST
from app.web.answers import results_json

from .. import forked

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "parquet_bad"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "app", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return forked.text(forked.run(*arguments))


def quiet(_: Entry) -> None:
    """Nobody watches."""


# ------------------------------------------------------------------------------- killed at any point

EVERYWHERE = "prompt:hello OR reasoning:hello OR answer:hello"

KILLED_AT = """
import os, signal, sys
from app import cli
from app.index import build, jobs, publish
from app.index.publish import Home
from pathlib import Path

step, count = sys.argv.pop(1), int(sys.argv.pop(1))

def dying(original):
    def call(*args, **kwargs):
        global count
        count -= 1
        if count == 0:
            os.killpg(0, signal.SIGKILL)
        return original(*args, **kwargs)
    return call

owner, name = {
    "follow": (jobs, "follow_up"), "rows": (jobs, "merge_rows"), "result": (jobs, "result"),
    "publish": (build, "publish"), "part": (build, "publish_part"),
    "sync": (publish, "_sync"), "clear": (publish, "_clear_others"), "rename": (Path, "rename"),
    "replace": (Path, "replace"), "unlink": (Path, "unlink"), "mkdir": (Path, "mkdir"),
}[step]
setattr(owner, name, dying(getattr(owner, name)))
cli.main()
"""


@pytest.fixture(scope="module")
def killed_source(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    make_rows: Callable[..., list[Row]],
) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "rows"
    for number in range(3):
        make_parquet(folder / f"{number}.parquet", make_rows(200, number), group=100)
    return folder


@pytest.fixture(scope="module")
def right_answer(killed_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return answer(killed_source, tmp_path_factory.mktemp("right"))


def answer(source: Path, data: Path) -> Any:
    """What a search of all parts gives, after building what is missing."""
    found = run("search", source, EVERYWHERE, "--json", "--size", "100", "--data-dir", data)
    assert found.returncode == 0, found.stderr
    assert "Traceback" not in found.stderr
    given = json.loads(found.stdout)
    del given["took_ms"]
    return given


def answer_here(source: Path, data: Path) -> Any:
    """The same, built and asked in this process."""
    with ThreadPoolExecutor(1) as pool:
        dataset = ready(Settings(data_dir=data, workers=1), source, lambda _: nullcontext(pool))
    pairs = [("q", EVERYWHERE), ("size", "100")]
    found = dataset.search(queries.parse(pairs, dataset.fields))
    given = json.loads(json.dumps(results_json(dataset, found)))
    dataset.close()
    del given["took_ms"]
    return given


def recovers(source: Path, data: Path, right: Any, ask: Callable[[Path, Path], Any]) -> None:
    assert ask(source, data) == right
    folders = list(data.iterdir())
    assert len(folders) == 1
    names = sorted(each.name for each in folders[0].iterdir())
    assert len(names) == 4
    assert re.fullmatch("v[0-9]+-[0-9a-f]+", names[3])
    copies = groups.path_of(folders[0], names[3:]).name
    assert names[:3] == ["dataset.json", copies, "lock"]
    files = {schema.CONVERSATIONS_FILE, schema.RANKS_FILE, *map(schema.part_file, schema.PARTS)}
    files.update(map(schema.texts_file, schema.PARTS), [MANIFEST])
    files.update([schema.SHOWN_FILE, schema.RECORDS_FILE, schema.OPENINGS_FILE])
    files.update(map(schema.copies_file, ("prompt", "response")))
    assert {n.name for n in (folders[0] / names[3]).iterdir() if n.suffix != ".keys"} == files


@pytest.mark.parametrize(
    ("step", "count"),
    [
        ("mkdir", 2), ("follow", 1), ("rows", 1), ("unlink", 1), ("publish", 1), ("sync", 2),
        ("rename", 1), ("clear", 1), ("follow", 2), ("part", 1), ("replace", 1), ("replace", 2),
        ("part", 2), ("replace", 3), ("replace", 4),
    ],
)  # fmt: skip
def test_killed_at_a_step(
    killed_source: Path, right_answer: Any, tmp_path: Path, step: str, count: int
) -> None:
    arguments = ("index", killed_source, "--data-dir", tmp_path)
    job = forked.run(step, count, *arguments, script=KILLED_AT)
    assert job.returncode == -signal.SIGKILL, job.stderr
    ask = answer if (step, count) in (("rows", 1), ("part", 2)) else answer_here
    recovers(killed_source, tmp_path, right_answer, ask)


@pytest.mark.parametrize("moment", range(0, 12, 3))
def test_killed_at_a_random_moment(
    killed_source: Path, right_answer: Any, tmp_path: Path, moment: int
) -> None:
    rng = random.Random(moment)
    job = subprocess.Popen(
        command("index", killed_source, "--data-dir", tmp_path),
        cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        job.wait(0.3 + moment * 0.2 + rng.random() * 0.2)
    except subprocess.TimeoutExpired:
        os.killpg(job.pid, signal.SIGKILL)
        job.wait(10)
    recovers(killed_source, tmp_path, right_answer, answer_here)


def test_workers_end_with_their_parent(killed_source: Path, tmp_path: Path) -> None:
    """Only the parent is killed: its processes go, and give the lock and the memory back."""
    job = subprocess.Popen(
        command("index", killed_source, "--data-dir", tmp_path),
        cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert job.stderr is not None
    assert job.stderr.readline() == "rows: reading rows and prompts\n"
    job.kill()
    job.wait(10)
    job.stderr.close()
    for _ in range(600):
        try:
            os.killpg(job.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        os.killpg(job.pid, signal.SIGKILL)
        pytest.fail("processes of a build outlived it")


# ------------------------------------------------------------------------------ the disk refuses


class Refusing:
    """Makes the n-th call of a function fail as a full disk would."""

    def __init__(self, number: int) -> None:
        self.left = number
        self.hit = False

    def around(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.hit = True
                raise OSError(28, "No space left on device")
            return original(*args, **kwargs)

        return call


TARGETS = {
    "rename": (Path, "rename"),
    "replace": (Path, "replace"),
    "mkdir": (Path, "mkdir"),
    "fsync": (os, "fsync"),
    "write_table": (pq, "write_table"),
    "unlink": (Path, "unlink"),
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_disk_that_refuses_leaves_the_old_index(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    inline: Any,
    target: str,
) -> None:
    path = make_parquet(tmp_path / "rows.parquet", rows400[:40])
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    served = ready(settings, path, inline.of)
    make_parquet(path, rows400[100:160])
    owner, name = TARGETS[target]
    for number in range(1, 60, 3 if target == "fsync" else 1):  # file after file is synced alike
        refusing = Refusing(number)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, refusing.around(getattr(owner, name)))
            library = Library(settings, [str(path)], inline.of)
            library.prepare_all(quiet)
        if not refusing.hit:
            break
        entry = library.entry("rows")
        if entry.state != READY:
            assert entry.error is not None
            assert entry.error.status in (500, 507)
            assert "Traceback" not in entry.error.sentence
        assert served.search(queries.Query()).total == 40
        if entry.dataset is not None:
            entry.dataset.close()
    assert not refusing.hit
    fresh = library.entry("rows").ready()
    assert fresh.search(queries.Query()).total == 60
    fresh.close()
    folder = next((tmp_path / "data").iterdir())
    copies = groups.path_of(folder, [fresh.folders[0].name]).name
    names = {"dataset.json", copies, "lock", served.folders[0].name, fresh.folders[0].name}
    assert {each.name for each in folder.iterdir()} == names
    served.close()
    ready(settings, path, inline.of).close()
    assert {each.name for each in folder.iterdir()} == names - {served.folders[0].name}


FULL_DISK = """
mount -t tmpfs -o size=$1 none "$2" || exit 99
"$3" -m app index "$4" --data-dir "$2/data"
echo "ended with $?"
mount -o remount,size=200m none "$2"
"$3" -m app index "$4" --data-dir "$2/data"
"""


@pytest.mark.parametrize("size", ["200k", "1m", "4500k"])
def test_a_disk_that_is_full(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    make_rows: Callable[..., list[Row]],
    size: str,
) -> None:
    """A real one, so small that a build does not fit at one step or another; then it grows."""
    rows = make_parquet(tmp_path / "rows.parquet", make_rows(4_000), 500)
    (tmp_path / "disk").mkdir()
    script = ["-c", FULL_DISK, "sh", size, str(tmp_path / "disk"), sys.executable, str(rows)]
    if shutil.which("unshare") is None:
        pytest.skip("a file system of its own cannot be made here")
    found = subprocess.run(
        ["unshare", "-rm", "sh", *script],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if found.returncode in (1, 99) and "ended with" not in found.stdout:
        pytest.skip("a file system of its own cannot be made here")
    said = [line for line in found.stderr.splitlines() if line.startswith("thinklens:")]
    assert found.stdout == "ended with 1\nrows: 4,000 rows, index ready\n", said
    assert len(said) == 1
    assert said[0].startswith("thinklens: no space is left for the index in '"), said
    assert "Traceback" not in found.stderr


def test_what_duckdb_says_of_a_full_disk_is_one() -> None:
    job: Future[None] = Future()
    job.set_exception(duckdb.IOException('Could not write file "x": No space left on device'))
    with pytest.raises(OSError, match="No space left") as full:
        jobs.result(job)
    assert full.value.errno == errno.ENOSPC


def ready(settings: Settings, path: Path, pool_of: Pools = processes) -> Dataset:
    library = Library(settings, [str(path)], pool_of)
    library.prepare_all(quiet)
    return next(iter(library.entries.values())).ready()


# ---------------------------------------------------------------------------- files that are damaged


def damaged(kind: str, path: Path, rows: list[Row]) -> None:
    table = pa.Table.from_pylist(rows)
    pq.write_table(table, path, compression="none")
    content = path.read_bytes()
    if kind == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "not Parquet":
        path.write_bytes(b"hello" * 100)
    elif kind == "footer":
        path.write_bytes(content[:-40] + b"\xff" * 32 + content[-8:])
    elif kind == "pages":
        path.write_bytes(content[:4] + b"\xff" * 3_000 + content[3_004:])
    elif kind == "no text column":
        pq.write_table(pa.table({"a": [1]}), path)
    elif kind == "no rows":
        pq.write_table(table.slice(0, 0), path)
    elif kind == "two columns of one name":
        pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, ["prompt", "prompt"]), path)
    elif kind == "text that is not UTF-8":
        bad = pa.array([b"ok", b"\xff\xfe"]).view(pa.string())
        pq.write_table(pa.table({"prompt": bad, "response": ["a", "b"]}), path)


@pytest.fixture(scope="module")
def beside(path400: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the index of a good dataset."""
    data = tmp_path_factory.mktemp("beside")
    assert run("index", path400, "--data-dir", data).returncode == 0
    return data


@pytest.mark.parametrize(
    "kind",
    [
        "truncated", "empty", "not Parquet", "footer", "pages", "no text column", "no rows",
        "two columns of one name", "text that is not UTF-8",
    ],
)  # fmt: skip
def test_a_damaged_file_is_one_line_and_2(
    tmp_path: Path, path400: Path, beside: Path, rows400: list[Row], kind: str
) -> None:
    bad = tmp_path / "bad.parquet"
    damaged(kind, bad, rows400[:100])
    found = run("index", bad, path400, "--data-dir", beside)
    assert found.returncode == 2, found.stderr
    *progress, fault = found.stderr.splitlines()
    assert fault.startswith("thinklens: ")
    told = [line for line in progress if not line.startswith("sample: read as ")]
    assert set(told) <= {f"bad: {said}" for said, _ in building.STEPS.values()}
    assert found.stdout == "sample: 400 rows, index ready\n"


def test_a_damaged_file_among_good_ones_of_a_dataset(
    tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]
) -> None:
    make_parquet(tmp_path / "set" / "a.parquet", rows400[:20])
    damaged("truncated", tmp_path / "set" / "b.parquet", rows400[:20])
    strict = run("index", tmp_path / "set", "--data-dir", tmp_path / "data", "--strict")
    assert strict.returncode == 2
    assert re.fullmatch(r"thinklens: 'b\.parquet' cannot be read as Parquet: .+\n", strict.stderr)
    found = run("index", tmp_path / "set", "--data-dir", tmp_path / "data")
    assert (found.returncode, found.stdout) == (0, "set: 20 rows, index ready\n")
    assert "set: left out: 'b.parquet' cannot be read as Parquet: " in found.stderr


def test_a_file_without_rows_among_others_is_read(
    make_dataset: Callable[..., Dataset], rows400: list[Row]
) -> None:
    table = pa.Table.from_pylist(rows400[:30])
    dataset = make_dataset(
        table.slice(0, 0), table.slice(0, 10), table.slice(0, 0), table.slice(10)
    )
    assert dataset.rows == 30
    assert [dataset.reading(row).file_row for row in (0, 9, 10, 29)] == [0, 9, 0, 19]


def test_the_corpus_of_bad_files(tmp_path: Path) -> None:
    """Each file ends in a sentence or an index: no crash, no traceback, bounded memory."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of damaged Parquet files is not beside this repository")
    files = sorted(CORPUS.glob("*.parquet"))
    assert len(files) > 30
    for at in range(0, len(files), 20):
        found = run("index", *files[at : at + 20], "--data-dir", tmp_path)
        assert found.returncode == 2, found.stderr
        assert "Traceback" not in found.stderr
        assert sum(line.startswith("thinklens:") for line in found.stderr.splitlines()) == 1
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert peak < 3 * 2**30


def test_each_file_of_the_corpus_beside_a_good_one(
    tmp_path: Path, path400: Path, inline: Any
) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of damaged Parquet files is not beside this repository")
    paths = [str(file) for file in sorted(CORPUS.glob("*.parquet"))]
    library = Library(Settings(data_dir=tmp_path, workers=1), [*paths, str(path400)], inline.of)
    *bad, good = library.entries.values()
    for entry in bad:
        if entry.source is None:
            assert entry.error is not None
            assert entry.error.exit_code == 2
            assert "\n" not in entry.error.sentence
    library.prepare(good, quiet)
    good.ready().close()


# --------------------------------------------------------------------- a source that changes or goes


@pytest.mark.parametrize("what", ["changed", "gone"])
def test_a_source_that_goes_under_an_open_dataset(
    own_dataset: Callable[..., Dataset],
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    tmp_path: Path,
    what: str,
) -> None:
    dataset = own_dataset(rows400[:40], rows400[40:80])
    query = queries.parse([("q", "hello")], dataset.fields)
    before = dataset.search(query)
    path = dataset.source.files[1].path
    if what == "gone":
        path.unlink()
    else:
        make_parquet(path, rows400[200:240])
    said = f"'part-001.parquet' .*{'is gone' if what == 'gone' else 'has changed'}"
    assert dataset.reading(39).row == 39
    with pytest.raises(SourceChanged, match=said):
        dataset.reading(40)
    with pytest.raises(SourceChanged, match=said):
        list(lines(dataset.source, dataset.order(queries.Query()), True, tmp_path))
    with pytest.raises(SourceChanged, match=said):
        dataset.source.check()
    after = dataset.search(query)
    assert after.results == before.results
    assert dataset.facets(query).total == before.total


@pytest.mark.parametrize("moment", ["prompts", "fields", "texts", "reasoning", "answer"])
def test_a_source_that_changes_while_it_is_built(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    inline: Any,
    moment: str,
) -> None:
    path = make_parquet(tmp_path / "rows.parquet", rows400[:40])
    source = open_source(str(path))
    place = home(tmp_path / "data", source)

    def swap(step: str, done: int, total: int) -> None:
        if step == moment:
            make_parquet(path, rows400[40:100])

    with pytest.raises(SourceChanged, match="has changed"):
        building.build(planned(tmp_path / "data", source), 1, swap, pool_of=inline.of)
    assert place.ready == (moment in ("texts", "reasoning", "answer"))
    assert not place.complete
    dataset = ready(Settings(data_dir=tmp_path / "data", workers=1), path, inline.of)
    assert dataset.rows == 60
    dataset.close()
    assert not place.building.exists()


def test_the_command_says_that_an_export_broke(
    tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]
) -> None:
    """Pages that do not read: an index cannot be built, and a file that was there stays."""
    path = tmp_path / "bad.parquet"
    damaged("pages", path, rows400[:100])
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    found = run("export", path, "-o", target, "--data-dir", tmp_path / "data")
    assert found.returncode == 2
    assert target.read_text() == "old"
    assert sorted(each.name for each in tmp_path.glob("*.part")) == []
    assert sorted(each.name for each in tmp_path.glob(".*")) == []


def test_an_index_is_only_read(dataset400: Dataset, data400: Path) -> None:
    before = digests(data400)
    assert len(before) == 6 + 2 + 3 + 2 * len(schema.PARTS)  # two are of copies, three are keys
    rows = [dataset400.reading(row).record for row in (0, 399)]
    assert [row["conversation_id"] for row in rows] == ["c00000", "c00399"]
    for pairs in (
        [("q", "hello"), ("in", "all")],
        [("q", "/l+o/")],
        [("sort", "random:1")],
        [("filter", "turns:1")],
    ):
        query = queries.parse(pairs, dataset400.fields)
        dataset400.search(query)
        dataset400.facets(query)
    assert digests(data400) == before
    assert issubclass(SourceChanged, ThinklensError)


def digests(data: Path) -> dict[str, str]:
    """What the files of an index hold."""
    folder = next(data.rglob(schema.CONVERSATIONS_FILE)).parent
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
