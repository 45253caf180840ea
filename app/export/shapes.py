"""The shapes of an export: a record of the source as a record of the shape that was asked for. Pure.

``source`` leaves every column as it was but for the traces; the others are chats (``chats.py``). Every
shape takes every row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..conversations import reasoning
from ..conversations.formats.format import Layout, Said
from ..conversations.formats.roles import SYSTEM, USER
from ..conversations.model import Conversation, Message
from .alpaca import REASONING
from .beside import NOTHING, Beside
from .chat import Answer, Chat, Turn
from .chats import CHATS, Types
from .loaded import Seen
from .options import INLINE, KEEP, SEPARATE, SHAPES, SOURCE, STRIP
from .spelling import Spelling
from .traces import Tally, count_parted, counted, parted, said

# Of columns whose text stands in no message, since the turns beside them say all.
SYSTEM_LEFT_OUT, REASONING_LEFT_OUT = "system_texts_left_out", "reasoning_columns_left_out"


@dataclass
class Shaper:
    """Makes records of one shape by one choice of reasoning, and counts what that changed.

    ``columns``: those of the source; ``reasoning`` gets another name where there is one already.
    ``beside`` is what stands beside the records.
    """

    shape: str
    traces: str
    columns: Sequence[str] = ()
    tally: Tally = field(default_factory=Tally)
    seen: Seen = field(
        default_factory=lambda: Seen(frozenset())
    )  # of the records, what tells types
    spelling: Spelling = field(default_factory=Spelling)
    beside: Beside = NOTHING

    @property
    def anew(self) -> "Shaper":
        """The same, that has not counted anything."""
        return Shaper(
            self.shape,
            self.traces,
            self.columns,
            spelling=self.spelling,
            beside=self.beside,
        )

    @property
    def plain(self) -> bool:
        """Whether records stay as they are."""
        return self.untouched and not self.beside.names

    @property
    def untouched(self) -> bool:
        """Whether the columns of the source do."""
        return self.shape == SOURCE and self.traces == KEEP

    @property
    def reasoning_column(self) -> str:
        """The name of the added column of ``source``."""
        name = REASONING
        while name in self.columns:
            name += "_"
        return name

    @property
    def types(self) -> Types:
        """The columns of a chat shape, and their types in Parquet."""
        return CHATS[self.shape].types(self.spelling.reasoning_key)

    def shaped(self, record: dict[str, object], layout: Layout) -> dict[str, object]:
        """The record, which ``layout`` tells how to read, in its shape."""
        self.tally.rows += 1
        if self.untouched:
            return record
        parts = self.shape == SOURCE and self.traces != INLINE
        if parts and (column := layout.answer_alone(record)):
            return self._answer_alone(record, column, layout)
        conversation = layout.conversation(record)
        saids = counted(conversation, self.traces, self.tally)
        if self.shape == SOURCE:
            known = dict(zip(map(_key, conversation.messages), saids, strict=True))
            return self._source(record, layout, known)
        if layout.column("system") or layout.column("reasoning"):
            self._count_left_out(conversation, record, layout)
        turns = _turns(conversation.messages, saids)
        answers = tuple(self._answers(conversation, turns)) if SHAPES[self.shape].compares else ()
        chat = Chat(
            turns,
            self.traces == SEPARATE,
            self.tally,
            record,
            layout,
            self.spelling,
            answers,
        )
        return CHATS[self.shape].made(chat)

    def _answer_alone(
        self, record: Mapping[str, object], column: str, layout: Layout
    ) -> dict[str, object]:
        """The record of ``source`` whose only text that may have a trace is this column's."""
        split = reasoning.split(str(record[column]), *layout.tags)
        what = parted(split, self.traces)
        count_parted(split, what, self.traces, self.tally)
        made = {**record, column: what.content}
        return self._with_reasons(made, [what.reasoning] if what.reasoning is not None else [])

    def _answers(self, conversation: Conversation, turns: list[Turn]) -> Iterator[Answer]:
        """All answers that the question has, the shown one first."""
        asked = (n for n in range(len(turns), 0, -1) if turns[n - 1].role == USER)
        others = (each.shared for each in conversation.alternatives)
        shared = min(others, default=next(asked, 0))
        yield Answer(conversation.standing, shared, turns)
        for each in conversation.alternatives:
            found = counted(Conversation(each.messages), self.traces, self.tally)
            own = [*turns[: each.shared], *_turns(each.messages, found)]
            yield Answer(each.standing, each.shared, own)

    def _count_left_out(
        self, conversation: Conversation, record: Mapping[str, object], layout: Layout
    ) -> None:
        """Count the system text and the reasoning of columns that stand in none of the messages."""
        system = [each.content for each in conversation.messages if each.role == SYSTEM]
        self.tally.changed[SYSTEM_LEFT_OUT] += not _stands(record, layout.column("system"), system)
        if self.traces != STRIP:
            traces = [each.trace_text for each in conversation.messages]
            stands = _stands(record, layout.column("reasoning"), traces)
            self.tally.changed[REASONING_LEFT_OUT] += not stands

    def _source(
        self, record: dict[str, object], layout: Layout, known: Mapping[object, Said]
    ) -> dict[str, object]:
        """Every column as it was, but for the traces; all reasoning of the row in order, each text
        once, is the added column of ``separate``. ``known``: what the conversation's messages say."""
        reasons = [each.reasoning for each in known.values() if each.reasoning is not None]

        def change(message: Message) -> Said:
            if (found := known.get(_key(message))) is not None:
                return found
            what = said(message, self.traces)
            if what.reasoning is not None:  # of a column that the conversation is not read from
                reasons.append(what.reasoning)
            return what

        made = layout.rewritten(record, change)
        return self._with_reasons(made, reasons)

    def _with_reasons(self, made: dict[str, object], reasons: Sequence[str]) -> dict[str, object]:
        """The record with the added column of ``separate``."""
        if self.traces == SEPARATE:
            texts = dict.fromkeys(text.strip() for text in reasons if text.strip())
            made[self.reasoning_column] = "\n\n".join(texts) if reasons else None
        return made


def _turns(messages: Sequence[Message], saids: Sequence[Said]) -> list[Turn]:
    return list(map(Turn, messages, saids))


def _key(message: Message) -> object:
    """What tells messages that are rewritten alike."""
    return message.role, message.content, message.given


def _stands(record: Mapping[str, object], column: str, texts: Iterable[str]) -> bool:
    """Whether the text of a column is among these, or one of them in it; so it is where there is none."""
    text = record.get(column) if column else None
    if not isinstance(text, str) or not text.strip():
        return True
    said = (each.strip() for each in texts)
    return any(each and (text.strip() in each or each in text) for each in said)


def columns(shaper: Shaper, layout: Layout, source: Sequence[str]) -> list[str]:
    """The columns of the source that a shape is made from."""
    if shaper.shape == SOURCE:
        return list(source)
    slots = (layout.column(slot) for slot in CHATS[shaper.shape].slots)
    wanted = {*layout.needed, *slots, *shaper.beside.columns.values()}
    return [name for name in source if name in wanted]
