"""How the process takes memory: settings that are in force, and what garbage is looked for in."""

import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import library, memory
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


def test_freed_blocks_are_kept_up_to_a_limit() -> None:
    script = """
import ctypes, pathlib
def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
from app import memory
memory.share()
c = ctypes.CDLL(None)
c.malloc.restype, c.malloc.argtypes, c.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def taken_and_freed(size):
    before = resident()
    block = c.malloc(size)
    ctypes.memset(block, 1, size)
    held = resident() - before
    c.free(block)
    return held, resident() - before
for size in (20 * 2**20, memory.LARGE + 2**20):
    print(*taken_and_freed(size))
"""
    held, kept, large_held, large_kept = map(int, told(script))
    assert 19 <= held <= 22
    assert 19 <= kept <= 22  # and taken again without a page fault
    assert large_held >= 10
    assert large_kept <= large_held - 10


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


def test_a_server_gives_back_what_is_free_again_and_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = Library(Settings(data_dir=tmp_path), [])
    looks: list[float] = []
    given: list[int] = []

    def wait(seconds: float) -> bool:
        looks.append(seconds)
        return len(looks) > 10

    monkeypatch.setattr(made, "_ended", SimpleNamespace(wait=wait))
    monkeypatch.setattr(library, "yield_to_others", lambda: None)
    monkeypatch.setattr(memory, "give_back", lambda: given.append(len(looks)))
    made._verify_on()
    assert given == [5, 10]
    assert set(looks) == {2.0}
