"""What a build has its workers do, waited for: the chunks of a shard, its copies and its merges; every fault
of theirs as one sentence.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from ..conversations.fields import json_columns
from ..conversations.ranges import whole
from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..errors import Failed, ThinklensError, Unreadable
from ..store.schema import CONVERSATIONS_FILE, PARTS
from . import chunk_copies, chunk_records, chunk_texts, chunks, groups, merge_words
from .copies import copy
from .disk import disk_faults
from .merge_rows import merge
from .publish import Home, copy_path
from .weights import swollen

Result = TypeVar("Result")

# step, rows done, rows in all
Progress = Callable[[str, int, int], None]


def with_copies(source: Source, place: Home, pool: Executor, progress: Progress) -> Source:
    """The source with the files whose row groups are too large replaced by copies."""
    large = {n: file for n, file in enumerate(source.files) if file.large or swollen(file)}
    if not large:
        return source
    paths = {number: copy_path(place.building, number) for number in large}
    next(iter(paths.values())).parent.mkdir(exist_ok=True)
    jobs = {
        pool.submit(copy, file, paths[number]): file.rows
        for number, file in large.items()
        if not paths[number].exists()
    }
    follow_up(jobs, "copying", sum(jobs.values()), progress)
    return source.with_files(paths)


def make_rows(
    source: Source,
    planned: Sequence[chunks.Chunk],
    columns: Sequence[str],
    folder: Path,
    pool: Executor,
    progress: Progress,
) -> bool:
    """Make the rows and prompts of all chunks, with these columns of JSON objects; whether ``messages`` only
    repeats everywhere."""
    jobs: dict[Future[bool], int] = {}
    for chunk in planned:
        jobs[pool.submit(chunks.make_rows, chunk, columns, folder)] = chunk.stop - chunk.start
    follow_up(jobs, "prompts", source.rows, progress)
    return all(job.result() for job in jobs)


def make_words(
    planned: Sequence[chunks.Chunk], rows: int, place: Home, pool: Executor, progress: Progress
) -> Iterator[str]:
    """Make the words of reasoning and answers of all chunks and merge them, both at once; gives each part
    when it stands."""
    standing = place.parts
    missing = [part for part in PARTS if part not in standing]
    if missing:
        jobs = {
            pool.submit(chunks.make_words, chunk, place.building, place.published): chunk.rows
            for chunk in planned
        }
        follow_up(jobs, "texts", rows, progress)
    numbers = range(len(planned))
    gathered = pool.submit(chunk_copies.gather_responses, place.building, numbers, place.out)
    merges = [
        pool.submit(merge_words.merge, place.building, part, numbers, place.out) for part in missing
    ]
    result(gathered)
    for part, merge_of_part in zip(missing, merges, strict=True):
        progress(part, rows, rows)
        result(merge_of_part)
        yield part


def make_groups(pool: Executor, folders: Sequence[Path], path: Path) -> None:
    """Say which rows of the shards in these folders are copies."""
    with disk_faults(path.parent):
        result(pool.submit(groups.make, folders, path))


def json_columns_of(file: SourceFile) -> list[str]:
    """The columns of JSON objects, told from the first rows of a file, also of that which this is a range
    of."""
    file = whole(file)
    short = [name for name in file.layout.columns if name not in file.layout.apart]
    return json_columns(file.read(0, min(file.rows, 1_000), short)) if short else []


def follow_up(jobs: dict[Future[Result], int], step: str, total: int, progress: Progress) -> None:
    """Wait for all jobs, telling how many rows are done; the first fault ends the wait."""
    done = 0
    progress(step, done, total)
    for job in as_completed(jobs):
        result(job)
        done += jobs[job]
        progress(step, done, total)


def merge_rows(pool: Executor, source: Source, place: Home, count: int, repeats: bool) -> None:
    """Merge what makes an index that can be asked: conversations, fields, what is read by row, and the
    prompts' words."""
    meta = {
        "rows": str(source.rows),
        "messages_repeat": str(int(repeats)),
    }
    place.out.mkdir(exist_ok=True)
    path = place.out / CONVERSATIONS_FILE
    path.unlink(missing_ok=True)
    jobs = [
        pool.submit(merge, place.building, range(count), meta, source.apart, path),
        pool.submit(merge_words.merge, place.building, PARTS[0], range(count), place.out),
        pool.submit(chunk_records.gather, place.building, range(count), place.out),
        pool.submit(chunk_copies.gather_prompts, place.building, range(count), place.out),
    ]
    for part in PARTS:
        job = pool.submit(chunk_texts.gather, place.building, part, range(count), place.out)
        jobs.append(job)
    for job in jobs:
        result(job)
    clear_spills(place.building)


def clear(folder: Path) -> None:
    """Clear away what an ended build left half written; merged files tell not whether they are."""
    merged = [file for file in folder.glob("out/*") if file.is_file()]
    for file in {*merged, *folder.rglob("*.part")}:
        file.unlink()
    clear_spills(folder)


def clear_spills(folder: Path) -> None:
    """Clear away what DuckDB put aside in merges."""
    for spill in folder.glob("spill*"):
        shutil.rmtree(spill, ignore_errors=True)


def result(job: Future[Result]) -> Result:
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
