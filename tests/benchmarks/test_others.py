"""What others take of the machine while something is measured."""

import os

import pytest

from benchmarks import (
    others,
)

STAT = """cpu  9999 0 0 0 0 0 0 0 0 0
cpu0 100 20 30 5000 400 5 6 7 50 0
cpu1 1000 0 0 0 0 0 0 0 0 0
cpu10 7 0 0 0 0 0 0 0 0 0
intr 12
"""


def test_a_core_is_busy_when_it_neither_idles_nor_waits_for_a_disk() -> None:
    tick = os.sysconf("SC_CLK_TCK")
    assert others.busy(STAT, {0}) * tick == 168
    assert others.busy(STAT, {0, 1}) * tick == 1168


def at(second: float, busy: float, ours: float) -> others.Snapshot:
    return others.Snapshot(second, 2, busy, ours)


@pytest.mark.parametrize(
    ("after", "share"),
    [
        (at(10, 20, 20), 0.0),  # all is ours
        (at(10, 15, 11), 0.2),
        (at(10, 20, 0), 1.0),
        (at(10, 3, 4), 0.0),  # ticks are counted later than nanoseconds
    ],
)
def test_others_take_what_is_not_ours(after: others.Snapshot, share: float) -> None:
    assert others.share(at(0, 0, 0), after) == pytest.approx(share)


def test_a_run_on_a_loaded_machine_is_marked() -> None:
    first, start = at(0, 0, 0), at(10, 1, 0)
    quiet = others.told(first, start, [("build", at(20, 12, 10)), ("read", at(30, 32, 28))])
    assert (quiet.before, quiet.during, quiet.worst) == pytest.approx((0.05, 0.075, 0.1))
    assert str(quiet) == ("unloaded: others took 8% of the cores, 5% before, at most 10% (read)")
    assert not quiet.loaded
    noisy = others.told(first, start, [("build", at(20, 12, 10)), ("read", at(21, 13.4, 11))])
    assert noisy.loaded
    assert noisy.plain()["said"].startswith("loaded: others took")
    assert (noisy.plain()["section"], noisy.plain()["loaded"]) == ("read", True)
    assert others.told(first, at(10, 3, 0), []).loaded


def test_this_machine_is_looked_at() -> None:
    before = others.look()
    sum(range(3_000_000))
    after = others.look()
    assert after.at > before.at
    assert after.ours > before.ours > 0
    assert after.busy >= before.busy > 0
    assert after.cores == len(os.sched_getaffinity(0))
