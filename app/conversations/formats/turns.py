"""Lists of turns: each an entry that says who speaks and what. Read into messages, and written back.

A dialect is the names that some datasets have for the list and for what stands in an entry; an entry
may be of any of them. Knows nothing of other columns than the list.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .. import json_text
from ..model import TOOL_RESULT, Conversation, Message, Note
from . import called_in_text, channels, contents, edits, filling, transcripts, turn_edits
from .dialect import PAIRED, Dialect
from .format import Change, Format, Layout, unread
from .looked import Looked, Record
from .roles import ASSISTANT, SYSTEM, TOOL, USER, is_call, role_of
from .sides import (
    PROMPT,
    REASONING,
    RESPONSE,
    SYSTEM_SLOT,
    Sides,
    answer_of,
    beside_of,
    identity_of,
    other_slots,
)
from .turn_columns import TurnColumns, answers_beside

_OTHER_KEYS = ("name", "tool_call_id", "channel", "recipient")


@dataclass(frozen=True)
class Turns(Format):
    """The format of a column of turns, and the reader of such a column in other formats."""

    dialects: tuple[Dialect, ...]
    name: str = "turns"
    roles: tuple[tuple[str, str], ...] = ()  # what names mean besides those that are known

    @cached_property
    def columns(self) -> TurnColumns:
        """What finds columns of turns."""
        return TurnColumns(self.dialects)

    @cached_property
    def _known(self) -> frozenset[str]:
        keys = (
            *self.columns.role_keys,
            *self.columns.content_keys,
            *edits.REASONING_KEYS,
            *filling.CALL_KEYS,
            *_OTHER_KEYS,
        )
        return frozenset(keys)

    def layout(self, looked: Looked) -> Layout | None:
        column = self.columns.column_of(looked)
        answer, reasoning = answer_of(looked)
        prompt = looked.column(PROMPT)
        if not column and not (answer and self.columns.is_list_of_turns(looked, prompt)):
            return None
        column = column or prompt
        slots = {"messages": column}
        if answer and answer != column and self._open_ended(looked, column, answer):
            slots |= {RESPONSE: answer} | ({REASONING: reasoning} if reasoning else {})
        slots |= beside_of(looked, "", list(slots.values()))
        texts = tuple(slots.values())
        slots = {**identity_of(looked), **slots, **other_slots(looked)}
        said = self.columns.said(looked, column)
        said += f"; system in `{slots[SYSTEM_SLOT]}`" if SYSTEM_SLOT in slots else ""
        if RESPONSE in slots:
            said += f", then `{answer}` where the last is not the assistant's"
        beside = self.columns.beside(looked, column)
        said += unread(beside)
        beside += answers_beside(looked, texts)
        return Layout(self, tuple(looked.schema.names), texts, slots, "", said, beside)

    def _open_ended(self, looked: Looked, column: str, answer: str) -> bool:
        """Whether a column answers turns that do not end with the assistant's: one called ``response``,
        and any other where such turns were seen."""
        if not looked.rows or RESPONSE in (answer.casefold(), *looked.told.columns):
            return True
        for row in looked.rows:
            entries = self.entries(row.get(column), column, [])
            messages = list(self.messages(entries, [])) if entries else []
            if messages and messages[-1].role != ASSISTANT:
                return True
        return False

    # ----------------------------------------------------------------------------------- the reading

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        column = layout.column("messages")
        sides = Sides(layout.slots)
        notes: list[Note] = []
        entries = self.entries(record.get(column), column, notes)
        if entries is None:  # shown as it stands, so that nothing is lost
            return Conversation((Message("", str(record[column])),), tuple(notes))
        written = isinstance(record.get(column), str)
        messages = tuple(self.messages(entries, notes, written))
        if not messages or messages[-1].role != ASSISTANT:
            messages += tuple(sides.answered(record))
        if layout.column(SYSTEM_SLOT) and all(each.role != SYSTEM for each in messages):
            messages = (*sides.system(record), *messages)
        return Conversation(messages, tuple(notes))

    def entries(self, value: object, column: str, notes: list[Note]) -> list[object] | None:
        """The entries of a value of the column, the one where it is a turn and no list; none for nothing,
        None for what is neither."""
        found = value
        if isinstance(value, str):
            if not value.strip():
                return []
            if spoken := transcripts.turns_of(value):
                return [each.entry for each in spoken]
            found = json_text.parsed(value, lambda kind: notes.append(Note(kind, column)))
        if found is None:
            return []
        if isinstance(found, list):
            return found
        if self._is_turn(found):
            return [found]
        if found is not json_text.NOT_JSON:
            notes.append(Note("json", column))
        return None

    def _is_turn(self, value: object) -> bool:
        if not isinstance(value, Mapping) or value.keys().isdisjoint(self.columns.content_keys):
            return False
        return self._role_of(edits.first(value, self.columns.role_keys)) is not None

    def messages(
        self, entries: Iterable[object], notes: list[Note], nulls: bool = False
    ) -> Iterator[Message]:
        """The messages of entries in order; a turn of tool results is a message for each. ``nulls``:
        they are of JSON, where a null was written."""
        entries = list(entries)
        plain = [self.plain(each) for each in entries]
        if None in plain and channels.has_channels(entries):
            entries = channels.joined(entries)
            plain = [self.plain(each) for each in entries]
        for entry, made in zip(entries, plain, strict=True):
            if made is not None:
                yield made
            else:
                yield from self._messages(entry, notes, nulls)

    def plain(self, entry: object) -> Message | None:
        """The message of a turn that is a known role and a text and no more, as most are."""
        if isinstance(entry, dict) and len(entry) == 2:
            for each in self.dialects:
                content = entry.get(each.content[0])
                if isinstance(content, str):
                    role = self._role_of(entry.get(each.role[0]))
                    if role is None or called_in_text.may_hold(role, content):
                        return None
                    return Message.plain(role, content)
        return None

    def _messages(self, entry: object, notes: list[Note], nulls: bool) -> Iterator[Message]:
        if not isinstance(entry, Mapping):
            notes.append(Note("key", "turn"))
            yield Message("", "\n".join(contents.texts(entry)) if entry is not None else "")
            return
        if pair := next((each for each in PAIRED if entry.keys() >= set(each)), None):
            yield from self._pair(entry, pair, notes, nulls)
            return
        named = edits.first(entry, self.columns.role_keys)
        content = edits.first(entry, self.columns.content_keys)
        yield from self._message(entry, named, content, notes, nulls)

    def _role_of(self, named: object) -> str | None:
        told = next((role for name, role in self.roles if name == named), None)
        return told or role_of(named)

    def _pair(
        self, entry: Mapping[str, object], pair: tuple[str, str], notes: list[Note], nulls: bool
    ) -> Iterator[Message]:
        """An entry of a question and its answer, whatever else it has being the answer's."""
        asked, answered = pair
        others = {key: value for key, value in entry.items() if key not in pair}
        if entry[asked] is not None:
            yield from self._messages({"role": USER, "content": entry[asked]}, notes, nulls)
        if entry[answered] is not None:
            turn = {**others, "role": ASSISTANT, "content": entry[answered]}
            yield from self._messages(turn, notes, nulls)

    def _message(
        self,
        entry: Mapping[str, object],
        named: object,
        content: object,
        notes: list[Note],
        nulls: bool,
    ) -> Iterator[Message]:
        """A turn with more than a role and a text."""

        def tell(kind: str, name: str) -> None:
            notes.append(Note(kind, name))

        for key, value in entry.items():
            if key not in self._known and value is not None and value != []:
                tell("key", key)
        role = self._role_of(named)
        made = Message(role or ("" if named is None else str(named)), "")
        if is_call(named):
            yield filling.called(entry, content, tell, nulls)
            return
        if role is None:
            tell("role", made.role or "(none)")
        if called_in_text.may_hold(role, content):
            yield called_in_text.read(made, entry, str(content), tell, nulls)
            return
        parts = contents.pieces(contents.of_tool(content) if role == TOOL else content, tell)
        results = [each for each in parts if each.kind == TOOL_RESULT]
        if results and made.role in (USER, TOOL):
            yield from (filling.result(each) for each in results)
            parts = [each for each in parts if each.kind != TOOL_RESULT]
            if not parts:
                return
        yield filling.filled(made, entry, parts, tell, nulls)

    # ------------------------------------------------------------------------------- the writing back

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = self.lists_changed(layout, record, change)
        Sides(layout.slots).changed(made, record, change)
        return made

    def lists_changed(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        """The record with all its lists of turns changed, and its answers beside them."""
        made = dict(record)
        for name in (layout.column("messages"), *layout.beside):
            if name in record:
                made[name] = self.changed(record[name], change)
        return made

    def changed(self, value: object, change: Change) -> object:
        """A value of the column with its assistants' turns changed, in the form that it had; a text that
        is no turns is an answer."""
        return turn_edits.changed(self, value, change)
