"""What processes took, as the kernel and they themselves tell."""

import os
import subprocess
import sys
import time

from benchmarks import (
    processes,
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
    clock = worker.Clock()
    while time.process_time() - clock.before < 0.01:
        pass
    told = clock.told()
    assert told["processor"] >= 0.01
    assert told["seconds"] >= 0.01
