"""``make dev``: what changes in the tree is served, and nothing is left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = "9.8.7"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("app", "templates", "static", "demo"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    (tmp_path / "tests").mkdir()
    for name in ("__init__.py", "dev.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    return tmp_path


@pytest.fixture
def address(tree: Path, wait_for: Callable[..., None]) -> Iterator[str]:
    log = tree / "log"
    with log.open("w") as output:
        job = subprocess.Popen(
            [sys.executable, "-m", "tests.dev", "--port", "0"],
            cwd=tree,
            stderr=output,
            stdout=output,
            start_new_session=True,
        )
    try:
        wait_for(lambda: re.search(r"running on http://\S+", log.read_text("utf-8")))
        found = re.search(r"http://\S+", log.read_text("utf-8"))
        assert found
        yield found[0]
        os.killpg(job.pid, signal.SIGINT)
        job.wait(30)
        wait_for(lambda: not alive(job.pid))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(job.pid, signal.SIGKILL)


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def served(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return f"{answer.headers['Cache-Control']}\n{answer.read().decode()}"
    except (URLError, ConnectionError):
        return ""


def test_what_changes_is_served(tree: Path, address: str, wait_for: Callable[..., None]) -> None:
    wait_for(lambda: "demo" in served(address), 60)
    with (tree / "templates" / "home.html").open("a", encoding="utf-8") as file:
        file.write("{# new #}")
    template = tree / "templates" / "_page.html"
    template.write_text(template.read_text("utf-8").replace("<main", "<main data-new", 1), "utf-8")
    wait_for(lambda: "<main data-new" in served(address))

    style = tree / "static" / "app.css"
    root = re.search(r'href="([^"]*)/app.css"', served(address))
    assert root
    styles = f"{address}{root[1]}/app.css"
    assert served(styles).startswith("no-store\n")
    style.write_text("/* new */", "utf-8")
    assert served(styles) == "no-store\n/* new */"

    code = tree / "app" / "__init__.py"
    code.write_text(re.sub(r'"[\d.]+"', f'"{VERSION}"', code.read_text("utf-8")), "utf-8")
    wait_for(lambda: VERSION in served(f"{address}/openapi.json"), 60)
