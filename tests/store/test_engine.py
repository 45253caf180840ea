"""The engine: what an open index can be made to do, its time limit, its use by many threads."""

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from app.caller import Caller, Gone, answering
from app.errors import Failed, TookTooLong
from app.search.dataset import Dataset
from app.store import engine as engines
from app.store.database import KEPT, Database
from app.store.engine import Engine, Statement
from app.store.schema import CONVERSATIONS_FILE

SLOW = Statement("select count(*) from range(100000) a, range(10000000) b where a.range < b.range")


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory,
    path400: Path,
    open_at: Callable[..., Dataset],
) -> Path:
    data = tmp_path_factory.mktemp("engine")
    open_at(path400, data).close()
    return next(data.rglob(CONVERSATIONS_FILE))


@pytest.fixture(scope="module")
def engine(index: Path) -> Engine:
    return opened(index, 256)


def opened(path: Path, memory_mb: int = 64) -> Engine:
    """A file in a DuckDB of its own."""
    with Database([path], memory_mb) as database:
        return Engine(path, database)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_values_are_bound(engine: Engine) -> None:
    text = "'; drop table conversations; --\0 “”"
    assert engine.rows(Statement("select $v", {"v": text}), 5.0) == [(text,)]


def test_a_table_is_the_same_rows(engine: Engine) -> None:
    statement = Statement("select row_number from conversations order by row_number")
    rows = [row for (row,) in engine.rows(statement, 5.0)]
    assert rows == list(range(400))
    assert engine.table(statement, 5.0)["row_number"].to_pylist() == rows


@pytest.mark.parametrize(
    "sql",
    [
        "copy conversations to '{out}/stolen.csv'",
        "copy (select 1) to '{out}/stolen.parquet' (format parquet)",
        "copy conversations from '/etc/passwd'",
        "export database '{out}/all'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from read_parquet('{parquet}')",
        "select * from '{parquet}'",
        "select * from glob('/etc/*')",
        "attach '{out}/new.duckdb' as other",
        "attach ':memory:' as other; create table other.t as select 1",
        "detach index",
        "install httpfs",
        "load httpfs",
        "load '/tmp/any.duckdb_extension'",
        "set enable_external_access = true",
        "set memory_limit = '8GB'",
        "set threads = 64",
        "set lock_configuration = false",
        "reset memory_limit",
        "pragma enable_profiling",
        "create table t as select 1",
        "create or replace macro abs(x) as 1",
        "insert into conversations select * from conversations",
        "update conversations set prompt = 'x'",
        "delete from conversations",
        "drop table conversations",
        "alter table conversations add column x int",
        "create secret s (type s3, key_id 'a', secret 'b')",
        "checkpoint",
        "vacuum",
        "import database '{out}'",
    ],
)
def test_it_is_read_only_and_locked_down(
    engine: Engine, index: Path, path400: Path, tmp_path: Path, sql: str
) -> None:
    before = digest(index)
    files = sorted(path.name for path in index.parent.iterdir())
    text = sql.format(out=tmp_path, parquet=path400)
    harmless = ("checkpoint", "vacuum", "pragma enable_profiling", "attach ':memory:'", "detach")
    if not sql.startswith(harmless):
        with pytest.raises((Failed, TookTooLong)) as refused:
            engine.rows(Statement(text), 5.0)
        assert str(tmp_path) not in refused.value.sentence
        assert "select" not in refused.value.sentence
    else:
        with suppress(Failed):
            engine.rows(Statement(text), 5.0)
    assert list(tmp_path.iterdir()) == []
    assert digest(index) == before
    assert sorted(path.name for path in index.parent.iterdir()) == files
    assert engine.rows(Statement("select count(*) from conversations"), 5.0) == [(400,)]
    limits = "select current_setting('memory_limit'), current_setting('threads')"
    assert engine.rows(Statement(limits), 5.0) == [("244.1 MiB", 1)]


def test_names_of_python_are_no_tables(engine: Engine) -> None:
    stolen = [1, 2, 3]
    with pytest.raises(Failed):
        engine.rows(Statement("select * from stolen"), 5.0)
    assert stolen


def test_a_time_limit_ends_a_statement_and_the_engine_goes_on(engine: Engine) -> None:
    start = time.monotonic()
    with pytest.raises(TookTooLong, match=r"longer than 0\.2 seconds"):
        engine.rows(SLOW, 0.2)
    with pytest.raises(TookTooLong):
        engine.table(SLOW, 0.2)
    assert time.monotonic() - start < 60  # not the hours that it would take
    assert engine.rows(Statement("select 42"), 5.0) == [(42,)]


def test_a_time_limit_ends_a_statement_whose_rows_are_fetched(engine: Engine) -> None:
    """Arrow says so then, in its own way."""
    many = Statement("select range as n, md5(range::varchar) as text from range(2000000000)")
    taken: list[int] = []
    for fetch in (
        lambda: engine.table(many, 0.3),
        lambda: engine.each(many, 0.3, lambda rows: taken.append(len(rows))),
    ):
        with pytest.raises(TookTooLong, match=r"longer than 0\.3 seconds"):
            fetch()
    assert taken
    one = Caller()
    threading.Timer(0.2, one.leave).start()
    with answering(one), pytest.raises(Gone):
        engine.table(many, 30.0)
    assert engine.rows(Statement("select 42"), 5.0) == [(42,)]


def test_more_memory_than_there_is_is_said(index: Path, tmp_path: Path) -> None:
    engine = opened(Path(shutil.copy(index, tmp_path)))
    greedy = Statement("select list(range) from range(50000000)")
    for ask in (engine.rows, engine.table):
        with pytest.raises(TookTooLong, match="memory"):
            ask(greedy, 20.0)
    assert engine.rows(Statement("select 42"), 5.0) == [(42,)]
    engine.close()


def test_many_threads_get_their_own_answers(engine: Engine) -> None:
    def ask(number: int) -> bool:
        low = number % 390
        statement = Statement(
            "select row_number, $tag from conversations where row_number >= $low\n"
            "order by row_number limit 5",
            {"low": low, "tag": f"t{number}"},
        )
        wanted = [(row, f"t{number}") for row in range(low, low + 5)]
        return engine.rows(statement, 30.0) == wanted

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(800)))


def test_limits_of_some_do_not_end_others(engine: Engine) -> None:
    ended: list[bool] = []

    def slow() -> None:
        with pytest.raises(TookTooLong):
            engine.rows(SLOW, 0.3)
        ended.append(True)

    threads = [threading.Thread(target=slow) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(60):
        assert engine.rows(Statement("select sum(row_number) from conversations"), 30.0) == [
            (399 * 200,)
        ]
    for thread in threads:
        thread.join(10)
    assert len(ended) == 3


def test_no_timer_stays_behind(engine: Engine, wait_for: Callable[..., None]) -> None:
    before = set(threading.enumerate())
    for _ in range(50):
        engine.rows(Statement("select 1"), 600.0)
    wait_for(lambda: set(threading.enumerate()) <= before)


@pytest.mark.parametrize("content", [b"", b"not an index", b"\0" * 20_000])
def test_what_is_no_index_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.duckdb"
    path.write_bytes(content)
    if content:
        with pytest.raises(Failed, match="cannot be opened"):
            opened(path)
    with pytest.raises(Failed):
        opened(tmp_path / "absent.duckdb")


def test_half_an_index_is_said(index: Path, tmp_path: Path) -> None:
    """DuckDB opens it, and only fails where it comes to read what is not there."""
    content = index.read_bytes()
    for number, size in enumerate((len(content) // 2, len(content) - 100_000, 12_288)):
        path = tmp_path / f"{number}.duckdb"
        path.write_bytes(content[:size])
        with pytest.raises(Failed, match="remove it and start again"):
            opened(path)


def test_a_file_may_be_open_twice(engine: Engine, index: Path) -> None:
    other = opened(index)
    counted = Statement("select count(*) from conversations")
    assert other.rows(counted, 5.0) == [(400,)]
    other.close()
    assert engine.rows(counted, 5.0) == [(400,)]


def test_a_statement_ends_when_nobody_waits_for_it(engine: Engine) -> None:
    one = Caller()
    began = time.monotonic()
    threading.Timer(0.2, one.leave).start()
    with answering(one), pytest.raises(Gone):
        engine.rows(SLOW, 30.0)
    assert 0.2 <= time.monotonic() - began < 5
    with answering(one), pytest.raises(Gone):  # not begun
        engine.rows(SLOW, 30.0)
    assert engine.rows(Statement("select 1"), 5.0) == [(1,)]


def test_who_leaves_before_a_statement_begins_ends_it_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB forgets an interrupt when it begins."""
    one = Caller()
    told = Caller.told

    @contextmanager
    def leaving(self: Caller, end: Callable[[], None]) -> Iterator[None]:
        with told(self, end):
            one.leave()
            yield

    monkeypatch.setattr(Caller, "told", leaving)
    began = time.monotonic()
    with answering(one), pytest.raises(Gone):
        engine.rows(SLOW, 600.0)
    assert time.monotonic() - began < 60  # of hours


# ---------------------------------------------------------------------------------------- cursors


@pytest.fixture
def own(index: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine over a file of its own."""
    engine = opened(Path(shutil.copy(index, tmp_path)))
    yield engine
    engine.close()


def test_a_cursor_is_kept_for_the_next_statement(own: Engine) -> None:
    kept = list(own._cursors._free)
    assert len(kept) == 1  # of the statement that it was opened by
    for _ in range(3):
        assert own.rows(Statement("select 42"), 5.0) == [(42,)]
        assert own.table(Statement("select 42 as n"), 5.0)["n"].to_pylist() == [42]
    assert own._cursors._free == kept


@pytest.mark.parametrize("sql", [SLOW.sql, "select * from nothing"])
def test_a_cursor_that_was_interrupted_or_met_a_fault_is_closed(own: Engine, sql: str) -> None:
    (cursor,) = own._cursors._free
    with pytest.raises((TookTooLong, Failed)):
        own.rows(Statement(sql), 0.2)
    assert own._cursors._free == []
    with pytest.raises(duckdb.Error):
        cursor.execute("select 1")


def test_few_cursors_are_kept(own: Engine) -> None:
    taken = [own._cursors.take() for _ in range(KEPT + 2)]
    assert len({id(cursor) for cursor in taken}) == KEPT + 2
    for cursor in taken:
        own._cursors.give(cursor, True)
    assert own._cursors._free == taken[:KEPT]
    for cursor in taken[KEPT:]:
        with pytest.raises(duckdb.Error):
            cursor.execute("select 1")


def test_an_engine_that_is_closed_leaves_no_cursor(own: Engine) -> None:
    (kept,) = own._cursors._free
    taken = [own._cursors.take(), own._cursors.take()]
    assert taken[0] is kept
    own._cursors.give(taken[0], True)
    own.close()
    own.close()
    assert taken[1].execute("select 1").fetchall() == [(1,)]  # its statement went on
    own._cursors.give(taken[1], True)
    assert own._cursors._free == []
    for cursor in taken:
        with pytest.raises(duckdb.Error):
            cursor.execute("select 1")


def test_a_statement_that_goes_on_when_the_engine_is_closed_ends_at_its_limit(
    own: Engine, wait_for: Callable[..., None]
) -> None:
    ended: list[str] = []

    def slow() -> None:
        with pytest.raises(TookTooLong):
            own.rows(SLOW, 1.0)
        ended.append("ended")

    thread = threading.Thread(target=slow)
    thread.start()
    wait_for(lambda: not own._cursors._free)
    own.close()
    thread.join(60)
    assert ended == ["ended"]


def test_many_rows_are_given_some_at_a_time(own: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "ROWS", 2_048)
    found: list[list[int]] = []
    statement = Statement("select range as n from range($count)", {"count": 10_000})
    own.each(statement, 30.0, lambda rows: found.append(rows["n"].to_pylist()))
    assert sum(found, []) == list(range(10_000))
    assert len(found) > 2


def test_who_takes_rows_may_fail(own: Engine) -> None:
    taken: list[int] = []

    def take(rows: pa.RecordBatch) -> None:
        taken.append(len(rows))
        raise TookTooLong("enough")

    with pytest.raises(TookTooLong, match="^enough$"):
        own.each(Statement("select range as n from range(100000)"), 30.0, take)
    assert len(taken) == 1
    assert own._cursors._free == []
    with pytest.raises(TookTooLong, match=r"longer than 0\.2 seconds"):
        own.each(SLOW, 0.2, take)
    assert own.rows(Statement("select 42"), 5.0) == [(42,)]


def test_a_statement_is_read_once_and_run_by_many_threads(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(index)
    asked = "select row_number + $v::integer from conversations where row_number = $v::integer"
    assert engine.rows(Statement(asked, {"v": 3}), 5.0) == [(6,)]
    known = engine._known[asked]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda v: engine.rows(Statement(asked, {"v": v}), 5.0), range(200))
        assert list(found) == [[(2 * v,)] for v in range(200)]
    assert engine._known[asked] is known
    monkeypatch.setattr(engines, "KNOWN", len(engine._known) + 2)
    for number in range(8):
        assert engine.rows(Statement(f"select {number}"), 5.0) == [(number,)]
    assert 0 < len(engine._known) <= engines.KNOWN
    assert engine.rows(Statement("select 1; select $v", {"v": 7}), 5.0) == [(7,)]
    engine.close()
