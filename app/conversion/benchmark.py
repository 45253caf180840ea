"""A benchmark's questions, read from a file: Parquet, CSV, JSON Lines, or text with a question a line.

Reads one file, and nothing of datasets. None is shipped: whoever compares brings it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import InvalidInput, Unreadable
from .lines import Bad, Counts, records_of

LARGEST = 512 * 2**20  # bytes of a file
BATCH = 256  # rows that are decoded at once
ENDINGS = (".parquet", ".csv", ".tsv", ".jsonl", ".json", ".txt")
# What a column of questions is called where the user says none, the first that is there.
USUAL = ("question", "problem", "prompt", "instruction", "query", "input", "text")

Record = Mapping[str, object]


@dataclass(frozen=True)
class Benchmark:
    """The questions of a file by their places in it, from 0; its name, the sha-256 of its bytes, and the
    columns that the questions stand in, none of a text."""

    file: str
    sha256: str
    columns: tuple[str, ...]
    questions: Mapping[int, str]


def read(path: Path, columns: Sequence[str] = (), name: str = "") -> Benchmark:
    """The questions of a file, called ``name``, in some columns, which are put together with a line break
    between them. Raises Unreadable where it cannot be read, InvalidInput for a column that is not there and
    where there is no question."""
    name = name or path.name
    digest = _digest(path, name)
    chosen: tuple[str, ...] = ()
    if name.casefold().endswith(".txt"):
        if columns:
            raise InvalidInput(f"{name!r} is a text: it has no columns, but a question a line")
        texts = _lines(path, name)
    else:
        records = _records(path, name)
        chosen = _chosen(records, columns, name)
        texts = [_text(each, chosen, name) for each in records]
    questions = {place: text for place, text in enumerate(texts) if text.strip()}
    if not questions:
        raise InvalidInput(f"{name!r} has no question: {_where(chosen)} is empty")
    return Benchmark(name, digest, chosen, questions)


def _where(columns: Sequence[str]) -> str:
    return f"column {columns[0]!r}" if len(columns) == 1 else "what would be one"


def _digest(path: Path, name: str) -> str:
    if not name.casefold().endswith(ENDINGS):
        raise Unreadable(f"{name!r} is no {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]} file")
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{name!r} has more than {LARGEST:,} bytes: no benchmark is so large")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable(f"{name!r} cannot be read: {error.strerror or error}") from error


def _lines(path: Path, name: str) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name!r} is no text in UTF-8") from error


def _records(path: Path, name: str) -> list[Record]:
    """All records of a file. Raises Unreadable where one is none, or there are none."""
    found = []
    try:
        for each in _parquet(path) if name.casefold().endswith(".parquet") else _read(path):
            if isinstance(each, Bad):
                raise Unreadable(f"line or entry {each.number:,} is no record: {each.reason}")
            found.append(each)
    except Unreadable as error:
        raise Unreadable(f"{name!r} cannot be read: {error.sentence}") from error
    if not found:
        raise InvalidInput(f"{name!r} has no question: it has no rows")
    return found


def _read(path: Path) -> Iterator[Record | Bad]:
    yield from records_of(path, Counts())


def _parquet(path: Path) -> Iterator[Record]:
    try:
        with path.open("rb") as file:  # whose name no sentence is to have
            size = 0
            for batch in pq.ParquetFile(file).iter_batches(BATCH):
                size += batch.nbytes
                if size > LARGEST:
                    raise Unreadable(f"unpacked it has more than {LARGEST:,} bytes")
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(" ".join(str(error).split())[:200] or "it is no Parquet") from error


def _chosen(records: Sequence[Record], columns: Sequence[str], name: str) -> tuple[str, ...]:
    """The columns of the questions: those that are named, or the one that is called as usual, or the only one
    with texts."""
    there = [*dict.fromkeys(each for record in records for each in record)]
    for each in columns:
        if each not in there:
            raise InvalidInput(
                f"{name!r} has no column {each!r}; it has {', '.join(map(repr, there))}"
            )
    if columns:
        return tuple(dict.fromkeys(columns))
    texts = [each for each in there if any(isinstance(record.get(each), str) for record in records)]
    by_name = {each.casefold(): each for each in reversed(texts)}
    with suppress(StopIteration):
        return (next(by_name[each] for each in USUAL if each in by_name),)
    if len(texts) != 1:
        listed = ", ".join(map(repr, texts)) or "none with texts"
        raise InvalidInput(
            f"which column of {name!r} has the questions? Name it; there are {listed}"
        )
    return (texts[0],)


def _text(record: Record, columns: Sequence[str], name: str) -> str:
    """A question. Raises InvalidInput where a column holds something else than texts."""
    values = [record.get(each) for each in columns]
    for column, value in zip(columns, values, strict=True):
        if value is not None and not isinstance(value, str):
            raise InvalidInput(f"column {column!r} of {name!r} holds other things than texts")
    return "\n".join(str(value) for value in values if value is not None)
