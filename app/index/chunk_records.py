"""The records of a chunk as a conversation is read from them, in small packed blocks: the columns of the
source, without the texts that stand in the searched parts (``conversations.cuts``).

A block is a record batch of Arrow whose last column, of whatever name, says what was cut out of each row;
its schema is the block's head. An empty block has rows that only the source can give.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from ..conversations.arrow import is_list, is_number, is_text, recast, retyped
from ..conversations.cuts import cut
from ..conversations.decoding import bounded
from ..conversations.model import Conversation
from ..store.blocks import Writer
from ..store.schema import RECORDS_FILE

BLOCK_ROWS, BLOCK_BYTES = 64, 2**18  # a row at least

_EXACT = (pa.types.is_boolean, pa.types.is_null, pa.types.is_date32, pa.types.is_binary)

_REFUSED = (pa.ArrowNotImplementedError, pa.ArrowInvalid, pa.ArrowTypeError)


def path(folder: Path, number: int) -> Path:
    """Where the records of a chunk stand."""
    return folder / f"records-{number:06d}"


def write(
    folder: Path,
    number: int,
    table: pa.Table,
    found: Sequence[dict[str, Any]],
    conversations: Sequence[Conversation],
) -> None:
    """Write the rows of a table; ``found`` are its texts as records, one a conversation, which are cut."""
    done = path(folder, number)
    temporary = done.with_suffix(f".{os.getpid()}.part")
    with Writer(temporary) as file:
        batches = _made(table, found, conversations)
        for batch in batches:
            file.add(batch.serialize(), len(batch), batch.schema.serialize().to_pybytes())
        if not batches:
            file.add(b"", len(table))
    temporary.replace(done)


def _made(
    table: pa.Table, found: Sequence[dict[str, Any]], conversations: Sequence[Conversation]
) -> list[pa.RecordBatch]:
    """The batches of a table: with all texts where Arrow cannot make a column again, such as one with times
    that Python has not; none where it cannot even take out dictionaries."""
    with suppress(*_REFUSED):
        return list(_batches(_without_texts(table, found, conversations)))
    with suppress(*_REFUSED):
        return list(_batches(_with_cuts(table, [None] * len(table))))
    return []


def gather(folder: Path, numbers: Iterable[int], out: Path) -> None:
    """Put the records of chunks into one file."""
    with Writer(out / RECORDS_FILE) as file:
        for number in numbers:
            file.append(path(folder, number))


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of a table without dictionaries, in batches of bounded size."""
    wanted = [field.with_type(retyped(field.type, _plain)) for field in table.schema]
    columns = [
        recast(column, field.type) for column, field in zip(table.columns, wanted, strict=True)
    ]
    whole = pa.table(columns, pa.schema(wanted))
    for at in range(0, len(whole), BLOCK_ROWS):
        for some, _ in bounded(whole.slice(at, BLOCK_ROWS), BLOCK_BYTES):
            yield some.combine_chunks().to_batches()[0]


def _without_texts(
    table: pa.Table, found: Sequence[dict[str, Any]], conversations: Sequence[Conversation]
) -> pa.Table:
    """The table with what is left of its texts, and the cuts."""
    names = [name for name in (found or [{}])[0] if _can_be_cut(table.schema.field(name).type)]
    said: list[str | None] = []
    changed: set[str] = set()
    for record, conversation in zip(found, conversations, strict=True):
        looked = {name: record[name] for name in names}
        cuts = cut(looked, conversation)
        record.update(looked)
        said.append(orjson.dumps(cuts).decode() if cuts else None)
        changed.update(str(way[0]) for way, _ in cuts)
    for name in sorted(changed):
        field = table.schema.field(name)
        left = pa.array([record[name] for record in found], field.type)
        table = table.set_column(table.column_names.index(name), field, left)
    return _with_cuts(table, said)


def _with_cuts(table: pa.Table, said: list[str | None]) -> pa.Table:
    return table.replace_schema_metadata(None).append_column("", pa.array(said, pa.string()))


def _can_be_cut(kind: pa.DataType) -> bool:
    """Whether values of a type are the same once they were Python's: texts, alone or beside plain values."""
    if is_list(kind):
        return _can_be_cut(kind.value_type)
    if pa.types.is_struct(kind):
        return all(_can_be_cut(field.type) for field in kind)
    if pa.types.is_timestamp(kind):
        return bool(kind.unit != "ns")
    if pa.types.is_floating(kind):
        return bool(pa.types.is_float64(kind))
    text = is_text(kind) and not pa.types.is_dictionary(kind)
    return text or is_number(kind) or any(told(kind) for told in _EXACT)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
