"""One DuckDB over several files: each asked by itself, given back by itself, their memory shared."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from app.errors import Damaged, Failed, TookTooLong
from app.search.dataset import Dataset
from app.store.database import Database
from app.store.engine import Engine, Statement

NUMBER = Statement("select n from t")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files that tell their number."""
    paths = [tmp_path / f"it's {number}.duckdb" for number in range(3)]
    for number, path in enumerate(paths):
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"create table t as select {number} as n")
    return paths


def held(folder: Path) -> list[str]:
    """The files of a folder that this process has open."""
    found = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.exists()]
    return sorted({each.name for each in found if each.parent == folder})


def test_each_file_is_asked_by_itself(files: list[Path]) -> None:
    with Database(files, 64) as database:
        engines = [Engine(path, database) for path in files]
    for _ in range(2):
        assert [each.rows(NUMBER, 5.0) for each in engines] == [[(0,)], [(1,)], [(2,)]]
    engines[1].close()
    assert engines[2].rows(NUMBER, 5.0) == [(2,)]
    for each in engines:
        each.close()


def test_a_file_is_given_back_when_it_is_closed(files: list[Path]) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("no Linux")
    with Database(files, 64) as database:
        one, two = (Engine(path, database) for path in files[:2])
        assert held(files[0].parent) == [each.name for each in files]
    assert held(files[0].parent) == [each.name for each in files[:2]]  # of the third nobody asked
    one.close()
    assert held(files[0].parent) == [files[1].name]
    two.close()
    assert held(files[0].parent) == []


def test_with_its_last_file_a_database_ends(files: list[Path]) -> None:
    with Database(files, 64) as database:
        engine = Engine(files[0], database)
    database._connection.execute("select 1")
    engine.close()
    with pytest.raises(duckdb.ConnectionException):
        database._connection.execute("select 1")


def test_without_a_file_it_ends_when_it_is_left(files: list[Path]) -> None:
    with Database(files, 64) as database:
        Engine(files[0], database).close()
        database._connection.execute("select 1")
    with pytest.raises(duckdb.ConnectionException):
        database._connection.execute("select 1")


def test_a_file_that_cannot_be_opened_says_so_and_no_other(files: list[Path]) -> None:
    files[1].write_bytes(b"nothing")

    def damaged() -> None:
        raise Damaged("it")

    with Database([*files, files[0].parent / "absent"], 64) as database:
        assert files[1] in database
        assert files[0].parent not in database
        first = Engine(files[0], database)
        with pytest.raises(Damaged):
            Engine(files[1], database, damaged)
        with pytest.raises(Failed, match="cannot be opened"):
            Engine(files[1], database)
        with pytest.raises(Failed, match="cannot be opened"):
            Engine(files[0].parent / "absent", database)
        last = Engine(files[2], database)
    assert [each.rows(NUMBER, 5.0) for each in (first, last)] == [[(0,)], [(2,)]]
    first.close()
    last.close()


def test_no_statement_comes_to_another_file_than_those(files: list[Path], tmp_path: Path) -> None:
    other = Path(shutil.copy(files[2], tmp_path / "other.duckdb"))
    with Database(files[:2], 64) as database:
        engine = Engine(files[0], database)
        for asked in (other, files[1]):
            with pytest.raises(Failed):
                engine.rows(
                    Statement(f"attach '{str(asked).replace(chr(39), 2 * chr(39))}' as x"), 5.0
                )
    for asked in (other, files[0]):
        with pytest.raises(Failed):
            engine.rows(Statement("select * from read_blob($path)", {"path": str(asked)}), 5.0)
    engine.close()


def test_the_shards_of_a_dataset_share_their_memory(
    tmp_path: Path, path400: Path, open_at: Callable[..., Dataset]
) -> None:
    dataset = open_at(path400, tmp_path)
    engine = dataset.indexes[0]._engine
    attached = Statement("select count(*) from duckdb_databases() where path is not null")
    assert engine.rows(attached, 5.0) == [(4,)]
    greedy = Statement("select list(range) from range(50000000)")
    with pytest.raises(TookTooLong, match="memory"):
        engine.rows(greedy, 20.0)
    assert engine.rows(Statement("select 42"), 5.0) == [(42,)]
    dataset.close()
