"""What processes took, as the kernel and they themselves tell."""

import os
import subprocess
import sys
import time

import pytest

from benchmarks import (
    processes,
    serving,
    worker,
)


def test_a_process_is_clocked_with_those_it_waited_for() -> None:
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"
    ran = processes.run([sys.executable, "-c", nested])
    assert ran.took.processor >= 0.3
    before, start = processes.processor(os.getpid()), time.process_time()
    while time.process_time() < start + 0.05:
        pass
    assert processes.processor(os.getpid()) - before >= 0.05
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert processes.processor(child.pid) >= 0.0
        child.communicate(b"\n")
    assert processes.processor(child.pid) == 0.0


def test_a_reference_tells_what_it_took() -> None:
    clock, start = worker.Clock(), time.perf_counter()
    while time.process_time() - clock.before < 0.01:
        pass
    passed = time.perf_counter() - start  # less than that where other threads are at work too
    told = clock.told()
    assert told["processor"] >= 0.01
    assert told["seconds"] >= passed


class Machine:
    """A clock that sleeping moves, and a server that works in some spans of it."""

    def __init__(self, *spans: tuple[float, float]) -> None:
        self.now, self.spans = 0.0, spans

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def processor(self) -> float:
        return sum(max(0.0, min(self.now, stop) - start) for start, stop in self.spans)


def test_a_server_rests_once_what_its_start_began_is_done() -> None:
    machine = Machine((0.0, 0.5), (2.0, 6.0))
    serving.resting(machine.processor, machine.clock, machine.sleep)
    assert machine.now == pytest.approx(6.0 + serving.REST, abs=0.3)
    busy = Machine((0.0, 1e9))
    with pytest.raises(RuntimeError, match="does not come to rest"):
        serving.resting(busy.processor, busy.clock, busy.sleep)
    assert busy.now == pytest.approx(600, abs=0.3)
