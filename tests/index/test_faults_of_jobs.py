"""What a job of a build ends with: its result, its own fault, or one sentence."""

import errno
import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import duckdb
import pyarrow as pa
import pytest

from app.errors import Failed, InvalidInput, Unreadable
from app.index.jobs import follow_up, result
from app.index.workers import processes


def ended(error: BaseException | None = None, result: int = 7) -> Future[int]:
    job: Future[int] = Future()
    if error is None:
        job.set_result(result)
    else:
        job.set_exception(error)
    return job


@pytest.mark.parametrize(
    "error", [InvalidInput("so"), BrokenProcessPool("ended"), OSError(errno.EIO, "x")]
)
def test_what_says_enough_stays(error: Exception) -> None:
    with pytest.raises(type(error)) as said:
        result(ended(error))
    assert said.value is error


@pytest.mark.parametrize(
    "error",
    [MemoryError(), pa.ArrowMemoryError("malloc"), duckdb.OutOfMemoryException("out of memory")],
)
def test_too_little_memory_is_one_sentence(error: Exception) -> None:
    with pytest.raises(Failed, match="^the index needs more memory than a build is allowed$"):
        result(ended(error))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_has_its_number(number: int) -> None:
    error = duckdb.IOException(f"Could not write: {os.strerror(number)}")
    with pytest.raises(OSError, match=os.strerror(number)) as said:
        result(ended(error))
    assert (said.value.errno, said.value.strerror) == (number, os.strerror(number))
    with pytest.raises(Unreadable):  # another's words are no fault of the disk
        result(ended(ValueError(os.strerror(number))))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("odd\n value"), "odd value"),
        (ValueError("x" * 201), "x" * 200),
        (KeyError(), "KeyError"),
        (duckdb.InvalidInputException("no"), "no"),
    ],
)
def test_every_other_fault_is_one_line(error: Exception, reason: str) -> None:
    with pytest.raises(Unreadable) as said:
        result(ended(error))
    assert said.value.sentence == f"the rows cannot be indexed: {reason}"
    assert said.value.__cause__ is error


def test_rows_are_told_as_they_are_done() -> None:
    told: list[tuple[str, int, int]] = []
    jobs = {ended(): 3, ended(): 4}
    follow_up(jobs, "texts", 9, lambda *each: told.append(each))
    assert told[0] == ("texts", 0, 9)
    assert sorted(told)[-1] == ("texts", 7, 9)
    assert len(told) == 3
    with pytest.raises(InvalidInput, match="^so$"):
        follow_up({ended(InvalidInput("so")): 1}, "texts", 1, lambda *each: None)


@pytest.mark.parametrize(
    ("sent", "error", "said"),
    [
        (
            signal.SIGKILL,
            Failed,
            "a process of the build was ended, by somebody or for want of memory",
        ),
        (
            signal.SIGSEGV,
            Unreadable,
            "a process that read the files ended: one of them may be damaged",
        ),
    ],
)
def test_a_process_that_is_no_more(sent: signal.Signals, error: type[Exception], said: str) -> None:
    """Killed from outside a build is tried again; over what it read, nobody else reads that."""
    with pytest.raises(error, match=f"^{said}$"), processes(1) as pool:
        pool.submit(signal.raise_signal, sent).result()
