"""An index file as it is asked: statements under a limit of time, whose faults become sentences here.

Knows nothing of tables or queries.
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
from .database import Cursors, Database
from .watch import Watch, Watched

AGAIN = 0.1  # seconds after which a statement that goes on is interrupted again
ROWS = 4_096  # that are given at once
KNOWN = 64  # statements that are kept as DuckDB takes them
# While rows are fetched as a table, Arrow tells of what DuckDB meets, in its own way.
FAULTS = (duckdb.Error, OSError, pa.ArrowException)
NO_MEMORY = "Out of Memory Error"  # at the beginning of what it says then


@dataclass(frozen=True)
class Statement:
    """SQL text with its bound values. The text holds names from the index only, never input."""

    sql: str
    values: Mapping[str, object] = field(default_factory=dict)


_WATCH = Watch(AGAIN)  # over the statements of all engines of the process


def _unknown() -> None:
    """Nothing tells whether a file is whole."""


class Engine:
    """One index file of a ``database``. ``examine`` raises where the file is damaged, and is asked when
    DuckDB meets a fault. All methods may be called from several threads."""

    def __init__(
        self, path: Path, database: Database, examine: Callable[[], None] = _unknown
    ) -> None:
        self._examine = examine
        self._known: dict[str, duckdb.Statement] = {}
        try:
            self._cursors = database.open(path)
        except duckdb.Error as error:
            examine()
            raise Failed("the index cannot be opened: remove it and start again") from error
        _WATCH.hold()
        try:
            if path.stat().st_size < self._wanted_bytes():
                raise Failed("the index is cut short: remove it and start again")
        except Exception:
            self.close()
            raise

    def _wanted_bytes(self) -> int:
        """The least size of the whole file: DuckDB only reads what it needs, and opens half a file."""
        sizes = self.rows(
            Statement(
                "select block_size * total_blocks\nfrom pragma_database_size()\n"
                "where database_name = current_database()"
            ),
            60.0,
        )
        return int(sizes[0][0])

    def rows(self, statement: Statement, seconds: float) -> list[tuple[Any, ...]]:
        """Run a statement to its end. Raises TookTooLong past ``seconds``."""
        with _Limited(self._cursors, seconds, self._examine) as cursor:
            parsed = self._parsed(cursor, statement.sql)
            return cursor.execute(parsed, dict(statement.values)).fetchall()

    def _parsed(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement | str:
        """A statement as DuckDB reads it, which takes a third of the time of a word's: the last ones are
        kept. Several threads may run one at once, each a copy of it."""
        found = self._known.get(sql)
        if found is None:
            statements = cursor.extract_statements(sql)
            if len(statements) != 1:
                return sql
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[sql] = found = statements[0]
        return found

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


class _Limited:
    """A cursor whose statement is interrupted at its limit, or when nobody waits for it any more. DuckDB
    forgets an interrupt when a statement begins: so it is given until that ended. A cursor that was
    interrupted, or met a fault, is closed, whatever happens."""

    def __init__(self, cursors: Cursors, seconds: float, examine: Callable[[], None]) -> None:
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
        if not isinstance(error, FAULTS):
            return
        if self._interrupted or isinstance(error, duckdb.InterruptException):
            self._caller.check()
            raise TookTooLong(
                f"this took longer than {self._seconds:g} seconds and was ended: "
                "narrow the search or take a filter away"
            ) from error
        if isinstance(error, duckdb.OutOfMemoryException) or NO_MEMORY in str(error):
            raise TookTooLong(
                "this needs more memory than the server allows: narrow the search"
            ) from error
        self._examine()
        raise Failed("the index could not answer this; the server's log has the reason") from error
