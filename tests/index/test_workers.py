"""The processes of a build: how they are started, whom they follow, and how all of them end."""

import atexit
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace
from typing import Any

import pytest

from app import memory
from app.errors import Unreadable
from app.index import workers

Steps = list[tuple[object, ...]]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """What a worker does at its start, and when the one that started it is gone."""
    met: Steps = []

    class Thread:
        def __init__(self, **given: object) -> None:
            self.given = given

        def start(self) -> None:
            met.append(("thread", self.given))

    monkeypatch.setattr(atexit, "register", lambda *given: met.append(("at the end", *given)))
    monkeypatch.setattr(threading, "Thread", Thread)
    monkeypatch.setattr(memory, "share", lambda large: met.append(("memory", large)))
    monkeypatch.setattr(resource, "setrlimit", lambda *given: met.append(("limit", *given)))
    monkeypatch.setattr(workers, "wait", lambda ready: met.append(("waits", ready)))
    monkeypatch.setattr(os, "_exit", lambda code: met.append(("exit", code)))
    return met


def test_a_worker_follows_its_parent_within_its_memory(
    steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = SimpleNamespace(sentinel=7)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: parent)
    workers._start_worker()
    assert steps == [
        ("at the end", os._exit, 0),
        ("thread", {"target": workers._follow, "args": (7,), "daemon": True}),
        ("memory", memory.BUILDING),
        ("limit", resource.RLIMIT_AS, (6 * 2**30, resource.RLIM_INFINITY)),
    ]


def test_what_nobody_started_follows_nobody(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: None)
    workers._start_worker()
    assert [name for name, *_ in steps] == ["at the end", "memory", "limit"]


def test_a_worker_ends_once_its_parent_has(steps: Steps) -> None:
    workers._follow(7)
    assert steps == [("waits", [7]), ("exit", 1)]


class Pool:
    """Stands for a pool of processes: what is asked of it."""

    def __init__(self) -> None:
        self.met: Steps = []
        ended = lambda: self.met.append(("ended",))  # noqa: E731
        fallen = SimpleNamespace(terminate=ended, exitcode=-signal.SIGSEGV)
        self._processes = {1: fallen}

    def __call__(self, count: int, **given: Any) -> "Pool":
        self.met.append(("made", count, given["initializer"]))
        return self

    def submit(self, job: object) -> None:
        held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
        self.met.append(("job", job, held))

    def shutdown(self, **given: object) -> None:
        self.met.append(("shut", given))


ENDED = [("ended",), ("shut", {"cancel_futures": True})]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    made = Pool()
    monkeypatch.setattr(workers, "ProcessPoolExecutor", made)
    return made


def test_all_workers_start_at_once_and_end_in_the_end(pool: Pool) -> None:
    with workers.processes(2):
        assert pool.met == [
            ("made", 2, workers._start_worker),
            ("job", os.getpid, True),
            ("job", os.getpid, True),
        ]
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert pool.met[3:] == [("shut", {}), *ENDED]


@pytest.mark.parametrize(
    ("error", "raised"), [(BrokenProcessPool(), Unreadable), (ValueError(), ValueError)]
)
def test_after_a_fault_nobody_waits_for_the_rest(
    pool: Pool, error: Exception, raised: type[Exception]
) -> None:
    with pytest.raises(raised), workers.processes(1):
        raise error
    assert pool.met[2:] == ENDED


def pool_of_arrow() -> str:
    import pyarrow as pa

    return str(pa.default_memory_pool().backend_name)


def test_workers_share_memory_before_arrow_is_there() -> None:
    with workers.processes(1) as pool:
        assert pool.submit(pool_of_arrow).result() == "system"
