"""The form of the export page: each choice with its options. Pure.

Three choices stand open. The others are folded, open where one of them is not as it is by default; an
option that the chosen shape does not take is there, disabled, until another shape is chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...export.choice import Choice
from ...export.file_types import TYPES
from ...export.job import Export
from ...export.options import (
    ARGUMENT,
    ARGUMENTS,
    INCOMPLETES,
    KEPT,
    REASONING_KEY,
    REASONING_KEYS,
    REASONINGS,
    ROLES,
    SHAPES,
    Named,
    Shape,
    taking,
)
from ...export.spelling import GPT, HUMAN

_ROLES = (
    Named(f"{HUMAN},{GPT}", "ShareGPT's own, as LLaMA-Factory takes them"),
    Named("user,assistant", "As TRL and chat templates take them"),
)


@dataclass(frozen=True)
class Option:
    """One of the options of a choice of the form; ``traces``: what becomes of them by default in a shape."""

    value: str
    words: str
    chosen: bool
    traces: str = ""


@dataclass(frozen=True)
class Choosing:
    """A choice: its parameter, what it is about, its options, of which one is taken or ``several``.
    ``shapes`` are those that take it, parted by spaces ("" for all), ``fits`` whether that is chosen."""

    name: str
    legend: str
    options: tuple[Option, ...]
    several: bool = False
    shapes: str = ""
    fits: bool = True


@dataclass(frozen=True)
class Form:
    """The choices that stand open, those that are folded, and whether these are shown."""

    first: tuple[Choosing, ...]
    more: tuple[Choosing, ...]
    open: bool
    reasoned: bool  # whether what becomes of reasoning was chosen, and is not the shape's default


class _Row(Protocol):
    """A row of a table that people choose from."""

    @property
    def name(self) -> str: ...

    @property
    def words(self) -> str: ...


def form_of(export: Export) -> Form:
    """The form as an export has it filled in."""
    choice = export.choice
    first = (
        _one("shape", "Shape", _shapes(export), choice.shape),
        _one("reasoning", "Reasoning", REASONINGS.values(), choice.traces),
        _one("type", "File", TYPES.values(), choice.type),
    )
    roles = ",".join(choice.roles)
    named = _ROLES if roles in {each.name for each in _ROLES} else (*_ROLES, Named(roles, ""))
    more = (
        _one("incomplete", "Incomplete rows", INCOMPLETES.values(), choice.incomplete),
        _fitting(choice, REASONING_KEY, "Key of reasoning", REASONING_KEYS.values()),
        _fitting(choice, ARGUMENT, "Arguments of tool calls", ARGUMENTS.values()),
        _one(ROLES, "Names of roles", named, roles, choice),
        _several(KEPT, "Columns kept beside", _columns(export), choice.keep_columns, choice),
        _several("signals", "Signals as columns", _signals(export), export.signals),
    )
    default = Choice(choice.shape, choice.reasoning, type=choice.type, limit=choice.limit)
    shown = tuple(each for each in more if each.options)
    return Form(first, shown, choice != default, choice.reasoning != "")


def _shapes(export: Export) -> list[Shape]:
    """The shapes that the dataset has rows for."""
    compares = "alternatives" in export.dataset.fields
    return [each for each in SHAPES.values() if compares or not each.compares]


def _fitting(choice: Choice, name: str, legend: str, rows: Iterable[_Row]) -> Choosing:
    return _one(name, legend, rows, getattr(choice, name), choice)


def _one(
    name: str, legend: str, rows: Iterable[_Row], chosen: str, choice: Choice | None = None
) -> Choosing:
    """A choice of one; with ``choice`` one that not every shape takes."""
    options = tuple(
        Option(each.name, each.words, each.name == chosen, getattr(each, "traces", ""))
        for each in rows
    )
    return Choosing(name, legend, options, False, *_of(name, choice))


def _several(
    name: str,
    legend: str,
    rows: Iterable[_Row],
    chosen: Sequence[str],
    choice: Choice | None = None,
) -> Choosing:
    options = tuple(Option(each.name, each.words, each.name in chosen) for each in rows)
    return Choosing(name, legend, options, True, *_of(name, choice))


def _of(name: str, choice: Choice | None) -> tuple[str, bool]:
    return ("", True) if choice is None else (" ".join(taking(name)), choice.takes(name))


def _columns(export: Export) -> list[Named]:
    """The columns that no conversation is read from, and those that are kept all the same."""
    files = export.dataset.source.files
    read = {name for file in files for name in file.layout.texts}
    kept = export.choice.keep_columns
    return [Named(each, "") for each in export.shaper.columns if each in kept or each not in read]


def _signals(export: Export) -> list[Named]:
    fields = export.dataset.fields
    return [Named(name, "") for name, each in fields.items() if each.signal]
