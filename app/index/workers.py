"""The processes that a build's work runs in: a file that breaks a reader costs a sentence and not the
server, and memory is given back. They end with the one that started them, however that ends.
"""

import atexit
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from .. import memory
from ..errors import Failed, ThinklensError, Unreadable

FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
LAST = 5.0  # seconds that the end of a process is waited for
WORKER_MEMORY = 6 * 2**30  # address space of a worker: a decompression bomb ends there

# What runs the work of so many workers, for as long as it is entered.
Pools = Callable[[int], AbstractContextManager[Executor]]


@contextmanager
def here(workers: int) -> Iterator[Executor]:
    """A thread of this process, for what is done sooner than a process has started."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """So many processes. Raises Unreadable where one of them ended over what it read, and Failed where it was
    ended, as by the machine for its memory."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)
    _launch(pool, workers)
    started = list((getattr(pool, "_processes", None) or {}).values())
    try:
        yield pool
        pool.shutdown()
    except BrokenProcessPool as error:
        raise _ended(started) from error
    finally:
        # after a fault nobody waits for the rest; what is waited for is that all is given back
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(cancel_futures=True)


def _ended(started: Sequence[BaseProcess]) -> ThinklensError:
    """Why one of the processes is no more; the pool ends the others by SIGTERM."""
    end = time.monotonic() + LAST
    # the pool waits for them too, and of two who wait one is not told how a process ended
    while any(each.exitcode is None for each in started) and time.monotonic() < end:
        time.sleep(0.01)
    if any(-(each.exitcode or 0) in FAULTS for each in started):
        return Unreadable("a process that read the files ended: one of them may be damaged")
    return Failed("a process of the build was ended, by somebody or for want of memory")


def _launch(pool: Executor, workers: int) -> None:
    """Start all workers with Ctrl-C blocked, which they inherit: it is the parent's to answer, also
    while they are still importing."""
    resource_tracker.ensure_running()  # its own start would unblock what is blocked here
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(workers):  # a job starts a worker as long as none of them is idle
            pool.submit(os.getpid)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker() -> None:
    """End with the parent, however that ends, keep small memory, and never take all of the machine's."""
    atexit.register(os._exit, 0)  # else DuckDB's bindings report leaks on standard error
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    memory.share(memory.BUILDING)  # nothing has imported Arrow yet
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, resource.RLIM_INFINITY))


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
