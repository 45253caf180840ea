"""How the process takes memory: settings that are in force, and what garbage is looked for in."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import memory
from app.access.tokens import Tokens
from app.commands import serving
from app.config import Settings
from app.library import Library

ROOT = Path(__file__).resolve().parent.parent


def told(script: str) -> list[str]:
    """What a process of its own prints: these settings are those of a whole process."""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return run.stdout.split()


def test_arrow_takes_its_memory_where_all_do() -> None:
    script = """
from app import memory
memory.share()
import pyarrow as pa
print(pa.default_memory_pool().backend_name)
"""
    assert told(script) == ["system"]


@pytest.mark.parametrize(
    ("given", "large"), [("", memory.LARGE), ("memory.BUILDING", memory.BUILDING)]
)
def test_freed_blocks_are_kept_up_to_a_limit(given: str, large: int) -> None:
    script = f"""
import ctypes, pathlib
def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
from app import memory
memory.share({given})
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def taken_and_freed(size):
    before = resident()
    blocks = [c.malloc(size) for _ in range(max(1, 30 * 2**20 // size))]
    for block in blocks:
        ctypes.memset(block, 1, size)
    held = resident() - before
    for block in blocks:
        c.free(block)
    return held, resident() - before
print(*taken_and_freed({large} + 2**20), *taken_and_freed({large} * 3 // 4))  # what is kept is taken first
"""
    large_held, large_kept, held, kept = map(int, told(script))
    assert 20 <= held <= 32
    assert held - 2 <= kept <= held  # and taken again without a page fault
    assert large_held >= 20
    assert large_kept <= 2


def test_what_is_settled_is_no_more_looked_at_and_garbage_goes_before() -> None:
    script = """
import gc, weakref
from app import memory
class Ring: pass
ring = Ring(); ring.itself = ring; gone = weakref.ref(ring); del ring
gc.disable()
memory.settle()
print(gone() is None, gc.get_freeze_count() > 1000, len(gc.get_objects()) < 1000)
"""
    assert told(script) == ["True", "True", "True"]


def test_a_server_settles_before_it_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    met: list[str] = []
    served = SimpleNamespace(
        capture=lambda: met.append("capture"), run=lambda **given: met.append("run")
    )
    monkeypatch.setattr(serving, "Server", lambda *given: served)
    monkeypatch.setattr(memory, "settle", lambda: met.append("settle"))
    settings = Settings(data_dir=tmp_path)
    with socket.socket() as listener:
        serving._run(settings, Library(settings, []), Tokens(), listener, None)
    assert met == ["capture", "settle", "run"]


def test_what_is_free_between_what_is_used_goes_back() -> None:
    script = """
import pathlib
from app import memory
memory.share()
held = [bytearray(100_000) for _ in range(2_000)]
kept = held[::50]
def resident():
    said = pathlib.Path("/proc/self/status").read_text().split("VmRSS:")[1]
    return int(said.split()[0])
full = resident()
del held
memory.give_back()
print(full - resident() > 150_000, len(kept))
"""
    if not Path("/proc/self/status").exists():
        pytest.skip("no Linux")
    assert told(script) == ["True", "40"]


def looked_at(monkeypatch: pytest.MonkeyPatch, sizes: list[int], back: int) -> list[int]:
    """At which looks memory is given back where the process has these sizes, in units of GROWN, and what is
    free is given ``back``."""
    now, waits, given = [0], [], []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        now[0] = sizes[len(waits) - 1] if len(waits) <= len(sizes) else 0
        return len(waits) > len(sizes)

    def give_back() -> None:
        given.append(len(waits))
        now[0] -= back

    monkeypatch.setattr(memory, "resident", lambda: now[0])
    monkeypatch.setattr(memory, "give_back", give_back)
    memory.keep_small(wait)
    assert waits == [memory.LOOK] * (len(sizes) + 1)
    return given


def test_what_is_free_goes_back_whenever_the_process_has_grown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grown = memory.GROWN
    sizes = [grown - 1, grown, grown + 5, 2 * grown, grown // 4, grown, grown * 5 // 4]
    # what it has after each is where it grows from: 2/4, 6/4, and 1/4 where it became smaller by itself
    assert looked_at(monkeypatch, sizes, grown // 2) == [2, 4, 7]


def test_now_and_then_it_goes_back_however_little(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_at(monkeypatch, [5] * (2 * memory.LOOKS + 1), 0) == [
        memory.LOOKS,
        2 * memory.LOOKS,
    ]


def test_the_size_of_a_process() -> None:
    script = """
from app import memory
before = memory.resident()
held = bytearray(50_000_000)
print(before > 5_000_000, 45_000_000 < memory.resident() - before < 60_000_000)
"""
    if not Path("/proc/self/statm").exists():
        pytest.skip("no Linux")
    assert told(script) == ["True", "True"]


def test_where_it_cannot_be_told_it_is_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "_STATM", tmp_path / "nowhere")
    assert memory.resident() == 0


def test_a_server_keeps_small_until_its_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def keep_small(wait: Callable[[float], bool]) -> None:
        begun.set()
        while not wait(0.01):
            pass
        ended.set()

    monkeypatch.setattr(memory, "keep_small", keep_small)
    with Library(Settings(data_dir=tmp_path), []).running(lambda _: None):
        assert begun.wait(20)
        assert not ended.is_set()
    assert ended.wait(20)
