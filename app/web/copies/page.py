"""The view of the groups of copies, the largest first. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...conversations.trace_words import trace_words
from ...search.copy_groups import Group, Groups
from ..links import Link, api_path, dataset_path, number, value_text
from .kinds import KINDS, Asked

MOST_VALUES = 4  # of models, say, that a line names
NOTHING = "\u2013"


@dataclass(frozen=True)
class Cell:
    """What the rows of a group have in common, or how they differ; ``several``: it names many values."""

    text: str
    differs: bool
    several: bool = False


@dataclass(frozen=True)
class Line:
    """A group: how its prompt begins, with the way to it, and what its rows are like."""

    size: str
    row: int
    prompt: str
    href: str
    rows: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CopiesView:
    """The page. ``one`` is the way to the rows without their copies, ``by`` that to prompts by model; ""
    where there is none."""

    title: str
    name: str
    path: str
    kinds: tuple[Link, ...]
    summary: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    one: str
    by: str
    pager: tuple[Link, ...]
    api: str


def copies(name: str, asked: Asked, found: Groups, model: str, rows: int) -> CopiesView:
    """The page of some groups of a dataset of so many ``rows``; ``model`` is the field of models, or ""."""
    path = dataset_path(name)
    heads = (*([model.rpartition(".")[2].title()] if model else []), "Trace", "Words")
    return CopiesView(
        title=f"{asked.kind.title} \u00b7 {name}",
        name=name,
        path=path,
        kinds=tuple(_kinds(path, asked)),
        summary=_summary(found, rows),
        heads=heads,
        lines=tuple(_line(path, asked, each, model) for each in found.listed),
        one=_one(path, asked, found),
        by=f"{path}/copies/by" if model and found.groups else "",
        pager=tuple(pages(f"{path}/copies", asked, found.page, found.pages)),
        api=f"{api_path(name)}/copies{asked.string(found.page)}",
    )


def _kinds(path: str, asked: Asked) -> Iterator[Link]:
    for each in KINDS:
        yield Link(each.title, f"{path}/copies{Asked(each).string()}", each == asked.kind)


def _summary(found: Groups, rows: int) -> str:
    if not found.groups:
        return f"None of {number(rows)} rows has copies of this kind"
    groups = "1 group" if found.groups == 1 else f"{number(found.groups)} groups"
    return f"{groups} of two rows and more hold {number(found.rows)} of {number(rows)} rows"


def _one(path: str, asked: Asked, found: Groups) -> str:
    names = {
        "prompt_group": "prompt",
        "near_prompt": "near_prompt",
        "conversation_group": "conversation",
    }
    one = names.get(asked.kind.field, "")
    return f"{path}?one={one}" if one and found.groups else ""


def _line(path: str, asked: Asked, each: Group, model: str) -> Line:
    cells = [_values(each.counts[model])] if model else []
    trace = {trace_words(str(value)): count for value, count in each.counts["trace"].items()}
    least, most = each.words
    words = number(least) if least == most else f"{number(least)} to {number(most)}"
    return Line(
        size=number(each.size),
        row=each.row,
        prompt=each.prompt.strip() or "(no prompt)",
        href=f"{path}/copies/{each.row}{asked.string()}",
        rows=f"{path}?filter={asked.kind.field}%3A{each.row}",
        cells=(*cells, _values(trace), Cell(words, least != most)),
    )


def _values(counts: Mapping[Any, int]) -> Cell:
    """The values of a field in a group with their counts, the commonest first."""
    named = [NOTHING if value is None else value_text(value) for value in counts]
    if len(counts) == 1:
        return Cell(named[0], False)
    shown = [
        f"{text} ({number(count)})" for text, count in zip(named, counts.values(), strict=True)
    ]
    more = len(shown) - MOST_VALUES
    text = ", ".join(shown[:MOST_VALUES]) + (f" and {more} more" if more > 0 else "")
    return Cell(text, True, len(shown) > 2)


def pages(path: str, asked: Asked, page: int, last: int) -> Iterator[Link]:
    """The ways to the pages before and behind this one."""
    if page > 1:
        yield Link("Previous", path + asked.string(page - 1, asked.pick))
    if page < last:
        yield Link("Next", path + asked.string(page + 1, asked.pick))
