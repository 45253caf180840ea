"""``thinklens check``: conditions, what is counted, exit codes; ``thinklens overview``."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands.check import checked
from app.commands.conditions import AT_LEAST, AT_MOST, condition
from app.errors import InvalidInput
from app.search.dataset import Dataset

from .. import forked

ROWS = [
    {
        "prompt": f"p {n}",
        "response": "<think>x" if n < 3 else "<think>x</think>y",
        "kind": "ab"[n % 2],
    }
    for n in range(8)
]


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, make_parquet: Callable[..., Path]
) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("check")
    return str(make_parquet(folder / "rows.parquet", ROWS)), str(folder / "data")


def run(place: tuple[str, str], command: str, *more: str) -> subprocess.CompletedProcess[str]:
    path, data = place
    return forked.text(forked.run(command, path, "--data-dir", data, *more))


@pytest.mark.parametrize(
    ("kind", "said", "rows", "of", "holds"),
    [
        (AT_MOST, "1%", 1, 100, True),
        (AT_MOST, "1%", 2, 199, False),
        (AT_MOST, "0.5%", 1, 200, True),
        (AT_MOST, "0.5%", 1, 199, False),
        (AT_LEAST, "95%", 95, 100, True),
        (AT_LEAST, "95%", 94, 100, False),
        (AT_MOST, "3", 3, 10, True),
        (AT_MOST, "3", 4, 10, False),
        (AT_LEAST, "3", 2, 10, False),
        (AT_LEAST, "3", 3, 10, True),
        (AT_MOST, "0%", 0, 0, True),
        (AT_LEAST, "1", 0, 0, False),
        (AT_LEAST, "33.3%", 333, 1_000, True),
    ],
)
def test_conditions_hold_exactly(
    dataset400: Dataset, kind: str, said: str, rows: int, of: int, holds: bool
) -> None:
    assert condition(kind, f"trace:unclosed {said}", dataset400.fields).holds(rows, of) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("trace:unclosed", "says not how many"),
        ("trace:unclosed x%", "says not how many"),
        ("trace:unclosed -1", "neither a whole number of rows from 0 nor a share of 0% to 100%"),
        ("trace:unclosed 1.5", "neither a whole number of rows from 0 nor a share of 0% to 100%"),
        ("trace:unclosed 101%", "neither a whole number of rows from 0 nor a share of 0% to 100%"),
        ("trace:unclosed nan", "says not how many"),
        ("trace:unclosed inf%", "says not how many"),
        ("1%", "says not how many"),
        (
            "cut_of 1%",
            "'cut_of' is no filter, .* no fault of this dataset; these are: cut_off, no_answer, ",
        ),
        ("nowhere:1 1%", "there is no field 'nowhere'"),
        ("answer_words:few 1%", "'answer_words' is a number"),
    ],
)
def test_what_is_no_condition(dataset400: Dataset, text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        condition(AT_MOST, text, dataset400.fields)


def test_a_fault_is_named(dataset400: Dataset) -> None:
    found = condition(AT_MOST, "cut_off  1%", dataset400.fields)
    assert (found.name, found.filter.text, found.said) == ("cut_off", "trace:unclosed", "1%")


def test_rows_are_those_of_the_selection_that_pass_besides(dataset400: Dataset) -> None:
    """Two values of one field are no alternatives here."""
    found = checked(
        dataset400, [("q", "")], ["trace:complete"], ["trace:unclosed 0", "trace:complete 10%"], ()
    )
    assert [(each.rows, each.of, each.holds) for each in found] == [(0, 67, True), (67, 67, False)]


def test_nothing_to_check(dataset400: Dataset) -> None:
    with pytest.raises(InvalidInput, match="nothing is to be checked"):
        checked(dataset400, [], None, (), ())


def test_the_exit_code_says_whether_all_holds(place: tuple[str, str]) -> None:
    good = run(place, "check", "--at-most", "trace:unclosed 50%", "--at-least", "kind:a 4")
    assert good.returncode == 0
    assert good.stdout.splitlines() == [
        "holds  trace:unclosed  at most 50%      3 of 8 (37.50 %)",
        "holds  kind:a          at least 4        4 of 8 (50.00 %)",
    ]
    bad = run(place, "check", "--at-least", "kind:a 4", "--at-most", "cut_off 25%")
    assert bad.returncode == 1
    assert bad.stdout.splitlines()[0] == "FAILS  cut_off  at most 25%      3 of 8 (37.50 %)"
    assert "1 of 2 fail" in bad.stderr
    wrong = run(place, "check", "--at-most", "nowhere:1 1")
    assert wrong.returncode == 2
    assert "there is no field 'nowhere'" in wrong.stderr


def test_1_says_that_something_does_not_hold_and_nothing_else(place: tuple[str, str]) -> None:
    path, data = place
    file = forked.text(forked.run("check", path, "--data-dir", path, "--at-most", "cut_off 3"))
    assert (file.returncode, file.stdout) == (2, "")
    assert file.stderr.startswith("thinklens: the data directory cannot be written")
    command = [sys.executable, "-m", "app", "check", path, "--data-dir", data, "--at-most"]
    for said, code in (("cut_off 3", 2), ("cut_off 2", 1)):
        reading, writing = os.pipe()
        os.close(reading)
        told = subprocess.run([*command, said], stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        assert told.returncode == code
        assert b"Traceback" not in told.stderr


def test_as_json(place: tuple[str, str]) -> None:
    told = run(place, "check", "--at-most", "cut_off 25%", "--filter", "kind:a", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout) == {
        "holds": False,
        "total": 4,
        "checks": [
            {
                "check": "at_most",
                "name": "cut_off",
                "filter": "trace:unclosed",
                "amount": "25%",
                "rows": 2,
                "holds": False,
            }
        ],
    }


def test_one_of_each_is_looked_at(place: tuple[str, str]) -> None:
    told = run(place, "check", "--at-least", "kind:a 1", "--one", "conversation", "--json")
    assert json.loads(told.stdout)["total"] == 8
    told = run(place, "overview", "--one", "conversation", "--keep", "longest", "--json")
    assert json.loads(told.stdout)["total"] == 8
    wrong = run(place, "check", "--at-least", "kind:a 1", "--one", "kind")
    assert wrong.returncode == 2


def test_the_tables_of_the_overview(place: tuple[str, str]) -> None:
    told = run(place, "overview", "--filter", "kind:a", "--by", "trace")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    assert lines[0] == "4 of 8 conversations"
    at = lines.index("What to look at first: of 8 conversations")
    assert lines[at + 1].split() == [
        "fault",
        "rows",
        "share",
        "in",
        "the",
        "selection",
        "share",
        "of",
        "it",
    ]
    assert lines[at + 2].split("  ")[0] == "The trace is cut off"
    assert lines[at + 2].split()[-6:] == ["3", "37.5", "%", "2", "50.0", "%"]
    at = lines.index("By: 2 values")
    assert [line.split()[0] for line in lines[at + 2 : at + 4]] == ["complete", "cut"]


def test_the_overview_as_json_is_that_of_the_api(place: tuple[str, str]) -> None:
    told = json.loads(run(place, "overview", "--json").stdout)
    assert (told["total"], told["of"]) == (8, 8)
    assert told["faults"][0] == {"name": "cut_off", "filter": "trace:unclosed", "rows": 3, "of": 3}
    assert run(place, "overview", "--by", "nowhere").returncode == 2
