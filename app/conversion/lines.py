"""The records of files that are no Parquet: JSON Lines, JSON and CSV, plain or packed, one at a time.

A record that cannot be read is given as a ``Bad`` with its number and the reason; the rest is read. Knows
files and texts, nothing of types or of what a key means.
"""

import csv
import io
import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson
import pyarrow as pa

from ..conversations import json_text
from ..errors import Unreadable

_PACKED = (".gz", ".zst")
_ARRAYS, _CELLS = (".json",), (".csv", ".tsv")
DEEPEST = 200  # levels of a value
MOST_KEYS = 20_000  # of a record, each of which would be a column
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
LONGEST = 256 * 2**20  # bytes of one record
_CHUNK = 2**20
_MARK = b"\xef\xbb\xbf"

Record = dict[str, object]


@dataclass(frozen=True)
class Bad:
    """A line or an entry, by its number from 1, that is no record."""

    number: int
    reason: str


@dataclass
class Counts:
    """What was met while reading: texts with half a surrogate pair, bytes of the file that were read."""

    surrogates: int = 0
    bytes: int = 0


def records_of(path: Path, counts: Counts) -> Generator[Record | Bad, None, None]:
    """The records of a file in order. Raises Unreadable where the file cannot be read at all."""
    name = path.name.casefold()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    try:
        with path.open("rb") as raw, _unpacked(_Counted(raw, counts), path) as stream:
            if name.endswith(_CELLS):
                yield from _cells(stream, "\t" if name.endswith(".tsv") else ",")
            elif name.endswith(_ARRAYS):
                yield from _json(stream, counts)
            else:
                yield from _lines(_split(stream), counts)
    except (OSError, pa.ArrowException, EOFError) as error:
        reason = " ".join(str(error).split())[:200]
        raise Unreadable(f"bytes that cannot be read: {reason}") from error


class _Counted(io.RawIOBase):
    """A file that counts the bytes which were read of it."""

    def __init__(self, file: IO[bytes], counts: Counts) -> None:
        self._file, self._counts = file, counts

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        self._counts.bytes += len(found)
        return len(found)


def _unpacked(file: "_Counted", path: Path) -> "pa.NativeFile":
    stream = pa.PythonFile(io.BufferedReader(file, _CHUNK), mode="r")
    kinds = {".gz": "gzip", ".zst": "zstd"}
    packed = kinds.get(path.suffix.casefold())
    return pa.CompressedInputStream(stream, packed) if packed else stream


def _split(stream: "pa.NativeFile") -> Iterator[bytes]:
    """The lines of a stream, without their ends."""
    rest, first = b"", True
    while chunk := stream.read(_CHUNK):
        if first:
            chunk, first = chunk.removeprefix(_MARK), False
        *lines, last = chunk.split(b"\n")
        if lines:
            yield rest + lines[0]
            yield from lines[1:]
            rest = last
        else:
            rest += last
        if len(rest) > LONGEST:
            raise Unreadable(f"a line is longer than {LONGEST:,} bytes")
    if rest:
        yield rest


def _lines(lines: Iterator[bytes], counts: Counts) -> Iterator[Record | Bad]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text:
            yield _record(text, number, counts)


def _record(text: bytes, number: int, counts: Counts) -> Record | Bad:
    try:
        found = orjson.loads(text)
        if json_text.rounds(text):
            found = _as_others_write(text, counts)
    except orjson.JSONDecodeError:
        found = _as_others_write(text, counts)
    if isinstance(found, dict):
        if len(found) > MOST_KEYS:
            return Bad(number, f"more than {MOST_KEYS:,} keys")
        return Bad(number, f"nested more than {DEEPEST} deep") if _is_deep(text) else found
    if found is json_text.NOT_JSON:
        return Bad(number, "no JSON")
    return Bad(number, "no object of keys and values")


def _is_deep(text: bytes) -> bool:
    """Whether values stand in each other deeper than what writes JSON goes."""
    if text.count(b"[") + text.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_QUOTED.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _as_others_write(text: bytes, counts: Counts) -> object:
    """What is no strict JSON: NaN, half a surrogate pair, bytes that are no UTF-8 (replaced)."""

    def tell(kind: str) -> None:
        counts.surrogates += kind == "surrogate"

    return json_text.parsed(text.decode("utf-8", "replace"), tell)


def _json(stream: "pa.NativeFile", counts: Counts) -> Iterator[Record | Bad]:
    """An array of objects, or objects one behind the other, over however many lines."""
    decoder = json.JSONDecoder()
    text = _Text(stream)
    in_array = text.peek() == "["
    if in_array:
        text.skip()
    number = 0
    while (mark := text.peek(",")) and mark != "]":
        number += 1
        found = text.entry(decoder)
        if found is None:
            yield Bad(number, "no JSON, and nothing behind it can be told apart")
            return
        yield _record(found.encode("utf-8", "surrogatepass"), number, counts)
    if in_array and not mark:
        yield Bad(number + 1, "the list ends before its closing bracket")


class _Text:
    """A text that is read as far as it is needed."""

    def __init__(self, stream: "pa.NativeFile") -> None:
        self._stream = io.TextIOWrapper(io.BufferedReader(stream), "utf-8-sig", "replace")
        self._text, self._at, self._ended = "", 0, False

    def _more(self, least: int) -> None:
        chunk = self._stream.read(max(_CHUNK, least))
        self._ended = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0

    def peek(self, skipped: str = "") -> str:
        """The next character that is no white space nor one of ``skipped``; "" at the end."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if not char.isspace() and char not in skipped:
                    return char
                self._at += 1
            if self._ended:
                return ""
            self._more(0)

    def skip(self) -> None:
        """Leave one character behind."""
        self._at += 1

    def entry(self, decoder: json.JSONDecoder) -> str | None:
        """The text of the value that begins here; None where none does."""
        while True:
            try:
                _, end = decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if self._ended or len(self._text) - self._at > LONGEST:
                    return None
                self._more(len(self._text) - self._at)
                continue
            if end == len(self._text) and not self._ended:  # a number may go on
                self._more(0)
                continue
            found, self._at = self._text[self._at : end], end
            return found


def _cells(stream: "pa.NativeFile", separator: str) -> Iterator[Record | Bad]:
    csv.field_size_limit(LONGEST)
    text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8-sig", "replace", newline="")
    rows = csv.reader(text, delimiter=separator)
    try:
        names = next(rows, None)
        if names is None:
            return
        if len(names) > MOST_KEYS:
            raise Unreadable(f"more than {MOST_KEYS:,} columns")
        if len(set(names)) < len(names):
            raise Unreadable("two columns of one name")
        for cells in rows:
            if not cells:
                continue
            if len(cells) != len(names):
                yield Bad(rows.line_num, f"{len(cells)} cells where there are {len(names)} columns")
                continue
            yield dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise Unreadable(f"no CSV at line {rows.line_num:,}: {error}") from error
