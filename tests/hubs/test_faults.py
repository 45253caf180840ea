"""How long a hub asks to wait, and how long it is waited for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.errors import NotFetched
from app.hubs.faults import Broken, Later, seconds_of
from app.hubs.listing import first_byte, is_safe
from app.hubs.patience import LONGEST, TRIES, Patience


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 1.5 ", 1.5), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("nan", 0.0),
     ("9" * 30, 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)  # fmt: skip
def test_how_long_is_asked_for(header: str, seconds: float) -> None:
    assert seconds_of(header) == seconds


def test_a_date_to_wait_for() -> None:
    then = datetime.now(UTC) + timedelta(seconds=90)
    assert 85 < seconds_of(format_datetime(then, usegmt=True)) <= 90


def test_tries_in_a_row_are_counted_and_waits_grow(naps: list[float]) -> None:
    told: list[str] = []
    patience = Patience("The hub", told.append)
    for _ in range(TRIES - 1):
        patience.wait(Broken("no answer"))
    with pytest.raises(NotFetched, match="^The hub did not answer in 5 tries: no answer$"):
        patience.wait(Broken("no answer"))
    assert naps == [1.0, 2.0, 4.0, 8.0]
    patience.renew()
    patience.wait(Broken("no answer"))
    assert naps[-1] == 1.0


def test_a_minute_is_the_most(naps: list[float]) -> None:
    told: list[str] = []
    patience = Patience("The hub", told.append)
    patience.wait(Later("busy", LONGEST))
    with pytest.raises(NotFetched, match="asks to wait 1 seconds"):
        patience.wait(Later("busy", 1))
    patience.renew()
    patience.wait(Later("busy", 0))  # it does not say how long
    assert naps == [60.0, 1.0]
    assert told == [
        "waiting 60 s for The hub: busy",
        "waiting 1 s for The hub: busy",
    ]


def test_what_is_asked_again_until_it_is_answered(naps: list[float]) -> None:
    told: list[str] = []
    answers = [Broken("a"), Later("b", 3), None]

    def ask() -> str:
        fault = answers.pop(0)
        if fault is not None:
            raise fault
        return "answer"

    assert Patience("The hub", told.append).until_answered(ask) == "answer"
    assert naps == [1.0, 3.0]


def test_where_a_part_begins() -> None:
    assert first_byte(206, "bytes 5-9/10") == 5
    assert first_byte(200, "bytes 5-9/10") == 0
    for said in ("", "bytes */10", "x"):
        with pytest.raises(Broken):
            first_byte(206, said)


@pytest.mark.parametrize(
    ("path", "safe"),
    [("a.json", True), ("a/b.json", True), ("a/..b", True), ("", False), ("/a", False), ("../a", False),
     ("a/../b", False), ("a\\b", False), ("a\0", False), ("..", False)],
)  # fmt: skip
def test_paths_that_stay_inside(path: str, safe: bool) -> None:
    assert is_safe(path) == safe
