"""Building an index: copies where row groups are too large, chunks in parallel, merges, publishing.

Conversations and prompts come first, so that a dataset can be searched while the words of reasoning
and answers, many times as much, are still being read.

Heavy work runs in processes of its own, so that a file that breaks a reader costs a sentence and not
the server, and memory is given back. A build that was ended at any point is taken up by the next.
"""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from ..conversations.fields import json_columns
from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..errors import Failed, ThinklensError, Unreadable
from ..store.schema import CONVERSATIONS_FILE, PARTS
from . import chunks, merge_words
from .copies import copy
from .merge_rows import merge
from .publish import Home, building, copy_path, publish, publish_part
from .workers import Pools, processes

Result = TypeVar("Result")

# The steps: how they are called, and the share of a build's time at which each ends, as measured on
# the scale set.
STEPS = {
    "copying": ("copying large row groups", 0.0),
    "prompts": ("reading rows and prompts", 0.45),
    "fields": ("putting fields and prompts together", 0.5),
    "texts": ("reading reasoning and answers", 0.85),
    "reasoning": ("putting reasoning and answers together", 0.93),
    "answer": ("putting answers together", 1.0),
}

ELSEWHERE = "another process is building the index"

# step, rows done, rows in all
Progress = Callable[[str, int, int], None]


def build(
    source: Source,
    place: Home,
    workers: int,
    progress: Progress,
    published: Callable[[], None] = lambda: None,
    pool_of: Pools = processes,
) -> None:
    """Build and publish what is not there of a source's index; ``published`` is called after each
    publication. ``pool_of`` gives what runs the work of so many workers: processes, by default.

    Raises Unreadable for a file that cannot be read, Failed or OutOfSpace for the data directory.
    """
    with building(place, _following(source, place, progress, published)) as folder:
        if place.complete:
            return
        _clear(folder)
        with pool_of(workers) as pool:
            ready = _with_copies(source, place, pool, progress)
            planned = chunks.plan(ready.files)
            repeats = _make_rows(ready, planned, folder, pool, progress)
            if not place.ready:
                progress("fields", source.rows, source.rows)
                _merge_rows(pool, source, place, len(planned), repeats)
                source.check()
                publish(place, source.rows, source.plans)
                published()
                ready = source.with_files(place.copies(source))  # they stand elsewhere now
                planned = chunks.plan(ready.files)
            place.out.mkdir(exist_ok=True)
            for part in _make_texts(ready, planned, repeats, place, pool, progress):
                progress(part, source.rows, source.rows)
                _result(
                    pool.submit(merge_words.merge, folder, part, range(len(planned)), place.out)
                )
                source.check()
                publish_part(place, part)
                published()


def _following(
    source: Source, place: Home, progress: Progress, published: Callable[[], None]
) -> Callable[[], None]:
    """What is done while another process builds the same: its parts are opened as they come."""
    seen: tuple[str, ...] = ()

    def waiting() -> None:
        nonlocal seen
        progress(ELSEWHERE, 0, source.rows)
        if (parts := place.parts) != seen:
            seen = parts
            published()

    return waiting


def _with_copies(source: Source, place: Home, pool: Executor, progress: Progress) -> Source:
    """The source with the files whose row groups are too large replaced by copies."""
    large = {n: file for n, file in enumerate(source.files) if file.large or file.swollen}
    if not large:
        return source
    home = place.published if place.ready else place.out
    paths = {number: copy_path(home, number) for number in large}
    next(iter(paths.values())).parent.mkdir(exist_ok=True, parents=True)
    jobs = {
        pool.submit(copy, file, paths[number]): file.rows
        for number, file in large.items()
        if not paths[number].exists()
    }
    _follow_up(jobs, "copying", sum(jobs.values()), progress)
    return source.with_files({file.name: paths[number] for number, file in large.items()})


def _make_rows(
    source: Source,
    planned: Sequence[chunks.Chunk],
    folder: Path,
    pool: Executor,
    progress: Progress,
) -> bool:
    """Make the rows and prompts of all chunks; whether ``messages`` only repeats everywhere."""
    first = next(file for file in source.files if file.rows)
    columns = _result(pool.submit(_json_columns, first))
    jobs: dict[Future[bool], int] = {}
    for chunk in planned:
        jobs[pool.submit(chunks.make_rows, chunk, columns, folder)] = chunk.stop - chunk.start
    _follow_up(jobs, "prompts", source.rows, progress)
    return all(job.result() for job in jobs)


def _make_texts(
    source: Source,
    planned: Sequence[chunks.Chunk],
    repeats: bool,
    place: Home,
    pool: Executor,
    progress: Progress,
) -> Sequence[str]:
    """Make the reasoning and answers of all chunks; gives the parts that are now to be merged."""
    standing = place.parts
    missing = [part for part in PARTS if part not in standing]
    if missing:
        jobs = {
            pool.submit(chunks.make_texts, chunk, repeats, place.building): chunk.stop - chunk.start
            for chunk in planned
        }
        _follow_up(jobs, "texts", source.rows, progress)
    return missing


def _json_columns(file: SourceFile) -> list[str]:
    """The columns of JSON objects, told from the first rows of the first file that has some."""
    short = [name for name in file.layout.columns if name not in file.layout.apart]
    return json_columns(file.read(0, min(file.rows, 1_000), short)) if short else []


def _follow_up(jobs: dict[Future[Result], int], step: str, total: int, progress: Progress) -> None:
    """Wait for all jobs, telling how many rows are done; the first fault ends the wait."""
    done = 0
    progress(step, done, total)
    for job in as_completed(jobs):
        _result(job)
        done += jobs[job]
        progress(step, done, total)


def _merge_rows(pool: Executor, source: Source, place: Home, count: int, repeats: bool) -> None:
    """Merge what makes an index that can be asked: conversations, fields and the prompts' words."""
    layout = source.files[0].layout
    meta = {
        "rows": str(source.rows),
        "messages_repeat": str(int(repeats)),
        "id": layout.column("id"),
    }
    apart = {name: what for file in source.files for name, what in file.layout.apart.items()}
    place.out.mkdir(exist_ok=True)
    path = place.out / CONVERSATIONS_FILE
    path.unlink(missing_ok=True)
    jobs = [
        pool.submit(merge, place.building, range(count), meta, apart, path),
        pool.submit(merge_words.merge, place.building, PARTS[0], range(count), place.out),
    ]
    for job in jobs:
        _result(job)
    shutil.rmtree(place.building / "spill", ignore_errors=True)


def _clear(folder: Path) -> None:
    """Clear away what an ended build left half written; merged files tell not whether they are."""
    merged = [file for file in folder.glob("out/*") if file.is_file()]
    for file in {*merged, *folder.rglob("*.part")}:
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
        for full in (errno.ENOSPC, errno.EDQUOT):  # DuckDB only says it in words
            if isinstance(error, duckdb.Error) and os.strerror(full) in str(error):
                raise OSError(full, os.strerror(full)) from error
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise Unreadable(f"the rows cannot be indexed: {reason}") from error
