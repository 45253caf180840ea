"""What an index says of itself: its figures, its fields, what of the rows was not understood."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from ...conversations.fields import INTEGER, Field
from ...conversations.numbers import outward
from ...conversations.signals.table import BY_NAME, EVERYWHERE
from ...errors import Failed
from ...store.engine import Engine, Statement
from ..results import NotUnderstood

SECONDS = 60.0  # for each of these


def meta(engine: Engine) -> dict[str, str]:
    """What was noted when the index was built, by key."""
    return dict(engine.rows(Statement("select key, value from meta"), SECONDS))


def fields(rows: Iterable[Mapping[str, Any]]) -> dict[str, Field]:
    """The fields by name, in the order of the source, from their rows.

    Raises Failed where the index lacks a signal: it is of another version, and built anew.
    """
    found = {each.name: each for each in map(field, rows)}
    lacking = [name for name in EVERYWHERE if name not in found]
    if lacking:
        raise Failed(f"the index lacks the signal {lacking[0]!r}: it is of another version")
    return found


def field_rows(engine: Engine) -> list[dict[str, Any]]:
    """The rows of the fields, as ``store.field_rows`` makes them."""
    found: list[dict[str, Any]] = engine.table(
        Statement("select *\nfrom fields\norder by place"), SECONDS
    ).to_pylist()
    return found


def keys(engine: Engine) -> dict[str, list[int]]:
    """The keys of the parents that have too many, by their hashes."""
    table = engine.table(
        Statement("select parent, list(hash) as hashes\nfrom keys\ngroup by parent"), SECONDS
    )
    return dict(zip(table["parent"].to_pylist(), table["hashes"].to_pylist(), strict=True))


def field(row: Mapping[str, Any]) -> Field:
    """A field from its row of the index."""
    whole = row["kind"] == INTEGER
    low, high, middle = (row[name] or "0" for name in ("low", "high", "middle"))
    return Field(
        name=row["name"],
        kind=row["kind"],
        type=row["type"],
        signal=row["signal"],
        help=_help(row["name"]) if row["signal"] else "",
        column=row["column_name"],
        digest=row["stored"] == "digest",
        facet=row["facet"],
        longest=row["longest"] or 0,
        distinct=row["distinct_values"] + (row["nulls"] > 0),
        low=int(low) if whole else outward(low, -math.inf),
        high=int(high) if whole else outward(high, math.inf),
        middle=int(middle) if whole else float(middle),
        numbers=row["numbers"],
        origin=row["origin"],
        path=tuple(orjson.loads(row["path"])),
        keys=row["keys"],
    )


def _help(name: str) -> str:
    """The rule of a signal; "" of one that this version has not."""
    try:
        return BY_NAME[name].help
    except KeyError:
        return ""


def not_understood(engine: Engine) -> tuple[NotUnderstood, ...]:
    """What no reader understood of the rows, the commonest first."""
    sql = "select kind, name, times, in_rows\nfrom not_understood\norder by times desc, kind, name"
    return tuple(NotUnderstood(*each) for each in engine.rows(Statement(sql), SECONDS))
