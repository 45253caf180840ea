"""Wrong secrets: how many are looked at, and whom they shut out."""

import pytest

from app.access import tries as module
from app.access.tries import ALL, EACH, KEPT, KNOWN, Tries, network


class Late:
    """A clock that stands."""

    now = 500.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def late() -> Late:
    return Late()


def fail(tries: Tries, host: str, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        tries.failed(host, b"%d" % number)


def test_ten_from_one_address_then_one_each_six_seconds(late: Late) -> None:
    tries = Tries(late)
    assert (EACH.most, EACH.seconds) == (10, 6.0)
    fail(tries, "192.0.2.1", 9)
    assert tries.wait("192.0.2.1") == 0
    fail(tries, "192.0.2.1", 1, 9)
    assert tries.wait("192.0.2.1") == 6
    assert tries.wait("192.0.2.2") == 0
    late.now += 5.5
    assert tries.wait("192.0.2.1") == 1
    late.now += 0.5
    assert tries.wait("192.0.2.1") == 0
    fail(tries, "192.0.2.1", 1, 10)
    assert tries.wait("192.0.2.1") == 6
    late.now += 1_000
    fail(tries, "192.0.2.1", 9, 20)
    assert tries.wait("192.0.2.1") == 0


def test_the_same_wrong_secret_counts_once(late: Late) -> None:
    tries = Tries(late)
    for _ in range(50):
        tries.failed("192.0.2.1", b"old")
    assert tries.wait("192.0.2.1") == 0
    fail(tries, "192.0.2.1", 8)
    assert tries.wait("192.0.2.1") == 0
    fail(tries, "192.0.2.1", 1, 8)
    assert tries.wait("192.0.2.1") == 6
    tries.failed("192.0.2.2", b"old")  # from another one it is another try
    fail(tries, "192.0.2.2", 9)
    assert tries.wait("192.0.2.2") == 6


def test_a_hundred_in_all_shut_out_those_from_whom_no_token_came(late: Late) -> None:
    tries = Tries(late)
    assert (ALL.most, ALL.seconds) == (100, 0.5)
    tries.succeeded("198.51.100.1")
    for number in range(99):
        tries.failed(f"192.0.2.{number}", b"x")
    assert tries.wait("198.51.100.2") == 0
    tries.failed("192.0.2.99", b"x")
    assert tries.wait("198.51.100.2") == 1
    assert tries.wait("198.51.100.1") == 0
    fail(tries, "198.51.100.1", 10)  # its own count all the same
    assert tries.wait("198.51.100.1") == 6
    late.now += 60
    assert tries.wait("198.51.100.2") == 0


def test_that_a_token_came_is_forgotten_after_a_day(late: Late) -> None:
    assert KNOWN == 86_400
    tries = Tries(late)
    tries.succeeded("198.51.100.1")
    late.now += KNOWN
    for number in range(100):
        tries.failed(f"192.0.2.{number}", b"x")
    assert tries.wait("198.51.100.1") == 1
    late.now -= 1
    assert tries.wait("198.51.100.1") == 0


def test_what_is_kept_is_bounded(late: Late, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEPT == 10_000
    monkeypatch.setattr(module, "KEPT", 3)
    tries = Tries(late)
    for number in range(10):
        tries.failed(f"192.0.2.{number}", b"x")
        tries.succeeded(f"192.0.2.{number}")
    latest = [f"192.0.2.{number}" for number in (7, 8, 9)]
    assert list(tries._forgiven) == list(tries._known) == latest
    assert list(tries._wrong) == [(host, b"x") for host in latest]
    tries.succeeded("192.0.2.7")
    tries.succeeded("192.0.2.10")
    assert list(tries._known) == ["192.0.2.9", "192.0.2.7", "192.0.2.10"]


@pytest.mark.parametrize(
    ("host", "who"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unix:", "unix:"),
        ("x" * 70, "x" * 64),
    ],
)
def test_what_stands_for_an_address(host: str, who: str) -> None:
    assert network(host) == who
