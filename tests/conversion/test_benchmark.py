"""A benchmark's questions from each kind of file, and files that have none."""

import hashlib
import os
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversion import benchmark
from app.errors import InvalidInput, ThinklensError, Unreadable

ROWS: list[dict[str, object]] = [
    {"id": 1, "question": "How many?", "more": "Two or three?"},
    {"id": 2, "question": " ", "more": "x"},
    {"id": 3, "question": "Why?\nSay it.", "more": None},
]


def written(folder: Path, ending: str) -> Path:
    path = folder / f"bench{ending}"
    if ending == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif ending == ".jsonl":
        path.write_bytes(b"\n".join(map(orjson.dumps, ROWS)))
    elif ending == ".json":
        path.write_bytes(orjson.dumps(ROWS))
    elif ending == ".csv":
        path.write_text('id,question,more\n1,How many?,Two or three?\n2, ,x\n3,"Why?\nSay it.",\n')
    else:
        path.write_bytes("\ufeffHow many?\r\n \nWhy?".encode())
    return path


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".json", ".csv"])
def test_each_kind_of_file(tmp_path: Path, ending: str) -> None:
    path = written(tmp_path, ending)
    found = benchmark.read(path)
    assert found.questions == {0: "How many?", 2: "Why?\nSay it."}
    assert (found.file, found.columns) == (path.name, ("question",))
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert benchmark.read(path, ["more"]).questions[0] == "Two or three?"
    both = benchmark.read(path, ["more", "question", "more"], "other" + ending)
    assert both.questions[0] == "Two or three?\nHow many?"
    assert both.questions[1] == "x\n "
    assert (both.file, both.columns) == ("other" + ending, ("more", "question"))


def test_a_text_has_a_question_a_line(tmp_path: Path) -> None:
    found = benchmark.read(written(tmp_path, ".txt"))
    assert {place: text.strip() for place, text in found.questions.items()} == {
        0: "How many?",
        2: "Why?",
    }
    assert found.columns == ()


def test_the_usual_column_or_the_only_one(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    path.write_text('{"text": "t", "Problem": "p", "answer": "a"}')
    assert benchmark.read(path).columns == ("Problem",)
    path.write_text('{"n": 1, "riddle": "r"}')
    assert benchmark.read(path).questions == {0: "r"}


BAD = {
    "absent.csv": (None, (), Unreadable, "'absent.csv' cannot be read: No such file or directory"),
    "b.docx": (b"x", (), Unreadable, "'b.docx' is no .parquet, .csv, .tsv, .jsonl, .json or .txt file"),
    "b.parquet": (b"PAR1", (), Unreadable, "'b.parquet' cannot be read: "),
    "b.jsonl": (b'{"q": "a"}\nno', (), Unreadable, "'b.jsonl' cannot be read: line or entry 2 is no"),
    "c.jsonl": (b"", (), InvalidInput, "'c.jsonl' has no question: it has no rows"),
    "d.jsonl": (b'{"question": " "}', (), InvalidInput, "'d.jsonl' has no question: column 'question'"),
    "e.jsonl": (b'{"a": "x", "b": "y"}', ("c",), InvalidInput, "has no column 'c'; it has 'a', 'b'"),
    "f.jsonl": (b'{"a": "x", "b": "y"}', (), InvalidInput, "Name it; there are 'a', 'b'"),
    "g.jsonl": (b'{"a": 1}', (), InvalidInput, "Name it; there are none with texts"),
    "h.jsonl": (b'{"a": [1]}', ("a",), InvalidInput, "column 'a' of 'h.jsonl' holds other things than"),
    "i.csv": (b'a,b\n1\n', (), Unreadable, "'i.csv' cannot be read: line or entry 2 is no record"),
    "j.txt": (b"\xff\xfe", (), Unreadable, "'j.txt' is no text in UTF-8"),
    "k.txt": (b"x", ("a",), InvalidInput, "'k.txt' is a text: it has no columns"),
    "l.txt": (b"\n \n", (), InvalidInput, "'l.txt' has no question"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_has_none_is_told_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, columns, kind, said = BAD[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind) as caught:
        benchmark.read(path, columns)
    assert isinstance(caught.value, ThinklensError)
    assert said in caught.value.sentence
    assert "\n" not in caught.value.sentence
    assert str(tmp_path) not in caught.value.sentence


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "b.jsonl"
    os.mkfifo(path)
    with pytest.raises(Unreadable, match="'b.jsonl' cannot be read: it is no file"):
        benchmark.read(path)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "LARGEST", 10)
    path = written(tmp_path, ".csv")
    with pytest.raises(Unreadable, match="has more than 10 bytes"):
        benchmark.read(path)


def test_a_value_that_is_stored_once_does_not_take_room_for_each_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "packed.parquet"
    pq.write_table(pa.table({"question": ["long " * 10_000] * 300}), path)
    assert path.stat().st_size < 200_000
    monkeypatch.setattr(benchmark, "ROOM", 500_000)
    monkeypatch.setattr(benchmark, "UNPACKED", 600_000)
    with pytest.raises(Unreadable, match="unpacked its questions have more than 600,000 bytes"):
        list(benchmark._parquet(path, ["question"]))
    before = pa.total_allocated_bytes()
    monkeypatch.setattr(benchmark, "UNPACKED", 20_000_000)
    records = benchmark._parquet(path, ["question"])
    most = max(pa.total_allocated_bytes() - before for _ in records)
    assert most < 1_500_000  # of 15,000,000
    monkeypatch.setattr(benchmark, "UNPACKED", 600_000)
    with pytest.raises(Unreadable, match="'packed.parquet' cannot be read: unpacked its"):
        benchmark.read(path)


def test_only_the_column_of_the_questions_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.parquet"
    pq.write_table(pa.table({"question": ["Why?"], "tests": ["x" * 5_000]}), path)
    monkeypatch.setattr(benchmark, "UNPACKED", 1_000)
    assert benchmark.read(path).questions == {0: "Why?"}
    with pytest.raises(InvalidInput, match="has no column 'a'; it has 'question', 'tests'"):
        benchmark.read(path, ["a"])


def test_questions_that_are_longer_than_any_benchmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.txt"
    path.write_text("Why is it?\nHow?")
    monkeypatch.setattr(benchmark, "LONGEST", 14)
    assert len(benchmark.read(path).questions) == 2
    monkeypatch.setattr(benchmark, "LONGEST", 13)
    with pytest.raises(InvalidInput, match="'b.txt' have 14 characters together; at most 13 are"):
        benchmark.read(path)
