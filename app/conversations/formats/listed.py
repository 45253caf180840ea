"""Several answers in one list: texts, or objects with a text, a model and a score; and what lists of the
same length beside it say of each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from ..arrow import is_list, is_number, is_text
from ..model import Message, Standing
from .alternatives import SCORES, Candidate, Source, number
from .format import Change
from .looked import Looked, Record
from .roles import ASSISTANT
from .sides import text_of

_LISTS = ("generations", "responses", "completions", "candidates", "outputs", "alternatives")
_ANSWERED = (*_LISTS, "answers")  # of objects alone: texts in ``answers`` are mostly right ones
_TEXTS = ("response", "answer", "content", "text", "completion", "generation", "output")
_MODELS = ("model", "generation_model", "model_name", "source")


@dataclass(frozen=True)
class Listed(Source):
    """Answers in the list ``name``: texts, or objects with the text under ``key``. ``beside`` are lists of
    the same length, of which ``score`` and ``label`` may be two; in objects they are keys."""

    name: str
    key: str = ""
    score: str = ""
    label: str = ""
    beside: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,) if self.key else (self.name, *self.beside)

    @property
    def scored(self) -> bool:
        return bool(self.score)

    @property
    def answers(self) -> tuple[str, ...]:
        return (self.name,)

    def candidates(self, record: Record) -> Iterator[Candidate]:
        entries = record.get(self.name)
        entries = entries if isinstance(entries, list) else []
        for place, entry in enumerate(entries):
            value = entry.get(self.key) if self.key and isinstance(entry, Mapping) else entry
            if value is None or value == "":
                continue
            told = dict(self._told(record, entry, place, len(entries)))
            label = str(told.pop(self.label, None) or place + 1)
            score = number(told.pop(self.score, None))
            yield Candidate(
                Standing(label, score, tuple(told.items())),
                (Message.plain(ASSISTANT, text_of(value)),),
            )

    def _told(
        self, record: Record, entry: object, place: int, count: int
    ) -> Iterator[tuple[str, object]]:
        """What is said of one answer of so many, by name; nothing by lists of another length."""
        for name in self.beside:
            if self.key:
                value = entry.get(name) if isinstance(entry, Mapping) else None
            else:
                values = record.get(name)
                goes = isinstance(values, list) and len(values) == count
                value = values[place] if isinstance(values, list) and goes else None
            if value is not None:
                yield name, value

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        entries = record.get(self.name)
        if isinstance(entries, list):
            made[self.name] = [self._changed(each, change) for each in entries]

    def _changed(self, entry: object, change: Change) -> object:
        if isinstance(entry, Mapping):
            return {**entry, self.key: self._changed(entry.get(self.key), change)}
        return change(Message.plain(ASSISTANT, entry)).content if isinstance(entry, str) else entry


def listed(looked: Looked) -> Listed | None:
    """The list of answers, where there is one."""
    for each in _ANSWERED:
        name = looked.column(each)
        kind = looked.kind(name)
        if kind is None or not is_list(kind):
            continue
        if is_text(kind.value_type) and each in _LISTS:
            return _of_texts(looked, name)
        if pa.types.is_struct(kind.value_type):
            keys = {field.name: field.type for field in kind.value_type}
            key = next((k for k in _TEXTS if is_text(keys.get(k))), "")
            if key:
                return _of_objects(name, key, keys)
    return None


def _of_texts(looked: Looked, name: str) -> Listed:
    """A list of texts, with the lists beside it of which each has as many values."""
    beside = tuple(each for each in looked.schema.names if _goes_with(looked, each, name))
    kinds = {each: looked.schema.field(each).type.value_type for each in beside}
    score, label = _told_apart(kinds)
    return Listed(name, "", score, label, beside)


def _goes_with(looked: Looked, other: str, name: str) -> bool:
    """Whether a column is a list of short values that has as many in most of the rows looked at."""
    kind = looked.schema.field(other).type
    if other == name or not is_list(kind) or pa.types.is_nested(kind.value_type):
        return False
    pairs = [(row.get(other), row.get(name)) for row in looked.rows]
    both = [(a, b) for a, b in pairs if isinstance(a, list) and isinstance(b, list)]
    return bool(both) and 2 * sum(len(a) == len(b) for a, b in both) > len(both)


def _of_objects(name: str, key: str, keys: Mapping[str, pa.DataType]) -> Listed:
    beside = {each: kind for each, kind in keys.items() if each != key and _is_short(kind)}
    score, label = _told_apart(beside)
    return Listed(name, key, score, label, tuple(beside))


def _told_apart(kinds: Mapping[str, pa.DataType]) -> tuple[str, str]:
    """Which of some names is the score, and which the label; "" for none."""
    numbers = [each for each, kind in kinds.items() if is_number(kind)]
    score = next((n for word in SCORES for n in numbers if word in n.casefold()), "")
    texts = {each.casefold(): each for each, kind in kinds.items() if is_text(kind)}
    label = next((own for word in _MODELS for low, own in texts.items() if word in low), "")
    return score, label


def _is_short(kind: pa.DataType) -> bool:
    return is_text(kind) or pa.types.is_boolean(kind) or is_number(kind)
