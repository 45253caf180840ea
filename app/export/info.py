"""``dataset_info.json`` of an export: what LLaMA-Factory, and Thinklens itself, need to be told of its
files. Pure.
"""

from collections.abc import Mapping

import pyarrow as pa

from ..conversations.arrow import is_list, is_text
from ..conversations.formats.format import Layout
from .options import SOURCE

Entry = dict[str, object]

# The columns of a shape by LLaMA-Factory's names for their parts; ``id`` and ``reasoning`` are ours.
_TURNS = {"messages": "messages", "tools": "tools", "id": "conversation_id"}
_SHARED = {"messages": "conversations", "tools": "tools", "id": "id"}
_RANKED = {**_SHARED, "chosen": "chosen", "rejected": "rejected"}
_FLAT = {
    **{"prompt": "instruction", "query": "input", "response": "output"},
    **{"system": "system", "history": "history", "reasoning": "reasoning"},
}
_BY_ROLE = {
    **{"role_tag": "role", "content_tag": "content", "user_tag": "user"},
    **{"assistant_tag": "assistant", "observation_tag": "tool"},
    **{"function_tag": "function_call", "system_tag": "system"},
}
_BY_SPEAKER = {
    **{"role_tag": "from", "content_tag": "value", "user_tag": "human"},
    **{"assistant_tag": "gpt", "observation_tag": "observation"},
    **{"function_tag": "function_call", "system_tag": "system"},
}
_PARTS = ("messages", "prompt", "context", "response", "reasoning", "system", "tools", "id")


def entries(
    shape: str, layouts: list[Layout], columns: pa.Schema, files: Mapping[str, str]
) -> dict[str, Entry]:
    """An entry for each of ``files`` (a name, and the file or folder that it stands for); none where these
    loaders have no way to read the columns."""
    found = _source(layouts, columns) if shape == SOURCE else _shape(columns)
    return {name: {"file_name": file, **found} for name, file in files.items()} if found else {}


def _shape(columns: pa.Schema) -> Entry:
    """What reads a chat shape, told by its columns."""
    if {*_RANKED.values()} - {"id", "tools"} <= {*columns.names}:
        return {**_entry("sharegpt", _RANKED, columns, _BY_SPEAKER), "ranking": True}
    if "conversations" in columns.names:
        return _entry("sharegpt", _SHARED, columns, _BY_SPEAKER)
    if "messages" in columns.names:
        return _entry("openai", _TURNS, columns, _BY_ROLE)
    if "instruction" in columns.names:
        return _entry("alpaca", _FLAT, columns)
    return {}


def _source(layouts: list[Layout], columns: pa.Schema) -> Entry:
    """What reads the columns of a source, where all its files are read alike."""
    first, *others = ({part: each.column(part) for part in _PARTS} for each in layouts)
    if any(each != first for each in others):
        return {}
    named = {part: name for part, name in first.items() if name}
    turns = (
        columns.field(named["messages"]).type if named.get("messages") in columns.names else None
    )
    if turns is not None and (tags := _tags(turns)):
        formatting = "openai" if tags is _BY_ROLE else "sharegpt"
        kept = {part: name for part, name in named.items() if part not in ("prompt", "response")}
        return _entry(formatting, kept, columns, tags)
    sides = (named.get("prompt"), named.get("response"))
    if all(side in columns.names and is_text(columns.field(side).type) for side in sides):
        if query := named.pop("context", ""):
            named["query"] = query
        return _entry("alpaca", named, columns)
    return {}


def _tags(turns: pa.DataType) -> dict[str, str]:
    """The names of keys and roles in a list of turns, where these are the usual ones."""
    if not is_list(turns) or not pa.types.is_struct(turns.value_type):
        return {}
    keys = {each.name for each in turns.value_type}
    usual = (
        each for each in (_BY_ROLE, _BY_SPEAKER) if {each["role_tag"], each["content_tag"]} <= keys
    )
    return next(usual, {})


def _entry(
    formatting: str,
    parts: Mapping[str, str],
    columns: pa.Schema,
    tags: Mapping[str, str] | None = None,
) -> Entry:
    kept = {part: name for part, name in parts.items() if name in columns.names}
    made: Entry = {"formatting": formatting, "columns": kept}
    return {**made, "tags": dict(tags)} if tags else made
