"""The manifest of an export: all that makes it reproducible, and what its reader has to know."""

from dataclasses import asdict

import pyarrow as pa

from .. import __version__
from ..conversations.source import Source
from ..search.request.query import Query
from ..store.overlaps import as_json
from ..store.schema import VERSION
from . import features
from .choice import Choice
from .file_types import CELLS, TABLE, TYPES
from .job import Export
from .options import ARGUMENT, REASONING_KEY, ROLES, SEPARATE, SOURCE
from .shapes import Shaper
from .traces import TAGS_LEFT


def manifest(export: Export, file: dict[str, object] | None) -> dict[str, object]:
    """What makes the export reproducible. ``file``: null until the file was written."""
    source = export.dataset.source
    return {
        "dataset": export.dataset.name,
        "fingerprint": export.dataset.fingerprint,
        "files": [
            {"name": each.name, "bytes": _size(source, each.name), "rows": each.rows}
            for each in source.files
        ],
        "licence": source.card.licence or None,
        "source": source.card.source or None,
        "revision": source.card.revision or None,
        "thinklens": __version__,
        "index_version": VERSION,
        "query": {**parameters(export.query, export.choice), "signals": list(export.signals)},
        "rows": len(export.rows),
        "matching": export.matching,
        "incomplete": export.incomplete,
        "without_another_answer": export.alone,
        "of": export.dataset.rows,
        "traces": export.traces,
        "refused": [asdict(each) for each in export.refusals],
        "benchmarks": [as_json(each.compared) for each in export.dataset.shards.overlaps],
        "not_understood": [asdict(each) for each in export.dataset.not_understood],
        "features": None if export.types is None else features.as_json(export.types),
        "notes": [*_notes(export.choice, export.shaper), *_left(file), *_loading(export.types)],
        "file": file,
    }


def _size(source: Source, name: str) -> int | None:
    """The bytes of a file of the source, also where copies of it are read; null where it is gone."""
    for path in (source.path / name, source.path):
        if path.is_file():
            return path.stat().st_size
    return None


def parameters(query: Query, choice: Choice) -> dict[str, object]:
    """All that an export depends on, defaults too; null where the shape does not take an option."""
    roles = list(choice.roles) if choice.takes(ROLES) else None
    return {
        "q": query.q.strip(),
        "in": query.searched_in,
        "filter": [each.text for each in query.filters],
        "rows": list(query.picked),
        "like": query.like,
        "one": query.one or None,
        "keep": query.keep if query.one else None,
        "sample": query.sample.text if query.sample else None,
        "sort": query.order,
        "limit": choice.limit,
        "shape": choice.shape,
        "reasoning": choice.traces,
        "reasoning_key": choice.reasoning_key if choice.takes(REASONING_KEY) else None,
        "arguments": choice.arguments if choice.takes(ARGUMENT) else None,
        "roles": roles,
        "incomplete": choice.incomplete,
        "keep_columns": list(choice.keep_columns),
        "type": choice.type,
    }


def _left(file: dict[str, object] | None) -> list[str]:
    """What stripping left that looks like reasoning, once that is known."""
    changed = file["changed"] if file else {}
    count = changed.get(TAGS_LEFT, 0) if isinstance(changed, dict) else 0
    return [f"tags left in {count:,} answer{'' if count == 1 else 's'}"] if count else []


def _loading(types: pa.Schema | None) -> list[str]:
    """What no features can say of the columns."""
    mixed = [] if types is None else features.of_any_kind(types)
    if not mixed:
        return []
    names = ", ".join(mixed)
    return [f"values of several types stand in {names}: datasets 5 reads them as JSON, 3 cannot"]


def _notes(choice: Choice, shaper: Shaper) -> list[str]:
    """What a reader of the file has to know of its type."""
    notes = []
    form = TYPES[choice.type].form
    if choice.shape == SOURCE and choice.traces == SEPARATE:
        notes.append(f"reasoning stands in the column {shaper.reasoning_column!r}")
    if form == CELLS:
        notes.append(
            "texts that begin with = + - @, a tab, a line break or NUL, after any number of ', "
            "have one ' in front; nested values are JSON; NaN and infinities are empty"
        )
    elif form != TABLE:
        notes.append("NaN and infinities are null")
    elif choice.shape != SOURCE:
        notes.append("tools, metadata and the arguments of tool calls are JSON in text")
    return notes
