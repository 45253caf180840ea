"""Faults of an answer: what can happen to any program is a line, what cannot has a traceback."""

import errno
import logging
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app.errors import BrokenOff, Busy, Failed, OutOfSpace, SourceChanged, ThinklensError
from app.export.spool import no_room
from app.search.dataset import Dataset
from app.web.request_ids import request_id
from app.web.unforeseen import SENTENCE, Unforeseen, is_told, known

FULL = OSError(errno.ENOSPC, "No space left on device")


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "no space is left on the disk"),
        (errno.EMFILE, "as many files are open as may be: try again"),
    ],
)
def test_what_can_happen_to_any_program_is_said(number: int, said: str) -> None:
    found = known(OSError(number, "x"))
    assert found is not None
    assert found.sentence == said


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (FULL, OutOfSpace, 507),
        (OSError(errno.EDQUOT, "x"), OutOfSpace, 507),
        (OSError(errno.EMFILE, "x"), Busy, 503),
        (OSError(errno.ENFILE, "x"), Busy, 503),
        (caused(RuntimeError("begun"), FULL), OutOfSpace, 507),
        (caused(RuntimeError("begun"), caused(no_room(FULL), FULL)), OutOfSpace, 507),
        (caused(Failed("no folder"), OSError(errno.ENOENT, "x")), Failed, 500),
        (caused(SourceChanged("gone"), ValueError()), SourceChanged, 409),
        (BrokenOff("it left"), BrokenOff, 500),
    ],
)
def test_what_can_happen_to_any_program(error: Exception, kind: type, status: int) -> None:
    found = known(error)
    assert type(found) is kind
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize(
    "error",
    [
        None,
        ValueError("x"),
        OSError(errno.EIO, "x"),
        Failed("ours"),
        caused(Failed("ours"), ValueError()),
        caused(RuntimeError("x"), ValueError()),
    ],
)
def test_what_cannot(error: Exception | None) -> None:
    assert known(error) is None


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, OutOfSpace), (errno.EIO, Failed)])
def test_no_room_for_an_export(number: int, kind: type[ThinklensError]) -> None:
    error = no_room(OSError(number, "why it is"))
    assert type(error) is kind
    assert error.sentence == "the export needs temporary room in the data directory: why it is"


def failing(error: Exception, begun: bool) -> TestClient:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            start = {"type": "http.response.start", "status": 200, "headers": []}
            await send(start)
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
        raise error

    def answer(_: Request, told: ThinklensError) -> Response:
        return PlainTextResponse(told.sentence, told.status)

    return TestClient(Unforeseen(app, answer))


def test_a_known_fault_before_the_first_byte(caplog: pytest.LogCaptureFixture) -> None:
    answer = failing(OSError(errno.ENOSPC, "full"), begun=False).get("/")
    assert (answer.status_code, answer.text) == (507, "no space is left on the disk")
    assert [each.exc_info for each in caplog.records] == [None]
    assert caplog.records[0].levelno == logging.WARNING


def test_an_unknown_fault_before_the_first_byte(caplog: pytest.LogCaptureFixture) -> None:
    answer = failing(ValueError("inside"), begun=False).get("/")
    assert (answer.status_code, answer.text) == (500, SENTENCE)
    assert caplog.records[0].exc_info is not None


@pytest.mark.parametrize(
    ("made", "level", "traced"),
    [
        (lambda: caused(RuntimeError("x"), caused(no_room(FULL), FULL)), logging.WARNING, False),
        (lambda: BrokenOff("its client left"), logging.INFO, False),
        (lambda: ValueError("inside"), logging.ERROR, True),
    ],
)
def test_behind_the_first_byte_the_connection_breaks(
    caplog: pytest.LogCaptureFixture, made: Callable[[], Exception], level: int, traced: bool
) -> None:
    caplog.set_level(logging.INFO, "app")
    error = made()
    with pytest.raises(type(error)):
        failing(error, begun=True).get("/")
    assert is_told(error)
    own = [each for each in caplog.records if each.name.startswith("app")]
    assert [(each.levelno, each.exc_info is not None) for each in own] == [(level, traced)]
    assert hasattr(own[0], "folded") is not traced
    said = f"request {request_id()} of an unknown address"
    sentence = getattr(own[0], "folded", "")
    assert own[0].getMessage() == (f"{said} failed" if traced else f"{said}: {sentence}")


@pytest.mark.parametrize("address", ["/datasets/talks", "/api/datasets/talks/search"])
def test_a_full_disk_is_507_and_a_line(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: str,
) -> None:
    def full(*_: object) -> None:
        raise no_room(FULL) from FULL

    monkeypatch.setattr(Dataset, "search", full)
    answer = client.get(address, headers={"X-Request-Id": "mine"})
    assert answer.status_code == 507
    assert "temporary room in the data directory: No space left" in answer.text
    told = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(told) == 1
    assert told[0].exc_info is None
    assert told[0].getMessage().startswith("request mine of ")
