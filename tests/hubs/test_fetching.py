"""Datasets of both hubs, fetched from a hub on the loopback: whole, after breaks, refused, moved, linked."""

import json
import shutil
from pathlib import Path

import pytest

from app.conversations.cards import RECORD
from app.errors import InvalidInput, NotFetched, OutOfSpace, ThinklensError, Unreadable
from app.hubs import fetching, patience
from app.hubs.fetching import Fetched, fetch
from app.hubs.kept import Shelf
from app.hubs.repository import HUGGINGFACE, MODELSCOPE, Repository

from .conftest import TOKEN
from .loopback import Files, Hub, Refusal

BIG = bytes(range(256)) * 4_000  # 1,024,000 bytes
CARD = b"---\nlicense: apache-2.0\n---\n# A set\n"
FILES: Files = {
    "README.md": CARD,
    ".gitattributes": b"x",
    "data/train-0.parquet": BIG,
    "data/test.jsonl": b'{"prompt": "p", "response": "r"}\n',
    "images/1.png": b"png",
}
HUBS = {HUGGINGFACE: "main", MODELSCOPE: "master"}
EITHER = pytest.mark.parametrize("name", list(HUBS))


def wanted(name: str, revision: str = "", pattern: str = "") -> Repository:
    return Repository(name, "own", "chats", revision, pattern)


def put(hub: Hub, name: str, files: Files = FILES, revision: str = "") -> str:
    return hub.put("own/chats", files, revision or HUBS[name])


def get(repository: Repository, data: Path, or_former: bool = False) -> Fetched:
    return fetch(repository, data, lambda said, done, total: None, or_former)


def content(path: Path) -> Files:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name != RECORD
    }


DATA = {name: FILES[name] for name in ("README.md", "data/train-0.parquet", "data/test.jsonl")}


@EITHER
def test_data_and_card_come_whole(hub: Hub, tmp_path: Path, name: str) -> None:
    put(hub, name)
    told: list[tuple[str, int, int]] = []
    fetched = fetch(wanted(name), tmp_path, lambda *said: told.append(said))
    assert fetched.path.name == "chats"
    assert fetched.path.parents[2] == tmp_path / "hub" / name / "own"
    assert content(fetched.path) == DATA
    total = sum(map(len, DATA.values()))
    assert fetched.notes == ("2 of 4 files taken, 1.0 MB; left there: 2 no data",)
    assert told[0] == (f"asking {name}", 0, 0)
    assert told[-1] == ("fetching 3 files, 1.0 MB, from 127.0.0.1", total, total)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    record = json.loads((fetched.path / RECORD).read_bytes())
    assert record["page"] == f"{hub.address}/datasets/own/chats"
    assert record["revision"] == fetched.revision
    assert [each["path"] for each in record["files"]] == list(DATA)[:1] + [
        "data/test.jsonl", "data/train-0.parquet",
    ]  # fmt: skip


def test_the_commit_is_the_revision_and_what_is_asked(hub: Hub, tmp_path: Path) -> None:
    commit = put(hub, HUGGINGFACE)
    fetched = get(wanted(HUGGINGFACE), tmp_path)
    assert fetched.revision == commit
    assert fetched.path.parent.name == commit[:12]
    assert all(commit in path for path in hub.paths if "/resolve/" in path or "/tree/" in path)


def test_a_long_listing_is_read_to_its_end(hub: Hub, tmp_path: Path) -> None:
    hub.page = 3
    files = {f"{number:02}.jsonl": b'{"a": %d}\n' % number for number in range(10)}
    put(hub, HUGGINGFACE, files)
    assert content(get(wanted(HUGGINGFACE), tmp_path).path) == files
    assert sum("/tree/" in path for path in hub.paths) == 4


@EITHER
def test_what_is_here_is_not_fetched_again(hub: Hub, tmp_path: Path, name: str) -> None:
    put(hub, name)
    first = get(wanted(name), tmp_path)
    taken = dict(hub.taken)
    assert get(wanted(name), tmp_path) == first
    assert dict(hub.taken) == taken == dict.fromkeys(DATA, 1)


def test_a_commit_that_is_here_asks_nobody(hub: Hub, tmp_path: Path) -> None:
    commit = put(hub, HUGGINGFACE)
    first = get(wanted(HUGGINGFACE, commit), tmp_path)
    hub.asked.clear()
    assert get(wanted(HUGGINGFACE, commit), tmp_path) == first
    assert hub.asked == []


# ------------------------------------------------------------------------------------------ breaks


@EITHER
def test_breaks_are_taken_up_where_they_were(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.breaks["data/train-0.parquet"] = [300_000, 1, 400_000]
    assert content(get(wanted(name), tmp_path).path) == DATA
    # ModelScope's client gives whole pieces of 16,384 bytes alone
    assert (
        hub.ranges
        == {
            HUGGINGFACE: ["bytes=300000-", "bytes=300001-", "bytes=700001-"],
            MODELSCOPE: ["bytes=294912-", "bytes=294912-", "bytes=688128-"],
        }[name]
    )
    assert naps == {HUGGINGFACE: [1.0, 1.0, 1.0], MODELSCOPE: [1.0, 2.0, 1.0]}[name]


@EITHER
def test_a_call_goes_on_where_the_last_one_ended(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.breaks["data/train-0.parquet"] = [500_000] + [0] * (patience.TRIES - 1)
    with pytest.raises(NotFetched, match="did not answer in 5 tries"):
        get(wanted(name), tmp_path)
    assert naps == [1.0, 2.0, 4.0, 8.0]
    assert list(tmp_path.rglob(RECORD)) == []
    assert not list(tmp_path.rglob("chats/chats"))
    hub.asked.clear()
    assert content(get(wanted(name), tmp_path).path) == DATA
    assert hub.ranges == {HUGGINGFACE: ["bytes=500000-"], MODELSCOPE: ["bytes=491520-"]}[name]
    assert dict(hub.taken) == {"data/train-0.parquet": 1}
    assert not list(tmp_path.rglob("*.part"))


@EITHER
def test_a_hub_without_ranges_gives_the_whole_again(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.whole_only = True
    hub.breaks["data/train-0.parquet"] = [300_000]
    assert content(get(wanted(name), tmp_path).path) == DATA


@EITHER
def test_what_is_no_beginning_of_the_file_is_thrown_away(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.breaks["data/train-0.parquet"] = [500_000] + [0] * (patience.TRIES - 1)
    with pytest.raises(NotFetched):
        get(wanted(name), tmp_path)
    part = next(tmp_path.rglob("train-0.parquet.part"))
    part.write_bytes(b"other" * 1_000)
    assert content(get(wanted(name), tmp_path).path) == DATA
    assert hub.ranges[-1] == "bytes=5000-"


@EITHER
def test_a_part_longer_than_the_file_begins_anew(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.breaks["data/train-0.parquet"] = [500_000] + [0] * (patience.TRIES - 1)
    with pytest.raises(NotFetched):
        get(wanted(name), tmp_path)
    next(tmp_path.rglob("train-0.parquet.part")).write_bytes(bytes(len(BIG) + 1))
    assert content(get(wanted(name), tmp_path).path) == DATA


@EITHER
def test_another_hash_is_thrown_away_and_told(hub: Hub, tmp_path: Path, name: str) -> None:
    put(hub, name)
    hub.lies["data/train-0.parquet"] = bytes(len(BIG))
    with pytest.raises(NotFetched, match="'data/train-0.parquet' did not come as .*thrown away"):
        get(wanted(name), tmp_path)
    assert [file.name for file in tmp_path.rglob("train-0*")] == []
    hub.lies.clear()
    assert content(get(wanted(name), tmp_path).path) == DATA


@EITHER
def test_another_hash_after_a_break_is_tried_anew_once(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.breaks["data/train-0.parquet"] = [500_000] + [0] * (patience.TRIES - 1)
    with pytest.raises(NotFetched):
        get(wanted(name), tmp_path)
    hub.asked.clear()
    hub.lies["data/train-0.parquet"] = bytes(len(BIG))
    with pytest.raises(NotFetched, match=r"as .* lists it, not even anew: it was thrown away"):
        get(wanted(name), tmp_path)
    assert dict(hub.taken) == {"data/train-0.parquet": 2}
    assert not list(tmp_path.rglob("train-0*"))


@EITHER
def test_a_file_that_is_shorter_than_listed_is_refused(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.lies["data/train-0.parquet"] = BIG[:1_000]
    with pytest.raises(NotFetched, match="ended after 1,000 of 1,024,000 bytes"):
        get(wanted(name), tmp_path)
    assert naps == [1.0, 2.0, 4.0, 8.0]


def test_what_stands_beside_data_comes_whatever_the_pattern(hub: Hub, tmp_path: Path) -> None:
    beside = {"README.md": CARD, "dataset_info.json": b"{}", "dataset_infos.json": b"[]"}
    put(hub, HUGGINGFACE, {**FILES, **beside, "data/dataset_info.json": b"{}"})
    fetched = get(wanted(HUGGINGFACE, pattern="*.jsonl"), tmp_path)
    assert content(fetched.path) == {**beside, "data/test.jsonl": FILES["data/test.jsonl"]}
    assert fetched.path.parent.name == f"{fetched.revision[:12]}-e2f3806e"


def test_a_small_file_is_told_by_the_hash_of_git(hub: Hub, tmp_path: Path) -> None:
    put(hub, HUGGINGFACE)
    hub.lies["data/test.jsonl"] = FILES["data/test.jsonl"].replace(b'"p"', b'"q"')
    with pytest.raises(NotFetched, match=r"'data/test\.jsonl' did not come as"):
        get(wanted(HUGGINGFACE), tmp_path)


@EITHER
def test_a_file_that_is_longer_than_listed_is_refused(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.lies["data/train-0.parquet"] = BIG + b"more"
    with pytest.raises(NotFetched, match="more than the 1,024,000 bytes listed"):
        get(wanted(name), tmp_path)


# ---------------------------------------------------------------------------------------- refusals

HF_LOGIN = "log in with 'hf auth login' or set HF_TOKEN"
MS_LOGIN = "log in with 'ms-hub login' or set MODELSCOPE_API_TOKEN"
NONE = "or none without a token that may read it"
GATED = "its conditions are to be accepted on its page, and it needs a token"


@pytest.mark.parametrize(
    ("name", "asked", "refusal", "kind", "sentence"),
    [
        (HUGGINGFACE, "/revision/", Refusal(401), Unreadable,
         f"there is no dataset 'own/chats' on Hugging Face, {NONE}: {HF_LOGIN}"),
        (HUGGINGFACE, "/revision/", Refusal(404, {"X-Error-Code": "RepoNotFound"}), Unreadable,
         f"there is no dataset 'own/chats' on Hugging Face, {NONE}: {HF_LOGIN}"),
        (HUGGINGFACE, "/resolve/", Refusal(401, {"X-Error-Code": "GatedRepo"}), Unreadable,
         f"'own/chats' on Hugging Face is gated: {GATED}: {HF_LOGIN}"),
        (HUGGINGFACE, "/resolve/", Refusal(403), Unreadable,
         f"'own/chats' on Hugging Face is gated: {GATED}: {HF_LOGIN}"),
        (HUGGINGFACE, "train-0", Refusal(404, {"X-Error-Code": "EntryNotFound"}), Unreadable,
         "'own/chats' on Hugging Face has no file 'data/train-0.parquet' in this revision"),
        (HUGGINGFACE, "/revision/", Refusal(451), Unreadable,
         "Hugging Face refused 'own/chats' (HTTP 451)"),
        (HUGGINGFACE, "/tree/", Refusal(502), NotFetched,
         "Hugging Face did not answer in 5 tries: it answers 502"),
        (HUGGINGFACE, "/revision/", Refusal(429, {"Retry-After": "301"}), NotFetched,
         "Hugging Face takes no more requests now and asks to wait 301 seconds: try again then"),
        (MODELSCOPE, "/repo/tree", Refusal(404), Unreadable,
         f"there is no dataset 'own/chats' on ModelScope, {NONE}: {MS_LOGIN}"),
        (MODELSCOPE, "/repo?", Refusal(403), Unreadable,
         f"'own/chats' on ModelScope is gated: {GATED}: {MS_LOGIN}"),
        (MODELSCOPE, "/repo?", Refusal(401), Unreadable,
         f"there is no dataset 'own/chats' on ModelScope, {NONE}: {MS_LOGIN}"),
        (MODELSCOPE, "train-0", Refusal(404), Unreadable,
         "'own/chats' on ModelScope has no file 'data/train-0.parquet' in this revision"),
        (MODELSCOPE, "train-0", Refusal(429, {"Retry-After": "120"}), NotFetched,
         "ModelScope takes no more requests now and asks to wait 120 seconds: try again then"),
        (MODELSCOPE, "train-0", Refusal(503), NotFetched,
         "ModelScope did not answer in 5 tries: it answers 503"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_sentence(
    hub: Hub,
    tmp_path: Path,
    naps: list[float],
    name: str,
    asked: str,
    refusal: Refusal,
    kind: type[ThinklensError],
    sentence: str,
) -> None:
    put(hub, name)
    hub.refusals[asked] = refusal
    with pytest.raises(kind) as refused:
        get(wanted(name), tmp_path)
    assert refused.value.sentence == sentence
    assert (refused.value.status, TOKEN in sentence) == (409, False)
    assert [headers.get("authorization") for _, headers in hub.asked][0] == f"Bearer {TOKEN}"


@EITHER
def test_files_at_another_host_are_asked_for_without_the_token(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.elsewhere = True
    hub.breaks["data/train-0.parquet"] = [300_000]
    assert content(get(wanted(name), tmp_path).path) == DATA
    there = [headers for path, headers in hub.asked if path.startswith("/elsewhere")]
    assert len(there) == 4
    assert [each["host"].partition(":")[0] for each in there] == ["localhost"] * 4
    assert not [each for each in there if TOKEN in repr(each)]
    assert [each["range"] for each in there if "range" in each] == [hub.ranges[-1]]


def test_a_revision_that_is_not_there(hub: Hub, tmp_path: Path) -> None:
    put(hub, HUGGINGFACE)
    with pytest.raises(Unreadable, match="'own/chats' on Hugging Face has no revision 'v2'"):
        get(wanted(HUGGINGFACE, "v2"), tmp_path)


@EITHER
def test_a_hub_that_asks_to_wait_is_waited_for(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    hub.refusals["train-0"] = Refusal(429, {"Retry-After": "7"}, times=2)
    told: list[str] = []
    fetched = fetch(wanted(name), tmp_path, lambda said, done, total: told.append(said))
    assert content(fetched.path) == DATA
    assert naps == [7.0, 7.0]
    assert sum(each.startswith("waiting 7 s for ") for each in told) == 2


def test_waits_are_bounded_together(hub: Hub, tmp_path: Path, naps: list[float]) -> None:
    put(hub, HUGGINGFACE)
    hub.refusals["/revision/"] = Refusal(429, {"Retry-After": "25"})
    with pytest.raises(NotFetched, match="asks to wait 25 seconds"):
        get(wanted(HUGGINGFACE), tmp_path)
    assert naps == [25.0, 25.0]


@EITHER
def test_no_network(
    tmp_path: Path, naps: list[float], hub: Hub, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    nowhere = "http://127.0.0.1:9"
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", nowhere)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", nowhere)
    with pytest.raises(NotFetched, match=r"did not answer.*: no answer from 127\.0\.0\.1 \("):
        get(wanted(name), tmp_path)
    assert naps == {HUGGINGFACE: [1.0, 2.0, 4.0, 8.0], MODELSCOPE: []}[name]


def test_a_site_that_is_no_hub(hub: Hub, tmp_path: Path) -> None:
    hub.refusals["/revision/"] = Refusal(200)
    with pytest.raises(NotFetched, match=r"127\.0\.0\.1 answers, but not as Hugging Face does"):
        get(wanted(HUGGINGFACE), tmp_path)


def test_no_room_is_told_before_anything_is_taken(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(hub, HUGGINGFACE)
    free = shutil.disk_usage(tmp_path)._replace(free=fetching.SPARE + 1_000_000)
    monkeypatch.setattr("app.hubs.fetching.shutil.disk_usage", lambda _: free)
    with pytest.raises(OutOfSpace, match=r"'own/chats' takes 1\.0 MB more, and 68 MB are free in"):
        get(wanted(HUGGINGFACE), tmp_path)
    assert dict(hub.taken) == {"README.md": 1}


def test_without_the_client_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for client in ("huggingface_hub", "modelscope_hub"):
        monkeypatch.setitem(__import__("sys").modules, client, None)
    for name in HUBS:
        with pytest.raises(InvalidInput, match=r"pip install 'thinklens\[hub\]'") as told:
            get(wanted(name), tmp_path)
        assert told.value.exit_code == 2


# --------------------------------------------------------------------------- revisions, what is taken


@EITHER
def test_a_revision_that_moved_is_another_folder_and_said(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    put(hub, name)
    first = get(wanted(name), tmp_path)
    later = {**FILES, "data/test.jsonl": b'{"prompt": "q", "response": "r"}\n'}
    put(hub, name, later)
    hub.asked.clear()
    second = get(wanted(name), tmp_path)
    assert second.path != first.path
    assert second.notes[0] == (
        f"its default revision moved from {first.revision[:12]} to {second.revision[:12]}; "
        f"the former stays in {str(first.path)!r}"
    )
    assert content(first.path) == DATA
    assert content(second.path) == {**DATA, "data/test.jsonl": later["data/test.jsonl"]}
    # what did not change is one file with two names
    assert dict(hub.taken) == {"README.md": 1, "data/test.jsonl": 1}
    assert (first.path / "data/train-0.parquet").samefile(second.path / "data/train-0.parquet")
    assert get(wanted(name), tmp_path).notes == second.notes[1:]


@EITHER
def test_where_a_hub_cannot_be_asked_what_is_here_does(
    hub: Hub, tmp_path: Path, naps: list[float], name: str
) -> None:
    put(hub, name)
    first = get(wanted(name), tmp_path)
    hub.refusals["/api/"] = Refusal(503)
    with pytest.raises(NotFetched):
        get(wanted(name), tmp_path)
    former = get(wanted(name), tmp_path, or_former=True)
    assert former.path == first.path
    assert former.notes[0].endswith("it answers 503; what was fetched before is used")
    with pytest.raises(NotFetched):
        get(wanted(name, pattern="*.jsonl"), tmp_path, or_former=True)


@EITHER
def test_a_pattern_takes_what_it_names(hub: Hub, tmp_path: Path, name: str) -> None:
    put(hub, name)
    whole = get(wanted(name), tmp_path)
    some = get(wanted(name, pattern="data/*.jsonl"), tmp_path)
    assert some.path != whole.path
    assert set(content(some.path)) == {"README.md", "data/test.jsonl"}
    assert some.notes == (
        "1 of 4 files taken, 69 bytes; left there: 2 no data, 1 not named by the pattern",
    )
    with pytest.raises(Unreadable, match=r"no file that can be read and that '\*\.csv' names"):
        get(wanted(name, pattern="*.csv"), tmp_path)


def test_what_the_card_does_not_name_stays_and_configs_are_said(hub: Hub, tmp_path: Path) -> None:
    card = b"""---
configs:
- config_name: sft
  data_files: data/sft.jsonl
- config_name: dpo
  data_files: [{split: train, path: data/dpo.jsonl}]
---
"""
    row = b'{"prompt": "p"}\n'
    files = {f"data/{name}.jsonl": row for name in ("sft", "dpo", "old")}
    put(hub, HUGGINGFACE, {"README.md": card, **files})
    fetched = get(wanted(HUGGINGFACE), tmp_path)
    assert set(content(fetched.path)) == {"README.md", "data/sft.jsonl", "data/dpo.jsonl"}
    assert fetched.notes[1:] == ("configs: dpo, sft; --include takes one of them alone",)
    assert fetched.notes[0].endswith("; left there: 1 not named by the card")
    alone = get(wanted(HUGGINGFACE, pattern="data/old.jsonl"), tmp_path)
    assert set(content(alone.path)) == {
        "README.md",
        "data/old.jsonl",
    }  # the user's word comes first


def test_what_cannot_be_read_is_taken_as_the_hub_converts_it(hub: Hub, tmp_path: Path) -> None:
    put(hub, HUGGINGFACE, {"README.md": CARD, "script.py": b"x"})
    with pytest.raises(Unreadable, match="holds no file that can be read: Parquet, JSON"):
        get(wanted(HUGGINGFACE), tmp_path)
    converted = {"default/partial-train/0000.parquet": BIG}
    hub.put("own/chats", converted, "refs/convert/parquet")
    fetched = get(wanted(HUGGINGFACE), tmp_path)
    assert content(fetched.path) == {"README.md": CARD, **converted}
    assert fetched.notes[1:] == (
        "its own files cannot be read: this is the hub's conversion of them to Parquet",
        "the conversion is partial: the hub made only the beginning of train",
    )
    put(hub, HUGGINGFACE, {"README.md": CARD, "a.json": b'[{"a": 1}]'})
    with pytest.raises(Unreadable, match=r"and that '\*\.parquet' names"):  # its own can be read
        get(wanted(HUGGINGFACE, pattern="*.parquet"), tmp_path)
    asked = get(wanted(HUGGINGFACE, "refs/convert/parquet"), tmp_path)
    assert asked.notes[1:] == fetched.notes[2:]


def test_a_path_that_leads_out_is_not_taken(hub: Hub, tmp_path: Path) -> None:
    evil = {"../../evil.jsonl": b"{}\n", "/etc/evil.jsonl": b"{}\n", "a\\..\\evil.jsonl": b"{}\n"}
    hidden = {".hidden/a.jsonl": b"{}\n"}
    put(hub, HUGGINGFACE, {"good.jsonl": b'{"a": 1}\n', **evil, **hidden})
    fetched = get(wanted(HUGGINGFACE), tmp_path)
    assert set(content(fetched.path)) == {"good.jsonl"}
    assert not list(tmp_path.rglob("*evil*"))


def test_a_folder_without_its_record_is_not_whole(hub: Hub, tmp_path: Path) -> None:
    put(hub, HUGGINGFACE)
    fetched = get(wanted(HUGGINGFACE), tmp_path)
    (fetched.path / RECORD).unlink()
    (fetched.path / "data/train-0.parquet").unlink()
    assert not Shelf(tmp_path, wanted(HUGGINGFACE)).of(fetched.revision).is_whole
    assert content(get(wanted(HUGGINGFACE), tmp_path).path) == DATA


def test_nothing_is_written_to_the_home_of_the_clients(hub: Hub, tmp_path: Path) -> None:
    put(hub, HUGGINGFACE)
    get(wanted(HUGGINGFACE), tmp_path / "data")
    assert not (tmp_path / "home").exists()


def test_no_token_where_there_is_none(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(hub, HUGGINGFACE)
    monkeypatch.delenv("HF_TOKEN")
    get(wanted(HUGGINGFACE), tmp_path)
    assert [headers.get("authorization") for _, headers in hub.asked] == [None] * len(hub.asked)
