"""Source formats: which columns hold the text, and how a record becomes a conversation.

A record is a row as plain Python values, a column a key. Knows the columns by name and type and
nothing of files: ``source`` reads records, this says what they mean. A new source format is a
further branch of ``detect`` and of ``conversation``.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import Unreadable
from .model import REASONING, TOOL_CALL, Conversation, Message, Part

ID, PROMPT, RESPONSE, MESSAGES = "conversation_id", "prompt", "response", "messages"
TEXT_COLUMNS = (PROMPT, RESPONSE, MESSAGES)
SPECIAL_COLUMNS = (ID, *TEXT_COLUMNS)  # fields too, but never facets

DEEPEST = 200  # levels of JSON that are taken apart; what is deeper counts as not parsed
_LONG_NUMBER = re.compile(r"[0-9]{19}")

Record = Mapping[str, object]


@dataclass(frozen=True)
class Layout:
    """The columns of one file that hold its text; ``name`` is the source format."""

    name: str
    texts: tuple[str, ...]
    columns: tuple[str, ...]

    def reading(self, repeats: bool) -> list[str]:
        """The columns that a conversation needs, ``messages`` only where it says something new."""
        idle = MESSAGES if repeats and len(self.texts) > 1 else ""
        return [name for name in self.columns if name != idle]


def detect(schema: pa.Schema) -> Layout:
    """The layout of a file. Raises Unreadable where no column holds the text of conversations, or
    where two columns have one name."""
    twice = next((name for name, count in Counter(schema.names).items() if count > 1), None)
    if twice is not None:
        raise Unreadable(f"two columns of the same name {twice!r}")
    texts = [name for name in (PROMPT, RESPONSE) if is_text(_type(schema, name))]
    messages = _type(schema, MESSAGES)
    if _is_messages(messages) or is_text(messages):
        texts.append(MESSAGES)
    if not texts:
        raise Unreadable(
            "no text column: expected 'prompt' and 'response' (strings) or 'messages' "
            f"(a list of role and content); found {_listed(schema.names)}"
        )
    name = "prompt-response" if texts[0] != MESSAGES else "messages"
    return Layout(name, tuple(texts), tuple(schema.names))


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "") or "no column"


def _type(schema: pa.Schema, name: str) -> pa.DataType | None:
    return schema.field(name).type if schema.get_field_index(name) >= 0 else None


def is_text(kind: pa.DataType | None) -> bool:
    """Whether an Arrow type holds text, in whatever layout."""
    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(kind, pa.JsonType):
        kind = kind.storage_type
    return kind is not None and bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def is_list(kind: pa.DataType) -> bool:
    """Whether an Arrow type is a list of any layout."""
    return bool(
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
    )


def retyped(kind: pa.DataType, change: Callable[[pa.DataType], pa.DataType]) -> pa.DataType:
    """An Arrow type with ``change`` done to each type that stands at the bottom of it."""
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(retyped(field.type, change)) for field in kind])
    if pa.types.is_map(kind):
        inner = retyped(kind.key_type, change), retyped(kind.item_type, change)
        return kind if inner == (kind.key_type, kind.item_type) else pa.map_(*inner)
    if not is_list(kind):
        return change(kind)
    field = kind.value_field.with_type(retyped(kind.value_type, change))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(field, kind.list_size)
    makers = (
        (pa.types.is_large_list, pa.large_list),
        (pa.types.is_list_view, pa.list_view),
        (pa.types.is_large_list_view, pa.large_list_view),
    )
    return next((make for told, make in makers if told(kind)), pa.list_)(field)


def _is_messages(kind: pa.DataType | None) -> bool:
    return (
        kind is not None
        and is_list(kind)
        and pa.types.is_struct(kind.value_type)
        and {"role", "content"} <= {field.name for field in kind.value_type}
    )


def messages_repeat(table: pa.Table) -> bool:
    """Whether ``messages`` says in every row just what ``prompt`` and ``response`` say."""
    if MESSAGES not in table.column_names or PROMPT not in table.column_names:
        return MESSAGES not in table.column_names
    if RESPONSE not in table.column_names or not _is_messages(table.schema.field(MESSAGES).type):
        return False
    lists = table[MESSAGES].combine_chunks()
    if isinstance(lists, pa.ChunkedArray):  # what an empty table gives
        return True
    if lists.null_count or not pc.all(pc.equal(pc.list_value_length(lists), 2)).as_py():
        return len(lists) == 0
    flat = lists.flatten()
    if any(pc.struct_field(flat, name).null_count < len(flat) for name in _other_keys(flat.type)):
        return False
    roles, contents = pc.struct_field(flat, "role"), pc.struct_field(flat, "content")
    first, second = pa.array(range(0, len(flat), 2)), pa.array(range(1, len(flat), 2))
    return bool(
        set(pc.unique(roles.take(first)).to_pylist()) <= {"user"}
        and set(pc.unique(roles.take(second)).to_pylist()) <= {"assistant"}
        and _same(contents.take(first), table[PROMPT])
        and _same(contents.take(second), table[RESPONSE])
    )


def _other_keys(message: pa.StructType) -> list[str]:
    """The keys of a message that neither prompt nor response could say."""
    return [field.name for field in message if field.name not in ("role", "content")]


def _same(these: pa.Array, those: pa.ChunkedArray) -> bool:
    if these.null_count or those.null_count:
        return False
    left, right = these.cast(pa.large_string()), those.cast(pa.large_string())
    return bool(pc.all(pc.equal(left, right.combine_chunks())).as_py())


def conversation(record: Record) -> Conversation:
    """A record as a conversation: its ``messages``, or else its prompt and its response."""
    given = _parsed(record.get(MESSAGES))
    if isinstance(given, list) and given:
        return Conversation(tuple(_message(entry) for entry in given))
    pairs = (("user", record.get(PROMPT)), ("assistant", record.get(RESPONSE)))
    return Conversation(
        tuple(Message(role, _text(content)) for role, content in pairs if content is not None)
    )


def _parsed(value: object) -> object:
    """A value, or what a JSON string holds; a string that does not parse holds nothing.

    Integers beyond 64 bits are text, exact to the last digit.
    """
    if not isinstance(value, str):
        return value
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if value.count("[") + value.count("{") > DEEPEST and _too_deep(found):
        return None
    return json.loads(value, parse_int=_integer) if _LONG_NUMBER.search(value) else found


def _integer(digits: str) -> int | str:
    """An integer, as text where it has more than 64 bits."""
    number = int(digits) if len(digits) <= 20 else 2**64
    return number if -(2**63) <= number < 2**64 else digits


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(value: object) -> bool:
    """Whether lists and objects stand deeper in each other than ``DEEPEST``."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return False
    return True


def parsed_object(value: object) -> dict[str, object] | None:
    """The object in a JSON string, a map or a struct; None where there is none."""
    found = _parsed(value)
    return {str(key): item for key, item in found.items()} if isinstance(found, dict) else None


def _message(entry: object) -> Message:
    if not isinstance(entry, Mapping):
        return Message("", _text(entry))
    given = []
    for own in (entry.get("reasoning_content"), entry.get("reasoning")):
        if isinstance(own, str) and own.strip():
            given.append(Part(REASONING, own))
            break
    if calls := entry.get("tool_calls"):
        given.append(Part(TOOL_CALL, _text(calls)))
    role, answers = str(entry.get("role") or ""), str(entry.get("tool_call_id") or "")
    return Message(role, _text(entry.get("content")), tuple(given), answers)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()
