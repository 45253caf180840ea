"""The real command with datasets of a hub: from nothing to a page, killed in mid-file, refused."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .. import forked
from .conftest import TOKEN, environment_of
from .loopback import Files, Hub, Refusal, served

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with served() as hub:
        yield hub


@pytest.fixture
def files(
    tmp_path: Path, make_parquet: Callable[..., Path], make_rows: Callable[..., Any]
) -> Files:
    rows = make_parquet(tmp_path / "rows.parquet", make_rows(400)).read_bytes()
    return {"README.md": b"---\nlicense: mit\n---\n", "data/train.parquet": rows}


def command(hub: Hub, home: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment_of(hub, home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(hub: Hub, home: Path, *arguments: object) -> tuple[int, str, str]:
    found = forked.text(forked.run(*arguments, env={**os.environ, **environment_of(hub, home)}))
    assert TOKEN not in found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    return found.returncode, found.stdout, found.stderr


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def test_serve_from_nothing_to_a_page(
    hub: Hub, files: Files, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    hub.put("own/chats", files)
    hub.refusals["/resolve/"] = Refusal(429, {"Retry-After": "2"}, times=1)
    arguments = ("serve", "hf://datasets/own/chats", "--port", "0", "--data-dir", tmp_path / "data")
    process = command(hub, tmp_path / "home", *arguments)
    try:
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found
        address = found[0].rstrip("/")
        assert "being brought here from its hub" in get(f"{address}/datasets/chats")  # at once

        def state() -> Any:
            return json.loads(get(f"{address}/api/datasets"))["datasets"][0]

        wait_for(lambda: state()["index"]["state"] == "ready", 120)
        assert state()["rows"] == 400
        assert state()["card"]["licence"] == "mit"
        page = get(f"{address}/datasets/chats")
        assert "of 400" in page
        assert "Licence mit" in page
        assert TOKEN not in page + get(f"{address}/api/datasets")
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert "chats: fetching 2 files" in err
    assert "chats: 1 of 1 file taken" in err
    assert TOKEN not in err
    assert not (tmp_path / "home").exists()


def test_killed_in_mid_file_and_taken_up(
    hub: Hub, files: Files, tmp_path: Path, wait_for: Callable[..., None]
) -> None:
    big = b'{"prompt": "p", "response": "%s"}\n' % (b"word " * 100_000)
    hub.put("own/chats", {**files, "z.jsonl": big})
    hub.breaks["z.jsonl"] = [300_000] + [0] * 3
    arguments = ("pull", "own/chats", "--data-dir", tmp_path / "data")
    process = command(hub, tmp_path / "home", *arguments)

    def here() -> int:
        return next((each.stat().st_size for each in tmp_path.rglob("z.jsonl.part")), 0)

    wait_for(lambda: here() > 100_000 and hub.taken["z.jsonl"] > 1, 60)
    process.kill()
    process.communicate()
    before = here()
    hub.breaks.clear()
    hub.asked.clear()
    code, out, err = run(hub, tmp_path / "home", *arguments)
    assert code == 0, err
    place = Path(out.strip())
    assert (place / "z.jsonl").read_bytes() == big
    assert place.name == "chats"
    assert hub.ranges == [f"bytes={before}-"]
    assert hub.taken == {"z.jsonl": 1}
    assert "revision " in err
    assert "2 of 2 files taken" in err
    code, out, err = run(hub, tmp_path / "home", "index", place, "--data-dir", tmp_path / "data")
    assert (code, out) == (0, "chats: 401 rows, index ready\n"), err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("pull", "own/none"), 2, "there is no dataset 'own/none' on Hugging Face"),
        (("pull", "own/gated"), 2, "'own/gated' on Hugging Face is gated"),
        (("pull", "own/busy"), 1, "Hugging Face takes no more requests now and asks to wait 300 seconds"),
        (("pull", "chats"), 2, "names no dataset of a hub"),
        (("index", "hf://own/none"), 2, "there is no dataset 'own/none' on Hugging Face"),
        (("search", "hf://own/busy", "x"), 1, "Hugging Face takes no more requests now"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_and_an_exit_code(
    hub: Hub,
    files: Files,
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    for name in ("chats", "gated", "busy"):
        hub.put(f"own/{name}", files)
    hub.refusals["/own/gated/resolve/"] = Refusal(403, {"X-Error-Code": "GatedRepo"})
    hub.refusals["/own/busy/"] = Refusal(429, {"Retry-After": "300"})
    found, out, err = run(hub, tmp_path / "home", *arguments, "--data-dir", tmp_path / "data")
    assert (found, out) == (code, ""), err
    told = [line for line in err.splitlines() if line.startswith("thinklens: ")]
    assert len(told) == 1
    assert sentence in told[0]


def test_export_of_what_is_at_a_hub(hub: Hub, files: Files, tmp_path: Path) -> None:
    hub.put("own/chats", files)
    out = tmp_path / "out.jsonl"
    code, _, err = run(
        hub, tmp_path / "home", "export", "hf://own/chats@main/data", "-o", out, "--limit", 3,
        "--data-dir", tmp_path / "data",
    )  # fmt: skip
    assert code == 0, err
    assert len(out.read_bytes().splitlines()) == 3
    manifest = json.loads(out.with_name("out.jsonl.manifest.json").read_bytes())
    assert manifest["dataset"] == "chats"
    assert (manifest["licence"], manifest["source"]) == ("mit", f"{hub.address}/datasets/own/chats")
