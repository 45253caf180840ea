"""What a source format is: which columns hold the text, and how a record becomes a conversation.

A record is a row as plain Python values, a column a key. All who read a dataset ask its ``Layout``;
none of them names a column. Knows no format, no file.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import pyarrow as pa

from ..model import Conversation, Message
from ..tags import THINK, Tags, TagUse
from ..tokenizer import Tokenizer
from .looked import Looked, Record

# What a column that is no facet holds: the ids, the turns, or one text.
ID, TURNS, TEXT = "id", "turns", "text"

CHOSEN, REJECTED = "chosen", "rejected"
PREFERENCE = (CHOSEN, REJECTED)  # the columns of two answers, of which one is preferred


class Said(NamedTuple):
    """What a message says by a choice: its content, and its reasoning where that stands apart (else
    None). ``inline``: what it kept apart stands in the content now."""

    content: str
    reasoning: str | None
    inline: bool = False


class Ancestry(Protocol):
    """The rows of a tree by the message that they answer."""

    def above(self, parent: object) -> Sequence[Record]:
        """The path to a message, the root first, it last."""


# What a message is to say instead of what it says.
Change = Callable[[Message], Said]


class Others(Protocol):
    """Where a dataset has other answers than the one that its rows are read with. ``answers`` are the
    columns that hold them, ``columns`` also those of what is said of them; ``scored`` tells whether any
    has a score."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def scored(self) -> bool: ...

    @property
    def answers(self) -> tuple[str, ...]: ...

    def added(self, conversation: Conversation, record: Record) -> Conversation:
        """The conversation of a record with its alternatives."""

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        """Write all answers changed, where that was not done yet."""


class Format(ABC):
    """One source format. Knows the columns of a ``Layout`` that it made, and nothing of files."""

    name: str  # as the API and the manifest say it

    @abstractmethod
    def layout(self, looked: Looked) -> "Layout | None":
        """How a file with these columns is read; None where it is not of this format."""

    @abstractmethod
    def conversation(self, layout: "Layout", record: Record) -> Conversation:
        """A record as a conversation; what is not understood is in its notes. Raises nothing."""

    @abstractmethod
    def rewritten(self, layout: "Layout", record: Record, change: Change) -> dict[str, object]:
        """The record of the source with every assistant message changed, its reasoning taken out of
        wherever it stood, or put into its content; every other value as it was."""

    def answer_alone(self, layout: "Layout", record: Record) -> str:
        """The column whose text is all that the assistant says in a record, where it has no other place
        for reasoning or calls; "" where the record has to be read to tell."""
        return ""

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
    "prompt", "response", "messages", "id", "metadata", "tools" and others. ``said`` tells users what
    matched. ``beside`` are other columns of turns or answers: nobody reads them, but reasoning is taken
    out of them too. ``tags`` are the pairs that this dataset has around reasoning, ``tag_use`` how many
    of the rows looked at begin with each. ``reads`` are columns
    that are fields and that a conversation needs nevertheless, ``lists`` those of its columns that are
    no text; ``ancestry`` finds the rows that one of a tree answers, ``others`` the other answers to the
    same question; ``tokenizer`` counts tokens, where the user named one.
    """

    format: Format
    columns: tuple[str, ...]
    texts: tuple[str, ...]
    slots: Mapping[str, str] = field(default_factory=dict)
    idle: str = ""
    said: str = ""
    beside: tuple[str, ...] = ()
    tags: tuple[Tags, ...] = (THINK,)
    tag_use: TagUse = field(default_factory=TagUse)
    reads: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    ancestry: Ancestry | None = None
    others: Others | None = None
    tokenizer: Tokenizer | None = None

    @property
    def name(self) -> str:
        """The source format."""
        return self.format.name

    @property
    def plan(self) -> str:
        """What tells this way to read a file from others, as a text."""
        tags = [(each.opening, each.closing, each.wrappers) for each in self.tags]
        plan = (self.name, self.texts, self.reads, sorted(self.slots.items()), tags)
        return repr((*plan, self.tokenizer.digest) if self.tokenizer else plan)

    def column(self, slot: str) -> str:
        """The column that is this part; "" where there is none."""
        return self.slots.get(slot, "")

    @property
    def apart(self) -> dict[str, str]:
        """The columns that are no facets, and what each holds: ID, TURNS or TEXT."""
        turns = {self.column("messages"), *self.lists}
        found = {name: TURNS if name in turns else TEXT for name in self.texts}
        if identity := self.column("id"):
            found[identity] = ID
        return found

    def reading(self, repeats: bool) -> list[str]:
        """The columns that a conversation needs, the idle one only where it says something new."""
        return [name for name in self.columns if not (repeats and name == self.idle)]

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a conversation is read from, those that are fields too."""
        return (*self.texts, *(name for name in self.reads if name not in self.texts))

    def above(self, record: Record) -> Sequence[Record]:
        """The rows that a row of a tree answers, the root first; none where these are not known."""
        return self.ancestry.above(record.get(self.column("parent"))) if self.ancestry else ()

    def conversation(self, record: Record) -> Conversation:
        """A record as a conversation."""
        found = self.format.conversation(self, record)
        found = self.others.added(found, record) if self.others else found
        return found if self.tags == (THINK,) else found.tagged(self.tags)

    def rewritten(self, record: Record, change: Change) -> dict[str, object]:
        """The record with its assistant messages changed."""

        def told(message: Message) -> Said:
            return change(message.tagged(self.tags))

        change_told = change if self.tags == (THINK,) else told
        made = self.format.rewritten(self, record, change_told)
        if self.others:
            self.others.changed(made, record, change_told)
        return made

    def answer_alone(self, record: Record) -> str:
        """The column whose text is all that a record's assistant says; "" where it has to be read."""
        if self.others or self.beside:
            return ""
        return self.format.answer_alone(self, record)

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


def unread(beside: Sequence[str]) -> str:
    """What is said of lists of turns beside the one that is read, two sides of a preference aside."""
    sides = [each for each in beside if each.casefold() in PREFERENCE]
    left = [each for each in beside if len(sides) < len(PREFERENCE) or each not in sides]
    names = " and ".join(f"`{each}`" for each in left)
    return f"; {names} beside it {'are' if len(left) > 1 else 'is'} not read" if left else ""
