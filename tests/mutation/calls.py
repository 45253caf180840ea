"""A plugin for pytest that writes down which functions of ``app`` each test calls, and its seconds.

What a fixture of several tests calls counts for each of them. The environment's MUTATION_CALLS is
the file that is written: ``{test: {"seconds": 0.1, "functions": ["app/cache.py:Cache.get"]}}``.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

ROOT = Path.cwd()


class Calls:
    """What was called in each test and in each fixture."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, Any]] = {}
        self._now: set[CodeType] = set()
        self._fixtures: dict[str, set[CodeType]] = {}

    def _trace(self, frame: FrameType, event: str, _: object) -> None:
        self._now.add(frame.f_code)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before, self._now = self._now, set()
        try:
            return (yield)
        finally:
            self._fixtures.setdefault(fixturedef.argname, set()).update(self._now)
            self._now = before | self._now

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Function) -> Iterator[None]:
        self._now = set()
        start = _seconds()
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            called = self._now.union(*(self._fixtures.get(n, set()) for n in item.fixturenames))
            self.tests[item.nodeid] = {
                "seconds": _seconds() - start,
                "functions": sorted({name for each in called if (name := _name(each))}),
            }

    def pytest_sessionfinish(self) -> None:
        Path(os.environ["MUTATION_CALLS"]).write_text(json.dumps(self.tests), "utf-8")


def _seconds() -> float:
    """Seconds of computing, of ended processes too: how busy the machine is does not count."""
    return sum(os.times()[:4])


def _name(code: CodeType) -> str:
    """``app/cache.py:Cache.get`` for a function of app; what is inside of one counts as it."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT / "app"):
        return ""
    inside = code.co_qualname.split(".<locals>")[0]
    return f"{path.relative_to(ROOT).as_posix()}:{'' if inside[0] == '<' else inside}"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Calls(), "calls")
