"""Lists of turns: each an entry that says who speaks and what. Read into messages, and written back.

A dialect is the names that some datasets have for the list and for what stands in an entry; an entry
may be of any of them. Knows nothing of other columns than the list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from .. import json_text
from ..arrow import is_list, is_text
from ..model import TOOL_RESULT, Conversation, Message, Note
from ..reasoning import NONE
from . import contents, edits, filling
from .dialect import Dialect
from .format import Change, Format, Layout, Record, identity_of, other_slots, type_of, unread
from .roles import ASSISTANT, TOOL, USER, is_call, role_of

PROMPT, RESPONSE = "prompt", "response"

_OTHER_KEYS = ("name", "tool_call_id")


@dataclass(frozen=True)
class Turns(Format):
    """The format of a column of turns, and the reader of such a column in other formats."""

    dialects: tuple[Dialect, ...]
    name: str = "turns"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of such a column, the likeliest first."""
        return tuple(dict.fromkeys(name for each in self.dialects for name in each.columns))

    @cached_property
    def role_keys(self) -> tuple[str, ...]:
        """The keys for who speaks."""
        return tuple(dict.fromkeys(key for each in self.dialects for key in each.role))

    @cached_property
    def content_keys(self) -> tuple[str, ...]:
        """The keys for what is said."""
        return tuple(dict.fromkeys(key for each in self.dialects for key in each.content))

    @cached_property
    def _known(self) -> frozenset[str]:
        keys = (
            *self.role_keys,
            *self.content_keys,
            *edits.REASONING_KEYS,
            *filling.CALL_KEYS,
            *_OTHER_KEYS,
        )
        return frozenset(keys)

    # ---------------------------------------------------------------------------------- the columns

    def layout(self, schema: pa.Schema) -> Layout | None:
        answers = is_text(type_of(schema, RESPONSE))
        column = self.column_of(schema)
        if not column and not (answers and self._is_list_of_turns(schema, PROMPT)):
            return None
        column = column or PROMPT
        slots = {**identity_of(schema), "messages": column, **other_slots(schema)}
        said = self.said(schema, column)
        if answers:
            slots[RESPONSE] = RESPONSE
            said += f", then `{RESPONSE}` where the last is not the assistant's"
        texts = (column, *([RESPONSE] if answers else []))
        beside = self.beside(schema, column)
        said += unread(beside)
        return Layout(self, tuple(schema.names), texts, slots, "", said, beside)

    def column_of(self, schema: pa.Schema) -> str:
        """The first column that holds turns by its type, else the first text that may; "" for none."""
        lists = (name for name in self.columns if self._is_list_of_turns(schema, name))
        texts = (name for name in self.columns if is_text(type_of(schema, name)))
        return next(lists, "") or next(texts, "")

    def beside(self, schema: pa.Schema, column: str) -> tuple[str, ...]:
        """The other columns that hold turns."""
        texts = {name for name in self.columns if is_text(type_of(schema, name))}
        names = (name for name in (*self.columns, PROMPT) if name != column)
        return tuple(n for n in names if n in texts or self._is_list_of_turns(schema, n))

    def said(self, schema: pa.Schema, column: str) -> str:
        """How the turns of a column are written, for people."""
        kind = type_of(schema, column)
        if is_text(kind):
            return f"turns as JSON in `{column}`"
        keys = {each.name for each in kind.value_type}  # type: ignore[union-attr]
        said = next(each.said for each in self.dialects if not keys.isdisjoint(each.role))
        return f"{said} in `{column}`"

    def _is_list_of_turns(self, schema: pa.Schema, name: str) -> bool:
        """Whether a column is a list of turns by its type."""
        kind = type_of(schema, name)
        if kind is None or not is_list(kind) or not pa.types.is_struct(kind.value_type):
            return False
        keys = {each.name for each in kind.value_type}
        return not (keys.isdisjoint(self.role_keys) or keys.isdisjoint(self.content_keys))

    # ----------------------------------------------------------------------------------- the reading

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        column = layout.column("messages")
        notes: list[Note] = []
        entries = self.entries(record.get(column), column, notes)
        if entries is None:  # shown as it stands, so that nothing is lost
            return Conversation((Message("", str(record[column])),), tuple(notes))
        written = isinstance(record.get(column), str)
        messages = tuple(self.messages(entries, notes, written))
        answer = record.get(layout.column(RESPONSE))
        if isinstance(answer, str) and (not messages or messages[-1].role != ASSISTANT):
            messages += (Message(ASSISTANT, answer),)
        return Conversation(messages, tuple(notes))

    def entries(self, value: object, column: str, notes: list[Note]) -> list[object] | None:
        """The entries of a value of the column; none for nothing, None for what is no list of them."""
        found = value
        if isinstance(value, str):
            if not value.strip():
                return []
            found = json_text.parsed(value, lambda kind: notes.append(Note(kind, column)))
        if found is None:
            return []
        if isinstance(found, list):
            return found
        if found is not json_text.NOT_JSON:
            notes.append(Note("json", column))
        return None

    def messages(
        self, entries: Iterable[object], notes: list[Note], nulls: bool = False
    ) -> Iterator[Message]:
        """The messages of entries in order; a turn of tool results is a message for each. ``nulls``:
        they are of JSON, where a null was written."""
        for entry in entries:
            if (plain := self._plain(entry)) is not None:
                yield plain
            else:
                yield from self._messages(entry, notes, nulls)

    def _plain(self, entry: object) -> Message | None:
        """The message of a turn that is a known role and a text and no more, as most are."""
        if isinstance(entry, dict) and len(entry) == 2:
            for each in self.dialects:
                content = entry.get(each.content[0])
                if isinstance(content, str):
                    role = role_of(entry.get(each.role[0]))
                    return None if role is None else Message.plain(role, content)
        return None

    def _messages(self, entry: object, notes: list[Note], nulls: bool) -> Iterator[Message]:
        if not isinstance(entry, Mapping):
            notes.append(Note("key", "turn"))
            yield Message("", "\n".join(contents.texts(entry)) if entry is not None else "")
            return
        named = self._first(entry, self.role_keys)
        content = self._first(entry, self.content_keys)
        yield from self._message(entry, named, content, notes, nulls)

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
        role = role_of(named)
        made = Message(role or ("" if named is None else str(named)), "")
        if is_call(named):
            yield filling.called(entry, content, tell, nulls)
            return
        if role is None:
            tell("role", made.role or "(none)")
        parts = contents.pieces(contents.of_tool(content) if role == TOOL else content, tell)
        results = [each for each in parts if each.kind == TOOL_RESULT]
        if results and made.role in (USER, TOOL):
            yield from (filling.result(each) for each in results)
            parts = [each for each in parts if each.kind != TOOL_RESULT]
            if not parts:
                return
        yield filling.filled(made, entry, parts, tell, nulls)

    @classmethod
    def _first(cls, entry: Mapping[str, object], keys: Sequence[str]) -> object:
        """The value of the first of the keys that has one."""
        return entry.get(cls._key(entry, keys))

    @staticmethod
    def _key(entry: Mapping[str, object], keys: Sequence[str]) -> str:
        """The first of the keys that says something, or has at least an empty text; "" for none."""
        empty = ""
        for key in keys:
            value = entry.get(key)
            if value is not None:
                if value not in ("", []):
                    return key
                empty = empty or key
        return empty

    # ------------------------------------------------------------------------------- the writing back

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = self.lists_changed(layout, record, change)
        if isinstance(answer := record.get(layout.column(RESPONSE)), str):
            made[RESPONSE] = change(Message(ASSISTANT, answer)).content
        return made

    def lists_changed(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        """The record with all its lists of turns changed."""
        made = dict(record)
        for name in (layout.column("messages"), *layout.beside):
            if name in record:
                made[name] = self.changed(record[name], change)
        return made

    def changed(self, value: object, change: Change) -> object:
        """A value of the column with its assistants' turns changed, in the form that it had."""
        entries = self.entries(value, "", [])
        if not entries:
            return value
        made = [self._changed(entry, change) for entry in entries]
        if made == entries:
            return value
        return json_text.written(made) if isinstance(value, str) else made

    def _changed(self, entry: object, change: Change) -> object:
        """A turn without its reasoning, the keys that held it null; turns without any stay."""
        if not isinstance(entry, Mapping):
            return entry
        found = [each for each in self._messages(entry, [], True) if each.trace != NONE]
        if not found:
            return entry
        key = self._key(entry, self.content_keys)
        return edits.changed(entry, found[-1], change(found[-1]), key)
