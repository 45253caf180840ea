"""What a chunk's rows become: what the list shows, and every field, signals among them.

Knows no text's words; those are in ``postings``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import fields, numbers, records
from ..conversations.arrow import is_list
from ..conversations.formats.format import ID, TURNS, Layout
from ..conversations.found import key_hash
from ..conversations.model import ANSWER, PROMPT, REASONING, Conversation, Note
from ..conversations.reasoning import UNCLOSED
from ..conversations.signals.flag import flags
from ..conversations.signals.signal import Batch, counted
from ..conversations.signals.table import compute
from ..conversations.source_file import SourceFile
from ..conversations.words import first_words
from ..store.schema import ENDING, OPENING, OPENING_WORDS, PARTS, PROMPT_KEPT, PROMPT_SHOWN

MOST_NOTES = 500  # things not understood that a chunk tells apart
LONGEST_NAME = 100  # characters of what one is called


def path(folder: Path, number: int) -> Path:
    """Where the rows of a chunk stand."""
    return folder / f"rows-{number:06d}.parquet"


def shown(folder: Path, numbers: Iterable[int]) -> Iterator[pa.Table]:
    """What the list shows of the texts of each row, a table a chunk."""
    for number in numbers:
        yield pq.read_table(path(folder, number), columns=[*SHOWN])


def first_words_of(folder: Path, numbers: Iterable[int], part: str) -> pa.Array:
    """The first words of a part of each row; null where it has none."""
    column = f"begins_{part}"
    tables = [pq.read_table(path(folder, number), columns=[column]) for number in numbers]
    return pa.concat_tables(tables)[column].combine_chunks()


def _prompt(conversation: Conversation) -> str:
    return conversation.prompt[:PROMPT_SHOWN]


def _opening(conversation: Conversation) -> str:
    return conversation.texts[ANSWER][:OPENING]


def _ending(conversation: Conversation) -> str:
    """How a trace ends that was cut off."""
    return conversation.texts[REASONING][-ENDING:] if conversation.trace == UNCLOSED else ""


def _rest(conversation: Conversation) -> str | None:
    """How the searched prompt goes on after what the list shows of the prompt; None where it does not begin
    so, as behind a system text, or is too long to stand there."""
    text, begun = conversation.texts[PROMPT], _prompt(conversation)
    whole = len(text) <= PROMPT_KEPT and text.startswith(begun)
    return text[len(begun) :] if whole else None


SHOWN = {"prompt": _prompt, "opening": _opening, "ending": _ending, "rest": _rest}


def rows(
    file: SourceFile,
    table: pa.Table,
    conversations: list[Conversation],
    first_row: int,
    json_columns: Sequence[str],
    prompt_words: Sequence[int],
) -> pa.Table:
    """The chunk's part of ``conversations``: fixed columns, then one a field, told in the schema; what
    was not understood is there too."""
    leaves = fields.leaves(table, json_columns, file.layout.apart)
    flat = {fields.path_name(leaf.path): leaf.array for leaf in leaves}
    counts = counted(conversations, prompt_words)
    marks = flags(flat, len(conversations))
    batch = Batch(conversations, counts, marks, file.layout.tokenizer)
    computed = compute(batch, file.layout)
    own = (*_text_fields(table, file.layout), *leaves)
    found = [
        *(Part(fields.SIGNAL, fields.Leaf((name,), array)) for name, array in computed.items()),
        *(Part(fields.COLUMN, leaf) for leaf in own),
        *(Part(fields.FOLDER, leaf) for leaf in _folder_fields(file.folders, len(table))),
    ]
    fixed = {
        "row_number": pa.array(range(first_row, first_row + len(conversations)), pa.uint32()),
        **{what: pa.array(map(of, conversations), pa.string()) for what, of in SHOWN.items()},
        **{f"begins_{part}": _first_words(conversations, part) for part in PARTS},
    }
    columns = {f"f{place}": _kept(part.leaf) for place, part in enumerate(found)}
    said = {
        b"fields": orjson.dumps([part.told for part in found]),
        b"not_understood": orjson.dumps(_not_understood(conversations)),
    }
    return pa.table({**fixed, **columns}).replace_schema_metadata(said)


def _first_words(conversations: Iterable[Conversation], part: str) -> pa.Array:
    begun = (first_words(each.texts[part], OPENING_WORDS) for each in conversations)
    return pa.array([words or None for words in begun], pa.string())


def _folder_fields(folders: Mapping[str, str | None], rows: int) -> Iterator[fields.Leaf]:
    """What the names of a file's folders say of all its rows."""
    for key, value in folders.items():
        yield fields.Leaf((key,), pa.array([value] * rows, pa.string()))


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


@dataclass(frozen=True)
class Part:
    """A field as a chunk has it."""

    origin: str
    leaf: fields.Leaf

    @property
    def told(self) -> list[object]:
        """What the chunk's schema says of it: origin, path, the type of its numbers, and whether it is
        a parent with too many keys, whose column holds a list with a hash of each in the first row."""
        array, many = self.leaf.array, bool(self.leaf.many)
        return [self.origin, self.leaf.path, numbers.name_of(array.type), many]


def _kept(leaf: fields.Leaf) -> pa.Array:
    """What the index has use for: of a field that is only shown, that it is one."""
    array = leaf.array
    if leaf.many:
        hashes = [[key_hash(key) for key in leaf.many], *[None] * len(array)]
        return pa.array(hashes[: len(array)], pa.list_(pa.uint64()))
    if fields.kind_of(array.type) == fields.SHOWN and not pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.binary())
    if pa.types.is_decimal(array.type) and array.type.precision > 38:
        return array.cast(pa.float64())
    if numbers.is_short(array.type):
        return numbers.shortest(array)
    if is_list(array.type) and numbers.is_short(array.type.value_type):
        return pa.array(records.values(array), pa.list_(pa.float64()))
    return array


def _text_fields(table: pa.Table, layout: Layout) -> Iterator[fields.Leaf]:
    """The id as it is; of the long texts an md5, enough to ask whether they equal one or are null."""
    for name, what in sorted(layout.apart.items(), key=lambda each: each[1] != ID):
        if name in table.column_names and what != TURNS:
            values = table[name].cast(pa.string()).to_pylist()
            kept = values if what == ID else [_digest(value) for value in values]
            yield fields.Leaf((name,), pa.array(kept, pa.string()))


def _digest(value: str | None) -> str | None:
    return None if value is None else md5(value.encode(), usedforsecurity=False).hexdigest()
