"""The commands as they are run: exit codes, what stands on which stream, files that are written."""

import gzip
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.export.choice import parse as choice_of
from app.export.job import Export
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.store import groups
from app.web.answers import results_json

from . import forked

Row = dict[str, Any]
Result = subprocess.CompletedProcess[bytes]
ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: object, data: Path | None = None, **env: str) -> Result:
    if data is not None:
        env["THINKLENS_DATA_DIR"] = str(data)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THINKLENS_")}
    return forked.run(*arguments, env={**kept, **env})


def from_nothing(*arguments: str) -> Result:
    """The same in a process that has imported nothing yet."""
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


def one_line(found: Result, code: int, *said: str) -> None:
    text = found.stderr.decode()
    assert found.returncode == code, text
    assert re.fullmatch(r"thinklens: [^\n]+\n", text), text
    assert "Traceback" not in text
    for each in said:
        assert each in text


@pytest.fixture(scope="module")
def built(dataset400: Dataset, data400: Path) -> Path:
    """A data directory with the index of ``path400`` in it."""
    assert dataset400.rows == 400
    return data400


READ = (
    b"sample: read as `prompt` and `response`, with turns of role and content in `messages`; "
    b"reasoning between `<think>` and `</think>` in 134 of 200 rows looked at\n"
)


def test_index_says_what_is_ready(tmp_path: Path, path400: Path) -> None:
    found = run("index", path400, "--data-dir", tmp_path / "d")
    assert (found.returncode, found.stdout) == (0, b"sample: 400 rows, index ready\n")
    assert found.stderr == (
        b"sample: reading rows and prompts\n"
        b"sample: putting fields and prompts together\n"
        b"sample: reading reasoning and answers\n"
        b"sample: putting reasoning and answers together\n"
        b"sample: putting answers together\n"
        b"sample: looking for copies\n" + READ
    )
    again = run("index", path400, "--data-dir", tmp_path / "d")
    assert (again.returncode, again.stdout, again.stderr) == (0, found.stdout, READ)


def test_builds_at_once_make_one_index(tmp_path: Path, path400: Path) -> None:
    command = [sys.executable, "-m", "app", "index", str(path400), "--data-dir", str(tmp_path)]
    jobs = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for job in jobs:
        assert job.communicate(timeout=60)[0] == b"sample: 400 rows, index ready\n"
    folder = next(tmp_path.iterdir())
    published = next(tmp_path.rglob("answer.duckdb")).parent.name
    names = sorted(each.name for each in folder.iterdir())
    copies = groups.path_of(folder, [published]).name
    assert names == ["dataset.json", copies, "lock", published]


def test_search_builds_a_missing_index(tmp_path: Path, path400: Path) -> None:
    found = run("search", path400, "hello", "--size", 10, data=tmp_path / "new")
    assert found.returncode == 0
    assert len(found.stdout.decode().splitlines()) == 10
    assert (tmp_path / "new").is_dir()


def test_search_prints_rows_and_their_total(
    built: Path, path400: Path, dataset400: Dataset
) -> None:
    found = run("search", path400, "hello", "--filter", "trace:none", data=built)
    query = queries.parse([("q", "hello"), ("filter", "trace:none")], dataset400.fields)
    expected = dataset400.search(query)
    numbers = [int(line.split()[0]) for line in found.stdout.decode().splitlines()]
    assert numbers == [each.row for each in expected.results]
    said = rf"{expected.total} found, page 1 of {expected.pages}, \d+ ms\n"
    assert re.fullmatch(said, found.stderr.decode())


def test_search_and_export_narrow_by_the_same_options(
    built: Path, path400: Path, dataset400: Dataset, tmp_path: Path
) -> None:
    said = ("--like", 3, "--rows", "3,5,7,9,11,13", "--sample", "2:a")
    query = queries.parse([("like", "3"), ("rows", "3,5,7,9,11,13"), ("sample", "2:a")], {})
    expected = dataset400.order(query).tolist()
    found = run("search", path400, "", *said, data=built).stdout.decode()
    assert [int(line.split()[0]) for line in found.splitlines()] == expected
    out = tmp_path / "narrow.jsonl"
    assert run("export", path400, "-o", out, *said, data=built).returncode == 0
    ids = [json.loads(line)["conversation_id"] for line in out.read_text("utf-8").splitlines()]
    assert ids == [dataset400.reading(row).identity for row in expected]
    told = json.loads((tmp_path / "narrow.jsonl.manifest.json").read_text("utf-8"))
    assert (told["rows"], told["query"]["sample"]) == (len(expected), "2:a")
    assert (told["query"]["rows"], told["query"]["like"]) == ([3, 5, 7, 9, 11, 13], 3)


@pytest.mark.parametrize("sort", ["", "-prompt_words", "random:7"])
def test_search_json_is_the_shape_of_the_api(
    built: Path, path400: Path, dataset400: Dataset, sort: str
) -> None:
    found = run("search", path400, "world", "--json", "--sort", sort, "--page", 2, data=built)
    query = queries.parse([("q", "world"), ("sort", sort), ("page", "2")], dataset400.fields)
    expected = json.loads(json.dumps(results_json(dataset400, dataset400.search(query))))
    given = json.loads(found.stdout)
    assert given.pop("took_ms") >= 0
    expected.pop("took_ms")
    assert given == expected
    assert set(given) == {"total", "results", "page", "size", "pages", "covers"}
    assert found.stderr == b""


def test_a_search_that_may_have_been_meant_is_said(built: Path, path400: Path) -> None:
    said = run("search", path400, "--", "-1", data=built).stderr.decode().splitlines()
    assert said[-1] == 'for that very text search for "-1"'  # a slow machine tells progress before
    found = run("search", path400, "--json", "--", "-1", data=built)
    assert json.loads(found.stdout)["offers"] == ['"-1"']


def test_nothing_typed_gives_all_rows(built: Path, path400: Path) -> None:
    found = run("search", path400, "", "--json", "--size", "100", data=built)
    given = json.loads(found.stdout)
    assert given["total"] == 400
    assert given["results"][0]["score"] is None
    assert given["results"][0]["snippets"] == []


def test_what_would_steer_a_terminal_is_not_printed(
    tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    row = {"prompt": "a \x1b[31mred\x1b[0m \u202eevil\x07\x9b", "response": "b"}
    path = make_parquet(tmp_path / "steer.parquet", [row])
    found = run("search", path, "", data=tmp_path / "d").stdout.decode()
    assert "red" in found
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", found)


def test_export_to_a_file_and_to_standard_output(
    built: Path, path400: Path, rows400: list[Row], tmp_path: Path
) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old")
    asked = ("export", path400, "--q", "hello", "--sort", "row", "-o", target)
    one_line(run(*asked, data=built), 2, "is there already: --force writes over it")
    assert target.read_text() == "old"
    found = run(*asked, "--force", data=built)
    assert (found.returncode, found.stdout) == (0, b"")
    piped = run("export", path400, "--q", "hello", "--sort", "row", "-o", "-", data=built)
    assert piped.stdout == target.read_bytes()
    ids = [json.loads(line)["conversation_id"] for line in piped.stdout.splitlines()]
    expected = [r["conversation_id"] for r in rows400 if "hello" in r["prompt"].split()]
    assert ids == expected
    assert piped.stderr.decode() == f"{len(ids)} rows\n"
    assert found.stderr.decode() == f"{len(ids)} rows to {tmp_path / 'out.jsonl'}\n"
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["out.jsonl", "out.jsonl.manifest.json"]
    told = json.loads((tmp_path / names[1]).read_text())
    assert told["rows"] == len(ids)
    assert told["file"]["sha256"] == hashlib.sha256(piped.stdout).hexdigest()


def test_every_option_of_an_export_is_the_parameter_of_its_name(
    built: Path, path400: Path, dataset400: Dataset, tmp_path: Path
) -> None:
    """The file is the web's, and what was left out is told."""
    pairs = [
        *(("shape", "sharegpt"), ("reasoning", "separate"), ("reasoning_key", "thinking")),
        *(("roles", "user,assistant"), ("incomplete", "drop"), ("signals", "trace,turns")),
        *(("keep_columns", "metadata"), ("keep_columns", "prompt"), ("limit", "30")),
    ]
    options = [f"--{name.replace('_', '-')}={value}" for name, value in pairs]
    target = tmp_path / "out.jsonl"
    found = run("export", path400, *options, "-o", target, data=built)
    made = Export.of(dataset400, dataset400.query([]), choice_of(pairs), tmp_path)
    assert target.read_bytes() == b"".join(made.pieces())
    assert made.incomplete > 0
    first, second = found.stderr.decode().splitlines()
    assert first == f"30 rows to {target}; {made.incomplete:,} incomplete left out"
    assert second == f"{made.shaper.tally.changed['traces_moved']} traces moved"
    told = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())
    assert (told["rows"], told["incomplete"]) == (30, made.incomplete)
    record = json.loads(target.read_text().splitlines()[0])
    assert list(record) == ["id", "conversations", "metadata", "prompt", "trace", "turns"]
    assert [turn["from"] for turn in record["conversations"]] == ["user", "assistant"]
    assert "thinking" in record["conversations"][1]


def test_export_to_a_folder(built: Path, path400: Path, tmp_path: Path) -> None:
    """What is said, a second one that is refused, and that the same id is in the same split."""
    target = tmp_path / "out"
    shares = ("--split", "train=0.5,test=0.25", "--seed", "1")
    asked = ("export", path400, "-o", f"{target}/", "--shape", "openai", "--shard-size", "20KB")
    found = run(*asked, *shares, data=built)
    assert found.returncode == 0, found.stderr
    made = json.loads((target / "manifest.json").read_text())
    told, changed = made["folder"], made["file"]["changed"]
    rows = told["rows"]
    assert found.stderr.decode() == (
        f"train: {rows['train']} rows\ntest: {rows['test']} rows\n"
        f"in no split, left out: {told['left_out']} rows\n"
        f"{changed['answers_left_empty']} answers left empty; {changed['traces_moved']} traces moved\n"
    )
    assert sum((*rows.values(), told["left_out"])) == 400
    one_line(run(*asked, data=built), 2, "README.md' is there already: --force writes over it")
    again = run(*asked, "--force", "--type", "parquet", data=built)
    assert again.stderr.decode().splitlines()[0] == "train: 400 rows"
    assert not list(target.rglob("*.jsonl"))
    assert len(list(target.rglob("train-*.parquet"))) > 1


def test_export_to_a_device(built: Path, path400: Path) -> None:
    piped = run("export", path400, "-o", "/dev/stdout", data=built)
    assert piped.stdout == run("export", path400, "-o", "-", data=built).stdout
    found = run("export", path400, "-o", "/dev/null", data=built)
    assert found.returncode == 0
    assert not Path("/dev/null").is_file()
    assert not Path("/dev/null.manifest.json").exists()


def test_a_pipe_that_closes_ends_an_export(built: Path, path400: Path) -> None:
    command = f'"{sys.executable}" -m app export "{path400}" -o - | head -c 10'
    found = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env={**os.environ, "THINKLENS_DATA_DIR": str(built)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert len(found.stdout) == 10
    assert b"Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "nonsense"),
        (["index"], "paths"),
        (["index", "/absent"], "'/absent' is not there"),
        (["index", "{empty}"], "holds no Parquet file"),
        (["index", "{empty}/*.parquet"], "holds no Parquet file"),
        (["index", ""], "PATH is empty"),
        (["index", "{text}"], "cannot be read as Parquet"),
        (["search", "/absent", "q"], "'/absent' is not there"),
        (["search", "{good}"], "query"),
        (["search", "{good}", "-x"], "-x"),
        (["search", "{good}", "a", "--size", "5"], "'size' is a whole number from 10 to 100"),
        (["search", "{good}", "a", "--page", "0"], "'page' is a whole number"),
        (["search", "{good}", "hello", "--page", "99"], "no page 99"),
        (["search", "{good}", "/a[/"], "is no regular expression"),
        (["search", "{good}", "a", "--in", "response"], "is one of prompt"),
        (["search", "{good}", "a", "--filter", "x:1"], "no field 'x'"),
        (["search", "{good}", "a", "--sort", "x"], "no field 'x' to sort by"),
        (["search", "{good}", "a" * 1_001], "1,001 characters"),
        (["export", "{good}"], "-o"),
        (["export", "{good}", "-o", "-", "--shape", "xml"], "'shape' is one of"),
        (["export", "{good}", "-o", "-", "--type", "xml"], "'type' is one of"),
        (["export", "{good}", "-o", "{empty}", "--type", "xml"], "'type' is one of"),
        (["export", "{good}", "-o", "-", "--split", "a=1"], "--split needs a folder"),
        (["export", "{good}", "-o", "o", "--shard-size", "1MB"], "--shard-size needs a folder"),
        (["export", "{good}", "-o", "{empty}", "--split", "a=0.6,b=0.6"], "are 1.2 together"),
        (["export", "{good}", "-o", "{empty}", "--shard-size", "big"], "is no size"),
        (["export", "{good}", "-o", "-", "--reasoning", "x"], "'reasoning' is one of"),
        (["export", "{good}", "-o", "-", "--limit", "0"], "'limit' is a whole number"),
        (["serve"], "PATHS, or --datasets FOLDER"),
        (["serve", "--datasets", "/absent"], "the folder '/absent' cannot be read"),
        (["serve", "--datasets", "{text}"], "cannot be read: Not a directory"),
        (["export", "{good}", "-o", "-", "--roles", "a,b"], "says nothing in the shape source"),
        (["export", "{good}", "-o", "-", "--signals", "x"], "'signals': no signal 'x'"),
        (
            ["export", "{good}", "-o", "-", "--shape", "oumi", "--keep-columns", "x"],
            "'keep_columns': no column 'x'; the columns are 'conversation_id', 'prompt', ",
        ),
        (["serve", "/absent"], "'/absent' is not there"),
        (["serve", "{good}", "--port", "70000"], "--port"),
        (["serve", "{good}", "--assets", "other"], "--assets"),
        (
            ["serve", "{good}", "--root-path", "lens"],
            "--root-path cannot be taken: 'lens' is no path",
        ),
    ],
)
def test_a_wrong_call_is_one_line_and_2(
    built: Path, path400: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.parquet").write_text("not Parquet")
    places = {"good": path400, "empty": tmp_path / "empty", "text": tmp_path / "text.parquet"}
    filled = [each.format(**places) for each in arguments]
    one_line(run(*filled, data=built), 2, said)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENGINE_MEMORY_MB", "much"), ("PORT", "x"), ("ALLOW_HOSTS", "["), ("DATA_DIR", "")],
)
def test_a_variable_that_cannot_be_taken_is_named(path400: Path, name: str, value: str) -> None:
    one_line(run("index", path400, data=None, **{f"THINKLENS_{name}": value}), 2, "THINKLENS_")


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("", 2, "is a folder"),
        (".", 2, "README.md' is there already: --force writes over it"),
        ("{folder}/absent/new/", 1, "cannot be written: there is no folder"),
        ("{file}/", 1, "is a file"),
        ("{folder}/absent/out", 1, "cannot be written: there is no folder"),
        ("{file}/out", 1, "cannot be written: there is no folder"),
        ("{folder}/o.xlsx", 2, "has none of the endings .jsonl, "),
        ("{folder}/o.parquet.gz", 2, "say the type with --type"),
    ],
)
def test_an_output_that_cannot_be_written(
    built: Path, path400: Path, tmp_path: Path, target: str, code: int, said: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    filled = target.format(folder=tmp_path / "folder", file=tmp_path / "file")
    one_line(run("export", path400, "-o", filled, data=built), code, said)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.parametrize("command", ["index", "search", "export", "serve"])
def test_a_data_directory_that_cannot_be_written(
    path400: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "taken").write_text("a file is in its place")
    more = {"search": ["q"], "export": ["-o", "-"]}.get(command, [])
    found = run(command, path400, *more, "--data-dir", tmp_path / "taken")
    one_line(found, 1, "data directory cannot be written")
    inside = run(command, path400, *more, "--data-dir", tmp_path / "taken" / "below")
    one_line(inside, 1, "data directory cannot be written")


@pytest.mark.parametrize("given", ["option", "variable"])
def test_a_port_in_use(built: Path, path400: Path, given: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        if given == "option":
            found = run("serve", path400, "--port", port, data=built)
        else:
            found = run("serve", path400, data=built, THINKLENS_PORT=port)
        one_line(found, 1, f"port {port} is in use: choose another with --port, ")
        free = re.findall(r"(\d+) is free", found.stderr.decode())
        assert int(port) < int(free[0]) <= int(port) + 100


@pytest.mark.parametrize("host", ["192.0.2.1", "x" * 70, "no.such.host.invalid"])
def test_a_host_that_cannot_be_bound(built: Path, path400: Path, host: str) -> None:
    found = run("serve", path400, "--port", "0", "--host", host, "--open", data=built)
    assert found.returncode in (1, 2)
    one_line(found, found.returncode)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_where_others_reach_it_who_may_ask_is_said_first(
    tmp_path: Path, path400: Path, command: str
) -> None:
    asked = [command, *([path400] if command == "serve" else []), "--host", "192.0.2.1"]
    data = tmp_path / "data"
    one_line(run(*asked, data=data), 2, "'192.0.2.1' can be reached", "--tokens", "--open")
    one_line(
        run(*asked, "--tokens", tmp_path / "none", data=data), 2, "none cannot be read: No such"
    )
    one_line(run(*asked, data=data, THINKLENS_ACCESS_TOKEN="a-short-one"), 2, "this one has 11")
    assert not data.exists()


def test_who_may_ask_is_said_by_a_variable(built: Path, path400: Path) -> None:
    asked = ["serve", path400, "--host", "192.0.2.1", "--port", "0"]
    found = run(*asked, data=built, THINKLENS_ACCESS_TOKEN="1-and-much-more-of-it")
    one_line(found, 1, "cannot listen on 192.0.2.1:0")
    assert "much-more" not in found.stderr.decode()


def test_times_with_a_zone_are_kept_as_utc(
    tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    import datetime

    moment = datetime.datetime(2024, 5, 1, 23, 30, tzinfo=datetime.UTC)
    rows = [{"prompt": "a", "response": "b", "at": moment}]
    path = make_parquet(tmp_path / "zone.parquet", rows)
    found = run(
        "search",
        path,
        "",
        "--filter",
        "at:2024-05-01",
        "--json",
        data=tmp_path / "d",
        TZ="Asia/Tokyo",
    )
    assert json.loads(found.stdout)["total"] == 1


def test_help_is_there_for_every_command() -> None:
    whole = from_nothing("--help")
    assert (whole.returncode, whole.stderr) == (0, b"")
    for command in ("serve", "demo", "index", "search", "export"):
        assert command in whole.stdout.decode()
        found = from_nothing(command, "--help")
        assert (found.returncode, found.stderr) == (0, b"")
        assert b"--data-dir" in found.stdout


def test_without_a_command_the_help_is_printed() -> None:
    alone = from_nothing()
    assert (alone.returncode, alone.stdout, alone.stderr) == (0, from_nothing("--help").stdout, b"")


def test_the_version_is_printed() -> None:
    found = from_nothing("--version")
    assert (found.returncode, found.stdout) == (0, f"Thinklens {__version__}\n".encode())


def test_an_index_of_another_version_is_built_anew_and_said_to_be(
    tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    path = make_parquet(tmp_path / "x.parquet", [{"prompt": "p", "response": "r"}])
    assert run("index", path, data=tmp_path / "data").returncode == 0
    (index,) = (tmp_path / "data").glob("x-*/v*")
    index.rename(index.with_name("v1-" + index.name.partition("-")[2]))
    found = run("index", path, data=tmp_path / "data")
    said = "x: reading rows and prompts anew, since the index is of another version of Thinklens\n"
    assert (found.returncode, said in found.stderr.decode()) == (0, True)
    assert said not in run("index", path, data=tmp_path / "data").stderr.decode()


@pytest.mark.parametrize(("typed", "found"), [("ex", ["export"]), ("se", ["serve", "search"])])
def test_commands_are_completed_by_a_shell(typed: str, found: list[str]) -> None:
    script = "import sys; sys.argv = ['thinklens']; from app.cli import main; main()"
    asked = {"_THINKLENS_COMPLETE": "complete_bash", "COMP_WORDS": f"thinklens {typed}"}
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env={**os.environ, **asked, "COMP_CWORD": "1"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert answer.stdout.split() == found


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json", "rows.csv", "rows.jsonl.gz"])
def test_no_export_writes_over_a_source_that_was_converted(tmp_path: Path, name: str) -> None:
    rows = [{"prompt": f"p{n}", "response": "r"} for n in range(3)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    raw = {"rows.json": json.dumps(rows), "rows.csv": "prompt,response\np,r\n"}.get(name, lines)
    packed = gzip.compress(raw.encode()) if name.endswith(".gz") else raw.encode()
    path = tmp_path / "set" / name
    path.parent.mkdir()
    path.write_bytes(packed)
    for source in (path, path.parent):
        for more in ((), ("--force", "--into-source")):
            asked = ("export", source, "--limit", "1", "-o", path, *more)
            found = run(*asked, data=tmp_path / "data")
            one_line(found, 2, "no export writes over its source")
            assert path.read_bytes() == packed


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [("search", "{}", "the"), ("search", "{}", "the", "--json"), ("export", "{}", "-o", "-")],
)
def test_a_full_standard_output_is_one_line(
    built: Path, path400: Path, arguments: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "app", *(each.format(path400) for each in arguments)]
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run(
            [*command, "--data-dir", str(built)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    one_line(found, 1, "No space left on device")
