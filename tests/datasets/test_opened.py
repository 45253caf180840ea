"""When a newer state of the shards of a dataset is asked in the place of one before."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.datasets.opened import outgrown


def state(*rows: int) -> Any:
    """A dataset of shards by their numbers of rows, which are their names too."""
    folders = tuple(Path(str(each)) for each in rows)
    return SimpleNamespace(folders=folders, shards=SimpleNamespace(covers=sum(rows)))


def pieces(*rows: int, ready: bool = False) -> Any:
    standing = [
        SimpleNamespace(
            home=SimpleNamespace(published=Path(str(each))), source=SimpleNamespace(rows=each)
        )
        for each in rows
    ]
    return SimpleNamespace(standing=standing, ready=ready)


@pytest.mark.parametrize(
    ("before", "now", "ready", "said"),
    [
        (None, (), False, False),
        (None, (5,), False, True),
        ((5,), (), False, False),
        ((5,), (5,), False, False),
        ((5,), (5,), True, False),
        ((5,), (5, 1), False, False),
        ((5,), (5, 1), True, True),
        ((8,), (8, 2), False, True),
        ((8,), (8, 1), False, False),
        ((8, 2), (8,), False, True),
        ((8, 2), (8, 3), False, True),
    ],
)
def test_when_more_is_asked(
    before: tuple[int, ...] | None, now: tuple[int, ...], ready: bool, said: bool
) -> None:
    there = None if before is None else state(*before)
    assert outgrown(there, pieces(*now, ready=ready)) is said
