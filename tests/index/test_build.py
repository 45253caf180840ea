"""Building: what the index holds, that it is found again, and that its steps do not show."""

import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import source as sources
from app.conversations.source import open_source
from app.export.stream import lines
from app.index import build as building
from app.index import chunks, publish
from app.index.publish import home
from app.search import query as queries
from app.search.dataset import Dataset
from app.store import schema

Make = Callable[..., Dataset]
Row = dict[str, Any]


def base(number: int, **more: object) -> Row:
    return {"prompt": f"prompt {number}", "response": "<think>\nr\n</think>\na", **more}


def index_of(dataset: Dataset) -> Path:
    return next(dataset.source.path.parent.rglob(schema.INDEX_FILE))


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a copy: the file itself may be open here, locked down."""
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copy(path, folder)
        with duckdb.connect(str(copied), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All tables of an index, row for row."""
    tables = ("meta", "fields", "parts", "terms", "postings", "conversations")
    return {table: ask(path, f"select * from {table}") for table in tables}


def kinds(dataset: Dataset) -> dict[str, tuple[str, str]]:
    return {name: (each.kind, each.type) for name, each in dataset.fields.items()}


def rows_of(dataset: Dataset, *texts: str) -> list[int]:
    found: list[int] = dataset.order(
        queries.parse([("filter", text) for text in texts], dataset.fields)
    ).tolist()
    return found


# ------------------------------------------------------------------------------------ the tables


@pytest.fixture(scope="module")
def index(
    rows400: list[Row],
    make_parquet: Callable[..., Path],
    open_at: Make,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    place = tmp_path_factory.mktemp("tables")
    dataset = open_at(make_parquet(place / "rows.parquet", rows400), place / "data")
    dataset.close()
    return next(place.rglob(schema.INDEX_FILE))


def test_terms_are_sorted_and_their_slices_follow_each_other(index: Path) -> None:
    terms = ask(index, "select part, term, frequency, first from terms")
    keys = [(part, term.encode()) for part, term, _, _ in terms]
    assert keys == sorted(set(keys))
    place = 0
    for _, _, frequency, first in terms:
        assert first == place
        assert frequency > 0
        place += frequency
    assert ask(index, "select count(*) from postings") == [(place,)]


def test_postings_of_a_term_rise_by_row(index: Path) -> None:
    postings = ask(index, "select rowid, row_number, frequency, length from postings")
    assert [rowid for rowid, *_ in postings] == list(range(len(postings)))
    for _, _, frequency, first in ask(index, "select * from terms"):
        rows = [row for _, row, *_ in postings[first : first + frequency]]
        assert all(one < two for one, two in pairwise(rows))


def test_lengths_and_totals_agree(index: Path) -> None:
    lengths = dict(
        ask(index, "select row_number, sum(frequency) from postings group by row_number")
    )
    stored = dict(ask(index, "select distinct row_number, length from postings"))
    assert lengths == stored
    assert ask(index, "select conversations, words from parts") == [
        (len(lengths), sum(lengths.values()))
    ]
    rowids = ask(index, "select rowid, row_number from conversations")
    assert all(rowid == row for rowid, row in rowids)


def test_no_name_of_the_source_is_a_name_of_the_index(index: Path) -> None:
    found = ask(index, "select table_name, column_name from information_schema.columns")
    fixed = {"row_number", "prompt", "searched", "opening"}
    for table, column in found:
        known = table != "conversations" or column in fixed
        assert known or (column[0] == "f" and column[1:].isdigit())


def test_the_published_layout(index: Path) -> None:
    published = index.parent
    assert [file.name for file in published.iterdir()] == [schema.INDEX_FILE]
    assert sorted(file.name for file in published.parent.iterdir()) == ["lock", published.name]
    assert published.name.startswith(f"v{schema.VERSION}-")
    assert published.parent.name.startswith("rows-")


# ---------------------------------------------------------------------------- fresh or built anew


@pytest.fixture
def place(tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]) -> Path:
    make_parquet(tmp_path / "source" / "a.parquet", rows400[:60])
    return tmp_path


def test_a_fresh_index_is_opened_and_not_built(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_at(place / "source", place / "data")
    path = index_of(dataset)
    before = path.stat()
    dataset.close()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(chunks, "make", never)
    again = open_at(place / "source", place / "data")
    again.close()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert sorted(each.name for each in path.parent.parent.iterdir()) == ["lock", path.parent.name]


def test_another_version_is_built_anew(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_at(place / "source", place / "data")
    old = index_of(dataset).parent
    dataset.close()
    monkeypatch.setattr(publish, "VERSION", schema.VERSION + 1)
    again = open_at(place / "source", place / "data")
    new = index_of(again).parent
    again.close()
    assert new.name.startswith(f"v{schema.VERSION + 1}-")
    assert not old.exists()


@pytest.mark.parametrize("change", ["content", "time", "more", "fewer"])
def test_a_changed_source_is_built_anew(
    place: Path,
    open_at: Make,
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    change: str,
) -> None:
    make_parquet(place / "source" / "b.parquet", rows400[60:70])
    old = open_at(place / "source", place / "data")
    before = index_of(old).parent
    old.close()
    path = place / "source" / "b.parquet"
    if change == "content":
        make_parquet(path, rows400[100:110])
    elif change == "time":
        pq.write_table(pq.read_table(path), path)
    elif change == "more":
        make_parquet(place / "source" / "c.parquet", rows400[70:80])
    else:
        path.unlink()
    new = open_at(place / "source", place / "data")
    assert index_of(new).parent != before
    assert not before.exists()
    assert new.rows == {"content": 70, "time": 70, "more": 80, "fewer": 60}[change]
    new.close()


def test_what_was_left_beside_an_index_is_cleared(place: Path, open_at: Make) -> None:
    dataset = open_at(place / "source", place / "data")
    here = home(place / "data", dataset.source)
    (here.folder / "building-v0-old").mkdir()
    (here.folder / "v0-old").mkdir()
    publish.tidy(here)
    assert sorted(each.name for each in here.folder.iterdir()) == sorted(
        ["lock", here.published.name]
    )
    dataset.close()


# -------------------------------------------------------------------------------- fields of files


def test_fields_of_files_that_differ_are_merged(make_dataset: Make) -> None:
    dataset = make_dataset(
        [base(0, metadata={"n": 1, "mixed": 1, "only": "x", "list": [1], "flag": True})],
        [base(1, metadata={"n": 2.5, "mixed": "two", "list": [2], "flag": None})],
        [base(2, score=7)],
        [base(3, metadata={"n": None, "mixed": True, "list": [], "late": "z", "flag": False})],
    )
    found = kinds(dataset)
    assert found["metadata.n"] == ("number", "number")
    assert found["metadata.mixed"] == ("text", "text")
    assert found["metadata.only"] == ("text", "text")
    assert found["metadata.flag"] == ("boolean", "boolean")
    assert found["metadata.late"] == ("text", "text")
    assert found["score"] == ("integer", "integer")
    assert rows_of(dataset, "metadata.n:1") == [0]
    assert rows_of(dataset, "metadata.n:>2") == [1]
    assert rows_of(dataset, "metadata.mixed:1") == [0]
    assert rows_of(dataset, "metadata.mixed:two") == [1]
    assert rows_of(dataset, "metadata.mixed:true") == [3]
    assert rows_of(dataset, "metadata.only:null") == [1, 2, 3]
    assert rows_of(dataset, "score:7") == [2]
    assert rows_of(dataset, "metadata.late:z") == [3]


def test_every_type_of_arrow_has_its_kind(make_dataset: Make) -> None:
    moment = datetime(2024, 5, 1, 12, tzinfo=UTC)
    columns = {
        "i8": (pa.array([1, None], pa.int8()), "integer", "i8:1"),
        "u64": (pa.array([2**64 - 1, None], pa.uint64()), "integer", f"u64:{2**64 - 1}"),
        "f16": (pa.array([np.float16(0.5), None], pa.float16()), "number", "f16:0.5"),
        "f32": (pa.array([0.5, None], pa.float32()), "number", "f32:0.5"),
        "d32": (pa.array([Decimal("1.5"), None], pa.decimal32(5, 1)), "number", "d32:1.5"),
        "d64": (pa.array([Decimal("1.5"), None], pa.decimal64(12, 2)), "number", "d64:1.5"),
        "d128": (pa.array([Decimal("1.5"), None], pa.decimal128(38, 10)), "number", "d128:1.5"),
        "d256": (pa.array([Decimal("1.5"), None], pa.decimal256(60, 3)), "number", "d256:1.5"),
        "small256": (pa.array([Decimal("1.5"), None], pa.decimal256(20, 3)), "number", "small256:1.5"),
        "bool": (pa.array([True, None]), "boolean", "bool:true"),
        "date32": (pa.array([date(2024, 5, 1), None], pa.date32()), "date", "date32:2024-05-01"),
        "date64": (pa.array([date(2024, 5, 1), None], pa.date64()), "date", "date64:2024-05-01"),
        "ts_s": (pa.array([moment.replace(tzinfo=None), None], pa.timestamp("s")), "date",
                 "ts_s:2024-05-01T12:00"),
        "ts_ns": (pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ns")), "date",
                  "ts_ns:2024-05-01T12:00"),
        "zone": (pa.array([moment, None], pa.timestamp("us", "Asia/Tokyo")), "date",
                 "zone:2024-05-01T12:00"),
        "large": (pa.array(["x", None], pa.large_string()), "text", "large:x"),
        "view": (pa.array(["x", None], pa.string_view()), "text", "view:x"),
        "dictionary": (pa.array(["x", None]).dictionary_encode(), "text", "dictionary:x"),
        "words": (pa.array([["x", "y"], None], pa.list_(pa.string())), "list", "words:y"),
        "numbers": (pa.array([[1.5], None], pa.list_(pa.float64())), "list", "numbers:1.5"),
        "flags": (pa.array([[True], None], pa.list_(pa.bool_())), "list", "flags:true"),
        "fixed": (pa.array([[1, 2], None], pa.list_(pa.int64(), 2)), "list", "fixed:2"),
    }  # fmt: skip
    shown = {
        "nothing": pa.nulls(2),
        "bytes": pa.array([b"\xff", None], pa.binary()),
        "objects": pa.array([[{"a": 1}], None]),
        "lists": pa.array([[[1]], None]),
    }
    texts = {"prompt": ["a", "b"], "response": ["c", "d"]}
    table = pa.table({**texts, **{name: made[0] for name, made in columns.items()}, **shown})
    dataset = make_dataset(table)
    found = kinds(dataset)
    for name, (_, kind, text) in columns.items():
        assert found[name][0] == kind, name
        assert rows_of(dataset, text) == [0], name
        assert rows_of(dataset, f"{name}:null") == [1], name
    for name in shown:
        assert found[name][0] == "shown", name
    dataset.facets(queries.Query())


@pytest.mark.parametrize("kind", ["struct", "json", "map"])
def test_shown_values_in_metadata_do_not_stop_a_build(make_dataset: Make, kind: str) -> None:
    values = [
        {"a": "1", "deep": [{"b": 1}, {"b": 2}], "none": []},
        {"a": "2", "deep": [], "none": []},
    ]
    rows: list[Row] = [base(number, metadata=value) for number, value in enumerate(values)]
    if kind == "json":
        rows = [{**row, "metadata": orjson.dumps(row["metadata"]).decode()} for row in rows]
    table = pa.Table.from_pylist(rows)
    if kind == "map":
        pairs = [[("a", "1")], [("a", "2"), ("b", None)]]
        maps = pa.array(pairs, pa.map_(pa.string(), pa.string()))
        table = table.set_column(table.column_names.index("metadata"), "metadata", maps)
    dataset = make_dataset(table)
    assert rows_of(dataset, "metadata.a:2") == [1]


def test_dates_beyond_a_calendar_are_no_facet(make_dataset: Make) -> None:
    far = pa.array([300_000_000_000, 0], pa.timestamp("s"))
    table = pa.table({"prompt": ["a", "b"], "response": ["c", "d"], "when": far})
    dataset = make_dataset(table)
    assert dataset.fields["when"].facet == ""
    assert rows_of(dataset, "when:>2024-01-01") == [0]


@pytest.mark.parametrize("prompt", ["", "...", None])
def test_prompts_without_words(make_dataset: Make, prompt: str | None) -> None:
    dataset = make_dataset(
        pa.table({"prompt": pa.array([prompt] * 3, pa.string()), "response": ["a"] * 3})
    )
    found = dataset.search(queries.parse([("q", "a")], dataset.fields))
    assert found.total == 0
    assert dataset.search(queries.Query()).total == 3
    assert dataset.facets(queries.parse([("q", "a")], dataset.fields)).total == 0


def test_facets_are_the_short_and_few(make_dataset: Make) -> None:
    rows = [
        base(n, **{"long": "x" * (201 if n else 1), "edge": "y" * 200, "many": str(n)})
        for n in range(20)
    ]
    dataset = make_dataset(rows)
    assert dataset.fields["long"].facet == ""
    assert dataset.fields["edge"].facet == "values"
    assert dataset.fields["many"].facet == "values"
    assert dataset.fields["prompt"].facet == ""


def test_too_many_values_are_no_facet(make_dataset: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MOST_VALUES", 5)
    rows = [base(n, few=str(n % 10), many=str(n % 11)) for n in range(20)]
    dataset = make_dataset(rows)
    assert dataset.fields["few"].facet == "values"
    assert dataset.fields["many"].facet == ""


# --------------------------------------------------------------------- chunks, groups, files, copies


def same(one: Dataset, other: Dataset) -> None:
    """The same index bit for bit, the same answers, the same export."""
    first, second = contents(index_of(one)), contents(index_of(other))
    for table, rows in first.items():
        assert repr(rows) == repr(second[table]), table
    for pairs in ([("q", "hello")], [("sort", "-prompt_words")], [("sort", "random:7")]):
        query = queries.parse(pairs, one.fields)
        left, right = one.search(query), other.search(query)
        assert left.results == right.results
    assert exported(one) == exported(other)


def exported(dataset: Dataset) -> bytes:
    order = dataset.order(queries.Query())
    return b"".join(lines(dataset.source, order, dataset.messages_repeat, Path("/tmp")))


@pytest.mark.parametrize("size", [1, 7, 60])
def test_where_chunks_end_does_not_show(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Make,
    rows400: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    path = make_parquet(tmp_path / "s" / "a.parquet", rows400[:120], group=1)
    whole = open_at(path, tmp_path / "whole" / "data")
    monkeypatch.setattr(chunks, "CHUNK_ROWS", size)
    cut = open_at(path, tmp_path / "cut" / "data")
    tables = [
        contents(next((tmp_path / name).rglob(schema.INDEX_FILE))) for name in ("whole", "cut")
    ]
    for table, rows in tables[0].items():
        assert repr(rows) == repr(tables[1][table]), table
    assert exported(whole) == exported(cut)
    whole.close()
    cut.close()


def test_row_groups_and_files_do_not_show(make_dataset: Make, rows400: list[Row]) -> None:
    table = pa.Table.from_pylist(rows400[:100])
    one = make_dataset(table, group=100)
    many = make_dataset(*(table.slice(at, 9) for at in range(0, 100, 9)), group=2)
    same(one, many)


def test_plans_cover_every_row_once(path400: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(3)
    for _ in range(30):
        monkeypatch.setattr(chunks, "CHUNK_ROWS", rng.randint(1, 500))
        monkeypatch.setattr(chunks, "CHUNK_BYTES", rng.choice([1, 10**4, 10**9]))
        planned = chunks.plan(open_source(str(path400)).files)
        assert [chunk.number for chunk in planned] == list(range(len(planned)))
        covered = [row for chunk in planned for row in range(chunk.start, chunk.stop)]
        assert covered == list(range(400))


def test_large_groups_are_copied_into_small_ones(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Make,
    rows400: list[Row],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_parquet(tmp_path / "source" / "a.parquet", rows400[:300], group=1_000)
    make_parquet(tmp_path / "source" / "b.parquet", rows400[300:], group=1_000)
    plain = open_at(tmp_path / "source", tmp_path / "plain" / "data")
    monkeypatch.setattr(sources, "LARGE_GROUP", 80_000)
    monkeypatch.setattr(building, "COPY_GROUP_BYTES", 20_000)
    assert [file.large for file in open_source(str(tmp_path / "source")).files] == [True, False]
    copied = open_at(tmp_path / "source", tmp_path / "copied" / "data")
    copies = sorted((tmp_path / "copied").rglob("*.parquet"))
    assert [path.parent.name for path in copies] == ["copies"]
    assert pq.read_metadata(copies[0]).num_row_groups > 3
    assert pq.read_schema(copies[0]).equals(pq.read_schema(tmp_path / "source" / "a.parquet"))
    assert exported(copied) == exported(plain)
    for row in (0, 7, 299, 300, 399):
        assert repr(copied.reading(row, whole=True)) == repr(plain.reading(row, whole=True))
        assert repr(copied.reading(row)) == repr(plain.reading(row))
    tables = [
        contents(next((tmp_path / name).rglob(schema.INDEX_FILE))) for name in ("plain", "copied")
    ]
    assert repr(tables[0]) == repr(tables[1])
    assert sorted(p.name for p in copies[0].parent.parent.iterdir()) == ["copies", "index.duckdb"]
    plain.close()
    copied.close()


def test_a_build_that_was_ended_goes_on(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(str(place / "source"))
    here = home(place / "data", source)
    here.building.mkdir(parents=True)
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 1)
    for chunk in chunks.plan(source.files)[:1]:
        chunks.make(chunk, [], here.building)
        (here.building / "rows-000009.99.part").write_bytes(b"half")
        kept = chunk.path(here.building, "rows").stat().st_mtime_ns
    made: list[int] = []
    original = chunks.make

    def counted(chunk: chunks.Chunk, columns: Any, folder: Path) -> bool:
        if not chunk.path(folder, "rows").exists():
            made.append(chunk.number)
        return original(chunk, columns, folder)

    monkeypatch.setattr(chunks, "make", counted)
    open_at(place / "source", place / "data").close()
    assert kept
    assert 0 not in made
    assert [file.name for file in here.published.iterdir()] == [schema.INDEX_FILE]
