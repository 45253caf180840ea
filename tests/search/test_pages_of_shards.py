"""Pages of results that several shards have together: of plain keys, shallow and deep."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.search import shards as module
from app.search.request.query import Query
from app.search.shard.deadline import Deadline
from app.search.shard.orders import Placed
from app.search.shards import Shards

KEYS = [[3, 4, 8, 20, 21], [], [0, 1, 2, 9], [5, 6, 7, 10, 30, 31]]


class Sorted:
    """A shard with the keys of what it finds, rising; a row is a hundred times its key."""

    def __init__(self, number: int) -> None:
        self.keys = np.array(KEYS[number], np.int64)
        self.rows = len(self.keys)
        self.first_row = 0
        self.index = SimpleNamespace(folder=Path(f"v1-{number}"))

    def count(self, *_: Any) -> int:
        return len(self.keys)

    def best(self, query: Query, order: Any, start: int, stop: int, _: Deadline) -> Placed:
        keys = self.keys[start:stop]
        return Placed(100 * keys, keys)

    def key_at(self, query: Query, order: Any, place: int, _: Deadline) -> int:
        return int(self.keys[place])

    def before(self, query: Query, order: Any, key: int, _: Deadline) -> int:
        return int(np.count_nonzero(self.keys < key))


@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize("size", [1, 4, 25])
@pytest.mark.parametrize("some", [range(4), [0], [0, 2]])
def test_every_page(
    deep: bool, size: int, some: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHALLOW", 0 if deep else 1_000)
    several: Any = [Sorted(each) for each in some]
    shards = Shards(several, {}, 100)
    expected = sorted(key for each in some for key in KEYS[each])
    for page in range(1, len(expected) // size + 3):
        found = shards.page(replace(Query(), page=page, size=size), Deadline(30.0))
        own = expected[(page - 1) * size : page * size]
        assert (found.rows.tolist(), found.keys.tolist()) == ([100 * key for key in own], own)
