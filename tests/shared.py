"""Datasets that several tests ask: those of the same rows are built once, and are open for as long as nothing
about their files is changed.

Tests of one thing in many ways state the same rows again and again, and to build an index takes more than
all that most of them ask of it.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from app.search.dataset import Dataset

MOST = 8  # that stay open for the next test; those of the same rows stand together


def key_of(tables: Sequence[pa.Table], group: int) -> str:
    """What a dataset is made of."""
    found = hashlib.sha256(str(group).encode())
    for table in tables:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        found.update(sink.getvalue())
        found.update(b"next")
    return found.hexdigest()


def state_of(place: Path) -> list[tuple[str, int, int]]:
    """All that stands below a place, to tell whether it was touched."""
    stats = [(str(each), each.stat()) for each in sorted(place.rglob("*"))]
    return [(name, stat.st_mtime_ns, stat.st_ino) for name, stat in stats]


class Shared:
    """The datasets by their keys, the last that was asked for at the end."""

    def __init__(self) -> None:
        self.made: dict[str, tuple[Dataset, Path, list[tuple[str, int, int]]]] = {}

    def of(self, key: str, place: Callable[[], Path], build: Callable[[Path], Dataset]) -> Dataset:
        """The dataset of a key, built where it is not there as it was built."""
        held = self.made.pop(key, None)
        if held and state_of(held[1]) != held[2]:
            held[0].close()
            held = None
        if held is None:
            here = place()
            dataset = build(here)
            held = (dataset, here, state_of(here))
        self.made[key] = held
        return held[0]

    def trim(self) -> None:
        """Before a test: those that were asked for longest ago are closed."""
        while len(self.made) > MOST:
            self.made.pop(next(iter(self.made)))[0].close()

    def close(self) -> None:
        for dataset, *_ in self.made.values():
            dataset.close()
