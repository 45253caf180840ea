"""Pace: what a test would take is known before it is begun, and a regex that is a bomb ends at its limit."""

import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from app.errors import TookTooLong
from app.search.dataset import Dataset, Limits
from app.search.request import query as queries
from app.search.shard import pace
from app.search.shard.pace import FIRST, MOMENT, Pace
from app.search.shard.row_sets import Flags

MB = 1_000_000
# Each of them small, and each of them much for an engine that goes back or that counts.
BOMBS = [
    r"(a|aa)+$",
    r"(a+)+$",
    r"(a*)*b",
    r"(.*)(.*)(.*)(.*)x$",
    r"(?:[a-z]+ ?){1,999}q{3}",
    r"(x+x+)+y",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(a?){500}a{500}b",
    r"[a-z ]{1,1000}Q",
    r"(?:.{0,30}){0,30}Q",
    r".*.*.*.*.*=.*",
    r"(\pL+\s?)+\d",
    r"(?i)(ÿ|[à-ÿ])+$",
    r"\b(\w+\W+){1,40}zzz\b",
    r"(?s).*a.{900}Q",
    r"(a|b|ab|ba|aab)*c",
    r"(?:a.{0,100}){9}Q",
    "(?:.?){1000}" * 40 + "Q",
    r"(((a{0,9}){0,9}){0,9})Q",
    r"(?s)(.{1,500}){1,2}Q\z",
]


class Slow:
    """A test that takes so many seconds of a clock for a byte; what it was given is noted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        self.seconds, self.now = seconds, 0.0
        self.given: list[list[str]] = []
        monkeypatch.setattr(pace, "time", self)

    def thread_time(self) -> float:
        return self.now

    def test(self, texts: pa.ChunkedArray) -> Flags:
        self.given.append(texts.to_pylist())
        self.now += self.seconds * sum(map(len, self.given[-1]))
        return np.array([text.startswith("y") for text in self.given[-1]], np.bool_)

    @property
    def sizes(self) -> list[int]:
        return [sum(map(len, each)) for each in self.given]


def run(slow: Slow, texts: list[str], bear: Callable[[float], None] = lambda _: None) -> list[bool]:
    found = Pace(slow.test).results(pa.chunked_array([texts], pa.string()), bear)
    return [bool(each) for part in found for each in part]


def test_all_texts_are_told_in_order_whatever_their_lengths(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["y" * (7 * n % 9_000) + "n" if n % 3 else "" for n in range(40)]
    for seconds in (1e-9, 1e-4, 1.0):
        slow = Slow(monkeypatch, seconds)
        assert run(slow, texts) == [text.startswith("y") for text in texts]


def test_what_is_fast_is_handed_over_whole_but_for_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow(monkeypatch, 1e-7)
    run(slow, ["n" * 1_024] * 1_000)
    assert slow.sizes == [FIRST, 1_024 * 999]


def test_what_is_slow_is_handed_over_by_what_takes_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow(monkeypatch, MOMENT / 8_192)
    run(slow, ["n" * 1_024] * 100)
    assert slow.sizes == [FIRST, *[8_192] * 12, 3_072]


def test_a_long_text_is_not_begun_where_it_would_end_late(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch, 1e-5)

    def bear(seconds: float) -> None:
        if slow.now + seconds > 5:
            raise TookTooLong("late")

    with pytest.raises(TookTooLong):
        run(slow, ["n" * MB], bear)
    assert slow.sizes == [FIRST, 8 * FIRST, 64 * FIRST]
    slow.given.clear()
    slow.now = -10.0
    assert run(slow, ["n" * MB], bear) == [False]
    assert slow.sizes == [FIRST, 8 * FIRST, 64 * FIRST, MB]


def test_a_regex_that_is_a_bomb_ends_at_its_limit(make_dataset: Callable[..., Dataset]) -> None:
    """Over texts of a megabyte; one that is not a bomb is answered after them."""
    texts = ["a" * MB, ("one of the many steps and then on again " * 25_000)[:MB]]
    rows = [{"prompt": text, "response": "yes"} for text in texts]
    dataset = make_dataset(rows, limits=Limits(query=30.0, facets=30.0, scan=0.6))
    said = {}
    for bomb in BOMBS:
        began = time.monotonic()
        try:
            dataset.search(queries.parse([("q", f"/{bomb}/")], dataset.fields), patience=60.0)
        except TookTooLong as error:
            said[bomb] = error.sentence
        assert time.monotonic() - began < 30, bomb  # of many minutes
    assert max(BOMBS, key=len) in said
    assert all(each.startswith("this took longer than 0.6 seconds") for each in said.values())
    other = make_dataset(rows)
    fine = queries.parse([("q", "/ma.y steps/")], other.fields)
    assert [each.row for each in other.search(fine, patience=60.0).results] == [1]
