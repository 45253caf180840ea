"""What the list shows of some rows: how they begin, where they hit, their signals and chosen fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..conversations.fields import SHOWN, Field
from ..conversations.model import REASONING
from ..conversations.reasoning import UNCLOSED
from . import hits
from .request.query import Query
from .results import Result
from .shard.deadline import Deadline
from .shard.index import Index
from .shard.shown import Shown
from .snippets import Snippet, snippet

ENDING = 400  # characters of a trace that was cut off


def listable(field: Field) -> bool:
    """Whether the list can show a field: not one that is nested, nor texts of any length."""
    return bool(field.column) and field.kind != SHOWN and not field.digest


def listed(
    index: Index,
    ids: str,
    shown: Sequence[Field],
    query: Query,
    rows: Sequence[int],
    scores: Sequence[int | None],
    deadline: Deadline,
) -> tuple[Result, ...]:
    """The results of these rows, in this order: with their ids, which stand in a column of the index or
    are not there, and the values of the fields that are ``shown``."""
    if not rows:
        return ()
    chosen = [each.column for each in shown if not each.signal]
    own = index.shown.ids == ids  # else another file's ids are those of the dataset
    values = index.listed(rows, [*([] if own or not ids else [ids]), *chosen], deadline)
    snippets = _snippets(index, query, rows)
    found: list[Result] = []
    for row, score in zip(rows, scores, strict=True):
        begun, chosen_values = index.shown.row(row), list(values[row])
        identity = begun.identity if own else chosen_values.pop(0) if ids else None
        result = _result(begun, identity, score, snippets[row], shown, chosen_values)
        found.append(replace(result, ending=_ending(index, result)))
    return tuple(found)


def _ending(index: Index, result: Result) -> str:
    """How a trace ends that was cut off. Its text stands beside the rows before its words are indexed."""
    if result.signals.get("trace") != UNCLOSED:
        return ""
    return index.texts[REASONING].of_rows([result.row])[0][-ENDING:]


def shown_fields(fields: Mapping[str, Field], chosen: Sequence[str]) -> list[Field]:
    """All signals, then the chosen fields that can be listed."""
    others = (fields[name] for name in chosen if name in fields)
    return [
        *(each for each in fields.values() if each.signal),
        *(each for each in others if not each.signal and listable(each)),
    ]


def _snippets(index: Index, query: Query, rows: Sequence[int]) -> dict[int, tuple[Snippet, ...]]:
    """The best passages of each part that hits, by row."""
    made: dict[int, list[Snippet]] = {row: [] for row in rows}
    for part, find in hits.finders(query.node, query.searched).items():
        texts = index.texts[part].of_rows(rows)
        for row, text in zip(rows, texts, strict=True):
            found = snippet(part, text, find)
            if found is not None:
                made[row].append(found)
    return {row: tuple(found) for row, found in made.items()}


def _result(
    begun: Shown,
    identity: Any,
    score: int | None,
    snippets: tuple[Snippet, ...],
    shown: Sequence[Field],
    values: Sequence[object],
) -> Result:
    names = [each.name for each in shown if not each.signal]
    return Result(
        row=begun.row,
        conversation_id=identity,
        prompt=begun.prompt,
        opening=begun.opening,
        score=score,
        snippets=snippets,
        signals={each.name: begun.signals.get(each.name) for each in shown if each.signal},
        values=dict(zip(names, values, strict=True)),
    )
