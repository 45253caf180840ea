"""Addresses of datasets at hubs, taken apart and put together."""

import pytest

from app.errors import InvalidInput
from app.hubs.repository import HUGGINGFACE, MODELSCOPE, Repository, of_id, of_path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("address", "revision", "pattern", "again"),
    [
        ("hf://datasets/own/chats", "", "", ""),
        ("hf://own/chats", "", "", "hf://datasets/own/chats"),
        ("HF://own/chats", "", "", "hf://datasets/own/chats"),
        ("hf://datasets/own/chats@v1.0", "v1.0", "", ""),
        (f"hf://datasets/own/chats@{COMMIT}/data", COMMIT, "data", ""),
        ("hf://datasets/own/chats@feature%2Fx/a/b.json", "feature/x", "a/b.json", ""),
        ("hf://datasets/own/chats@refs/convert/parquet", "refs/convert/parquet", "", ""),
        ("hf://datasets/own/chats@refs/pr/3/data/*.parquet", "refs/pr/3", "data/*.parquet", ""),
        ("hf://datasets/own/chats/data/**/*.parquet", "", "data/**/*.parquet", ""),
        ("hf://datasets/own/chats/a@b.json", "", "a@b.json", ""),
    ],
)
def test_an_address(address: str, revision: str, pattern: str, again: str) -> None:
    found = of_path(address)
    assert found == Repository(HUGGINGFACE, "own", "chats", revision, pattern)
    assert found.address == (again or address)
    assert found.id == "own/chats"
    assert found.pinned == (revision == COMMIT)


def test_an_address_of_modelscope() -> None:
    found = of_path("ms://own/chats@v2/*.jsonl")
    assert found == Repository(MODELSCOPE, "own", "chats", "v2", "*.jsonl")
    assert of_path("ms://datasets/own/chats@v2/*.jsonl") == found
    assert found.address == "ms://own/chats@v2/*.jsonl"


@pytest.mark.parametrize("path", ["own/chats", "/tmp/hf:/x", "./hf://own/chats", "s3://a/b", ""])
def test_paths_of_this_machine(path: str) -> None:
    assert of_path(path) is None


@pytest.mark.parametrize(
    "address",
    [
        "hf://", "hf://own", "hf://own/", "hf:///chats", "hf://datasets/own", "hf://models/own/chats",
        "hf://spaces/own/chats", "hf://../chats", "hf://own/..", "hf://own/a..b", "hf://own/.chats",
        "hf://own/ch ats", "hf://own/chats@", "hf://own/chats@/x", "ms://-own/chats",
    ],
)  # fmt: skip
def test_what_names_none(address: str) -> None:
    with pytest.raises(InvalidInput, match="names no dataset of a hub") as told:
        of_path(address)
    assert repr(address) in told.value.sentence


def test_what_pull_is_given() -> None:
    assert of_id("own/chats", "", "", "") == Repository(HUGGINGFACE, "own", "chats")
    assert of_id("own/chats", MODELSCOPE, "v1", "*.csv") == Repository(
        MODELSCOPE, "own", "chats", "v1", "*.csv"
    )
    assert of_id("ms://own/chats@v1/a", "", "", "") == Repository(
        MODELSCOPE, "own", "chats", "v1", "a"
    )
    assert of_id("ms://own/chats@v1/a", MODELSCOPE, "v2", "b").revision == "v2"
    for named, hub, sentence in (
        ("own/chats", "elsewhere", "--from is huggingface or modelscope, not 'elsewhere'"),
        ("hf://own/chats", MODELSCOPE, "is no address of modelscope: leave --from away"),
        ("chats", "", "names no dataset of a hub"),
        ("a/b/c", "", "names no dataset of a hub"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            of_id(named, hub, "", "")


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("", "a.json data/a.json data/b/a.parquet database/x.json"),
        ("data", "data/a.json data/b/a.parquet"),
        ("data/", "data/a.json data/b/a.parquet"),
        ("./data/*.json", "data/a.json"),
        ("*.json", "a.json data/a.json database/x.json"),
        ("**/*.json", "a.json data/a.json database/x.json"),
        ("data/**/*.parquet", "data/b/a.parquet"),
        ("a.json", "a.json"),
        ("A.json", ""),
    ],
)
def test_patterns(pattern: str, taken: str) -> None:
    files = ["a.json", "data/a.json", "data/b/a.parquet", "database/x.json"]
    repository = Repository(HUGGINGFACE, "own", "chats", pattern=pattern)
    assert [each for each in files if repository.takes(each)] == taken.split()
