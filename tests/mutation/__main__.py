"""``make mutate PACKAGE=search``: gives a package small faults, and tells which the tests let pass.

Works in copies of the tree below ``.mutation/``. Each mutant is tried by the tests that call the
function it stands in, the quickest first, in a process forked off this one once the libraries are
loaded. What was killed is kept, so that a run goes on where the last one stopped; what survived is
tried again once a test has changed.
"""

import argparse
import compileall
import contextlib
import difflib
import hashlib
import json
import os
import py_compile
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".mutation"
COPIED = (
    "app tests templates static demo docs benchmarks README.md CHANGELOG.md pyproject.toml LICENSE"
)
FAST = 15.0  # seconds of tests a mutant is tried by at most, as they took while they were traced
LIMIT = 300.0  # seconds after which a mutant counts as killed: it hangs
LOADED = (
    "pytest hypothesis numpy pyarrow.parquet duckdb fastapi.testclient jinja2 comrak nh3 pygments"
)


@dataclass
class Trial:
    """A mutant of a file, the tests that are to kill it, and what became of it."""

    path: str
    original: str
    mutant: Mutant
    tests: list[str]
    state: str = ""
    copy: Path = field(default_factory=Path)
    ends: float = 0.0

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.path}\0{self.mutant.changed}".encode()).hexdigest()[:16]

    def lines(self) -> list[str]:
        """The lines that differ, as of a diff."""
        before, after = self.original.splitlines(), self.mutant.changed.splitlines()
        lines = difflib.unified_diff(before, after, n=0, lineterm="")
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("package", help="below app/: search, export, web/pager.py; several: a,b")
    parser.add_argument(
        "--tests", default="", help="what may kill them; by default all but slow ones"
    )
    parser.add_argument("--count", type=int, default=300, help="mutants, a sample (300)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    HOME.mkdir(exist_ok=True)
    place = HOME / given.package.replace("/", "-").replace(",", "+")[:60]
    copies = [place / f"copy{number}" for number in range(given.processes)]
    calls = _calls(copies, given.tests.split() or _tests(given.package))
    trials = _trials(given.package, calls)
    chosen = random.Random(given.seed).sample(trials, min(given.count, len(trials)))
    for name in LOADED.split():
        __import__(name)
    unchanged = _unchanged(chosen)
    _run([unchanged], copies)
    if unchanged.state != "survived":
        sys.exit("the tests fail without any fault: nothing can be told")
    _run(chosen, copies)
    _report(given.package, trials, chosen)


def _tests(package: str) -> list[str]:
    """The folders of tests beside the packages, and those of the web, which meet all of them."""
    rooms = {name.split("/")[0].removesuffix(".py") for name in package.split(",")} | {"web"}
    return [f"tests/{room}" for room in sorted(rooms) if (ROOT / "tests" / room).is_dir()]


def _calls(copies: list[Path], tests: list[str]) -> dict[str, Any]:
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
    compileall.compile_dir(copies[0] / "app", quiet=2, invalidation_mode=mode)
    digest = _digest(copies[0], " ".join(tests))
    kept = HOME / f"calls-{digest}.json"
    if not kept.exists():
        env = {**os.environ, "MUTATION_CALLS": str(kept), "PYTHONPATH": "."}
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.calls", *_OPTIONS, *tests]
        subprocess.run(command, cwd=copies[0], env=env, check=True)
    for copy in copies[1:]:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(copies[0], copy)
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return {"digest": digest, "tests": found}


_OPTIONS = ("-n0", "-q", "-x", "-p", "no:cacheprovider", "--hypothesis-profile=mutation")
_LOADED_BEFORE = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def _digest(copy: Path, also: str) -> str:
    """Of the tests and of the code that they are to try."""
    digest = hashlib.sha256(also.encode())
    for path in sorted([*copy.glob("app/**/*.py"), *copy.glob("tests/**/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _trials(package: str, calls: dict[str, Any]) -> list[Trial]:
    """All mutants of the packages, each with the tests that are near it."""
    found = []
    for file in _modules(package):
        path = file.relative_to(ROOT).as_posix()
        text = file.read_text("utf-8")
        nearest: dict[str, list[str]] = {}
        for mutant in mutants(text):
            if mutant.inside not in nearest:
                nearest[mutant.inside] = _nearest(path, mutant.inside, calls["tests"])
            found.append(Trial(path, text, mutant, nearest[mutant.inside]))
    return found


def _nearest(path: str, inside: str, tests: dict[str, Any]) -> list[str]:
    """The quickest tests that call a function, file by file: its fixtures are made once. What
    stands in no function is met by all that call something of the module."""
    last = inside.split(".")[-1]
    is_function = last[:1].islower() or last[:1] == "_"
    near: dict[str, float] = {}
    for name, test in tests.items():
        called = test["functions"]
        if (
            f"{path}:{inside}" in called
            if is_function
            else any(c.startswith(f"{path}:") for c in called)
        ):
            near[name] = test["seconds"]
    taken: list[str] = []
    seconds = 0.0
    for name in sorted(near, key=lambda name: near[name]):
        seconds += near[name]
        if not taken or seconds < FAST:
            taken.append(name)
    costs: dict[str, float] = {}
    for name in taken:
        costs[name.split("::")[0]] = costs.get(name.split("::")[0], 0.0) + near[name]
    places = {name: place for place, name in enumerate(tests)}
    return sorted(taken, key=lambda name: (costs[name.split("::")[0]], places[name]))


def _unchanged(chosen: list[Trial]) -> Trial:
    """A module as it is, tried by the tests of some mutants: they have to pass."""
    tests = dict.fromkeys(test for trial in chosen[:5] for test in trial.tests)
    text = chosen[0].original
    return Trial(chosen[0].path, text, Mutant("none", 0, "", text), list(tests))


def _modules(package: str) -> Iterator[Path]:
    for name in package.split(","):
        place = ROOT / "app" / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _run(chosen: list[Trial], copies: list[Path]) -> None:
    """Try all that are not known yet, one in each copy at a time."""
    kept = HOME / "killed.json"
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
        assert code not in (4, 5), f"pytest found no tests to run: {trial.tests}"
        trial.state = "survived" if code == 0 else "killed"
        if trial.state == "killed" and trial.mutant.line:
            killed[trial.key] = "killed"
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
        os.chdir(trial.copy)
        sys.path[:] = [str(trial.copy), *(each for each in sys.path if each not in ("", str(ROOT)))]
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
            del sys.modules[name]
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        import pytest

        code = int(pytest.main([*_OPTIONS, *_LOADED_BEFORE, *trial.tests]))
    finally:
        os._exit(code)


def _report(package: str, trials: list[Trial], chosen: list[Trial]) -> None:
    """Each that survived with its change, and the share that was killed."""
    alive = [trial for trial in chosen if trial.state != "killed"]
    for trial in sorted(alive, key=lambda each: (each.path, each.mutant.line)):
        mutant = trial.mutant
        print(f"\n{trial.path}:{mutant.line} {mutant.inside} ({mutant.kind}, {trial.state})")
        print("\n".join(trial.lines()))
    share = 1 - len(alive) / max(len(chosen), 1)
    print(f"\n{package}: {len(chosen)} of {len(trials)} mutants, {share:.0%} killed")
    for path in sorted({trial.path for trial in chosen}):
        here = [trial for trial in chosen if trial.path == path]
        print(f"  {sum(each.state == 'killed' for each in here):4} of {len(here):4} {path}")


if __name__ == "__main__":
    main()
