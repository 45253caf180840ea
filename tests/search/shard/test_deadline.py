"""The time of a request: one limit, and one patience for all its scans."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Scanning, TookTooLong
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.shard import text_tests
from app.search.shard.deadline import Deadline


def test_time_goes_by() -> None:
    deadline = Deadline(0.05)
    assert 0 < deadline.left() <= 0.05
    time.sleep(0.06)
    with pytest.raises(TookTooLong, match=r"longer than 0\.05 seconds"):
        deadline.left()


def test_what_stands_does_not_count_but_as_patience() -> None:
    deadline = Deadline(0.2, 1.0)
    with deadline.standing():
        time.sleep(0.3)
    assert 0.1 < deadline.left() <= 0.2
    assert 0.5 < deadline.patience <= 0.7
    with pytest.raises(ValueError), deadline.standing():  # noqa: PT011
        raise ValueError
    deadline.patience = 0.01
    with deadline.standing():
        time.sleep(0.02)
    assert deadline.patience == 0.0


def test_a_request_waits_no_longer_for_many_scans_than_for_one(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(term: Any) -> text_tests.Test:
        found = original(term)

        def test(texts: Any) -> Any:
            time.sleep(0.2)
            return found(texts)

        return test

    original = text_tests.test
    dataset = make_dataset([{"prompt": f"word {n}", "response": "yes"} for n in range(5)])
    monkeypatch.setattr(text_tests, "test", slow)
    typed = " ".join(f"/wo.{{{n}}}/" for n in range(1, 9))
    query = queries.parse([("q", typed)], dataset.fields)
    start = time.monotonic()
    with pytest.raises(Scanning):
        dataset.search(query, patience=0.5)
    assert time.monotonic() - start < 1.5
    for _ in range(20):  # asked again and again it is done: what was scanned is kept
        try:
            assert dataset.search(query, patience=0.5).total == 0
            break
        except Scanning:
            continue
    else:
        pytest.fail("it was never done")
