"""Real processes killed at random moments, round after round: what they leave is whole, or is not there.

10 rounds, each kind of work twice; ``THINKLENS_KILLS=200`` for as many.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.index.publish import BUILDING
from app.store import manifest

from .. import forked

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("THINKLENS_KILLS", "10"))
ROWS = 300
ALL = "prompt:hello OR reasoning:hello OR answer:hello"
KINDS = ("index", "convert", "rebuild", "export", "grow")

Row = dict[str, Any]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "app", *map(str, arguments)]


def run(*arguments: object) -> str:
    found = forked.text(forked.run(*arguments))
    assert found.returncode == 0, found.stderr
    assert "Traceback" not in found.stderr
    return found.stdout


def killed(after: float, *arguments: object) -> bool:
    """Whether a command was killed, with its processes, before it had ended."""
    job = subprocess.Popen(
        command(*arguments), cwd=ROOT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        job.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(job.pid, signal.SIGKILL)
        job.wait(10)
        return True
    return False


def answer(source: Path, data: Path) -> Any:
    given = json.loads(run("search", source, ALL, "--json", "--size", "100", "--data-dir", data))
    return {key: value for key, value in given.items() if key != "took_ms"}


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    make_rows: Callable[..., list[Row]],
) -> dict[str, Any]:
    """Sources, what a search of each answers, and what an export writes."""
    folder = tmp_path_factory.mktemp("kills")
    rows = make_rows(ROWS)
    parquet = make_parquet(folder / "rows.parquet", rows, group=100)
    lines = folder / "lines.jsonl"
    texts = [{"prompt": row["prompt"], "response": row["response"]} for row in rows]
    lines.write_text("".join(json.dumps(each) + "\n" for each in texts))
    grown = folder / "grown"
    for number in range(3):
        make_parquet(grown / f"{number}.parquet", rows[number * 100 : number * 100 + 100], group=25)
    right = {each: answer(each, folder / "data") for each in (parquet, lines, grown)}
    run("export", parquet, "-o", folder / "right.jsonl", "--data-dir", folder / "data")
    exported = (folder / "right.jsonl").read_bytes()
    return {"parquet": parquet, "lines": lines, "grow": grown, "right": right, "exported": exported}


def damage(data: Path) -> None:
    """One byte of a text of the index is another."""
    path = next(data.rglob("answer.texts"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def grown(source: Path, place: Path, data: Path) -> Path:
    """A dataset to which the last of its files came after the others were indexed."""
    place.mkdir()
    for path in sorted(source.iterdir())[:2]:
        shutil.copy(path, place)
    run("index", place, "--data-dir", data)
    shutil.copy(source / "2.parquet", place)
    return place


def whole(data: Path, shards: int) -> None:
    """Nothing of a killed process is left, and all that stands is what its manifest says."""
    left = [each for each in data.rglob("*") if each.suffix == ".part"]
    folders = [place for place in data.iterdir() if (place / "lock").is_file()]
    states = [each for place in folders for each in place.iterdir() if each.is_dir()]
    left += [each for each in states if each.name.startswith((BUILDING, "aside-"))]
    assert left == []
    assert (len(states), len(folders)) == (shards, 1)
    for state in states:
        listed = manifest.read(state)
        assert listed is not None
        assert {name: manifest.listed(state / name) for name in listed.files} == listed.files


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_round(world: dict[str, Any], tmp_path: Path, number: int) -> None:
    rng = random.Random(number)
    kind = KINDS[number % len(KINDS)]
    source = world[{"convert": "lines", "grow": "grow"}.get(kind, "parquet")]
    data, out = tmp_path / "data", tmp_path / "out.jsonl"
    right = world["right"][source]
    if kind == "grow":
        source = grown(source, tmp_path / "grown", data)
    if kind in ("rebuild", "export"):
        assert answer(source, data) == right
    if kind == "rebuild":
        damage(data)
    asked = {
        "rebuild": ("search", source, ALL, "--size", "100"),
        "export": ("export", source, "-o", out, "--force"),
    }.get(kind, ("index", source))
    for _ in range(rng.randint(1, 2)):
        killed(0.3 + rng.random() * 1.7, *asked, "--data-dir", data)
        if out.exists():
            assert out.read_bytes() == world["exported"]
    assert answer(source, data) == right
    whole(data, 2 if kind == "grow" else 1)
    if kind == "export":
        run("export", source, "-o", out, "--force", "--data-dir", data)
        assert out.read_bytes() == world["exported"]
