"""The log on standard error: its three kinds, what repeats, what uvicorn says once more."""

import asyncio
import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from app.commands import log as module
from app.commands.log import JSON, OFF, TEXT, Log, logging_as
from app.web import request_ids
from app.web.record import Answered
from app.web.request_log import tell_request

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


class Held:
    """A log with its lines and a clock that the test moves."""

    def __init__(self, kind: str) -> None:
        self.now = 1_000.0
        self.out = io.StringIO()
        self.log = Log(kind, self.out, lambda: self.now)
        self.logger = logging.Logger("app.web.x")
        self.logger.addHandler(self.log)

    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
def held(request: pytest.FixtureRequest) -> Held:
    return Held(getattr(request, "param", OFF))


def fault(error: BaseException) -> Any:
    return (type(error), error, None)


def told(error: BaseException) -> BaseException:
    error._thinklens_told = True  # type: ignore[attr-defined]
    return error


def test_without_requests_lines_are_plain(held: Held) -> None:
    held.logger.warning("the index of %s is damaged\n", "a")
    held.log.say("on http://x/")
    assert held.lines() == ["the index of a is damaged", "on http://x/"]


@pytest.mark.parametrize("held", [TEXT], indirect=True)
def test_as_text_lines_have_time_and_level(held: Held) -> None:
    held.logger.error("it broke", exc_info=fault(ValueError("inside")))
    held.log.say("hello")
    request_ids.begin("mine")
    held.logger.warning("the index is damaged")
    held.logger.warning("request mine of /x: full")
    request_ids._OWN.set("")
    first, last, hello, damaged, full = held.lines()
    assert re.fullmatch(f"{TIME} ERROR it broke", first)
    assert last == "ValueError: inside"
    assert re.fullmatch(f"{TIME} INFO hello", hello)
    assert re.fullmatch(f"{TIME} WARNING request mine: the index is damaged", damaged)
    assert re.fullmatch(f"{TIME} WARNING request mine of /x: full", full)


@pytest.mark.parametrize("held", [JSON], indirect=True)
def test_as_json_each_line_is_an_object(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    held.log.say("hello\nyou")
    request_ids.begin("mine")
    held.logger.error("it broke", exc_info=fault(ValueError("inside")))
    request_ids._OWN.set("")
    held.logger.info("", extra={"facts": {"request_id": "r", "status": 200}})
    said = [json.loads(each) for each in held.lines()]
    assert all(re.fullmatch(TIME, each.pop("time")) for each in said)
    assert said == [
        {"level": "info", "message": "hello\nyou"},
        {
            "level": "error",
            "message": "it broke",
            "request_id": "mine",
            "traceback": "ValueError: inside",
        },
        {"level": "info", "message": "request", "request_id": "r", "status": 200},
    ]


def test_what_repeats_is_told_once_then_counted(held: Held) -> None:
    for number in range(150):
        held.logger.warning("request %d: full", number, extra={"folded": "full"})
    held.logger.warning("another")
    assert held.lines() == ["request 0: full", "another"]
    held.now += 59.9
    held.logger.warning("another")
    assert len(held.lines()) == 3
    held.now += 0.1
    held.logger.warning("request 150: full", extra={"folded": "full"})
    assert held.lines()[3:] == ["149 more in 60 s: full", "request 150: full"]
    held.log.rest()
    assert len(held.lines()) == 5  # nothing is left untold
    held.logger.warning("request 151: full", extra={"folded": "full"})
    held.logger.warning("request 152: full", extra={"folded": "full"})
    held.now += 5
    held.log.rest()
    assert held.lines()[5:] == ["request 151: full", "1 more in 5 s: full"]


def test_few_kinds_are_counted(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(9):
        held.logger.warning("%d", number, extra={"folded": str(number)})
        assert len(held.log._counted) <= 3
    assert held.lines() == [str(number) for number in range(9)]


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncio"])
def test_what_clients_make_others_say_is_folded(held: Held, name: str) -> None:
    other = logging.Logger(name)
    other.addHandler(held.log)
    for number in range(3):
        other.warning("Invalid HTTP request received.\nof %d", number)
    other.warning("Another thing.")
    assert held.lines() == ["Invalid HTTP request received.", "of 0", "Another thing."]
    held.now += 60
    held.log.rest()
    assert held.lines()[3:] == ["2 more in 60 s: Invalid HTTP request received."]


@pytest.mark.parametrize(
    ("name", "error", "count"),
    [
        ("uvicorn.error", told(RuntimeError("x")), 0),
        ("uvicorn.error", asyncio.CancelledError(), 0),
        ("uvicorn.error", RuntimeError("x"), 1),
        ("app.web", told(RuntimeError("x")), 1),
    ],
)
def test_what_is_told_is_not_told_again(
    held: Held, name: str, error: BaseException, count: int
) -> None:
    other = logging.Logger(name)
    other.addHandler(held.log)
    other.error("Exception in ASGI application\n", exc_info=fault(error))
    assert held.out.getvalue().count("Exception in ASGI application") == count


def test_a_line_is_there_at_once(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as out:
        Log(OFF, out).say("hello")
        assert (tmp_path / "log").read_text() == "hello\n"


def test_a_log_that_nobody_reads_is_no_fault(held: Held) -> None:
    held.out.close()
    held.logger.warning("x")
    held.log.say("y")


@pytest.mark.parametrize(("kind", "count"), [(OFF, 0), (TEXT, 1), (JSON, 1)])
def test_requests_are_logged_unless_it_is_off(
    capsys: pytest.CaptureFixture[str], kind: str, count: int
) -> None:
    root, own = logging.getLogger(), logging.getLogger("app")
    before = (list(root.handlers), own.level)
    with logging_as(kind):
        tell_request(Answered("id-1", "GET", "/x", "", 200, True, 1, 0.1))
        logging.getLogger("app.datasets").warning("a warning")
    said = capsys.readouterr().err
    assert said.count("id-1") == count
    assert "a warning" in said
    assert (list(root.handlers), own.level) == before
