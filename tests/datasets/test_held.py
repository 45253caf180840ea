"""What a data directory holds, whose it is, and what can be removed while nobody uses it."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.conversion import store
from app.datasets.held import CONVERTED, DEMO, INDEX, Held, chosen, held, remove
from app.errors import Failed, InvalidInput, NotFound
from app.library import Library

LINE = '{"prompt": "spider", "response": "eight legs"}\n'
Index = Callable[[Path], None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def index(data: Path, inline: Any) -> Index:
    """``index(path)``: its index is built and closed."""

    def build(path: Path) -> None:
        library = Library(Settings(data_dir=data, workers=1), [str(path)], inline.of)
        library.prepare_all(lambda entry: None)
        assert next(iter(library.entries.values())).state == "ready"
        library.close()

    return build


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LINE)
    return path


def said(data: Path) -> list[tuple[str, str, str]]:
    return [(each.name, each.kind, each.path) for each in held(data)]


def test_nothing_is_held(data: Path) -> None:
    assert held(data) == []
    data.mkdir()
    (data / "somebody's").mkdir()
    (data / "notes.txt").write_text("none")
    assert held(data) == []


def test_what_is_held_for_a_file_and_a_folder(tmp_path: Path, data: Path, index: Index) -> None:
    one = written(tmp_path / "one.jsonl")
    two = [written(tmp_path / "two" / name) for name in ("a.jsonl", "b.csv.jsonl")]
    index(one)
    index(tmp_path / "two")
    assert said(data) == [
        ("one", CONVERTED, str(one)),
        ("one", INDEX, str(one)),
        ("two", CONVERTED, str(two[0])),
        ("two", CONVERTED, str(two[1])),
        ("two", INDEX, str(tmp_path / "two")),
    ]
    of_two = [each for each in held(data) if each.name == "two"]
    assert {each.root for each in of_two} == {str(tmp_path / "two")}
    whole = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    assert sum(each.size for each in held(data)) == whole


def test_the_time_is_that_of_the_last_use(tmp_path: Path, data: Path, index: Index) -> None:
    index(written(tmp_path / "one.jsonl"))
    for note in (*data.glob("*/dataset.json"), *data.glob("converted/*.json")):
        os.utime(note, (1_000, 1_000))
    assert [each.used for each in held(data)] == [1_000.0, 1_000.0]
    index(tmp_path / "one.jsonl")
    assert all(each.used > 1_000_000_000 for each in held(data))


def test_what_has_no_note_is_of_an_unknown_source(tmp_path: Path, data: Path, index: Index) -> None:
    index(written(tmp_path / "one.jsonl"))
    (tmp_path / "one.jsonl").unlink()
    for note in (*data.glob("*/dataset.json"), *data.glob("converted/*.json")):
        note.write_bytes(b"no JSON") if note.name == "dataset.json" else note.unlink()
    converted, whole = sorted(held(data), key=lambda each: each.kind)
    assert (whole.name, whole.path, whole.unused) == ("one", "", False)
    assert (len(converted.name), converted.path, converted.unused) == (16, "", False)
    remove(data, chosen(held(data), converted.name))
    assert said(data) == [("one", INDEX, "")]


def test_what_a_killed_conversion_left_goes_with_its_file(
    tmp_path: Path, data: Path, index: Index
) -> None:
    path = written(tmp_path / "one.jsonl")
    index(path)
    place = store.place_of(data, path)
    place.with_name(f"{place.name}.123.part").write_bytes(b"half")
    assert said(data) == [("one", CONVERTED, str(path)), ("one", INDEX, str(path))]
    remove(data, chosen(held(data), "one"))
    assert [each.name for each in data.rglob("*")] == ["converted", "writing"]


def test_the_demonstration(data: Path) -> None:
    written(data / "demo" / "demo.parquet")
    (each,) = held(data)
    assert (each.name, each.kind, each.size, each.unused) == ("demo", DEMO, len(LINE), False)
    remove(data, [each])
    assert list(data.iterdir()) == []


def test_a_name_that_several_have_is_to_be_said_by_its_path(
    tmp_path: Path, data: Path, index: Index
) -> None:
    first, second = written(tmp_path / "a" / "x.jsonl"), written(tmp_path / "b" / "x.jsonl")
    index(first)
    index(second)
    everything = held(data)
    with pytest.raises(
        InvalidInput, match="2 datasets are called 'x', name one by its PATH: "
    ) as found:
        chosen(everything, "x")
    assert str(first) in found.value.sentence
    assert str(second) in found.value.sentence
    assert {each.path for each in chosen(everything, str(second))} == {str(second)}
    assert {each.path for each in chosen(everything, os.path.relpath(first))} == {str(first)}
    with pytest.raises(NotFound, match="nothing is held for 'y'"):
        chosen(everything, "y")


@pytest.mark.parametrize("gone", [False, True])
def test_what_is_unused(tmp_path: Path, data: Path, index: Index, gone: bool) -> None:
    path = written(tmp_path / "set" / "a.jsonl")
    index(path)
    index(path.parent)
    (tmp_path / "set" / "b.jsonl").write_text(LINE)
    index(Path(f"{path.parent}/*.jsonl"))
    if gone:
        shutil.rmtree(path.parent)
    assert {each.unused for each in held(data)} == {gone}
    elsewhere = Held("far", "hf://far/away", INDEX, (), 0, 0.0, "hf://far/away")
    assert not elsewhere.unused


def test_what_is_served_stays(tmp_path: Path, data: Path, inline: Any) -> None:
    path = written(tmp_path / "one.jsonl")
    library = Library(Settings(data_dir=data, workers=1), [str(path)], inline.of)
    library.prepare_all(lambda entry: None)
    before = said(data)
    with pytest.raises(Failed, match="'one' is served or indexed at the moment: end that first"):
        remove(data, held(data))
    assert said(data) == before
    library.close()
    remove(data, held(data))
    assert held(data) == []


def test_what_is_indexed_stays(tmp_path: Path, data: Path, index: Index) -> None:
    index(written(tmp_path / "one.jsonl"))
    with next(data.glob("*/lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Failed, match="is served or indexed"):
            remove(data, chosen(held(data), "one"))
    remove(data, chosen(held(data), "one"))
    assert held(data) == []
