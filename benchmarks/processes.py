"""Processes of this machine as the kernel tells of them: memory and time of one and of its whole family."""

import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .figures import Took

_TICK = os.sysconf("SC_CLK_TCK")  # in a second
_OF_PROCESS = 2  # the kind of a process's clock that counts what its threads ran


def family(pid: int) -> list[int]:
    """A process and all that it started, and those started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        found += [each for child in children for each in family(child)]
    return found


def processor(pid: int) -> float:
    """Seconds of the processor that a process and all that it started took so far, those that ended
    included as far as they were waited for."""
    return sum(_clock(each) + _ended(each) for each in family(pid))


def _clock(pid: int) -> float:
    """Seconds of all threads of one process, to the nanosecond; 0 when it is gone."""
    try:
        return time.clock_gettime(~pid << 3 | _OF_PROCESS)
    except OSError:
        return 0.0


def _ended(pid: int) -> float:
    """Seconds of the children of a process that it waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / _TICK


def waited_for() -> float:
    """Seconds of the processor that ended children of this process took, with all that they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 when it is gone."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmRSS") * 1024


def proportional(pid: int) -> int:
    """Resident bytes with pages that others share counted in part; 0 when it is gone."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss") * 1024


def _kilobytes(path: Path, name: str) -> int:
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", path.read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


@dataclass
class Peak:
    """The most memory that a family of processes held together, shared pages counted once."""

    pid: int
    bytes: int = 0

    def look(self) -> None:
        self.bytes = max(self.bytes, sum(proportional(pid) for pid in family(self.pid)))


@contextmanager
def watched(pid: int, every: float = 0.2) -> Iterator[Peak]:
    """Look at a family's memory all the while."""
    peak, done = Peak(pid), threading.Event()

    def look() -> None:
        while not done.wait(every):
            peak.look()

    peak.look()
    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


@dataclass(frozen=True)
class Ran:
    """A command that was run to its end. Memory is the peak of all its processes together."""

    took: Took
    peak: int
    output: str


def run(command: Sequence[str]) -> Ran:
    """Run a command, watched. Raises RuntimeError with its last words when it fails."""
    start, before = time.perf_counter(), waited_for()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    with watched(process.pid) as peak:
        output, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors[-500:]}")
    took = Took(time.perf_counter() - start, waited_for() - before)
    return Ran(took, peak.bytes, output)


def size(folder: Path) -> int:
    """Bytes of all files of a folder, or of a file."""
    files = folder.rglob("*") if folder.is_dir() else [folder]
    return sum(file.stat().st_size for file in files if file.is_file())


def machine() -> str:
    """Processor, cores and memory of this machine."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = _kilobytes(Path("/proc/meminfo"), "MemTotal") / 2**20
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({model[1] if model else 'model unknown'}), {memory:.0f} GiB of memory"
