"""A dataset's files: found by PATH, counted by their footers, read by row."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import first_rows, records
from app.conversations.arrow import retyped
from app.conversations.formats.looked import Told
from app.conversations.paths import dataset_name
from app.conversations.source import LARGE_GROUP, Source, open_source
from app.conversations.tables import no_view
from app.errors import SourceChanged, Unreadable


def rows(start: int, stop: int) -> pa.Table:
    numbers = range(start, stop)
    return pa.table(
        {
            "prompt": pa.array([f"p{n}" for n in numbers], pa.string()),
            "response": pa.array([f"r{n}" for n in numbers], pa.string()),
            "n": pa.array(numbers, pa.int64()),
        }
    )


def write(path: Path, table: pa.Table | None = None, groups: list[int] | None = None) -> Path:
    """Write a table (three rows by default), in row groups of these sizes."""
    table = rows(0, 3) if table is None else table
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, table.schema) as writer:
        at = 0
        for size in groups if groups is not None else [len(table)]:
            writer.write_table(table.slice(at, size))
            at += size
    return path


def names(source: Source) -> list[str]:
    return [file.name for file in source.files]


def refused(path: Path | str) -> str:
    """The sentence with which a PATH is refused: one plain line."""
    with pytest.raises(Unreadable) as error:
        open_source(str(path))
    sentence = error.value.sentence
    assert sentence.isprintable(), sentence
    return sentence


# Finding files


def test_a_file(tmp_path: Path) -> None:
    source = open_source(str(write(tmp_path / "train.parquet")))

    assert (source.name, source.rows, names(source)) == ("train", 3, ["train.parquet"])
    assert source.files[0].layout.name == "card"
    assert open_source(str(tmp_path / "train.parquet"), "other").name == "other"


def test_a_file_by_another_suffix(tmp_path: Path) -> None:
    assert open_source(str(write(tmp_path / "data.bin"))).name == "data"
    assert open_source(str(write(tmp_path / ".hidden.parquet"))).rows == 3


def test_a_folder_with_subfolders(tmp_path: Path) -> None:
    wanted = ["B.parquet", "a-1/x.parquet", "a.parq", "a/x.parquet", "a/y/z.pq", "b.PARQUET"]
    wanted += ["z10.parquet", "z9.parquet", "é.parquet", "\uffee.parquet", "\U0001f600.parquet"]
    for name in wanted:
        write(tmp_path / "data" / name)
    for name in (".h.parquet", ".git/x.parquet", "a/.y/x.parquet", "notes.txt", "x.parquet.tmp"):
        write(tmp_path / "data" / name)
    (tmp_path / "data" / "folder.parquet").mkdir()

    source = open_source(str(tmp_path / "data"))

    assert names(source) == wanted == sorted(wanted)
    assert [file.first_row for file in source.files] == [3 * n for n in range(len(wanted))]
    assert source.name == "data"


def test_a_folder_under_a_hidden_one(tmp_path: Path) -> None:
    write(tmp_path / ".cache" / "data" / "x.parquet")

    assert names(open_source(str(tmp_path / ".cache" / "data"))) == ["x.parquet"]
    assert names(open_source(str(tmp_path / ".cache" / "data" / "*.parquet"))) == ["x.parquet"]


def test_two_files_of_one_name(tmp_path: Path) -> None:
    write(tmp_path / "b" / "x.parquet", rows(0, 2))
    write(tmp_path / "a" / "x.parquet", rows(2, 5))

    source = open_source(str(tmp_path))

    assert names(source) == ["a/x.parquet", "b/x.parquet"]
    assert values(source) == [2, 3, 4, 0, 1]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.parquet", ["a.parquet", "b.parquet"]),
        ("?.parquet", ["a.parquet", "b.parquet"]),
        ("[b].parquet", ["b.parquet"]),
        ("**/*.parquet", ["a.parquet", "b.parquet", "s/a.parquet", "s/t/c.parquet"]),
        ("s*/*.parquet", ["a.parquet"]),
        ("*/*/*.parquet", ["c.parquet"]),
        ("*a*", ["a.parquet", "b.parquet"]),
    ],
)
def test_a_glob(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in ("b.parquet", "a.parquet", "s/a.parquet", "s/t/c.parquet", ".a.parquet"):
        write(tmp_path / name)

    assert names(open_source(str(tmp_path / pattern))) == expected


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    write(tmp_path / "a[1].parquet")
    write(tmp_path / "a1.parquet")

    source = open_source(str(tmp_path / "a[1].parquet"))

    assert (names(source), source.name) == (["a[1].parquet"], "a[1]")


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "data" / "x.parquet")
    monkeypatch.chdir(tmp_path / "data")

    source = open_source(".")
    monkeypatch.chdir("/")

    assert source.name == "data"
    assert values(source) == [0, 1, 2]


def test_links(tmp_path: Path) -> None:
    write(tmp_path / "real" / "x.parquet")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link.parquet").symlink_to(tmp_path / "real" / "x.parquet")
    (tmp_path / "data" / "gone.parquet").symlink_to(tmp_path / "nowhere.parquet")
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data")

    assert names(open_source(str(tmp_path / "data"))) == ["link.parquet"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/data/train.parquet", "train"),
        ("/data/train.v1.parquet", "train.v1"),
        ("/data/train", "train"),
        ("/data/*.parquet", "data"),
        ("/data/**/*.parquet", "data"),
        ("/data/x-*.parquet", "data"),
        ("/*.parquet", "dataset"),
        ("/", "dataset"),
        ("/data/東京.parquet", "東京"),
        ("/data/" + "*" * 5_000, "data"),
    ],
)
def test_dataset_name(path: str, name: str) -> None:
    assert dataset_name(path) == name


def test_dataset_name_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "v1.0"
    folder.mkdir()
    monkeypatch.chdir(folder)

    assert dataset_name(str(folder)) == "v1.0"
    assert dataset_name(f"{folder}/") == "v1.0"
    assert dataset_name(str(folder / "*.parquet")) == "v1.0"
    assert dataset_name("*.parquet") == "v1.0"
    assert dataset_name("*/x.parquet") == "v1.0"


# PATHs that are refused


def test_a_path_that_is_missing(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "nothing.parquet")
    assert "holds no Parquet file" in refused(tmp_path / "*.parquet")


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 5_000, "/" + "x/" * 3_000, "*" * 5_000])
def test_a_path_that_cannot_be(path: str) -> None:
    refused(path)


def test_what_is_neither_file_nor_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.parquet")

    assert "neither a file nor a folder" in refused(tmp_path / "pipe.parquet")
    assert "holds no Parquet file" in refused(tmp_path)


def test_a_folder_without_parquet(tmp_path: Path) -> None:
    assert "holds no Parquet file" in refused(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    write(tmp_path / ".hidden.parquet")
    assert "holds no Parquet file" in refused(tmp_path)


def test_files_without_rows(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", rows(0, 0))
    write(tmp_path / "b.parquet", rows(0, 0), [])

    assert "has no rows" in refused(tmp_path)
    assert "has no rows" in refused(tmp_path / "b.parquet")


def broken_files() -> dict[str, Callable[[bytes], bytes]]:
    return {
        "zero bytes": lambda whole: b"",
        "text": lambda whole: b"prompt,response\nhello,you\n",
        "only the magic": lambda whole: b"PAR1",
        "twice the magic": lambda whole: b"PAR1PAR1",
        "cut in the footer": lambda whole: whole[:-20],
        "cut in half": lambda whole: whole[: len(whole) // 2],
        "a footer that is too long": lambda whole: whole[:-8] + b"\xff\xff\xff\x7fPAR1",
        "zeros in the footer": lambda whole: whole[:-200] + bytes(192) + whole[-8:],
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_broken_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "x.parquet")
    path.write_bytes(broken_files()[name](path.read_bytes()))

    sentence = refused(path)

    assert "'x.parquet'" in sentence
    assert len(sentence) < 300


def test_one_broken_file_of_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet")
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "b.parquet").write_bytes(b"")

    found = open_source(str(tmp_path))
    (left_out,) = found.left_out
    assert [file.name for file in found.files] == ["a.parquet"]
    assert left_out.file == "s/b.parquet"
    assert left_out.reason.startswith("'s/b.parquet' cannot be read as Parquet")
    with pytest.raises(Unreadable, match=r"'s/b.parquet' cannot be read"):
        open_source(str(tmp_path), told=Told(strict=True))


def test_a_folder_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"")
    write(tmp_path / "b.parquet", pa.table({"x": [1]}))
    assert refused(tmp_path).startswith("'a.parquet' cannot be read as Parquet")


def test_a_file_without_text_columns(tmp_path: Path) -> None:
    sentence = refused(write(tmp_path / "x.parquet", pa.table({"a": [1]})))

    assert sentence.startswith("'x.parquet' has no text column")


def test_a_file_with_two_columns_of_one_name(tmp_path: Path) -> None:
    table = pa.table([["a"], [1], [2]], names=["prompt", "x", "x"])

    assert refused(write(tmp_path / "x.parquet", table)) == (
        "'x.parquet' has two columns of the same name 'x'"
    )


@pytest.mark.parametrize("at", [0.05, 0.2, 0.4])
def test_damaged_pages_are_one_sentence(tmp_path: Path, at: float) -> None:
    path = tmp_path / "x.parquet"
    texts = [f"{n * 7919} some text" for n in range(5_000)]
    table = pa.table({"prompt": texts, "response": texts})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    whole = bytearray(path.read_bytes())
    place = int(len(whole) * at)
    whole[place : place + 40] = bytes(40)
    path.write_bytes(whole)

    file = open_source(str(path)).files[0]
    with pytest.raises(Unreadable) as error:
        file.read(0, 5_000, ["prompt"])
    with pytest.raises(Unreadable):
        list(file.batches(100))

    assert error.value.sentence.isprintable()


def test_a_file_that_lost_its_start(tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet")
    path.write_bytes(path.read_bytes()[100:])

    with pytest.raises(Unreadable, match=r"'x.parquet' cannot be read as Parquet"):
        open_source(str(path)).files[0].read(0, 3, ["prompt", "response", "n"])


def test_fewer_rows_than_the_footer_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = open_source(str(write(tmp_path / "x.parquet"))).files[0]
    batches = rows(0, 2).to_batches()
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: iter(batches))

    assert len(file.read(0, 1, ["prompt"])) == 1
    with pytest.raises(Unreadable, match="another number of rows"):
        file.read(0, 3, ["prompt"])


# Rows


def values(source: Source) -> list[int]:
    return [n for file in source.files for n in file.read(0, file.rows, ["n"])["n"].to_pylist()]


@pytest.fixture
def several(tmp_path: Path) -> Source:
    """Ten rows in files with empty files and empty row groups between."""
    write(tmp_path / "a.parquet", rows(0, 0))
    write(tmp_path / "b.parquet", rows(0, 6), [0, 1, 2, 0, 0, 3, 0])
    write(tmp_path / "c.parquet", rows(0, 0), [])
    write(tmp_path / "d.parquet", rows(6, 10), [4])
    write(tmp_path / "e.parquet", rows(0, 0), [0, 0])
    return open_source(str(tmp_path))


def test_row_numbers_follow_from_the_footers(several: Source) -> None:
    assert several.rows == 10
    assert [file.rows for file in several.files] == [0, 6, 0, 4, 0]
    assert [file.first_row for file in several.files] == [0, 0, 6, 6, 10]
    assert values(several) == list(range(10))


def test_locate(several: Source) -> None:
    for row in range(10):
        file, place = several.locate(row)
        assert file.name == ("b.parquet" if row < 6 else "d.parquet")
        assert file.first_row + place == row
        assert file.read(place, place + 1, ["n"])["n"].to_pylist() == [row]


def test_reading_over_the_borders_of_row_groups(several: Source) -> None:
    for file in several.files:
        for start in range(file.rows + 1):
            for stop in range(start, file.rows + 1):
                table = file.read(start, stop, ["n"])
                wanted = range(file.first_row + start, file.first_row + stop)
                assert table["n"].to_pylist() == list(wanted)


@given(st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_row_groups(tmp_path_factory: pytest.TempPathFactory, files: list[list[int]]) -> None:
    folder = tmp_path_factory.mktemp("data")
    first = 0
    for place, groups in enumerate(files):
        write(folder / f"{place}.parquet", rows(first, first + sum(groups)), groups)
        first += sum(groups)
    if not first:
        refused(folder)
        return

    source = open_source(str(folder))

    assert values(source) == list(range(first))
    for row in range(first):
        file, place = source.locate(row)
        assert file.read(place, place + 1, ["prompt"])["prompt"].to_pylist() == [f"p{row}"]


def test_columns_come_as_they_are_asked_for(several: Source) -> None:
    file = several.files[1]

    assert file.read(0, 2, ["n", "prompt"]).column_names == ["n", "prompt"]
    assert file.read(0, 2, []).num_rows == 2


def test_columns_whose_names_hold_dots(tmp_path: Path) -> None:
    table = pa.table(
        {"prompt": ["p"], "response": ["a"], "m.x": [1], "m": [{"x": 2}], "prompt.y": [3]}
    )
    file = open_source(str(write(tmp_path / "x.parquet", table))).files[0]

    assert file.read(0, 1, file.layout.columns).equals(table)
    assert file.read(0, 1, ["prompt"]).column_names == ["prompt"]


def test_batches(several: Source) -> None:
    batches = list(several.files[1].batches(2))

    assert [n for batch in batches for n in batch["n"].to_pylist()] == list(range(6))
    assert max(len(batch) for batch in batches) <= 2
    assert list(several.files[2].batches(2)) == []


def test_files_of_different_layouts(tmp_path: Path) -> None:
    message = [{"role": "user", "content": "x"}]
    write(tmp_path / "a.parquet", rows(0, 1))
    write(tmp_path / "b.parquet", pa.table({"messages": [message]}))

    layouts = [file.layout for file in open_source(str(tmp_path)).files]

    assert [layout.name for layout in layouts] == ["card", "turns"]


def test_large_row_groups_are_told(tmp_path: Path) -> None:
    text = "x" * (LARGE_GROUP // 4 + 1)
    texts = [f"{n}{text}" for n in range(5)]
    table = pa.table({"prompt": texts, "response": ["a"] * 5})
    pq.write_table(table, tmp_path / "a.parquet", use_dictionary=False)
    pq.write_table(table, tmp_path / "b.parquet", use_dictionary=False, row_group_size=1)

    assert [file.large for file in open_source(str(tmp_path)).files] == [True, False]


MESSAGE = pa.struct([("role", pa.string_view()), ("content", pa.string_view())])


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["x", None], pa.string_view()),
        ([b"x", None], pa.binary_view()),
        ([["x"], None], pa.list_(pa.string_view())),
        ([[{"role": "user", "content": "x"}], None], pa.list_(MESSAGE)),
        ([{"role": "user", "content": None}, None], MESSAGE),
        ([[("x", "y")], None], pa.map_(pa.string(), pa.string_view())),
        (["x", None], pa.dictionary(pa.int32(), pa.string())),
        ([["x"], None], pa.list_view(pa.string())),
        ([["x"], None], pa.large_list(pa.large_string())),
    ],
    ids=str,
)
def test_rows_of_every_layout_can_be_taken_out(
    tmp_path: Path, values: list[Any], kind: pa.DataType
) -> None:
    schema = pa.schema([("prompt", pa.string()), ("response", pa.string()), ("x", kind)])
    plain = pa.table(
        {"prompt": ["a", "b"], "response": ["", ""], "x": pa.array(values, retyped(kind, no_view))}
    )
    with pq.ParquetWriter(tmp_path / "x.parquet", plain.schema, store_schema=False) as writer:
        writer.write_table(plain)
        writer.add_key_value_metadata({"ARROW:schema": b64encode(schema.serialize()).decode()})
    file = open_source(str(tmp_path / "x.parquet")).files[0]
    assert file.schema.field("x").type == kind

    found = file.read(0, 2, ["x"])

    assert found["x"].to_pylist() == values
    assert found.take(pa.array([1, 0]))["x"].to_pylist() == values[::-1]


def test_json_and_uuids_are_text(tmp_path: Path) -> None:
    identity = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16), None], pa.binary(16)))
    table = pa.table(
        {
            "conversation_id": identity,
            "prompt": pa.array(["p", None], pa.json_()),
            "response": pa.array(["a", None], pa.json_()),
            "metadata": pa.array(['{"a": 1}', None], pa.json_()),
        }
    )
    file = open_source(str(write(tmp_path / "x.parquet", table))).files[0]

    found = file.read(0, 2, file.layout.columns)

    assert file.layout.texts == ("prompt", "response")
    assert set(found.schema.types) == {pa.string()}
    assert found.to_pylist() == [
        {
            "conversation_id": "00000000-0000-0000-0000-000000000000",
            "prompt": "p",
            "response": "a",
            "metadata": '{"a": 1}',
        },
        {"conversation_id": None, "prompt": None, "response": None, "metadata": None},
    ]


# Changes


def touched(path: Path, seconds: int = 10) -> None:
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + seconds * 10**9))


def rewritten(path: Path) -> None:
    """Other content of the same size, with the same time, in the same place."""
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"p1", b"q1"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size


def replaced(path: Path) -> None:
    status = path.stat()
    whole = path.read_bytes()
    other = path.with_name("other")
    other.write_bytes(whole)
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


def grown(path: Path) -> None:
    write(path, rows(0, 4))


CHANGES = {"touched": touched, "replaced": replaced, "grown": grown}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_noticed(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = write(tmp_path / "x.parquet")
    source = open_source(str(path))
    source.check()

    change(path)

    for ask in (source.check, source.files[0].check):
        with pytest.raises(SourceChanged, match=r"'x.parquet' has changed"):
            ask()
    with pytest.raises(SourceChanged):
        source.files[0].read(0, 1, ["n"])
    with pytest.raises(SourceChanged):
        list(source.files[0].batches(1))


def test_a_file_that_vanished(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet")
    write(tmp_path / "s" / "b.parquet")
    source = open_source(str(tmp_path))

    (tmp_path / "s" / "b.parquet").unlink()

    with pytest.raises(SourceChanged, match=r"'s/b.parquet' is gone"):
        source.check()
    with pytest.raises(SourceChanged, match=r"'s/b.parquet' is gone"):
        source.files[1].read(0, 1, ["n"])
    source.files[0].check()


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.parquet", rows(0, 3))
    file = open_source(str(path)).files[0]
    batches = file.batches(1)
    next(batches)
    path.write_bytes(b"")

    with pytest.raises(SourceChanged):
        _ = [*batches, file.read(0, 1, ["n"])]


@pytest.mark.parametrize("change", [*CHANGES.values(), rewritten], ids=[*CHANGES, "rewritten"])
def test_the_fingerprint_changes(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = write(tmp_path / "x.parquet")
    before = open_source(str(path)).fingerprint
    assert open_source(str(path)).fingerprint == before

    change(path)

    assert open_source(str(path)).fingerprint != before


def test_the_fingerprint_is_of_all_files(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet")
    found = [open_source(str(tmp_path)).fingerprint]
    write(tmp_path / "b.parquet")
    found.append(open_source(str(tmp_path)).fingerprint)
    (tmp_path / "b.parquet").rename(tmp_path / "c.parquet")
    found.append(open_source(str(tmp_path)).fingerprint)

    assert len(set(found)) == 3


def test_copies_stand_in_for_files(tmp_path: Path) -> None:
    write(tmp_path / "data" / "a.parquet", rows(0, 4))
    write(tmp_path / "data" / "b.parquet", rows(4, 6))
    copy = write(tmp_path / "copy", rows(0, 4), [1, 1, 2])
    source = open_source(str(tmp_path / "data"))

    found = source.with_files({0: copy})

    assert [file.path.name for file in found.files] == ["copy", "b.parquet"]
    assert found.files[0].groups == (0, 1, 2, 4)
    assert (names(found), found.rows, values(found)) == (names(source), 6, list(range(6)))
    found.check()


# Files made to break readers

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "parquet_bad"

# Opens and reads each file, whatever its columns are called; a line of JSON each.
READ_ALL = """
import json, resource, sys
from pathlib import Path
from app.conversations import fields, records, source
from app.conversations.formats.format import Layout
from app.conversations.formats.table import TURNS
from app.errors import Unreadable
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))

def read_all(path):
    found = source.open_source(path)
    file = found.files[0]
    count = sum(map(len, file.batches(1_000)))
    stop = min(file.rows, 300)
    table = file.read(0, stop, file.layout.columns)
    lines = [records.line(record) for record in records.records(table)]
    fields.flatten(table, fields.json_columns(table))
    assert len(lines) == stop and count == file.rows, (len(lines), count, file.rows)
    return count

if sys.argv[1] == "any":
    source.detect = lambda schema: Layout(TURNS, tuple(schema.names), ())
for path in sys.argv[2:]:
    print(json.dumps(["start", path]), flush=True)
    try:
        print(json.dumps(["rows", read_all(path)]), flush=True)
    except Unreadable as error:
        print(json.dumps(["refused", error.sentence]), flush=True)
    except Exception as error:
        print(json.dumps(["fault", type(error).__name__ + ": " + str(error)]), flush=True)
"""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of corrupt Parquet files is not here")
@pytest.mark.parametrize("columns", ["text", "any"])
def test_corrupt_files_give_rows_or_a_sentence(columns: str) -> None:
    paths = sorted(map(str, CORPUS.glob("*.parquet")))
    run = subprocess.run(
        [sys.executable, "-c", READ_ALL, columns, *paths],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    said = [json.loads(text) for text in run.stdout.splitlines()]
    ends = dict(zip([path for _, path in said[::2]], said[1::2], strict=False))

    assert run.returncode == 0, f"the process ended over {said[-1]}: {run.stderr[-500:]}"
    assert list(ends) == paths
    assert {path: end for path, end in ends.items() if end[0] == "fault"} == {}
    for kind, end in ends.values():
        assert kind == "rows" or (end.isprintable() and len(end) < 500)
    if columns == "text":
        assert {kind for kind, _ in ends.values()} == {"refused"}


def test_a_row_of_text_that_is_not_utf8(tmp_path: Path) -> None:
    bad = pa.array([b"\xff"], pa.binary()).view(pa.string())
    path = write(tmp_path / "x.parquet", pa.table({"prompt": bad, "response": bad}))

    table = open_source(str(path)).files[0].read(0, 1, ["prompt"])

    with pytest.raises(Unreadable, match="not valid UTF-8"):
        records.records(table)


@pytest.mark.parametrize(("name", "value"), [("LOOKED_BYTES", 50), ("MOST_PACKED", 0)])
def test_a_file_that_unpacks_to_much_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    texts = ["<think>a</think>" + "b" * 200] * 3
    path = write(tmp_path / "x.parquet", pa.table({"prompt": texts, "response": texts}))
    assert open_source(str(path)).files[0].layout.tag_use.rows == 3
    monkeypatch.setattr(first_rows, "LOOKED_BYTES", 50)
    monkeypatch.setattr(first_rows, name, value)
    found = open_source(str(path))
    assert found.files[0].layout.tag_use.rows == 0
    assert (found.rows, found.small) == (3, True)


def test_what_is_not_understood_is_a_fault_where_that_is_asked(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet")
    strict = Told(strict=True)
    assert names(open_source(str(tmp_path), told=strict)) == ["a.parquet"]
    write(tmp_path / "b.parquet")
    card = "---\nconfigs:\n- data_files: a.parquet\n---\n"
    (tmp_path / "README.md").write_text(card)
    assert names(open_source(str(tmp_path))) == ["a.parquet"]
    with pytest.raises(Unreadable) as error:
        open_source(str(tmp_path), told=strict)
    assert error.value.sentence == (
        f"not everything of {str(tmp_path)!r} is understood: "
        "b.parquet: no split of the README.md names it"
    )
