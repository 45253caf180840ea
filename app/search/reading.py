"""One row as it is read: from its source file, with its signals.

Knows no index: a row can be read before there is one, its signals are computed from it then.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from ..conversations import fields as kinds
from ..conversations import json_text, records
from ..conversations.arrow import is_text
from ..conversations.formats.format import Layout
from ..conversations.model import Conversation
from ..conversations.signals.flag import flags
from ..conversations.signals.signal import Batch, counted
from ..conversations.signals.table import compute
from ..conversations.source import Source
from ..errors import NotFound
from .results import Reading


def read(
    source: Source, row: int, repeats: bool, known: Mapping[str, object] | None = None
) -> Reading:
    """Read one row of a source. ``repeats`` tells that ``messages`` can be left unread, ``known`` are
    the row's signals where an index has them: computing them took as long as rendering the page. Its columns
    come from there too where it has them.

    Raises NotFound for a row that is not there, SourceChanged or Unreadable for its file.
    """
    if not 0 <= row < source.rows:
        raise NotFound(
            f"there is no row {row:,}: the dataset {source.name!r} has rows 0 to {source.rows - 1:,}"
        )
    file, place = source.locate(row)
    layout = file.layout
    columns = layout.reading(repeats)
    file.check()
    record = source.stored.record(row, columns) if source.stored and known is not None else None
    if record is None:
        table = file.read(place, place + 1, columns)
        record = records.records(table)[0]
    conversation = layout.conversation(record)
    name = layout.column("metadata")
    metadata = record.get(name)
    named = metadata if isinstance(metadata, dict) else json_text.parsed_object(metadata)
    other = {n: v for n, v in record.items() if n not in layout.apart and n != name}
    if named is None and metadata is not None:
        other[name] = metadata
    facts = signals_of([conversation], table, layout)[0] if known is None else known
    return Reading(
        row, layout, conversation, record, facts, named or {}, other, file.name, place, file.folders
    )


def signals_of(
    conversations: Sequence[Conversation], table: pa.Table, layout: Layout
) -> list[dict[str, object]]:
    """The signals of some conversations, which were read from the rows of a table."""
    name = layout.column("metadata")
    json = [name] if name in table.column_names and is_text(table.schema.field(name).type) else []
    flat = kinds.flatten(table, json, layout.apart)
    stored = flags(flat, len(conversations))
    computed = compute(Batch(conversations, counted(conversations), stored), layout)
    columns = {name: array.to_pylist() for name, array in computed.items()}
    return [
        {name: values[place] for name, values in columns.items()}
        for place in range(len(conversations))
    ]
