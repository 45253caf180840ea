"""The wheel: it carries what the program needs and runs from an empty folder."""

import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    arguments = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([sys.executable, *arguments, "-w", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def test_it_carries_templates_static_files_and_demonstration_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static", "demo"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file():
                assert f"app/_bundled/{file.relative_to(ROOT).as_posix()}" in names


def test_it_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "demo", "--port", "0", "--data-dir", str(tmp_path / "data")],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(installed)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = re.search(r"http://\S+", process.stderr.readline())
        assert address
        for path in ("", "static/app.css", "static/vendor/htmx-2.0.11.min.js", "datasets/demo"):
            with urllib.request.urlopen(address[0] + path, timeout=20) as answer:
                assert answer.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert not list(empty.iterdir())
