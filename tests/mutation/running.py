"""Runs the tests in copies of the tree: once as it is, traced, and once for each mutant.

A mutant's process is forked off this one, which has the libraries loaded and nothing of the program.
"""

import compileall
import contextlib
import hashlib
import json
import os
import py_compile
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .trials import ROOT, Trial

COPIED = (
    "app tests templates static demo docs benchmarks README.md CHANGELOG.md pyproject.toml LICENSE"
)
LIMIT = 300.0  # seconds after which a mutant hangs, whatever else the machine does
LOADED = (
    "pytest hypothesis numpy pyarrow.parquet pyarrow.compute duckdb fastapi.testclient jinja2 comrak"
    " nh3 pygments pytest_playwright _hypothesis_pytestplugin xdist.plugin anyio.pytest_plugin"
)
OPTIONS = (
    *("-n0", "-q", "-x", "-p", "no:cacheprovider", "--assert=plain"),
    "--hypothesis-profile=mutation",
)
_LOADED_BEFORE = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def calls(copies: list[Path], tests: list[str], home: Path) -> dict[str, Any]:
    """Which functions each test calls; asked in the first copy of the tree, which has to pass."""
    shutil.rmtree(copies[0], ignore_errors=True)
    for name in COPIED.split():
        place = copies[0] / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place)
    mode = py_compile.PycInvalidationMode.CHECKED_HASH  # a change within a second is seen too
    for name in ("app", "tests"):
        compileall.compile_dir(copies[0] / name, quiet=2, invalidation_mode=mode)
    found = _traced(copies[0], tests, home)
    for copy in copies[1:]:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(copies[0], copy)
    return found


def _traced(copy: Path, tests: list[str], home: Path) -> dict[str, Any]:
    """What each test calls. Kept by file of tests: one that changes is traced anew, alone."""
    shared = [each for each in copy.glob("tests/**/*.py") if not each.name.startswith("test_")]
    tried = [each for each in shared if each.parent.name != "mutation" or each.stem == "calls"]
    base = _digest([*copy.glob("app/**/*.py"), *tried])
    kept = {
        path.relative_to(copy).as_posix(): home / f"calls-{_digest([path], base)}.json"
        for name in tests
        for path in (sorted((copy / name).rglob("test_*.py")) or [copy / name])
    }
    absent = [name for name, place in kept.items() if not place.exists()]
    if absent:
        written = home / "calls.json"
        env = {**os.environ, "MUTATION_CALLS": str(written), "PYTHONPATH": "."}
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.calls", *OPTIONS, *absent]
        subprocess.run(command, cwd=copy, env=env, check=True)
        called = json.loads(written.read_text("utf-8"))
        for name in absent:
            own = {test: calls for test, calls in called.items() if test.split("::")[0] == name}
            kept[name].write_text(json.dumps(own), "utf-8")
    return {
        test: calls
        for place in kept.values()
        for test, calls in json.loads(place.read_text("utf-8")).items()
    }


def _digest(paths: list[Path], also: str = "") -> str:
    """Of some files and of what else is to tell them apart."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def run(chosen: list[Trial], copies: list[Path], home: Path) -> None:
    """Try all that are not known yet, one in each copy at a time."""
    kept = home / "killed.json"
    killed: dict[str, str] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for trial in chosen:
        trial.state = killed.get(trial.key, "") if trial.tests else "no test"
    waiting = [trial for trial in chosen if not trial.state]
    running: dict[int, Trial] = {}
    free = list(copies)
    while waiting or running:
        while free and waiting:
            trial = waiting.pop()
            trial.copy = free.pop()
            running[_started(trial)] = trial
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            _end_late(running)
            time.sleep(0.05)
            continue
        trial = running.pop(pid)
        free.append(trial.copy)
        (trial.copy / trial.path).write_text(trial.original, "utf-8")
        code = os.waitstatus_to_exitcode(status)
        trial.state = "survived" if code == 0 else "hung" if code < 0 else "killed"
        if trial.state != "survived" and trial.mutant.line:
            killed[trial.key] = trial.state
            kept.write_text(json.dumps(killed), "utf-8")
        print(f"{len(waiting):5} {trial.state:8} {trial.path}:{trial.mutant.line}", flush=True)
        if trial.state == "survived":
            print(*trial.lines(), sep="\n", flush=True)


def _end_late(running: dict[int, Trial]) -> None:
    for pid, trial in running.items():
        if time.monotonic() > trial.ends:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _started(trial: Trial) -> int:
    """The id of a process that tries a mutant in its copy; it ends with 0 where all tests pass."""
    (trial.copy / trial.path).write_text(trial.mutant.changed, "utf-8")
    trial.ends = time.monotonic() + LIMIT
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (trial.most, trial.most))
        os.chdir(trial.copy)
        sys.path[:] = [str(trial.copy), *(each for each in sys.path if each not in ("", str(ROOT)))]
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
            del sys.modules[name]
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        import pytest

        code = int(pytest.main([*OPTIONS, *_LOADED_BEFORE, *trial.tests]))
        if code == pytest.ExitCode.USAGE_ERROR:  # a test was named by what the mutant changes
            whole = dict.fromkeys(name.split("[")[0] for name in trial.tests)
            code = int(pytest.main([*OPTIONS, *_LOADED_BEFORE, *whole]))
    finally:
        os._exit(code)
