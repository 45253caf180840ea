"""One search over many datasets: how many rows each finds, all within a time.

Each is asked as by itself, some at once; who does not answer is told with the reason.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ..errors import NotReady, Scanning, ThinklensError, TookTooLong
from ..search.request.query import Query
from .entry import BUILDING, FAILED, READY, Entry

AT_ONCE = 4
SCANNING, LATE = "scanning", "late"
LEAST = 0.05  # seconds that are worth beginning with


@dataclass(frozen=True)
class Total:
    """What a dataset answers: ``total`` of ``rows`` that were looked at, of the ``of`` that it has (BUILDING:
    the others are still being indexed); or None with the state that it is in (BUILDING, FAILED, SCANNING,
    LATE) and the reason."""

    name: str
    state: str
    total: int | None
    rows: int
    of: int
    error: str = ""


def totals(entries: Sequence[Entry], query: Query, seconds: float, patience: float) -> list[Total]:
    """The answers of all datasets in their order, after about so many seconds at the latest.
    ``patience``: how long each is waited for where texts have to be read."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE, "totals") as pool:
        return list(pool.map(lambda entry: _total(entry, query, end, patience), entries))


def _total(entry: Entry, query: Query, end: float, patience: float) -> Total:
    of = entry.source.rows if entry.source else 0
    none = Total(entry.name, entry.state, None, 0, of)
    try:
        dataset = entry.ready()
        left = end - time.monotonic()
        if left < LEAST:
            raise TookTooLong("there was no time left to ask it")
        total, covers = dataset.total(query, left, min(patience, left))
        state = entry.state if covers < dataset.rows else READY
        return Total(entry.name, state, total, covers, dataset.rows)
    except NotReady as error:
        return replace(none, state=BUILDING, error=error.sentence)
    except Scanning as error:
        return replace(none, state=SCANNING, error=error.sentence)
    except TookTooLong as error:
        return replace(none, state=LATE, error=error.sentence)
    except ThinklensError as error:
        return replace(none, state=FAILED, error=error.sentence)
