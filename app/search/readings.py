"""One row as it is read: from its source file, with the signals computed from it.

Knows no index: a row can be read before there is one.
"""

from collections.abc import Mapping
from typing import Any

from ..conversations import fields as kinds
from ..conversations import formats, records, signals
from ..conversations.model import Conversation
from ..conversations.source import Source
from ..errors import NotFound
from .results import Reading


def read(source: Source, row: int, repeats: bool) -> Reading:
    """Read one row of a source. ``repeats`` tells that ``messages`` can be left unread.

    Raises NotFound for a row that is not there, SourceChanged or Unreadable for its file.
    """
    if not 0 <= row < source.rows:
        raise NotFound(
            f"there is no row {row:,}: the dataset {source.name!r} has rows 0 to {source.rows - 1:,}"
        )
    file, place = source.locate(row)
    table = file.read(place, place + 1, file.layout.reading(repeats))
    record = records.records(table)[0]
    conversation = formats.conversation(record)
    metadata = record.get("metadata")
    named = metadata if isinstance(metadata, dict) else formats.parsed_object(metadata)
    other = {n: v for n, v in record.items() if n not in (*formats.SPECIAL_COLUMNS, "metadata")}
    if named is None and metadata is not None:
        other["metadata"] = metadata
    computed = signals_of(
        conversation, kinds.flatten(table, ["metadata"] if _is_text(metadata) else [])
    )
    return Reading(row, conversation, record, computed, named or {}, other, file.name, place)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def signals_of(conversation: Conversation, flat: Mapping[str, Any]) -> dict[str, object]:
    """The signals of one conversation; ``flat`` are its fields, for the stored flag."""
    counts = signals.counted([conversation])
    computed = signals.compute([conversation], counts, signals.flags(flat, 1))
    return {name: array[0].as_py() for name, array in computed.items()}
