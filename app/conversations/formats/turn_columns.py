"""Columns of turns: found by their names and types, and said. Knows nothing of what is in a turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from ..arrow import is_list, is_text
from . import transcripts
from .dialect import PAIRED, Dialect
from .looked import Looked
from .sides import ANSWERS


@dataclass(frozen=True)
class TurnColumns:
    """The columns of turns that some dialects have."""

    dialects: tuple[Dialect, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
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

    def column_of(self, looked: Looked) -> str:
        """The column that the user names; else the first that holds turns by its type, else the first
        text that may; "" for none."""
        if "messages" in looked.told.columns:
            return looked.named("messages")
        names = [name for each in self.names if (name := looked.column(each))]
        lists = (name for name in names if self.is_list_of_turns(looked, name))
        texts = (name for name in names if is_text(looked.kind(name)))
        return next(lists, "") or next(texts, "")

    def beside(self, looked: Looked, column: str) -> tuple[str, ...]:
        """The other columns that hold turns."""
        names = looked.schema.names
        known = {looked.column(name) for name in self.names}
        texts = {name for name in names if name in known and is_text(looked.kind(name))}
        order = (*(looked.column(each) for each in self.names), *names)
        others = (name for name in dict.fromkeys(order) if name and name != column)
        return tuple(n for n in others if n in texts or self.is_list_of_turns(looked, n))

    def said(self, looked: Looked, column: str) -> str:
        """How the turns of a column are written, for people."""
        kind = looked.kind(column)
        if is_text(kind):
            text = next(iter(looked.texts(column)), "")
            rendering = transcripts.rendering_of(text)
            written = f"turns rendered by {rendering.said}" if rendering else "turns as JSON"
            return f"{written} in `{column}`"
        keys = {each.name for each in kind.value_type}  # type: ignore[union-attr]
        said = next((each.said for each in self.dialects if not keys.isdisjoint(each.role)), "")
        return f"{said or 'pairs of turns'} in `{column}`"

    def is_list_of_turns(self, looked: Looked, name: str) -> bool:
        """Whether a column is a list of turns by its type."""
        kind = looked.kind(name)
        return kind is not None and is_list(kind) and self._is_turn(kind.value_type)

    def holds_turns(self, looked: Looked, name: str) -> bool:
        """Whether a column is a list of turns, or one turn, by its type."""
        return self.is_list_of_turns(looked, name) or self._is_turn(looked.kind(name))

    def _is_turn(self, kind: pa.DataType | None) -> bool:
        if kind is None or not pa.types.is_struct(kind):
            return False
        keys = {each.name for each in kind}
        paired = any(keys.issuperset(each) for each in PAIRED)
        return paired or not (keys.isdisjoint(self.role_keys) or keys.isdisjoint(self.content_keys))


def answers_beside(looked: Looked, texts: Sequence[str]) -> tuple[str, ...]:
    """The columns that are named like an answer and say once more what the turns say."""
    names = (looked.column(each) for each in ANSWERS)
    return tuple(
        name
        for name in dict.fromkeys(names)
        if name and name not in texts and is_text(looked.kind(name))
    )
