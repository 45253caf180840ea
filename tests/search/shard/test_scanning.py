"""Scans: shared, in turns, ended at their limit or when nobody asks; what goes wrong is said."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest

from app.caller import Caller, Gone, answering
from app.errors import Failed, Scanning, TookTooLong
from app.search.dataset import Dataset, Limits
from app.search.request import query as queries
from app.search.shard import scanning
from app.search.shard.row_sets import Flags, Integers
from app.search.shard.scanning import Scan, Scans
from app.search.shard.text_tests import Test

BLOCKS, EACH = 12, 10

Wait = Callable[..., None]


class Texts:
    """Blocks of texts that are numbers; reads are noted, and go on only while ``open``."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name, self.log = name, [] if log is None else log
        self.reads: list[int] = []
        self.made: list[Scan] = []
        self.open = threading.Event()
        self.open.set()
        self.slow = 0.0

    def block(self, number: int) -> pa.Array:
        assert self.open.wait(10)
        time.sleep(self.slow)
        self.reads.append(number)
        self.log.append(self.name)
        return pa.array([str(row) for row in range(number * EACH, (number + 1) * EACH)])

    def scan(self, test: Test | None = None, seconds: float = 10.0) -> Scan:
        firsts = np.arange(0, BLOCKS * EACH, EACH)
        self.made.append(Scan(self.block, firsts, BLOCKS * EACH, test or ends_in_7, seconds))
        return self.made[-1]

    @property
    def ended(self) -> bool:
        """Whether all scans of these texts have ended."""
        return all(scan.finished.is_set() for scan in self.made)


def ends_in_7(texts: pa.ChunkedArray) -> Flags:
    return np.array([text.endswith("7") for text in texts.to_pylist()], np.bool_)


SEVENS = list(range(7, BLOCKS * EACH, 10))


@pytest.fixture(autouse=True)
def one_block_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "STEP_SECONDS", 0.0)


@pytest.fixture
def texts() -> Iterator[Texts]:
    made = Texts()
    yield made
    made.open.set()


def test_a_scan_finds_rows_in_order(texts: Texts) -> None:
    assert Scans().rows("key", texts.scan, 10.0).tolist() == SEVENS
    assert sorted(texts.reads) == list(range(BLOCKS))


def test_a_row_stands_as_often_as_it_is_kept(texts: Texts) -> None:
    def digits(some: pa.ChunkedArray) -> Integers:
        return np.array([text.count("1") for text in some.to_pylist()])

    found = Scans().rows("key", lambda: texts.scan(digits), 10.0).tolist()
    assert found == [row for row in range(BLOCKS * EACH) for _ in range(str(row).count("1"))]


def test_steps_grow_where_blocks_are_read_fast(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "STEP_SECONDS", 100.0)
    assert Scans().rows("key", texts.scan, 10.0).tolist() == SEVENS


def test_those_who_ask_the_same_share_a_scan(texts: Texts, wait_for: Wait) -> None:
    scans = Scans()
    texts.open.clear()
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(scans.rows, "key", texts.scan, 10.0) for _ in range(6)]
        wait_for(lambda: sum(scan.waiting for scan in texts.made) == 6)
        texts.open.set()
        assert [each.result().tolist() for each in asked] == [SEVENS] * 6
    assert len(texts.made) == 1
    assert sorted(texts.reads) == list(range(BLOCKS))


def left_waiting(scans: Scans, texts: Texts, key: object = "key") -> None:
    """Ask for a scan that cannot go on, and wait for it no longer."""
    texts.open.clear()
    with pytest.raises(Scanning):
        scans.rows(key, texts.scan, 0.0)


def test_it_goes_on_when_it_was_not_done_in_time(texts: Texts, wait_for: Wait) -> None:
    scans = Scans()
    texts.open.clear()
    with pytest.raises(Scanning) as said:
        scans.rows("key", texts.scan, 0.02)
    assert said.value.sentence.startswith("still reading the texts: ")
    assert 0 <= said.value.done <= said.value.total == BLOCKS * EACH
    texts.open.set()
    wait_for(lambda: texts.ended)
    assert sorted(texts.reads) == list(range(BLOCKS))
    assert scans.rows("key", lambda: pytest.fail("begun again"), 5.0).tolist() == SEVENS


def test_a_scan_that_nobody_asks_for_ends(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    left_waiting(Scans(), texts)
    texts.open.set()
    wait_for(lambda: texts.ended)
    assert len(texts.reads) <= scanning.THREADS  # what was being read when it was left


def test_a_scan_of_one_who_left_ends_at_once(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", 60.0)
    scans, one = Scans(), Caller()
    texts.open.clear()
    one.leave()
    with answering(one), pytest.raises(Gone):
        scans.rows("key", texts.scan, 30.0)
    texts.open.set()
    wait_for(lambda: texts.ended, 10)
    assert len(texts.reads) <= scanning.THREADS


def test_a_scan_of_one_who_left_goes_on_for_who_asked_too(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", 60.0)
    scans, one = Scans(), Caller()
    left_waiting(scans, texts)  # and comes back
    one.leave()
    with answering(one), pytest.raises(Gone):
        scans.rows("key", texts.scan, 30.0)
    texts.open.set()
    wait_for(lambda: texts.ended, 10)
    assert scans.rows("key", lambda: pytest.fail("begun again"), 5.0).tolist() == SEVENS


def test_a_forgotten_scan_says_so(texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    scan = texts.scan()
    assert scan.take(3) == range(0)
    assert (scan.forgotten, scan.stale, scan.join()) == (True, True, False)
    with pytest.raises(Failed, match="^nobody waited for this scan$"):
        scan.result()


def test_a_forgotten_scan_is_begun_again_for_who_asks(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    scans = Scans()
    left_waiting(scans, texts)
    texts.open.set()
    wait_for(lambda: texts.ended)
    assert scans.rows("key", texts.scan, 10.0).tolist() == SEVENS
    assert len(texts.made) == 2


def test_what_nobody_came_back_for_is_not_kept(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    scans = Scans()
    for key in range(5):
        left_waiting(scans, texts, key)
    texts.open.set()
    wait_for(lambda: texts.ended)
    scans.rows("last", texts.scan, 10.0)
    assert scans.kept == 0


def test_what_was_found_is_kept_for_a_while(
    texts: Texts, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = Scans()
    left_waiting(scans, texts)
    texts.open.set()
    wait_for(lambda: texts.ended)
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    assert scans.rows("key", lambda: pytest.fail("begun again"), 5.0).tolist() == SEVENS
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", 60.0)
    left_waiting(scans, texts)
    monkeypatch.setattr(scanning, "KEPT_SECONDS", -1.0)
    texts.open.set()
    wait_for(lambda: texts.ended)
    assert scans.kept == 1
    scans.rows("other", texts.scan, 10.0)
    assert scans.kept == 0


def test_a_scan_under_way_is_kept_however_late_it_is(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "KEPT_SECONDS", -1.0)
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", 60.0)
    scans = Scans()
    left_waiting(scans, texts)
    left_waiting(scans, texts, "other")
    assert scans.kept == 2


def test_a_scan_that_is_waited_for_is_not_forgotten(
    texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "FORGOTTEN_SECONDS", -1.0)
    assert Scans().rows("key", texts.scan, 10.0).tolist() == SEVENS


def test_no_more_wait_than_there_is_room_for(texts: Texts, wait_for: Wait) -> None:
    scans = Scans()
    texts.open.clear()
    with ThreadPoolExecutor(scanning.WAITING) as pool:
        asked = [pool.submit(scans.rows, "key", texts.scan, 30.0) for _ in range(scanning.WAITING)]
        wait_for(lambda: sum(scan.waiting for scan in texts.made) == scanning.WAITING)
        with pytest.raises(TookTooLong, match="many regexes"):
            scans.rows("key", texts.scan, 30.0)
        texts.open.set()
        assert [each.result().tolist() for each in asked] == [SEVENS] * scanning.WAITING
    assert scans.rows("key", texts.scan, 30.0).tolist() == SEVENS


def test_a_scan_is_ended_at_its_limit(texts: Texts) -> None:
    scans, texts.slow = Scans(), 0.05
    with pytest.raises(TookTooLong, match=r"longer than 0\.05 seconds"):
        scans.rows("key", lambda: texts.scan(seconds=0.05), 10.0)
    assert len(texts.reads) < BLOCKS
    texts.slow = 0.0
    assert scans.rows("key", texts.scan, 10.0).tolist() == SEVENS


def test_two_scans_take_turns(wait_for: Wait) -> None:
    log: list[str] = []
    one, two = Texts("one", log), Texts("two", log)
    one.open.clear()
    two.open.clear()
    scans = Scans()
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(scans.rows, each.name, each.scan, 10.0) for each in (one, two)]
        wait_for(lambda: scans.kept == 2)
        one.open.set()
        two.open.set()
        assert [each.result().tolist() for each in asked] == [SEVENS] * 2
    half = log[: len(log) // 2]
    assert half.count("one") >= 2
    assert half.count("two") >= 2


def test_what_goes_wrong_is_a_sentence_and_does_not_stay(texts: Texts) -> None:
    scans, cause = Scans(), ValueError("the details")

    def broken(_: pa.ChunkedArray) -> Flags:
        raise cause

    with pytest.raises(Failed, match="the texts could not be read") as said:
        scans.rows("key", lambda: texts.scan(broken), 10.0)
    assert said.value.__cause__ is cause
    assert "details" not in said.value.sentence
    assert scans.rows("key", texts.scan, 10.0).tolist() == SEVENS


# ------------------------------------------------------------------------------------- datasets


def test_a_regex_is_asked_for_again_until_it_is_done(dataset400: Dataset, wait_for: Wait) -> None:
    query = queries.parse([("q", "/he[l]+o/"), ("in", "all")], dataset400.fields)
    totals: list[int] = []

    def done() -> bool:
        with suppress(Scanning):
            totals.append(dataset400.search(query, patience=0.0).total)
        return bool(totals)

    wait_for(done)
    again = queries.parse([("q", "/hel{2}o/"), ("in", "all")], dataset400.fields)
    assert totals == [dataset400.search(again).total]
    assert totals[0] > 0


def test_a_scan_has_a_limit_of_its_own(make_dataset: Callable[..., Dataset]) -> None:
    rows = [{"prompt": f"number {n}", "response": "yes"} for n in range(50)]
    dataset = make_dataset(rows, limits=Limits(query=30.0, facets=30.0, scan=-1.0))
    with pytest.raises(TookTooLong):
        dataset.search(queries.parse([("q", "/numb/")], dataset.fields), patience=10.0)
