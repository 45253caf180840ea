"""How far indexes are, as a log and as a terminal show it."""

import re
from pathlib import Path

import pytest

from app.commands.progress import progress
from app.conversations.source import Source, open_source
from app.datasets.entry import FETCHING, Entry
from app.errors import Failed

from ..conftest import sample_rows, write_parquet


@pytest.fixture(params=[False, True])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether it is shown in a terminal, which is wide then."""
    if request.param:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "160")
    return bool(request.param)


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on standard error, without colours."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)


@pytest.fixture(scope="module")
def source(path400: Path) -> Source:
    return open_source(str(path400))


def at(entry: Entry, step: str, done: int = 0) -> Entry:
    entry.step, entry.done, entry.total = step, done, 400
    return entry


def failed(name: str, source: Source | None) -> Entry:
    return Entry(name, "p", source, error=Failed("it broke"))


BUILD = [
    ("waiting", 0),
    ("prompts", 0),
    ("prompts", 200),
    ("fields", 400),
    ("prompts", 0),
    ("ready", 400),
    ("ready", 400),
]


def test_a_log_has_a_line_when_a_step_begins(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = Entry("one", "p"), Entry("two", "p")
    with progress() as watch:
        for step, done in BUILD:
            watch(at(one, step, done))
        watch(at(two, "prompts"))
    assert capsys.readouterr().err.splitlines() == [
        "one: reading rows and prompts",
        "one: putting fields and prompts together",
        "one: reading rows and prompts",
        "two: reading rows and prompts",
    ]


@pytest.mark.parametrize(
    ("serving", "sourced", "told"),
    [
        (True, True, ["one: it broke"]),
        (True, False, []),  # without a source it was announced
        (False, True, []),  # the command ends with it
    ],
)
def test_a_failure_is_told_once_where_nothing_else_does(
    capsys: pytest.CaptureFixture[str],
    source: Source,
    serving: bool,
    sourced: bool,
    told: list[str],
    terminal: bool,
) -> None:
    with progress(serving) as watch:
        watch(failed("one", source if sourced else None))
        if not terminal:
            watch(failed("one", source if sourced else None))
    assert re.findall(r"one: it broke", shown(capsys)) == told


@pytest.mark.parametrize("serving", [False, True])
def test_a_newer_state_is_told_once_when_it_is_served(
    capsys: pytest.CaptureFixture[str],
    source: Source,
    tmp_path: Path,
    serving: bool,
    terminal: bool,
) -> None:
    more = open_source(str(write_parquet(tmp_path / "more.parquet", sample_rows(1_200))))
    first, newer = Entry("one", "p", source), Entry("one", "p", more)
    dropped = Entry("one", "p", source, gone=True)
    with progress(serving) as watch:
        watch(at(first, "prompts"))
        for entry in (first, first, newer, newer, dropped):  # the first was there from the start
            watch(at(entry, "ready"))
    told = re.findall(r"one: a newer.*", shown(capsys))
    assert told == ["one: a newer state is served, 1,200 rows (400 before)"] * serving


@pytest.mark.parametrize("serving", [False, True])
def test_a_download_is_told_as_it_goes_with_its_notes_and_its_failure(
    capsys: pytest.CaptureFixture[str],
    serving: bool,
    terminal: bool,
) -> None:
    """A command that ends tells notes and failures by itself; a server has no other word for them."""
    entry = Entry("one", "hf://own/one", step=FETCHING, fetching="fetching 3 files")
    noted = Entry("two", "hf://own/two", notes=("2 of 3 files taken",))
    failing = Entry("three", "hf://own/three", step=FETCHING, error=Failed("it broke"))
    with progress(serving) as watch:
        watch(at(noted, "prompts"))
        watch(at(noted, "fields"))
        watch(at(noted, "ready"))
        watch(failing)
        entry.done, entry.total = 12_000_000, 34_000_000
        watch(entry)
    said = shown(capsys)
    assert "one: fetching 3 files" in said
    assert ("12 MB of 34 MB" in said) == terminal
    assert said.count("two: 2 of 3 files taken") == serving
    assert said.count("three: it broke") == serving


def test_a_terminal_has_a_bar_for_what_is_built(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    entry, waiting = Entry("[one]", "p"), Entry("two", "p")
    with progress() as watch:
        watch(at(waiting, "waiting"))
        watch(at(entry, "prompts", 100))
    said = shown(capsys)
    assert "[one]: reading rows and prompts" in said
    assert "100/400" in said
    assert "two" not in said


def test_a_bar_goes_when_its_index_is_ready(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    entry = Entry("one", "p")
    with progress() as watch:
        watch(at(entry, "prompts", 100))
        watch(at(entry, "ready", 400))
        capsys.readouterr()
    assert "one" not in capsys.readouterr().err
