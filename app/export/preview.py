"""What an export would be, before it is made: its first records, long texts cut, and its size, about."""

import time
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..conversations import records
from .file_types import CELLS
from .job import Export
from .sheets import columns, heading, line
from .stream import Rows, groups, shaped

LINES = 3
SHOWN = 240  # characters of a text, in the preview alone
ITEMS, KEYS = 20, 200  # of a list, of an object
PLACES, BESIDE = 5, 24  # rows that are measured: so many places, so many beside each other
SECONDS = 0.6  # for measuring, about

# Marks round what is said of a cut; texts that hold them are shown without.
CUT, UNCUT = "\ue000", "\ue001"


@dataclass(frozen=True)
class Run:
    """Some text of a preview; ``cut`` where it is not the export's own but tells what is left out."""

    text: str
    cut: bool


def first_lines(export: Export) -> list[tuple[Run, ...]]:
    """The first lines of the file as they will be; those of Parquet as records of JSON."""
    few = export.some(export.rows[:LINES])
    found: dict[int, dict[str, object]] = {}
    for place in np.sort(few.rows):
        with closing(groups(export.dataset.source, np.array([place]), False, few.shaper)) as reads:
            for read in reads:
                found[int(place)] = shaped(read, few.shaper)[0]
    made = [found[int(row)] for row in few.rows]
    kind = export.type
    if kind.form == CELLS:
        names = columns(export.dataset.source, few.shaper)
        lines = [heading(names, kind.separator)]
        cells = [[_cell(record.get(name)) for name in names] for record in made]
        lines += [line(each, kind.separator) for each in cells]
    else:
        lines = [records.line(_plain(record)) for record in made]
    return [_runs(each.decode().rstrip("\r\n")) for each in lines]


def _plain(record: dict[str, object]) -> dict[str, object]:
    return {name: _cut(value) for name, value in record.items()}


def _cell(value: object) -> object:
    """A value for a cell: what is nested is a text there, and cut as one."""
    if isinstance(value, dict | list):
        return _cut(records.line({"": value})[4:-2].decode())
    return _cut(value)


def _cut(value: object) -> object:
    """A value, each long text in it cut and the cut told."""
    if isinstance(value, str):
        text = value.replace(CUT, "\ufffd").replace(UNCUT, "\ufffd")
        if len(text) <= SHOWN:
            return text
        return f"{text[:SHOWN]}{CUT}\u2026 {len(text) - SHOWN:,} more characters{UNCUT}"
    if isinstance(value, dict):
        left = len(value) - KEYS
        some = {_cut(name): _cut(each) for name, each in islice(value.items(), KEYS)}
        return {**some, f"{CUT}\u2026 {left:,} more{UNCUT}": None} if left > 0 else some
    if isinstance(value, list):
        shown: list[object] = [_cut(each) for each in value[:ITEMS]]
        left = len(value) - ITEMS
        return [*shown, f"{CUT}\u2026 {left:,} more{UNCUT}"] if left > 0 else shown
    return value


def _runs(text: str) -> tuple[Run, ...]:
    runs = []
    for place, piece in enumerate(text.split(CUT)):
        told, mark, rest = piece.partition(UNCUT)
        if place and mark:
            runs.append(Run(told, True))
        else:
            rest = piece
        runs.append(Run(rest, False))
    return tuple(run for run in runs if run.text)


def estimate(export: Export) -> int:
    """The size of the file in bytes, from some of its rows; exact where these are all."""
    rows = np.sort(export.rows)
    if not len(rows):
        return _size(export, rows)
    start = time.perf_counter()
    size = count = 0
    for chosen in _sample(rows):
        size += _size(export, chosen)
        count += len(chosen)
        if time.perf_counter() - start > SECONDS:
            break
    return size * len(rows) // count


def _sample(rows: Rows) -> list[Rows]:
    if len(rows) <= PLACES * BESIDE:
        return [rows]
    starts = np.linspace(0, len(rows) - BESIDE, PLACES).astype(int)
    return [rows[start : start + BESIDE] for start in starts]


def _size(export: Export, rows: Rows) -> int:
    with closing(export.some(rows).pieces()) as pieces:
        return sum(map(len, pieces))
