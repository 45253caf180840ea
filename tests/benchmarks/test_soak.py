"""Whether memory stays flat: what is seen, and what is said of it."""

import os

from benchmarks import (
    soak,
)


def looked(*values: tuple[float, int, int, int]) -> list[soak.Look]:
    return [soak.Look(at, 0, size * 10**6, fds, threads) for at, size, fds, threads in values]


def test_what_stays_is_flat_after_the_warm_up() -> None:
    rising = [(at * 10.0, 100 + at * 20, 20, 20) for at in range(4)]
    level = [(at * 10.0, 180 + at % 2, 20 + at % 3, 20) for at in range(4, 12)]
    assert soak.verdict(looked(*rising, *level)) == []


def test_what_grows_is_told() -> None:
    found = looked(*((at * 10.0, 100 + at * 5, 20 + at * 3, 20) for at in range(12)))
    assert soak.verdict(found) == [
        "Pss grow by 35,000,000 in 70 s",
        "descriptors grow by 21 in 70 s",
    ]
    assert soak.verdict(found[:5]) == ["too short to tell: there are fewer than six looks"]


def test_a_look_sees_this_process() -> None:
    found = soak.look(os.getpid(), 3.0)
    assert found.second == 3.0
    assert found.resident >= found.proportional > 10**7
    assert found.descriptors >= 3
    assert found.threads >= 1


def test_refusals_that_are_meant_are_not_bad() -> None:
    met = soak.Met()
    met.statuses.update({200: 5, 404: 1, 503: 3, 500: 2, 507: 1})
    assert met.bad == 3
