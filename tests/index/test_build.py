"""Building: what the index holds, that it is found again, and that its steps do not show."""

import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
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
from app.conversations.source_file import SourceFile
from app.errors import Failed
from app.export.stream import lines
from app.index import build as building
from app.index import chunks, copies, publish, runs, shards
from app.index.publish import home
from app.index.shards import planned
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.store import groups, schema
from app.store.blocks import Blocks
from app.store.manifest import MANIFEST
from app.store.text_blocks import unpacked

Make = Callable[..., Dataset]
Row = dict[str, Any]


FILES = sorted(
    [
        schema.CONVERSATIONS_FILE,
        schema.RANKS_FILE,
        schema.OPENINGS_FILE,
        *map(schema.part_file, schema.PARTS),
        *map(schema.texts_file, schema.PARTS),
        schema.SHOWN_FILE,
        schema.RECORDS_FILE,
        *map(schema.copies_file, ("prompt", "response")),
        MANIFEST,
    ]
)


def groups_of(index: Path) -> str:
    """The file of groups of the one shard of a dataset."""
    return groups.path_of(index.parent, [index.name]).name


OTHERS = [
    name
    for name in FILES
    if "reasoning" not in name and name not in (MANIFEST, schema.copies_file("response"))
]


def base(number: int, **more: object) -> Row:
    return {"prompt": f"prompt {number}", "response": "<think>\nr\n</think>\na", **more}


def index_of(dataset: Dataset) -> Path:
    return dataset.folders[0]


def published_in(place: Path) -> Path:
    """The folder of the one index below a place."""
    return next(place.rglob(schema.CONVERSATIONS_FILE)).parent


def files_of(index: Path) -> list[str]:
    """Its files, but those of keys, which follow from its columns."""
    return sorted(file.name for file in index.iterdir() if file.suffix != ".keys")


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a copy: the file itself may be open here, locked down."""
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copy(path, folder)
        with duckdb.connect(str(copied), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def texts_of(index: Path, part: str) -> list[list[str]]:
    """The texts of a part, block by block."""
    path = index / schema.texts_file(part)
    found = Blocks(lambda: path.open("rb"), unpacked, lambda: None)
    return [found.block(number).to_pylist() for number in range(found.table.blocks)]


def contents(index: Path) -> dict[str, object]:
    """All that is in an index, row for row; texts and not their blocks, which end with a chunk."""
    found: dict[str, object] = {
        table: ask(index / schema.CONVERSATIONS_FILE, f"select * from {table}")
        for table in ("meta", "fields", "conversations")
    }
    for part in schema.PARTS:
        for table in ("words", "gaps", "pieces", "common", "pairs", "lengths"):
            found[f"{part}.{table}"] = ask(index / schema.part_file(part), f"select * from {table}")
        found[f"{part}.texts"] = [text for block in texts_of(index, part) for text in block]
    return found


def same_contents(one: Path, other: Path) -> None:
    first, second = contents(one), contents(other)
    for name, rows in first.items():
        assert repr(rows) == repr(second[name]), name


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
    return published_in(place)


def test_rows_stand_in_their_order(index: Path) -> None:
    rowids = ask(index / schema.CONVERSATIONS_FILE, "select rowid, row_number from conversations")
    assert rowids == [(row, row) for row in range(400)]


def test_no_name_of_the_source_is_a_name_of_the_index(index: Path) -> None:
    found = ask(
        index / schema.CONVERSATIONS_FILE,
        "select table_name, column_name from information_schema.columns",
    )
    for table, column in found:
        known = table != "conversations" or column in {"row_number", "prompt", "opening"}
        assert known or (column[0] == "f" and column[1:].isdigit())


def test_the_published_layout(index: Path) -> None:
    assert files_of(index) == FILES
    assert files_of(index.parent) == [groups_of(index), "lock", index.name]
    assert index.name.startswith(f"v{schema.VERSION}-")
    assert index.parent.name.startswith("rows-")


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
    before = [(path / name).stat() for name in FILES]
    dataset.close()

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(chunks, "make_rows", never)
    monkeypatch.setattr(chunks, "make_words", never)
    again = open_at(place / "source", place / "data")
    again.close()
    for name, old in zip(FILES, before, strict=True):
        new = (path / name).stat()
        assert (new.st_mtime_ns, new.st_ino) == (old.st_mtime_ns, old.st_ino)
    assert files_of(path.parent) == [groups_of(path), "lock", path.name]


def test_another_version_is_built_anew(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_at(place / "source", place / "data")
    old = index_of(dataset)
    dataset.close()
    monkeypatch.setattr(publish, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(shards, "VERSION", schema.VERSION + 1)
    again = open_at(place / "source", place / "data")
    new = index_of(again)
    again.close()
    assert new.name.startswith(f"v{schema.VERSION + 1}-")
    assert not old.exists()


@pytest.mark.parametrize("change", ["content", "time", "more", "fewer"])
def test_a_changed_source_is_built_anew_and_a_further_file_is_a_shard_of_its_own(
    place: Path,
    open_at: Make,
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    change: str,
) -> None:
    make_parquet(place / "source" / "b.parquet", rows400[60:70])
    old = open_at(place / "source", place / "data")
    before = index_of(old)
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
    assert (new.folders[0] == before, len(new.folders)) == (
        change == "more",
        1 + (change == "more"),
    )
    assert before.exists() is (change == "more")
    assert new.rows == {"content": 70, "time": 70, "more": 80, "fewer": 60}[change]
    new.close()


def test_what_was_left_beside_an_index_is_cleared(place: Path, open_at: Make) -> None:
    dataset = open_at(place / "source", place / "data")
    here = home(place / "data", dataset.source)
    (here.folder / "building-v0-old").mkdir()
    (here.folder / "v0-old").mkdir()
    publish.tidy(here)
    assert sorted(each.name for each in here.folder.iterdir()) == sorted(
        [groups_of(here.published), "lock", here.published.name]
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
        "coded": (pa.array([0.1, None], pa.float32()).dictionary_encode(), "number", "coded:0.1"),
        "took": (pa.array([timedelta(seconds=1.5), None], pa.duration("us")), "number", "took:1.5"),
        "clock": (pa.array([time(1, 2, 3), None], pa.time64("us")), "text", "clock:01:02:03"),
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
    same_contents(index_of(one), index_of(other))
    for pairs in ([("q", "hello")], [("sort", "-prompt_words")], [("sort", "random:7")]):
        query = queries.parse(pairs, one.fields)
        left, right = one.search(query), other.search(query)
        assert left.results == right.results
    assert exported(one) == exported(other)


def exported(dataset: Dataset) -> bytes:
    order = dataset.order(queries.Query())
    return b"".join(lines(dataset.source, order, dataset.messages_repeat, Path("/tmp")))


def test_where_chunks_end_does_not_show(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Make,
    rows400: list[Row],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = make_parquet(tmp_path / "s" / "a.parquet", rows400[:60], group=1)
    whole = open_at(path, tmp_path / "whole" / "data")
    for size in (1, 7):
        monkeypatch.setattr(chunks, "CHUNK_ROWS", size)
        cut = open_at(path, tmp_path / f"cut{size}" / "data")
        assert len(chunks.plan(cut.source.files)) == -(-60 // size)
        same_contents(published_in(tmp_path / "whole"), published_in(tmp_path / f"cut{size}"))
        assert exported(whole) == exported(cut)
        cut.close()
    whole.close()


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
    monkeypatch.setattr(copies, "COPY_GROUP_BYTES", 20_000)
    assert [file.large for file in open_source(str(tmp_path / "source")).files] == [True, False]
    made: list[Path] = []

    def seen(here: publish.Home, *rest: Any) -> None:
        made.extend(here.building.rglob("*.parquet"))
        assert pq.read_metadata(here.building / "copies" / "000000.parquet").num_row_groups > 3
        publish.publish(here, *rest)

    monkeypatch.setattr(building, "publish", seen)
    copied = open_at(tmp_path / "source", tmp_path / "copied" / "data")
    assert [path.name for path in made if path.parent.name == "copies"] == ["000000.parquet"]
    assert exported(copied) == exported(plain)
    for row in (0, 7, 299, 300, 399):
        assert repr(copied.reading(row, whole=True)) == repr(plain.reading(row, whole=True))
        assert repr(copied.reading(row)) == repr(plain.reading(row))
    same_contents(published_in(tmp_path / "plain"), published_in(tmp_path / "copied"))
    few = np.array([3, 290])
    right = b"".join(lines(plain.source, few, False, tmp_path))

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(SourceFile, "parts", never)  # single rows of it need the source no more
    assert copied.reading(299, whole=True).record["messages"]
    assert b"".join(lines(copied.source, few, False, tmp_path)) == right
    assert files_of(index_of(copied)) == FILES
    assert list((tmp_path / "copied").rglob("*.parquet")) == []
    plain.close()
    copied.close()


@pytest.mark.parametrize("step", ["prompts", "texts", "answer"])
def test_copies_outlast_the_end_of_a_build(
    path400: Path,
    tmp_path: Path,
    open_at: Make,
    monkeypatch: pytest.MonkeyPatch,
    inline: Any,
    step: str,
) -> None:
    monkeypatch.setattr(sources, "LARGE_GROUP", 10_000)
    monkeypatch.setattr(copies, "COPY_GROUP_BYTES", 20_000)
    source = open_source(str(path400))
    assert source.files[0].large

    def end(now: str, *_: int) -> None:
        if now == step:
            raise InterruptedError

    with pytest.raises(Failed):
        building.build(planned(tmp_path, source), 1, end, pool_of=inline.of)
    kept = [path.stat().st_mtime_ns for path in tmp_path.rglob("copies/*.parquet")]
    assert len(kept) == 1
    used: list[int] = []

    def seen(here: publish.Home, part: str) -> None:
        used.extend(path.stat().st_mtime_ns for path in here.building.rglob("copies/*.parquet"))
        publish.publish_part(here, part)

    monkeypatch.setattr(building, "publish_part", seen)
    dataset = open_at(path400, tmp_path)
    assert set(used) == set(kept)
    assert list(tmp_path.rglob("copies")) == []
    assert dataset.source.files[0].path == path400
    assert dataset.parts == schema.PARTS
    dataset.close()


@pytest.mark.parametrize("size", [1, 50])
def test_how_much_a_merge_takes_at_once_does_not_show(
    index: Path,
    path400: Path,
    tmp_path: Path,
    open_at: Make,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", size)
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 64)
    dataset = open_at(path400, tmp_path)
    assert len(chunks.plan(dataset.source.files)) > 5
    dataset.close()
    same_contents(index, index_of(dataset))


def test_a_build_that_was_ended_goes_on(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(str(place / "source"))
    here = home(place / "data", source)
    here.building.mkdir(parents=True)
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 1)
    first = chunks.plan(source.files)[0]
    chunks.make_rows(first, [], here.building)
    chunks.make_words(first, here.building, here.published)
    (here.building / "rows-000009.99.part").write_bytes(b"half")
    kept = {file: file.stat().st_mtime_ns for file in here.building.glob("*-000000*")}
    after: dict[Path, int] = {}

    def seeing(here: publish.Home, part: str) -> None:
        after.update((file, file.stat().st_mtime_ns) for file in kept)
        publish.publish_part(here, part)

    monkeypatch.setattr(building, "publish_part", seeing)
    dataset = open_at(place / "source", place / "data")
    assert len(kept) == 3 + 3 * 6
    assert after == kept
    assert files_of(here.published) == FILES
    dataset.close()


def test_a_part_that_is_missing_is_built_and_nothing_else(
    place: Path, open_at: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = open_at(place / "source", place / "data")
    dataset.close()
    index = index_of(dataset)
    before = contents(index)
    kept = {name: (index / name).stat().st_mtime_ns for name in OTHERS}
    (index / schema.part_file("reasoning")).unlink()
    here = home(place / "data", dataset.source)
    assert here.ready
    assert not here.complete
    open_at(place / "source", place / "data").close()
    assert here.complete
    assert repr(contents(index)) == repr(before)
    assert {name: (index / name).stat().st_mtime_ns for name in kept} == kept
    assert not here.building.exists()


def test_a_table_of_many_columns_is_indexed_as_one_of_few(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Make
) -> None:
    """By itself each statement over 5,000 columns takes milliseconds, and there were 10,000 of them."""
    few = {"whole": [1, 2, None], "real": [0.5, float("nan"), -0.0], "said": ["a", "bb", "a"]}
    rows = {"prompt": ["p", "q", "r"], "response": ["a", "b", "c"]}
    wide = {f"{name}{n}": values for n in range(400) for name, values in few.items()}
    made = [
        open_at(make_parquet(tmp_path / f"{n}.parquet", pa.table({**rows, **more})), tmp_path)
        for n, more in enumerate((few, wide))
    ]
    narrow, broad = (each.fields for each in made)
    for name in few:
        for number in (0, 7, 399):
            found = broad[f"{name}{number}"]
            own = narrow[name]
            assert replace(found, name=name, column=own.column, path=own.path) == own
    for each in made:
        each.close()
