"""What the list shows of some rows: how they begin, where they hit, their signals and chosen fields."""

from collections.abc import Mapping, Sequence

from ..conversations.fields import SHOWN, Field
from ..conversations.model import PROMPT
from . import hits
from .request.query import Query
from .results import Result
from .shard.deadline import Deadline
from .shard.index import Index
from .shard.shown import Shown
from .snippets import Snippet, snippet


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
    told: Sequence[Mapping[str, object]],
    known: Sequence[Mapping[str, object]],
    deadline: Deadline,
) -> tuple[Result, ...]:
    """The results of these rows, in this order: with their ids, which stand in a column of the index or
    are not there, and the values of the fields that are ``shown``. ``told`` are signals of each that all rows
    together say, ``known`` the values of some other fields."""
    if not rows:
        return ()
    signals = {each.name: None for each in shown if each.signal}
    chosen = {each.name: None for each in shown if not each.signal}
    asked = {e.name: e.column for e in shown if e.name in chosen and e.name not in known[0]}
    own = index.shown.ids == ids  # else another file's ids are those of the dataset
    columns = [*([] if own or not ids else [ids]), *asked.values()]
    values = index.listed(rows, columns, deadline)
    begun = index.shown.of_rows(rows)
    snippets = _snippets(index, query, begun)
    found: list[Result] = []
    for each, score, of_all, some in zip(begun, scores, told, known, strict=True):
        identity, others = each.identity if own else None, values[each.row]
        if len(columns) > len(asked):
            identity, *others = others
        said = {**signals, **each.signals, **of_all}
        fields = {**chosen, **some, **dict(zip(asked, others, strict=True))}
        texts = each.prompt, each.opening, score, snippets[each.row]
        found.append(Result(each.row, identity, *texts, said, fields, each.ending))
    return tuple(found)


def shown_fields(fields: Mapping[str, Field], chosen: Sequence[str]) -> list[Field]:
    """All signals, then the chosen fields that can be listed."""
    others = (fields[name] for name in chosen if name in fields)
    return [
        *(each for each in fields.values() if each.signal),
        *(each for each in others if not each.signal and listable(each)),
    ]


def _snippets(index: Index, query: Query, begun: Sequence[Shown]) -> dict[int, tuple[Snippet, ...]]:
    """The best passages of each part that hits, by row."""
    made: dict[int, list[Snippet]] = {each.row: [] for each in begun}
    for part, find in hits.finders(query.node, query.searched).items():
        for row, text in _texts(index, part, begun).items():
            found = snippet(part, text, find)
            if found is not None:
                made[row].append(found)
    return {row: tuple(found) for row, found in made.items()}


def _texts(index: Index, part: str, begun: Sequence[Shown]) -> dict[int, str]:
    """The texts of a part by row: of a short prompt that which is shown already."""
    found = {each.row: each.searched for each in begun} if part == PROMPT else {}
    missing = [each.row for each in begun if found.get(each.row) is None]
    texts = index.texts[part].of_rows(missing) if missing else []
    read = zip(missing, texts, strict=True)
    return {row: text for row, text in (*found.items(), *read) if text is not None}
