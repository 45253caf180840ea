"""The options by which a user says how a dataset is read, on every command that takes a PATH."""

import json
import subprocess
from pathlib import Path

import pytest

from app.commands.word import as_typer_takes_them

from .. import forked


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["search", "x"], ["search", "x"]),
        (["--tags", "<a>", "</a>", "x"], ["--tags", "<a>\x1f</a>", "x"]),
        (["--tags", "a", "b", "--tags", "c", "d"], ["--tags", "a\x1fb", "--tags", "c\x1fd"]),
        (["x", "--tags", "a"], ["x", "--tags", "a"]),
    ],
)
def test_pairs_of_tags_are_taken_together(given: list[str], taken: list[str]) -> None:
    assert as_typer_takes_them(given) == taken


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return forked.text(forked.run(*arguments))


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    rows = [{"ask": f"q{n}", "reply": "[[why]]because", "who": "coach"} for n in range(3)]
    path = tmp_path / "odd.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "no JSON\n")
    return path


WORD = ("--column", "prompt=ask", "--column", "response=reply", "--tags", "[[", "]]")


def test_search_and_export_take_it(odd: Path, tmp_path: Path) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    refused = run("search", str(odd), "q1", *data)
    assert refused.returncode == 2
    assert "no text column" in refused.stderr
    found = run("search", str(odd), "q1", *data, *WORD)
    assert (found.returncode, "1 found" in found.stderr) == (0, True)
    assert "odd: not read: 1 of its lines, the first odd.jsonl:4: no JSON\n" in found.stderr
    told = run("index", str(odd), *data, *WORD)
    assert (told.returncode, told.stdout) == (0, "odd: 3 rows, index ready\n")
    said = "`ask` and `reply`; reasoning between `[[` and `]]` in 3 of 3 rows looked at"
    assert f"odd: read as {said}\n" in told.stderr
    made = run("export", str(odd), *data, *WORD, "--shape", "openai", "-o", "-")
    assert [json.loads(line)["messages"][1] for line in made.stdout.splitlines()] == [
        {"role": "assistant", "content": "because", "reasoning_content": "why"}
    ] * 3


def test_strict_refuses_a_bad_line(odd: Path, tmp_path: Path) -> None:
    data = ("--data-dir", str(tmp_path / "data"))
    refused = run("index", str(odd), *data, *WORD, "--strict")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "odd.jsonl:4: no JSON" in refused.stderr


def test_a_file_that_is_left_out_is_named(odd: Path, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    odd.rename(tmp_path / "set" / "odd.jsonl")
    (tmp_path / "set" / "other.csv").write_text("x\n1\n")
    told = run("index", str(tmp_path / "set"), "--data-dir", str(tmp_path / "data"), *WORD)
    assert (told.returncode, told.stdout) == (0, "set: 3 rows, index ready\n")
    assert "set: left out: 'other.csv' has no column 'reply' for response" in told.stderr


def test_a_config_says_how_files_are_read(odd: Path, tmp_path: Path) -> None:
    info = tmp_path / "mine.json"
    columns = {"prompt": "ask", "response": "reply"}
    entry = {"file_name": "odd.jsonl", "columns": columns, "tags": {"thought": ["[[", "]]"]}}
    info.write_text(json.dumps({"mine": entry}))
    data = ("--data-dir", str(tmp_path / "data"))
    told = run("index", str(odd), *data, "--config", str(info))
    assert told.stdout == "odd: 3 rows, index ready\n"
    assert "`ask` and `reply`; reasoning between `[[` and `]]` in 3 of 3 rows" in told.stderr
    over = run("index", str(odd), *data, "--config", str(info), "--column", "prompt=who")
    assert "`who` and `reply`" in over.stderr


def test_a_config_that_names_no_file_is_refused(odd: Path, tmp_path: Path) -> None:
    info = tmp_path / "mine.json"
    info.write_text('{"a": {"file_name": "a.json"}, "b": {"file_name": "b.json"}}')
    refused = run("index", str(odd), "--data-dir", str(tmp_path / "data"), "--config", str(info))
    assert refused.returncode == 2
    assert "none of its files is in the config, which has a.json, b.json" in refused.stderr
    absent = run("index", str(odd), "--config", str(tmp_path / "absent.json"))
    assert (absent.returncode, absent.stderr.count("\n")) == (2, 1)
    assert "absent.json': No such file or directory" in absent.stderr


def test_one_config_of_a_card(tmp_path: Path) -> None:
    for name in ("one", "two"):
        row = {"prompt": name, "response": "b"}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    card = "---\nconfigs:\n- config_name: first\n  data_files: one.jsonl\n---\n"
    (tmp_path / "README.md").write_text(card)
    data = ("--data-dir", str(tmp_path / ".data"))
    found = run("search", str(tmp_path), "", "--json", *data, "--config-name", "first")
    assert [each["prompt"] for each in json.loads(found.stdout)["results"]] == ["one"]
    refused = run("search", str(tmp_path), "", *data, "--config-name", "last")
    assert (refused.returncode, "no config 'last': there are first" in refused.stderr) == (2, True)
