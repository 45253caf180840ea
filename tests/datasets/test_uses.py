"""Datasets that are replaced: open until the requests end that may still read them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.datasets.uses import Uses


def dataset(log: list[str], name: str, damage: str = "") -> Any:
    damaged = (Path(name),) if damage else ()
    return SimpleNamespace(damaged=damaged, close=lambda: log.append(f"close {name}"))


def test_what_is_read_stays_open_and_is_closed_once() -> None:
    uses, log = Uses(), list[str]()
    one = dataset(log, "one")
    with uses.using():
        with uses.using():
            uses.retire(one, lambda: log.append("closed"))
            uses.retire(one, lambda: log.append("twice"))
            uses.sweep()
        uses.sweep()
        assert log == []
    with uses.using():  # it began after that, and cannot have it
        uses.sweep()
        assert log == ["close one", "closed"]
    uses.sweep(all_of_them=True)
    assert log == ["close one", "closed"]


def test_a_request_that_fails_has_ended_too() -> None:
    uses, log = Uses(), list[str]()
    try:
        with uses.using():
            uses.retire(dataset(log, "one"), lambda: None)
            raise KeyError
    except KeyError:
        uses.sweep()
    assert log == ["close one"]


def test_each_waits_for_its_own_readers() -> None:
    uses, log = Uses(), list[str]()
    with uses.using():
        uses.retire(dataset(log, "read"), lambda: None)
    uses.retire(dataset(log, "unread"), lambda: None)
    with uses.using():
        uses.retire(dataset(log, "late"), lambda: None)
        uses.sweep()
        assert log == ["close read", "close unread"]
        uses.sweep(all_of_them=True)
    assert log == ["close read", "close unread", "close late"]


def test_a_damaged_one_is_closed_when_its_readers_left() -> None:
    uses, log = Uses(), list[str]()
    with uses.using():
        uses.retire(dataset(log, "one", "answer.texts"), lambda: log.append("closed"))
        uses.close(Path("other"), 60)
        assert log == []
    uses.close(Path("one"), 60)
    assert log == ["close one", "closed"]
    with uses.using():  # who never ends is not waited for without end
        uses.retire(dataset(log, "two", "answer.texts"), lambda: None)
        uses.close(Path("two"), 0)
    assert log == ["close one", "closed", "close two"]
