"""``thinklens overlap``: comparing, telling, removing; what is wrong in one line."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .. import forked

APPLES = "How many apples does John have if he buys 12 and eats 5 of them in a day?"


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, make_parquet: Callable[..., Path]
) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("overlap")
    rows = [{"prompt": each, "response": "x"} for each in (APPLES, "Hello.", APPLES[:60])]
    (folder / "bench.jsonl").write_text(json.dumps({"task": APPLES, "answer": "7"}))
    return make_parquet(folder / "rows.parquet", rows), folder / "bench.jsonl"


def run(place: tuple[Path, Path], *more: str) -> subprocess.CompletedProcess[str]:
    data = str(place[0].parent / "data")
    return forked.text(forked.run("overlap", str(place[0]), *more, "--data-dir", data))


def test_compared_told_and_removed(place: tuple[Path, Path]) -> None:
    bench = str(place[1])
    found = run(place, bench, "--name", "mine", "--column", "task", "-n", "5")
    assert found.returncode == 0, found.stderr
    lines = [" ".join(each.split()) for each in found.stdout.splitlines()]
    assert lines == [
        "mine: 1 question of bench.jsonl",
        "half of it 2 of 3 overlap.mine:>=0.5",
        "any 5-gram 2 of 3 overlap.mine:>0",
        "any 13-gram 2 of 3 overlap_13.mine:true",
        "equal without digits and signs 1 of 3 overlap_equal.mine:true",
    ]
    said = json.loads(run(place, "--json").stdout)
    assert said["total"] == 3
    assert [(each["name"], each["words"], each["rows"]["half"]) for each in said["benchmarks"]] == [
        ("mine", 5, 2)
    ]
    other = run(place, "--name", "other")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "was not compared with 'other'" in other.stderr
    (kept,) = (place[0].parent / "data").glob("*/overlap-mine.*")
    kept.write_bytes(b"damaged")
    told = run(place)
    assert (told.returncode, told.stdout) == (0, "")
    assert told.stderr.startswith("compare again with mine: ")
    removed = run(place, "--name", "mine", "--remove")
    assert (removed.returncode, removed.stdout) == (0, "")
    assert "no benchmark yet" in run(place).stderr
    again = run(place, "--name", "mine", "--remove")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("nowhere.csv", "--name", "x"), "'nowhere.csv' cannot be read"),
        (("BENCH", "--name", "x", "--column", "none"), "has no column 'none'; it has 'task', 'answer'"),
        (("BENCH", "--name", "x"), "Name it; there are 'task', 'answer'"),
        (("BENCH",), "say what the benchmark is called: --name NAME"),
        (("BENCH", "--name", "a b", "--column", "task"), "'a b' is no name of a benchmark"),
        (("BENCH", "--name", "x", "--column", "task", "--words", "0"), "1 to 100 words, not 0"),
        (("--remove",), "--remove takes --name NAME and no BENCHMARK"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(
    place: tuple[Path, Path], more: tuple[str, ...], said: str
) -> None:
    found = run(place, *(str(place[1]) if each == "BENCH" else each for each in more))
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert not [*place[0].parent.glob("data/*/overlap-x*")]
