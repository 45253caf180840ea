"""A newer state of a dataset that nobody watches: one that another process has indexed; and what another
process has told of all rows of the state that is served.

The folder of its indexes tells, so that source files are opened only where there is a new one.
"""

from collections.abc import Callable
from pathlib import Path

from ..index.shards import planned
from ..index.states import beside
from .entry import BUILDING, Entry


def indexed_elsewhere(
    entry: Entry, data_dir: Path, state_of_now: Callable[[], Entry]
) -> Entry | None:
    """The state that the files of a dataset have now, where a whole index of it stands already and is not
    served yet."""
    if entry.dataset is not None:
        entry.dataset.look_again()
    building = entry.state == BUILDING  # which opens by itself what comes
    if entry.watched or building or entry.dataset is None or entry.newer is not None:
        return None
    found = beside(entry.dataset.folders)
    if found <= entry.beside:
        return None
    entry.beside = found
    newer = state_of_now()
    newer.beside = found
    source = newer.source
    whole = newer.error is None and source is not None and planned(data_dir, source).complete
    return newer if whole else None
