"""DuckDB as the server uses it: an index opened read-only and locked down, statements under a limit.

Knows nothing of tables or queries. A cursor has one statement at a time, since a connection must not be
shared by threads; it is kept for the next one. DuckDB's faults become sentences here.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from ..caller import Gone, caller
from ..errors import Failed, TookTooLong
from .watch import Watch, Watched

AGAIN = 0.1  # seconds after which a statement that goes on is interrupted again
ROWS = 4_096  # that are given at once
KEPT = 4  # cursors of an engine that wait for their next statement

_CONFIG = {
    "async_threads": "1",  # of eight by default, in each of a dataset's four files
    "temp_directory": "",
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
}


@dataclass(frozen=True)
class Statement:
    """SQL text with its bound values. The text holds names from the index only, never input."""

    sql: str
    values: Mapping[str, object] = field(default_factory=dict)


_WATCH = Watch(AGAIN)  # over the statements of all engines of the process


def _unknown() -> None:
    """Nothing tells whether a file is whole."""


class Engine:
    """One index file, read-only. ``memory_mb`` bounds DuckDB's buffers; ``examine`` raises where the file
    is damaged, and is asked when DuckDB meets a fault."""

    def __init__(
        self,
        path: Path,
        memory_mb: int,
        threads: int = 2,
        examine: Callable[[], None] = _unknown,
    ) -> None:
        self._examine = examine
        try:
            self._connection = duckdb.connect(
                str(path), read_only=True, config={**_CONFIG, "threads": str(threads)}
            )
        except duckdb.Error as error:
            examine()
            raise Failed("the index cannot be opened: remove it and start again") from error
        self._cursors = _Cursors(self._connection)
        _WATCH.hold()
        try:
            self._lock_down(memory_mb)
            if path.stat().st_size < self._wanted_bytes():
                raise Failed("the index is cut short: remove it and start again")
        except duckdb.Error as error:  # the file is open here already, under other limits
            self.close()
            raise Failed("the index is open twice in one process") from error
        except Exception:
            self.close()
            raise

    def _wanted_bytes(self) -> int:
        """The least size of the whole file: DuckDB only reads what it needs, and opens half a file."""
        sizes = self.rows(
            Statement("select block_size * total_blocks from pragma_database_size()"), 60.0
        )
        return int(sizes[0][0])

    def _lock_down(self, memory_mb: int) -> None:
        """Shut every way out of the open file; the order matters, the last one seals it."""
        for setting in (
            f"set memory_limit = '{int(memory_mb)}MB'",
            # DuckDB 2.0.0 fails an assertion where this one meets "limit" over a rowid range
            "set disabled_optimizers = 'late_materialization'",
            "set max_expression_depth = 250",
            "set enable_external_access = false",
            "set disabled_filesystems = 'LocalFileSystem'",
            "set lock_configuration = true",
        ):
            self._connection.execute(setting).fetchall()

    def rows(self, statement: Statement, seconds: float) -> list[tuple[Any, ...]]:
        """Run a statement to its end. Raises TookTooLong past ``seconds``."""
        with _Limited(self._cursors, seconds, self._examine) as cursor:
            return cursor.execute(statement.sql, dict(statement.values)).fetchall()

    def table(self, statement: Statement, seconds: float) -> pa.Table:
        """The same as an Arrow table, for many rows."""
        with _Limited(self._cursors, seconds, self._examine) as cursor:
            return cursor.sql(statement.sql, params=dict(statement.values)).to_arrow_table()

    def each(
        self, statement: Statement, seconds: float, take: Callable[[pa.RecordBatch], None]
    ) -> None:
        """The same some rows at a time, for more than there is memory for: ``take`` is given all."""
        with _Limited(self._cursors, seconds, self._examine) as cursor:
            found = cursor.sql(statement.sql, params=dict(statement.values))
            with found.to_arrow_reader(ROWS) as batches:
                for some in batches:
                    take(some)

    def close(self) -> None:
        """Give the file back. What is still being asked is answered."""
        if self._cursors.close():
            _WATCH.let_go()


class _Cursors:
    """A connection and its cursors: each has one statement at a time, and is kept for the next one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._free: list[duckdb.DuckDBPyConnection] = []
        self._taken = 0
        self._closed = False
        self._lock = threading.Lock()

    def take(self) -> duckdb.DuckDBPyConnection:
        """A cursor that nobody else has."""
        with self._lock:
            cursor = self._free.pop() if self._free else self._connection.cursor()
            self._taken += 1
            return cursor

    def give(self, cursor: duckdb.DuckDBPyConnection, well: bool) -> None:
        """Keep a cursor whose statement ended well, and close any other."""
        with self._lock:
            self._taken -= 1
            if well and not self._closed and len(self._free) < KEPT:
                self._free.append(cursor)
                return
            cursor.close()
            self._end()

    def close(self) -> bool:
        """Keep none any more, and close what nobody has; whether that was not done before."""
        with self._lock:
            before, self._closed = self._closed, True
            free, self._free = self._free, []
            for cursor in free:
                cursor.close()
            self._end()
        return not before

    def _end(self) -> None:
        """Close the connection, with the last statement: it would not while one is under way."""
        if self._closed and not self._taken:
            self._connection.close()


class _Limited:
    """A cursor whose statement is interrupted at its limit, or when nobody waits for it any more. DuckDB
    forgets an interrupt when a statement begins: so it is given until that ended. A cursor that was
    interrupted, or met a fault, is closed, whatever happens."""

    def __init__(self, cursors: _Cursors, seconds: float, examine: Callable[[], None]) -> None:
        self._cursors, self._examine, self._seconds = cursors, examine, seconds
        self._caller = caller()
        self._leaving = self._caller.told(self._left)
        self._lock = threading.Lock()
        self._over = self._interrupted = False
        self._cursor = cursors.take()
        self._watched = Watched(time.monotonic() + seconds, self._interrupt)

    def _left(self) -> None:
        _WATCH.hasten(self._watched)

    def _interrupt(self) -> None:
        with self._lock:
            if not self._over:
                self._interrupted = True
                self._cursor.interrupt()

    def _end(self, well: bool) -> None:
        _WATCH.discard(self._watched)
        with self._lock:
            self._over = True
        self._cursors.give(self._cursor, well and not self._interrupted)

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        try:
            self._leaving.__enter__()
        except Gone:
            self._end(True)
            raise
        _WATCH.add(self._watched)
        return self._cursor

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leaving.__exit__(None, None, None)
        self._end(error is None)
        if isinstance(error, duckdb.InterruptException):
            self._caller.check()
            raise TookTooLong(
                f"this took longer than {self._seconds:g} seconds and was ended: "
                "narrow the search or take a filter away"
            ) from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise TookTooLong(
                "this needs more memory than the server allows: narrow the search"
            ) from error
        if isinstance(error, duckdb.Error):
            self._examine()
            raise Failed(
                "the index could not answer this; the server's log has the reason"
            ) from error
