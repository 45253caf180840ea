"""DuckDB as the server uses it: an index opened read-only and locked down, statements under a limit.

Knows nothing of tables or queries. One cursor a statement, since a connection must not be shared by
threads; DuckDB's faults become sentences here.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from ..caller import Gone, caller
from ..errors import Failed, TookTooLong

AGAIN = 0.1  # seconds after which a statement that goes on is interrupted again

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
        try:
            self._lock_down(memory_mb)
        except duckdb.Error as error:  # the file is open here already, under other limits
            self._connection.close()
            raise Failed("the index is open twice in one process") from error
        if path.stat().st_size < self._wanted_bytes():
            self._connection.close()
            raise Failed("the index is cut short: remove it and start again")

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
        with _Limited(self._connection, seconds, self._examine) as cursor:
            return cursor.execute(statement.sql, dict(statement.values)).fetchall()

    def table(self, statement: Statement, seconds: float) -> pa.Table:
        """The same as an Arrow table, for many rows."""
        with _Limited(self._connection, seconds, self._examine) as cursor:
            return cursor.sql(statement.sql, params=dict(statement.values)).to_arrow_table()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


class _Limited:
    """A cursor whose statement is interrupted at its limit, or when nobody waits for it any more, and closed
    whatever happens. DuckDB forgets an interrupt when a statement begins: so it is given until that ended."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        seconds: float,
        examine: Callable[[], None],
    ) -> None:
        self._examine = examine
        self._cursor = connection.cursor()
        self._seconds = seconds
        self._over = False
        self._lock = threading.Lock()
        self._timer = self._interrupted_in(seconds)
        self._caller = caller()
        self._leaving = self._caller.told(self._interrupt)

    def _interrupted_in(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._interrupt)
        timer.daemon = True
        timer.start()
        return timer

    def _interrupt(self) -> None:
        with self._lock:
            if not self._over:
                self._timer.cancel()
                self._cursor.interrupt()
                self._timer = self._interrupted_in(AGAIN)

    def _end(self) -> None:
        with self._lock:
            self._over = True
            self._timer.cancel()
            self._cursor.close()

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        try:
            self._leaving.__enter__()
        except Gone:
            self._end()
            raise
        return self._cursor

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leaving.__exit__(None, None, None)
        self._end()
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
