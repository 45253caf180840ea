"""Which mutants are tried, and which tests are to kill each: those that call its function, as traced."""

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
EVERYWHERE = "tests/test_values.py"  # looks at every module
FAST = 15.0  # seconds of tests a mutant is tried by at most, as they took while they were traced


@dataclass
class Trial:
    """A mutant of a file, the tests that are to kill it, and what became of it."""

    path: str
    original: str
    mutant: Mutant
    tests: list[str]
    seconds: float = 0.0
    state: str = ""
    copy: Path = field(default_factory=Path)
    ends: float = 0.0

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.path}\0{self.mutant.changed}".encode()).hexdigest()[:16]

    @property
    def found(self) -> bool:
        """Whether a test failed, or did not end."""
        return self.state in ("killed", "hung")

    @property
    def most(self) -> int:
        """Seconds of computing after which it hangs: a machine that is busy does not count."""
        return 20 + int(3 * self.seconds)

    def lines(self) -> list[str]:
        """The lines that differ, as of a diff."""
        before, after = self.original.splitlines(), self.mutant.changed.splitlines()
        lines = difflib.unified_diff(before, after, n=0, lineterm="")
        return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def trials(package: str, calls: dict[str, Any]) -> list[Trial]:
    """All mutants of the packages, each with the tests that are near it."""
    found = []
    for file in _modules(package):
        path = file.relative_to(ROOT).as_posix()
        text = file.read_text("utf-8")
        nearest: dict[str, tuple[list[str], float]] = {}
        for mutant in mutants(text):
            if mutant.inside not in nearest:
                nearest[mutant.inside] = _nearest(path, mutant.inside, calls)
            found.append(Trial(path, text, mutant, *nearest[mutant.inside]))
    return found


def _nearest(path: str, inside: str, tests: dict[str, Any]) -> tuple[list[str], float]:
    """The quickest tests that call a function, file by file (its fixtures are made once), and their
    seconds. What stands in no function is met by all that call something of the module, and by
    those whose file imports it or looks at every module; where there are none, by those of the
    folder beside it."""
    wanted = f"{path}:{inside}"
    near: dict[str, float] = {
        name: test["seconds"]
        for name, test in tests.items()
        if any(
            called == wanted or (not inside and called.startswith(wanted))
            for called in test["functions"]
        )
        or (not inside and (name.startswith(EVERYWHERE) or _imports(name.split("::")[0], path)))
    }
    if not inside and all(name.startswith(EVERYWHERE) for name in near):
        beside = f"tests/{path.removeprefix('app/').rpartition('/')[0]}/"
        near |= {name: test["seconds"] for name, test in tests.items() if name.startswith(beside)}
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
    taken.sort(key=lambda name: (costs[name.split("::")[0]], places[name]))
    return taken, sum(costs.values())


@cache
def _imports(tests: str, path: str) -> bool:
    """Whether a file of tests imports a module, as a whole or something of it."""
    package, name = path.removesuffix(".py").replace("/", ".").rsplit(".", 1)
    text = (ROOT / tests).read_text("utf-8")
    whole = re.search(rf"^from {re.escape(package)} import .*\b{name}\b", text, re.MULTILINE)
    return f"from {package}.{name} import" in text or whole is not None


def unchanged(chosen: list[Trial]) -> Trial:
    """A module as it is, tried by the tests of some mutants: they have to pass."""
    tests = dict.fromkeys(test for trial in chosen[:5] for test in trial.tests)
    text = chosen[0].original
    return Trial(
        chosen[0].path,
        text,
        Mutant("none", 0, "", text),
        list(tests),
        sum(t.seconds for t in chosen[:5]),
    )


def _modules(package: str) -> Iterator[Path]:
    for name in package.split(","):
        place = ROOT / "app" / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]
