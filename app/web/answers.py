"""The answers of the API as JSON values; the command line prints the same.

Keys may be added, none changes.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import orjson
from fastapi import Request
from fastapi.responses import Response

from ..conversations import json_text, records
from ..conversations.cards import Card
from ..conversations.fields import DATE, INTEGER, Field
from ..conversations.model import Alternative, Message, Standing
from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..errors import ThinklensError
from ..library import Entry
from ..search.dataset import Facet, Reading, Result, Results
from ..search.readable import Readable
from ..search.request.filters import selected
from ..search.request.query import Query
from .request_ids import request_id


class JSON(Response):
    """JSON by orjson: fast, UTF-8, NaN as null."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        try:
            return orjson.dumps(content, default=_plain, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
        except TypeError:  # a file's name that is no text
            mended = json_text.mended(content)
            return orjson.dumps(mended, default=_plain, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _plain(value: object) -> object:
    """Times and bytes as exports have them; what has no form in JSON as text."""
    if isinstance(value, bytes | timedelta):
        return records.plain(value)
    return json_text.plain(value)


def error_json(request: Request, error: ThinklensError) -> Response:
    """An error; ``link`` where it leads to a page that is there."""
    said = {"error": error.sentence, "code": error.code, "request_id": request_id()}
    link = getattr(error, "link", "")
    if link.startswith("?"):
        said["link"] = request.url.path + link.rstrip("?")
    return JSON(said, error.status)


def entry_json(entry: Entry) -> dict[str, object]:
    """A dataset as the API lists it."""
    dataset, source = entry.dataset, entry.source
    fields = dataset.fields.values() if dataset else ()
    layout = source.files[0].layout if source else None
    error = entry.error.sentence if entry.error else entry.changed() or None
    return {
        "name": entry.name,
        "rows": source.rows if source else 0,
        "size": source.size if source else 0,
        "source_format": layout.name if layout else None,
        "read_as": source.read_as if source else None,
        "fields": [
            {"name": each.name, "type": each.type, **({"keys": each.keys} if each.keys else {})}
            for each in fields
        ],
        "card": _card_json(source.card, entry.notes) if source and source.card else None,
        **({"files": list(map(_file_json, source.files))} if source and differ(source) else {}),
        "left_out": [asdict(each) for each in source.left_out] if source else [],
        "not_understood": [asdict(each) for each in dataset.not_understood] if dataset else [],
        "index": {
            "state": entry.state,
            "done": entry.done,
            "total": entry.total,
            "error": error,
            "step": entry.step,
            "parts": dataset.parts if dataset else (),
            "covers": dataset.covered if dataset else {},
            "seconds_left": entry.seconds_left,
            "newer": _newer_json(entry.newer) if entry.newer else None,
        },
    }


def _newer_json(newer: Entry) -> dict[str, object]:
    """How far the index of the state is that the files have by now."""
    error = newer.error.sentence if newer.error else None
    return {"state": newer.state, "done": newer.done, "total": newer.total, "error": error}


def _card_json(card: Card, notes: Sequence[str]) -> dict[str, object]:
    """What a dataset's card says; null for what it does not say."""
    return {
        "licence": card.licence or None,
        "licence_link": card.licence_link or None,
        "citation": card.citation or None,
        "source": card.source or None,
        "revision": card.revision or None,
        "notes": notes or card.notes,
    }


def differ(source: Source) -> bool:
    """Whether the files of a dataset are read in different ways."""
    return len({each.layout.said for each in source.files}) > 1


def _file_json(file: SourceFile) -> dict[str, object]:
    """A file of a dataset, and how it is read."""
    layout = file.layout
    return {
        "name": file.name,
        "rows": file.rows,
        "source_format": layout.name,
        "read_as": layout.said,
    }


def results_json(dataset: Readable, results: Results) -> dict[str, object]:
    """A page of results; ``offers`` only where another search may have been meant."""
    return {
        "total": results.total,
        "results": [_result_json(each) for each in results.results],
        "page": results.page,
        "size": results.size,
        "pages": results.pages,
        "took_ms": round(results.seconds * 1000, 1),
        "covers": covers_json(dataset, results.covers),
        **({"offers": [results.offered]} if results.offered else {}),
    }


def covers_json(dataset: Readable, rows: int) -> dict[str, object]:
    """How many rows were looked at, of how many; null where that is not known yet."""
    return {"rows": rows, "of": None if dataset.partial else dataset.rows}


def _result_json(result: Result) -> dict[str, object]:
    return {
        "row": result.row,
        "conversation_id": result.conversation_id,
        "prompt": result.prompt,
        "score": result.score,
        "snippets": [
            {"part": each.part, "text": each.text, "hits": each.hits} for each in result.snippets
        ],
        "signals": result.signals,
        **({"values": result.values} if result.values else {}),
    }


def facet_json(facet: Facet, query: Query) -> dict[str, object]:
    """A facet with its counts."""
    common = {"field": facet.field.name, "kind": facet.field.facet}
    if facet.error:
        return {**common, "error": facet.error}
    if facet.field.facet == "values":
        values = [
            {
                "value": v.value,
                "count": v.count,
                "selected": selected(query.filters, facet.field, v.value),
            }
            for v in facet.values
        ]
        return {**common, "values": values, "more": facet.more}
    bins = [
        {"from": edge(facet.field, low), "to": edge(facet.field, high), "count": count}
        for low, high, count in facet.bins
    ]
    return {**common, "bins": bins, "nulls": facet.nulls}


def edge(field: Field, number: float) -> float | int | str:
    """An edge of a bin in its field's own form."""
    if field.kind == DATE:
        return datetime.fromtimestamp(number, UTC).date().isoformat()
    return int(number) if field.kind == INTEGER else number


def reading_json(reading: Reading, whole: bool = False) -> dict[str, object]:
    """One conversation; with ``whole`` each message has its ``content`` in one piece, tags and all."""
    conversation = reading.conversation
    found = conversation.alternatives
    return {
        "row": reading.row,
        "conversation_id": reading.identity,
        "messages": _messages_json(conversation.messages, whole),
        **({"standing": _standing_json(conversation.standing)} if found else {}),
        **({"alternatives": [_alternative_json(each, whole) for each in found]} if found else {}),
        "metadata": reading.metadata,
        "columns": reading.told,
        "signals": reading.signals,
        "source": {"file": reading.file, "row": reading.file_row},
    }


def _messages_json(messages: Sequence[Message], whole: bool) -> list[dict[str, object]]:
    return [
        {
            "role": message.role,
            "parts": [{"type": part.type, "text": part.text} for part in message.parts],
            **({"content": message.content} if whole else {}),
        }
        for message in messages
    ]


def _standing_json(standing: Standing) -> dict[str, object]:
    return {"label": standing.label, "score": standing.score, "said": dict(standing.said)}


def _alternative_json(each: Alternative, whole: bool) -> dict[str, object]:
    """Another answer: its messages stand behind the first ``shared`` of the conversation."""
    return {
        **_standing_json(each.standing),
        "shared": each.shared,
        "messages": _messages_json(each.messages, whole),
    }
