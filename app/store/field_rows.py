"""Fields as an index says them: a row of its table ``fields`` each, which is made of what was found and of
its figures. Pure."""

import base64
from collections.abc import Iterable, Mapping, Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ..conversations import fields as f
from ..conversations.formats.format import TEXT, TURNS
from ..conversations.found import Found
from . import schema

FIRST_MOMENT, LAST_MOMENT = -62_135_596_800.0, 253_402_300_799.999  # of the years 1 to 9999

Row = dict[str, object]
NAMES = ("distinct_values", "longest", "nulls", "low", "high", "middle")  # of its figures
NOTHING: Row = dict(zip(NAMES, (0, 0, 0, None, None, None), strict=True))


def written(
    named: Sequence[tuple[Found, str]],
    facts: Sequence[Mapping[str, object]],
    apart: Mapping[str, str],
    rows: int,
) -> list[Row]:
    """The rows of fields, each with its column ("" for one that is only shown) and its figures; then those
    of the columns that turns stand in. ``apart``: columns that are no facets, and what each holds."""
    made = [
        {**_own(field, column, apart.get(field.column)), **found, "facet": facet}
        for (field, column), found in zip(named, facts, strict=True)
        for facet in ["" if field.column in apart else facet_of(field, found, rows)]
    ]
    made += [_turns(name) for name, what in apart.items() if what == TURNS]
    return [{"place": place, **each} for place, each in enumerate(made)]


def moment(column: str, days: bool) -> str:
    """Seconds since 1970 of a column of dates, as SQL; ``days``: of such as have no time."""
    # whole milliseconds: as a double the last microsecond of a year is the next one's first
    return f"epoch({column})" if days else f"(epoch_us({column}) // 1000) / 1000"


def _own(field: Found, column: str, what: str | None) -> Row:
    return {
        "name": field.name,
        "kind": field.kind,
        "type": field.shown_type,
        "signal": field.signal is not None,
        "column_name": column,
        "stored": "digest" if what == TEXT else "value",
        "numbers": field.number_type,
        "origin": field.place[0],
        "path": orjson.dumps(field.place[1]).decode(),
        "keys": field.keys,
        "types": _said(field.types),
        "number_types": orjson.dumps(sorted(field.numbers)).decode(),
    }


def _turns(name: str) -> Row:
    """The row of a column that turns stand in: it is shown by the conversation."""
    place = {"origin": f.COLUMN, "path": orjson.dumps([name]).decode()}
    kind = {
        "kind": f.SHOWN,
        "type": "nested",
        "signal": False,
        "column_name": "",
        "stored": "value",
    }
    found = {"facet": "", "numbers": "", "keys": 0, "types": "", "number_types": "[]"}
    return {"name": name, **kind, **place, **found, **NOTHING}


def facet_of(field: Found, facts: Mapping[str, object], rows: int) -> str:
    """The facet of a field: of bins, of values, or none."""
    if field.kind == f.SHOWN:
        return ""
    if field.kind in (f.INTEGER, f.NUMBER, f.DATE):
        return "histogram" if has_bins(field, facts["low"], facts["high"]) else ""
    distinct, longest = int(str(facts["distinct_values"])), int(str(facts["longest"]))
    few = distinct <= max(schema.MOST_VALUES, rows // 2)
    return "values" if longest <= schema.LONGEST_VALUE and few else ""


def has_bins(field: Found, low: object, high: object) -> bool:
    """Whether there are values to plot, dates in years that a calendar shows."""
    if field.kind != f.DATE or not isinstance(low, float) or not isinstance(high, float):
        return low is not None
    return low >= FIRST_MOMENT and high <= LAST_MOMENT


def _said(types: Iterable[pa.DataType]) -> str:
    """Arrow types as a text."""
    named = pa.schema([pa.field("", each) for each in sorted(types, key=str)])
    return base64.b64encode(named.serialize().to_pybytes()).decode()


def types_of(said: str) -> set[pa.DataType]:
    """The types that a text says."""
    read = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(said)))
    return {field.type for field in read}


def of_all_rows(name: str, kind: str, column: str, values: pa.Array, facet: str = "") -> Row:
    """The row of a signal that is told over all rows, with its figures; ``facet`` is what it has where there
    are values."""
    real = values.drop_null()
    ends: list[object] = [None, None, None]
    if len(real) and kind in (f.INTEGER, f.NUMBER):
        ordered = real.take(pc.sort_indices(real))
        ends = [ordered[at].as_py() for at in (0, -1, (len(ordered) - 1) // 2)]
    return as_text(
        {
            "name": name,
            "kind": kind,
            "type": kind,
            "signal": True,
            "column_name": column,
            "stored": "value",
            "facet": facet if len(real) else "",
            "distinct_values": len(real.unique()),
            "longest": 0,
            "nulls": len(values) - len(real),
            "numbers": "",
            "origin": f.SIGNAL,
            "path": orjson.dumps([name]).decode(),
            "keys": 0,
            **dict(zip(("low", "high", "middle"), ends, strict=True)),
        }
    )


def as_text(row: Row) -> Row:
    """A row with its ends and its median as texts, in all their digits."""
    ends = {name: row[name] for name in ("low", "high", "middle")}
    return {**row, **{name: None if end is None else str(end) for name, end in ends.items()}}
