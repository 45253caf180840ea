"""One DuckDB over several index files, read-only and locked down: they share its memory and its thread.

A DuckDB of its own takes 4.3 MB and a thread for each file, one file more in it a tenth of that. All files
are attached when it is made, then every way out of them is shut: no other can be opened in it later. Knows
nothing of tables or queries.
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

import duckdb

from .schema import literal

KEPT = 4  # cursors of a file that wait for their next statement

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",  # what is asked has been packed to be found at once; many are answered at once
    "async_threads": "1",  # of eight by default
    "temp_directory": "",
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
}


class Database:
    """DuckDB over files, whose buffers take ``memory_mb`` together. Entered, it opens them; what is opened
    then stays so after that, until it is closed itself. A file that cannot be attached says so when it is
    opened. All methods may be called from several threads."""

    def __init__(self, paths: Iterable[Path], memory_mb: int) -> None:
        self._lock = threading.Lock()
        self._connection = duckdb.connect(":memory:", config=_CONFIG)
        self._names: dict[Path, str] = {}  # of what nobody has opened yet
        self._faults: dict[Path, duckdb.Error] = {}
        self._opened = 0
        self._entered = True
        try:
            for number, path in enumerate(paths):
                self._attach(path, f"file{number}")
            self._lock_down(memory_mb)
        except BaseException:
            self._connection.close()
            raise

    def _attach(self, path: Path, name: str) -> None:
        try:
            self._execute(f"attach {literal(str(path))} as {name} (read_only)")
            self._names[path] = name
        except duckdb.Error as error:
            self._faults[path] = error

    def _lock_down(self, memory_mb: int) -> None:
        """Shut every way out of the open files; the order matters, the last one seals it."""
        for setting in (
            f"set memory_limit = '{int(memory_mb)}MB'",
            # DuckDB 2.0.0 fails an assertion where this one meets "limit" over a rowid range
            "set disabled_optimizers = 'late_materialization'",
            "set max_expression_depth = 250",
            "set enable_external_access = false",
            "set disabled_filesystems = 'LocalFileSystem'",
            "set lock_configuration = true",
        ):
            self._execute(setting)

    def _execute(self, sql: str) -> None:
        self._connection.execute(sql).fetchall()

    def __enter__(self) -> "Database":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._entered = False
            for name in self._names.values():
                self._execute(f"detach {name}")
            self._names.clear()
            self._end()

    def __contains__(self, path: Path) -> bool:
        """Whether a file is among those that can be opened, once each."""
        return path in self._names or path in self._faults

    def open(self, path: Path) -> "Cursors":
        """Cursors over one of the files. Raises duckdb.Error."""
        with self._lock:
            if path in self._faults:
                raise self._faults[path]
            name = self._names.pop(path)
            self._opened += 1
        return Cursors(lambda: self._cursor(name), lambda: self._close(name))

    def _cursor(self, name: str) -> duckdb.DuckDBPyConnection:
        with self._lock:
            cursor = self._connection.cursor()
        cursor.execute(f"use {name}").fetchall()
        return cursor

    def _close(self, name: str) -> None:
        with self._lock:
            self._execute(f"detach {name}")
            self._opened -= 1
            self._end()

    def _end(self) -> None:
        if not self._entered and not self._opened:
            self._connection.close()


class Cursors:
    """The cursors of a file, made by ``make``: each has one statement at a time, since a connection must not
    be shared by threads, and is kept for the next one. ``ended`` is called once they are closed and the last
    statement ended: the file would not be given back while one is under way."""

    def __init__(
        self, make: Callable[[], duckdb.DuckDBPyConnection], ended: Callable[[], None]
    ) -> None:
        self._make, self._ended = make, ended
        self._free: list[duckdb.DuckDBPyConnection] = []
        self._taken = 0
        self._closed = False
        self._lock = threading.Lock()

    def take(self) -> duckdb.DuckDBPyConnection:
        """A cursor that nobody else has."""
        with self._lock:
            cursor = self._free.pop() if self._free else self._make()
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
            if self._closed:
                self._end()

    def close(self) -> bool:
        """Keep none any more, and close what nobody has; whether that was not done before."""
        with self._lock:
            before, self._closed = self._closed, True
            free, self._free = self._free, []
            for cursor in free:
                cursor.close()
            if not before:
                self._end()
        return not before

    def _end(self) -> None:
        if not self._taken:
            self._ended()
