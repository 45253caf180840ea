"""The log of a server on standard error: plain lines, lines with their time, or a JSON object a line.

What repeats is told in full once and then counted, so that a thousand requests at a full disk do not bury
what else there is to be told. What uvicorn says of a fault that is told already is left out.
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from ..web.request_ids import request_id
from ..web.unforeseen import is_told

TEXT, JSON, OFF = "text", "json", "off"
EVERY = 60.0  # seconds for which what repeats is only counted
MOST = 100  # kinds of line that are counted
_OTHERS = ("uvicorn", "asyncio")  # whose lines repeat with what clients do


class Log(logging.Handler):
    """Writes records as ``kind`` says: TEXT, JSON, or OFF, which has no requests and no times."""

    def __init__(
        self,
        kind: str,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.kind = kind
        self._out = out
        self._clock = clock
        self._counted: dict[str, tuple[float, int]] = {}  # since when, and how often untold

    def emit(self, record: logging.LogRecord) -> None:
        """Write or count a record. One that cannot be written is lost, and nothing else."""
        if _is_known(record):
            return
        now = self._clock()
        self._tell_counts(now - EVERY)
        if key := _key(record):
            if key in self._counted:
                since, count = self._counted[key]
                self._counted[key] = since, count + 1
                return
            if len(self._counted) >= MOST:
                self._tell_counts(now)
            self._counted[key] = now, 0
        self._write(self._line(record))

    def say(self, line: str) -> None:
        """Write what is told of the server itself."""
        self.acquire()
        try:
            self._write(self._line(_record(line, logging.INFO)))
        finally:
            self.release()

    def rest(self) -> None:
        """Tell what was counted until now."""
        self._tell_counts(self._clock())

    def _tell_counts(self, until: float) -> None:
        for key, (since, count) in list(self._counted.items()):
            if since <= until:
                del self._counted[key]
                if count:
                    said = f"{count:,} more in {self._clock() - since:.0f} s: {key}"
                    self._write(self._line(_record(said, logging.WARNING)))

    def _line(self, record: logging.LogRecord) -> str:
        told = record.exc_info if record.exc_info and record.exc_info[1] else None
        trace = logging.Formatter().formatException(told) if told else ""
        if self.kind == JSON:
            return json.dumps(_facts(record, trace))
        said = record.getMessage().rstrip() + (f"\n{trace}" if trace else "")
        if self.kind == OFF:
            return said
        identity = request_id()
        named = f"request {identity}: " if identity and identity not in said else ""
        return f"{_time(record)} {record.levelname} {named}{said}"

    def _write(self, line: str) -> None:
        out = self._out or sys.stderr
        try:
            out.write(f"{line}\n")
            out.flush()
        except (OSError, ValueError):  # nobody reads it any more
            return


def _record(said: str, level: int) -> logging.LogRecord:
    return logging.LogRecord("thinklens", level, "", 0, said, (), None)


def _time(record: logging.LogRecord) -> str:
    """In UTC, to the millisecond."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{whole}.{int(record.msecs):03d}Z"


def _facts(record: logging.LogRecord, trace: str) -> dict[str, Any]:
    facts = getattr(record, "facts", None)
    begin = {"time": _time(record), "level": record.levelname.lower()}
    if facts:
        return {**begin, "message": "request", **facts}
    identity = request_id()
    return {
        **begin,
        "message": record.getMessage().rstrip(),
        **({"request_id": identity} if identity else {}),
        **({"traceback": trace} if trace else {}),
    }


def _is_known(record: logging.LogRecord) -> bool:
    """Whether it is what uvicorn says of a fault that is told, or of an answer that ends with the server."""
    error = record.exc_info[1] if record.exc_info else None
    return record.name.startswith("uvicorn") and (
        isinstance(error, asyncio.CancelledError) or is_told(error)
    )


def _key(record: logging.LogRecord) -> str:
    """What a record has in common with those that repeat it; "" where each is told."""
    if record.name.startswith(_OTHERS):
        return str(record.msg).strip().partition("\n")[0]
    return str(getattr(record, "folded", ""))


@contextmanager
def logging_as(kind: str) -> Iterator[Log]:
    """Have all that is logged written by one Log while this is entered; requests too unless it is OFF."""
    log, root, own = (
        Log(kind),
        logging.getLogger(),
        logging.getLogger(__package__.partition(".")[0]),
    )
    level = own.level
    root.addHandler(log)
    own.setLevel(logging.WARNING if kind == OFF else logging.INFO)
    try:
        yield log
    finally:
        log.rest()
        own.setLevel(level)
        root.removeHandler(log)
