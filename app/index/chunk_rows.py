"""What a chunk's rows become: what the list shows, and every field, signals among them.

Knows no text's words; those are in ``postings``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import md5
from pathlib import Path

import orjson
import pyarrow as pa

from ..conversations import fields
from ..conversations.formats.format import ID, TURNS, Layout
from ..conversations.model import ANSWER, Conversation, Note
from ..conversations.signals.flag import flags
from ..conversations.signals.signal import Batch, counted
from ..conversations.signals.table import compute
from ..store.schema import OPENING, PROMPT_SHOWN

MOST_NOTES = 500  # things not understood that a chunk tells apart
LONGEST_NAME = 100  # characters of what one is called


def path(folder: Path, number: int) -> Path:
    """Where the rows of a chunk stand."""
    return folder / f"rows-{number:06d}.parquet"


def rows(
    table: pa.Table,
    layout: Layout,
    conversations: list[Conversation],
    first_row: int,
    json_columns: Sequence[str],
    prompt_words: Sequence[int],
) -> pa.Table:
    """The chunk's part of ``conversations``: fixed columns, then one a field, named in the schema; what
    was not understood is there too."""
    flat = fields.flatten(table, json_columns, layout.apart)
    counts = counted(conversations, prompt_words)
    computed = compute(Batch(conversations, counts, flags(flat, len(conversations))))
    named = {**computed, **_text_fields(table, layout), **_renamed(flat, computed)}
    fixed = {
        "row_number": pa.array(range(first_row, first_row + len(conversations)), pa.uint32()),
        "prompt": pa.array([c.prompt[:PROMPT_SHOWN] for c in conversations], pa.string()),
        "opening": pa.array([c.texts[ANSWER][:OPENING] for c in conversations], pa.string()),
    }
    columns = {f"f{place}": _kept(array) for place, array in enumerate(named.values())}
    said = {
        b"fields": orjson.dumps(list(named)),
        b"not_understood": orjson.dumps(_not_understood(conversations)),
    }
    return pa.table({**fixed, **columns}).replace_schema_metadata(said)


def _not_understood(conversations: Iterable[Conversation]) -> list[tuple[str, str, int, int]]:
    """(kind, name, how often, in how many rows) of what no reader understood, the commonest first."""
    times: Counter[Note] = Counter()
    rows: Counter[Note] = Counter()
    for conversation in conversations:
        found = conversation.not_understood
        times.update(found)
        rows.update(set(found))
    return [
        (note.kind, note.name[:LONGEST_NAME], count, rows[note])
        for note, count in times.most_common(MOST_NOTES)
    ]


def _kept(array: pa.Array) -> pa.Array:
    """What the index has use for: of a field that is only shown, that it is one."""
    if fields.kind_of(array.type) == fields.SHOWN and not pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.binary())
    if pa.types.is_decimal(array.type) and array.type.precision > 38:
        return array.cast(pa.float64())
    return array


def _renamed(flat: dict[str, pa.Array], signal_names: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """A column that is called like a signal is ``source.NAME``."""
    return {f"source.{n}" if n in signal_names else n: array for n, array in flat.items()}


def _text_fields(table: pa.Table, layout: Layout) -> dict[str, pa.Array]:
    """The id as it is; of the long texts an md5, enough to ask whether they equal one or are null."""
    found: dict[str, pa.Array] = {}
    for name, what in sorted(layout.apart.items(), key=lambda each: each[1] != ID):
        if name in table.column_names and what != TURNS:
            values = table[name].cast(pa.string()).to_pylist()
            kept = values if what == ID else [_digest(value) for value in values]
            found[name] = pa.array(kept, pa.string())
    return found


def _digest(value: str | None) -> str | None:
    return None if value is None else md5(value.encode(), usedforsecurity=False).hexdigest()
