"""The Makefile: its targets, and that the quick one leaves out what is slow."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = (  # noqa: SIM905
    "demo serve dev test quick check format browser collect mutate loaders fuzz soak clean"
).split()


def planned(*arguments: str) -> list[list[str]]:
    """The commands of a target, none of them run."""
    made = ["VENV=/nowhere", f"PYTHON={sys.executable}"]
    found = subprocess.run(
        ["make", "-n", *made, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [shlex.split(line) for line in found.stdout.splitlines()]


def test_every_target_is_known() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert phony[1].split() == TARGETS
    assert set(TARGETS) <= set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    described = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for target in ("dev", "quick", "test", "check", "mutate", "loaders", "fuzz", "soak"):
        assert f"`make {target}" in described


def test_the_quick_one_runs_no_browser_and_kills_nothing() -> None:
    """Asked of files by their names: to import them all takes longer than all other tests of this file."""
    command = next(words for words in planned("quick") if "pytest" in words)
    arguments = command[command.index("pytest") + 1 :]
    names = "test_keys.py test_kills.py test_command.py test_repository.py test_package.py test_makefile.py"
    arguments += ["--collect-only", "-q", "-n0", "-o", f"python_files={names}"]
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = {line.split("::")[0] for line in collected.splitlines() if "::" in line}
    every = {
        each.relative_to(ROOT).as_posix()
        for name in names.split()
        for each in ROOT.glob(f"tests/**/{name}")
    }
    assert every - found == {
        "tests/browser/test_keys.py",
        "tests/faults/test_kills.py",
        "tests/hubs/test_command.py",
        "tests/test_package.py",
    }
    assert found < every


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["dev"], "-m tests.dev --port 8000"),
        (["dev", "DATA=a", "PORT=9"], "-m tests.dev a --port 9"),
        (["mutate", "PACKAGE=search"], "-m tests.mutation search --count 300"),
        (["test"], "-m pytest"),
        (["fuzz"], "-m tests.fuzz --requests 20000 --seed 1"),
        (["soak", "DATA=a", "CLIENTS=8"], "-m benchmarks.soak a --minutes 10 --clients 8"),
    ],
)
def test_what_a_target_runs(arguments: list[str], expected: str) -> None:
    assert any(" ".join(words).endswith(f"/python {expected}") for words in planned(*arguments))
