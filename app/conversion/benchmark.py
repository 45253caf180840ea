"""A benchmark's questions, read from a file: Parquet, CSV, JSON Lines, or text with a question a line.

Reads one file, and nothing of datasets. None is shipped: whoever compares brings it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import InvalidInput, Unreadable
from .lines import Bad, Counts, records_of

LARGEST = 512 * 2**20  # bytes of a file
BATCH = 256  # rows that are decoded at once, where they take no more than
ROOM = 32 * 2**20  # bytes, if each were as large as all that is stored of its row group
LONGEST = 16_000_000  # characters of all questions together: comparing takes some 60 bytes for each
UNPACKED = 4 * LONGEST  # bytes of them, as large as they can be
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
        chosen, records = _records(path, columns, name)
        texts = [_text(each, chosen, name) for each in records]
    questions = {place: text for place, text in enumerate(texts) if text.strip()}
    _check(questions, chosen, name)
    return Benchmark(name, digest, chosen, questions)


def _check(questions: Mapping[int, str], chosen: Sequence[str], name: str) -> None:
    """Raise InvalidInput where there is no question, and where they are longer than any benchmark's."""
    if not questions:
        raise InvalidInput(f"{name!r} has no question: {_where(chosen)} is empty")
    size = sum(map(len, questions.values()))
    if size > LONGEST:
        raise InvalidInput(
            f"the questions of {name!r} have {size:,} characters together; at most {LONGEST:,} are taken"
        )


def _where(columns: Sequence[str]) -> str:
    return f"column {columns[0]!r}" if len(columns) == 1 else "what would be one"


def _digest(path: Path, name: str) -> str:
    if not name.casefold().endswith(ENDINGS):
        raise Unreadable(f"{name!r} is no {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]} file")
    try:
        if path.exists() and not path.is_file():  # one that waits for who writes into it, as a pipe
            raise Unreadable(f"{name!r} cannot be read: it is no file")
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


def _records(
    path: Path, columns: Sequence[str], name: str
) -> tuple[tuple[str, ...], Sequence[Record]]:
    """The columns of the questions, and all records of a file. Raises Unreadable where one is none, and
    InvalidInput where there are none."""
    try:
        if name.casefold().endswith(".parquet"):
            chosen = _chosen(*_schema(path), columns, name)
            found = [*_parquet(path, chosen)]
        else:
            found = [*_read(path)]
            there = [*dict.fromkeys(each for record in found for each in record)]
            texts = [e for e in there if any(isinstance(record.get(e), str) for record in found)]
            chosen = _chosen(there, texts, columns, name) if found else ()
    except Unreadable as error:
        raise Unreadable(f"{name!r} cannot be read: {error.sentence}") from error
    if not found:
        raise InvalidInput(f"{name!r} has no question: it has no rows")
    return chosen, found


def _read(path: Path) -> Iterator[Record]:
    for each in records_of(path, Counts()):
        if isinstance(each, Bad):
            raise Unreadable(f"line or entry {each.number:,} is no record: {each.reason}")
        yield each


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A Parquet file. Raises Unreadable, also for what is read of it."""
    try:
        with path.open("rb") as file:  # whose name no sentence is to have
            yield pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(" ".join(str(error).split())[:200] or "it is no Parquet") from error


def _schema(path: Path) -> tuple[list[str], list[str]]:
    """The columns of a Parquet file, and those with texts."""
    with _opened(path) as source:
        schema = source.schema_arrow
    return schema.names, [each.name for each in schema if _is_text(each.type)]


def _is_text(kind: pa.DataType) -> bool:
    own = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_string(own) or pa.types.is_large_string(own) or pa.types.is_string_view(own)
    )


def _parquet(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    """The records of a Parquet file, of some columns."""
    size = 0
    with _opened(path) as source:
        for batch in source.iter_batches(_at_once(source.metadata), columns=columns):
            size += batch.nbytes
            if size > UNPACKED:
                raise Unreadable(f"unpacked its questions have more than {UNPACKED:,} bytes")
            yield from batch.to_pylist()


def _at_once(metadata: pq.FileMetaData) -> int:
    """How many rows to decode together. A value takes no more than all that is stored of its row group, but
    each of many rows may have the same one, which is stored once."""
    groups = range(metadata.num_row_groups)
    largest = max((metadata.row_group(each).total_byte_size for each in groups), default=0)
    return max(1, min(BATCH, ROOM // max(largest, 1)))


def _chosen(
    there: Sequence[str], texts: Sequence[str], columns: Sequence[str], name: str
) -> tuple[str, ...]:
    """The columns of the questions: those that are named, or the one of texts that is called as usual, or the
    only one with texts."""
    for each in columns:
        if each not in there:
            raise InvalidInput(
                f"{name!r} has no column {each!r}; it has {', '.join(map(repr, there))}"
            )
    if columns:
        return tuple(dict.fromkeys(columns))
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
