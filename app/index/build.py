"""Building an index: copies where row groups are too large, chunks in parallel, one merge, publish.

Heavy work runs in processes of its own, so that a file that breaks a reader costs a sentence and not
the server, and memory is given back. A build that was ended at any point is taken up by the next.
"""

import atexit
import multiprocessing
import os
import resource
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations.fields import json_columns
from ..conversations.source import Source, SourceFile
from ..errors import Failed, ThinklensError, Unreadable
from ..store.schema import INDEX_FILE
from . import chunks
from .merge import merge
from .publish import Home, building, copy_path, publish

Result = TypeVar("Result")

# step ("copying", "reading" or "merging"), rows done, rows in all
Progress = Callable[[str, int, int], None]

COPY_GROUP_BYTES = 4 * 2**20  # uncompressed size that a copy's row groups aim at
WORKER_MEMORY = 6 * 2**30  # address space of a worker: a decompression bomb ends there


def build(source: Source, place: Home, workers: int, progress: Progress) -> None:
    """Build and publish the index of a source; does nothing where it is there already.

    Raises Unreadable for a file that cannot be read, Failed or OutOfSpace for the data directory.
    """
    with building(place) as folder:
        if place.ready:
            return
        with _pool(workers) as pool:
            ready = _with_copies(source, folder, pool, progress)
            numbers, repeats = _make_chunks(ready, folder, pool, progress)
            progress("merging", source.rows, source.rows)
            meta = {
                "rows": str(source.rows),
                "source_format": source.files[0].layout.name,
                "messages_repeat": str(int(repeats)),
            }
            _merge(pool, folder, numbers, meta)
        source.check()
        publish(place)


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)
    _launch(pool, workers)
    try:
        yield pool
        pool.shutdown()
    except BrokenProcessPool as error:
        raise Unreadable(
            "a process that read the files ended: one of them may be damaged"
        ) from error
    finally:
        # after a fault nobody waits for the rest; what is waited for is that all is given back
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(cancel_futures=True)


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
    """End with the parent, however that ends, and never take all of the machine's memory."""
    atexit.register(os._exit, 0)  # else DuckDB's bindings report leaks on standard error
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY, resource.RLIM_INFINITY))


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _with_copies(source: Source, folder: Path, pool: Executor, progress: Progress) -> Source:
    """The source with the files whose row groups are too large replaced by copies."""
    large = {place: file for place, file in enumerate(source.files) if file.large}
    if not large:
        return source
    (folder / "copies").mkdir(exist_ok=True)
    jobs = {
        pool.submit(copy, file, copy_path(folder, place)): file.rows
        for place, file in large.items()
    }
    _follow_up(jobs, "copying", sum(jobs.values()), progress)
    return source.with_files({file.name: copy_path(folder, place) for place, file in large.items()})


def copy(file: SourceFile, path: Path) -> None:
    """Write the file's rows again, every column, in row groups small enough to read one row fast."""
    if path.exists():
        return
    groups = range(file.metadata.num_row_groups)
    size = sum(file.metadata.row_group(place).total_byte_size for place in groups)
    rows = max(1, min(1_000, COPY_GROUP_BYTES * file.rows // max(size, 1)))
    temporary = path.with_suffix(f".{os.getpid()}.part")
    with pq.ParquetWriter(
        temporary, file.schema, compression="zstd", compression_level=1
    ) as writer:
        for batch in file.batches(rows):
            writer.write_batch(batch, row_group_size=rows)
    temporary.replace(path)


def _make_chunks(
    source: Source, folder: Path, pool: Executor, progress: Progress
) -> tuple[list[int], bool]:
    """Make all chunks; gives their numbers, and whether ``messages`` only repeats everywhere."""
    first = next(file for file in source.files if file.rows)
    columns = _result(pool.submit(_json_columns, first))
    jobs: dict[Future[bool], int] = {}
    planned = chunks.plan(source.files)
    for chunk in planned:
        jobs[pool.submit(chunks.make, chunk, columns, folder)] = chunk.stop - chunk.start
    _follow_up(jobs, "reading", source.rows, progress)
    return [chunk.number for chunk in planned], all(job.result() for job in jobs)


def _json_columns(file: SourceFile) -> list[str]:
    """The columns of JSON objects, told from the first rows of the first file that has some."""
    short = [name for name in file.layout.columns if name not in file.layout.texts]
    return json_columns(file.read(0, min(file.rows, 1_000), short)) if short else []


def _follow_up(jobs: dict[Future[Result], int], step: str, total: int, progress: Progress) -> None:
    """Wait for all jobs, telling how many rows are done; the first fault ends the wait."""
    done = 0
    progress(step, done, total)
    for job in as_completed(jobs):
        _result(job)
        done += jobs[job]
        progress(step, done, total)


def _merge(pool: Executor, folder: Path, numbers: Sequence[int], meta: dict[str, str]) -> None:
    """Merge under a temporary name, then clear away all that only the build needed."""
    for left in folder.glob("merging*"):
        left.unlink()
    temporary = folder / "merging.duckdb"
    _result(pool.submit(merge, folder, numbers, meta, temporary))
    temporary.replace(folder / INDEX_FILE)
    for kind in reversed(chunks.KINDS):  # "rows" first: a chunk without it is made again
        for file in folder.glob(f"{kind}-*"):
            file.unlink()
    for file in [*folder.glob("copies/*.part"), *folder.glob("*.part")]:
        file.unlink()
    shutil.rmtree(folder / "spill", ignore_errors=True)


def _result(job: Future[Result]) -> Result:
    """What a job gave; every fault of it as one sentence."""
    try:
        return job.result()
    except (ThinklensError, BrokenProcessPool, OSError):
        raise
    except (MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException) as error:
        raise Failed("the index needs more memory than a build is allowed") from error
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise Unreadable(f"the rows cannot be indexed: {reason}") from error
