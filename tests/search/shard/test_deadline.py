"""The time of a request: one limit, and one patience for all its scans."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.caller import Caller, Gone, answering
from app.errors import Scanning, TookTooLong
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.shard import deadline as deadlines
from app.search.shard.deadline import Deadline, Turns
from app.search.shard.scanning import Scans


@pytest.fixture(autouse=True)
def time_that_stands(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "time", clock)


def test_time_goes_by(clock: Any) -> None:
    deadline = Deadline(0.5)
    assert deadline.left() == 0.5
    clock.now += 0.25
    assert deadline.left() == 0.25
    clock.now += 0.25
    with pytest.raises(TookTooLong, match=r"longer than 0\.5 seconds"):
        deadline.left()


def test_what_stands_does_not_count_but_as_patience(clock: Any) -> None:
    deadline = Deadline(0.5, 1.0)
    clock.now += 0.25
    with deadline.standing():
        clock.now += 0.75
    assert (deadline.left(), deadline.patience) == (0.25, 0.25)
    with pytest.raises(ValueError, match="this"), deadline.standing():  # noqa: PT012
        clock.now += 0.125
        raise ValueError("this")
    assert (deadline.left(), deadline.patience) == (0.25, 0.125)
    with deadline.standing():
        clock.now += 2
    assert (deadline.left(), deadline.patience) == (0.25, 0.0)


def test_who_stands_gives_its_turn_to_another() -> None:
    turns = Turns(at_once=1, longest=0.0)
    with turns.asking(1.0, 1.0) as deadline:
        with pytest.raises(
            TookTooLong, match="too much is being asked at once: try again in a moment$"
        ):
            turns.take()
        with deadline.standing():
            turns.take()
            turns.give()
    turns.take()
    turns.give()
    with pytest.raises(ValueError, match="released"):  # one was given back that nobody took
        turns.give()


def test_a_turn_is_not_given_back_twice() -> None:
    turns = Turns(at_once=1, longest=0.0)
    with pytest.raises(TookTooLong), turns.asking(1.0, 1.0) as deadline, deadline.standing():
        turns.take()  # another one's, who keeps it
    turns.give()
    turns.take()


def test_a_request_waits_no_longer_for_many_scans_than_for_one(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    given: list[float] = []

    def rows(self: Scans, key: Any, make: Any, patience: float) -> Any:
        given.append(patience)
        clock.now += min(patience, 0.25)
        if patience < 0.25:
            raise Scanning(3, 5)
        return np.arange(5)

    monkeypatch.setattr(Scans, "rows", rows)
    dataset = make_dataset([{"prompt": f"word {n}", "response": "yes"} for n in range(5)])
    query = queries.parse([("q", "/wo/ /or/ /rd/ /wor/")], dataset.fields)
    with pytest.raises(Scanning):
        dataset.search(query, patience=0.625)
    assert given == [0.625, 0.375, 0.125]


def test_what_was_scanned_is_kept_for_who_asks_again(
    make_dataset: Callable[..., Dataset], wait_for: Callable[..., None]
) -> None:
    dataset = make_dataset([{"prompt": f"word {n}", "response": "yes"} for n in range(5)])
    typed = " ".join(f"/wo.{{{n}}}/" for n in range(1, 9))
    query = queries.parse([("q", typed)], dataset.fields)

    def done() -> bool:
        try:
            return dataset.search(query, patience=0.0).total == 0
        except Scanning:
            return False

    wait_for(done)


def test_who_leaves_waits_for_no_turn_and_no_time() -> None:
    turns, one = Turns(at_once=1, longest=30.0), Caller()
    turns.take()
    threading.Timer(0.05, one.leave).start()
    began = time.monotonic()
    with answering(one), pytest.raises(Gone):
        turns.take()
    assert time.monotonic() - began < 5
    with answering(one), pytest.raises(Gone):
        Deadline(30.0).left()
    turns.give()
    turns.take(0.0)  # the turn is free: who left has not taken it
