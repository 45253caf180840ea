"""How much of the machine others take while something is measured: all that its cores did, less what this
process and all that it started did. The load of the machine says less: it counts who waits, ours too.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import getpid, sched_getaffinity, sysconf
from pathlib import Path
from typing import Any

from . import processes

LOADED = 0.1  # of the cores: from more on the figures of a run are not to be quoted
LOOKED = 3.0  # seconds that are looked at before a run
_BUSY = (
    0,
    1,
    2,
    5,
    6,
    7,
)  # user, nice, system, interrupts of both kinds, and what other machines took


@dataclass(frozen=True)
class Snapshot:
    """What the cores did so far, in seconds of the processor: all together, and of that what was ours."""

    at: float
    cores: int
    busy: float
    ours: float


@dataclass(frozen=True)
class Others:
    """Shares of the cores that others took: before the run, while it went on, and in its worst section."""

    before: float
    during: float
    worst: float
    section: str

    @property
    def loaded(self) -> bool:
        return max(self.before, self.during, self.worst) > LOADED

    def __str__(self) -> str:
        state = "loaded" if self.loaded else "unloaded"
        return (
            f"{state}: others took {self.during:.0%} of the cores, {self.before:.0%} before,"
            f" at most {self.worst:.0%} ({self.section})"
        )

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "loaded": self.loaded, "said": str(self)}


def look() -> Snapshot:
    """The machine now."""
    cores = sched_getaffinity(0)
    ours = processes.processor(getpid())
    return Snapshot(time.monotonic(), len(cores), busy(Path("/proc/stat").read_text(), cores), ours)


def busy(stat: str, cores: set[int]) -> float:
    """Seconds that some cores were not idle, from the text of ``/proc/stat``."""
    lines = (line.split() for line in stat.splitlines())
    found = [line[1:] for line in lines if line and line[0] in {f"cpu{core}" for core in cores}]
    return sum(int(line[place]) for line in found for place in _BUSY) / sysconf("SC_CLK_TCK")


def share(before: Snapshot, after: Snapshot) -> float:
    """What others took between two looks, of all that the cores had to give: 0 to 1."""
    given = max((after.at - before.at) * after.cores, 1e-9)
    taken = (after.busy - before.busy) - (after.ours - before.ours)
    return min(1.0, max(0.0, taken / given))


def told(first: Snapshot, start: Snapshot, ends: Sequence[tuple[str, Snapshot]]) -> Others:
    """From looks before the run, at its start and at the end of each of its sections."""
    starts = [start, *(end for _, end in ends)]
    shares = [(share(began, end), name) for began, (name, end) in zip(starts, ends, strict=False)]
    worst, section = max(shares, default=(0.0, "no section"))
    return Others(share(first, start), share(start, starts[-1]), worst, section)
