"""What a source format is: which columns hold the text, and how a record becomes a conversation.

A record is a row as plain Python values, a column a key. All who read a dataset ask its ``Layout``;
none of them names a column. Knows no format, no file.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from ..arrow import is_text
from ..model import Conversation, Message

# What a column that is no facet holds: the ids, the turns, or one text.
ID, TURNS, TEXT = "id", "turns", "text"

_ID_NAME = "conversation_id"

Record = Mapping[str, object]


@dataclass(frozen=True)
class Said:
    """What a message says by a choice: its content, and its reasoning where that stands apart (else
    None)."""

    content: str
    reasoning: str | None


# What a message is to say instead of what it says.
Change = Callable[[Message], Said]


class Format(ABC):
    """One source format. Knows the columns of a ``Layout`` that it made, and nothing of files."""

    name: str  # as the API and the manifest say it

    @abstractmethod
    def layout(self, schema: pa.Schema) -> "Layout | None":
        """How a file with these columns is read; None where it is not of this format."""

    @abstractmethod
    def conversation(self, layout: "Layout", record: Record) -> Conversation:
        """A record as a conversation; what is not understood is in its notes. Raises nothing."""

    @abstractmethod
    def rewritten(self, layout: "Layout", record: Record, change: Change) -> dict[str, object]:
        """The record of the source with every assistant message changed, its reasoning taken out of
        wherever it stood; every other value as it was."""

    def repeats(self, layout: "Layout", table: pa.Table) -> bool:
        """Whether ``layout.idle`` says in every row just what the other columns say."""
        return False

    def put_together(self, layout: "Layout", schema: pa.Schema) -> tuple[str, ...]:
        """The keys of the turns in ``layout.idle``, where these can be made from the other columns."""
        return ()


@dataclass(frozen=True)
class Layout:
    """How one file is read: by which format, and which of its columns is what.

    ``columns`` are all of them, ``texts`` those that a conversation is read from, ``idle`` the one of
    these that may only repeat the others. ``slots`` has the column of each part that the format knows:
    "prompt", "response", "messages", "id", "metadata", "tools". ``said`` tells users what matched.
    ``beside`` are other lists of turns: nobody reads them, but reasoning is taken out of them too.
    """

    format: Format
    columns: tuple[str, ...]
    texts: tuple[str, ...]
    slots: Mapping[str, str] = field(default_factory=dict)
    idle: str = ""
    said: str = ""
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The source format."""
        return self.format.name

    def column(self, slot: str) -> str:
        """The column that is this part; "" where there is none."""
        return self.slots.get(slot, "")

    @property
    def apart(self) -> dict[str, str]:
        """The columns that are no facets, and what each holds: ID, TURNS or TEXT."""
        turns = self.column("messages")
        found = {name: TURNS if name == turns else TEXT for name in self.texts}
        if identity := self.column("id"):
            found[identity] = ID
        return found

    def reading(self, repeats: bool) -> list[str]:
        """The columns that a conversation needs, the idle one only where it says something new."""
        return [name for name in self.columns if not (repeats and name == self.idle)]

    def conversation(self, record: Record) -> Conversation:
        """A record as a conversation."""
        return self.format.conversation(self, record)

    def rewritten(self, record: Record, change: Change) -> dict[str, object]:
        """The record with its assistant messages changed."""
        return self.format.rewritten(self, record, change)

    def repeats(self, table: pa.Table) -> bool:
        """Whether the idle column repeats the others in every row of a table."""
        return self.format.repeats(self, table)

    def put_together(self, schema: pa.Schema) -> tuple[str, ...]:
        """The keys of turns that can be made from the other columns, in order; none where not."""
        return self.format.put_together(self, schema)

    def identity(self, record: Record) -> str | None:
        """The id of a record's conversation, as text; None where it has none."""
        value = record.get(self.column("id")) if self.column("id") else None
        return None if value is None else str(value)


def type_of(schema: pa.Schema, name: str) -> pa.DataType | None:
    """The type of a column; None where there is none."""
    return schema.field(name).type if schema.get_field_index(name) >= 0 else None


def identity_of(schema: pa.Schema) -> dict[str, str]:
    """The column that holds the conversations' ids, as a slot: texts, UUIDs or whole numbers."""
    kind = type_of(schema, _ID_NAME)
    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    told = is_text(kind) or isinstance(kind, pa.UuidType)
    return {"id": _ID_NAME} if told or (kind is not None and pa.types.is_integer(kind)) else {}


def other_slots(schema: pa.Schema) -> dict[str, str]:
    """The columns beside the text that are known by their names alone."""
    return {name: name for name in ("metadata", "tools") if type_of(schema, name) is not None}


def unread(beside: Sequence[str]) -> str:
    """What is said of lists of turns beside the one that is read."""
    names = " and ".join(f"`{each}`" for each in beside)
    return f"; {names} beside it {'are' if len(beside) > 1 else 'is'} not read" if beside else ""
