"""An export's folder: its files, its card, what other loaders are told, the manifest, and the way back."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from app import __version__
from app.conversations.source import open_source
from app.export.folder import Folder
from app.export.splits import Splits
from app.search.dataset import Dataset

from .asking import export_of

TAGS = {
    "openai": ("role", "content", "user", "assistant", "tool"),
    "sharegpt": ("from", "value", "human", "gpt", "observation"),
}


def written(
    dataset: Dataset, place: Path, split: str = "", most: int | None = None, **given: str
) -> Folder:
    place.mkdir(exist_ok=True)
    export = export_of(dataset, place.parent, list(given.items()))
    folder = Folder(export, Splits.of(split, "7" if split else ""), most)
    names = folder.write(place)
    there = [each.relative_to(place).as_posix() for each in place.rglob("*") if each.is_file()]
    assert sorted(names) == sorted(there)
    return folder


def head(place: Path) -> Any:
    return yaml.safe_load((place / "README.md").read_text().split("---\n")[1])


def info(place: Path) -> Any:
    return json.loads((place / "dataset_info.json").read_text())


def test_files_by_splits_and_shards(dataset400: Dataset, tmp_path: Path) -> None:
    place = tmp_path / "o"
    folder = written(dataset400, place, "train=0.5,test=0.25", 20_000, shape="openai")
    rows = {each.name: each.rows for each in folder.parts}
    assert folder.left_out == 400 - rows["train"] - rows["test"] > 0
    for name in ("train", "test"):
        names = sorted(each.name for each in (place / "data" / name).iterdir())
        assert len(names) > 1
        assert names == [f"{name}-{n:05}-of-{len(names):05}.jsonl" for n in range(len(names))]
        lines = "".join((place / "data" / name / each).read_text() for each in names)
        assert lines.count("\n") == rows[name]
    counts = {name: len(list((place / "data" / name).iterdir())) for name in ("train", "test")}
    assert head(place)["configs"] == [
        {
            "config_name": "default",
            "data_files": [
                {"split": name, "path": f"data/{name}/{name}-*-of-{count:05}.jsonl"}
                for name, count in counts.items()
            ],
        }
    ]
    sizes = {
        name: sum(each.stat().st_size for each in (place / "data" / name).iterdir())
        for name in rows
    }
    assert head(place)["dataset_info"]["splits"] == [
        {"name": name, "num_bytes": sizes[name], "num_examples": rows[name]} for name in rows
    ]
    card = (place / "README.md").read_text()
    assert f"\n| test | {rows['test']} |\n| in no split, left out | {folder.left_out} |\n" in card


def test_the_manifest_has_every_file(dataset400: Dataset, tmp_path: Path) -> None:
    place = tmp_path / "o"
    folder = written(dataset400, place, "train=0.5,test=0.25", 20_000, shape="messages")
    told = json.loads((place / "manifest.json").read_text())
    files = told["folder"].pop("files")
    for each in files:
        raw = (place / each["name"]).read_bytes()
        assert each["bytes"] == len(raw)
        assert each["sha256"] == hashlib.sha256(raw).hexdigest()
        assert each["name"].startswith(f"data/{each['split']}/{each['split']}-")
    assert told["folder"] == {
        "split": {"train": "0.5", "test": "0.25"},
        "seed": "7",
        "shard_size": 20_000,
        "rows": {each.name: each.rows for each in folder.parts},
        "left_out": folder.left_out,
    }
    assert told["file"]["bytes"] == sum(each["bytes"] for each in files)
    assert list(told["features"]) == ["conversation_id", "messages"]
    assert told["rows"] == 400


def test_a_split_without_rows_is_left_out(dataset400: Dataset, tmp_path: Path) -> None:
    folder = written(dataset400, tmp_path / "o", "train=0.999,test=0.001", limit="1")
    assert [(each.name, each.rows) for each in folder.parts] == [("train", 1)]
    nothing = written(dataset400, tmp_path / "n", "train=0.5,test=0.5", q="absent")
    assert [(each.name, each.rows) for each in nothing.parts] == [("train", 0)]


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "json", "parquet", "csv", "tsv"])
def test_each_type_has_features(dataset400: Dataset, tmp_path: Path, kind: str) -> None:
    written(dataset400, tmp_path / "o", shape="alpaca", type=kind)
    found = head(tmp_path / "o")
    pattern = f"data/train/train-*-of-00001.{kind}"
    assert found["configs"][0]["data_files"] == [{"split": "train", "path": pattern}]
    flat = [
        {"name": name, "dtype": "string"} for name in ("instruction", "input", "output", "system")
    ]
    assert found["dataset_info"]["features"][:4] == flat


def test_the_card_says_what_it_is(dataset400: Dataset, tmp_path: Path) -> None:
    written(dataset400, tmp_path / "o", q="the", limit="3")
    card = (tmp_path / "o" / "README.md").read_text()
    assert (
        "\n3 of the 400 conversations of the dataset `sample`, chosen and written by Thinklens "
        f"{__version__}." in card
    )
    assert '"q": "the"' in card
    assert "license" not in card
    assert 'data = load_dataset("path/to/this/folder")' in card


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ("---\nlicense: [mit, other]\n---\n", ["mit", "other"]),
        ("---\nlicense: für alle\n---\n", "für alle"),
        ("license: mit\n", None),
        ("---\ntags: [x]\n---\nlicense: mit", None),
    ],
)
def test_the_licence_is_that_of_the_sources_card(
    make_dataset: Callable[..., Dataset], tmp_path: Path, card: str, licence: object
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "r"}])
    (dataset.source.path / "README.md").write_text(card)
    written(dataset, tmp_path / "o")
    assert head(tmp_path / "o").get("license") == licence
    written_out = (tmp_path / "o" / "README.md").read_text()
    assert not isinstance(licence, str) or f"\nlicense: {licence}\n" in written_out


def test_a_name_is_no_markdown(
    open_at: Callable[..., Dataset], make_parquet: Callable[..., Path], tmp_path: Path
) -> None:
    path = make_parquet(tmp_path / "`a` [b](c)\n# d.parquet", [{"prompt": "p", "response": "r"}])
    dataset = open_at(path, tmp_path / "data")
    written(dataset, tmp_path / "o")
    dataset.close()
    assert "\n# `'a' [b](c) # d`\n" in (tmp_path / "o" / "README.md").read_text()
    assert list(info(tmp_path / "o")) == ["_a_b_c_d"]


@pytest.mark.parametrize(
    ("shape", "formatting", "columns"),
    [
        ("source", "openai", {"messages": "messages", "id": "conversation_id"}),
        ("messages", "openai", {"messages": "messages", "id": "conversation_id"}),
        ("openai", "openai", {"messages": "messages"}),
        ("sharegpt", "sharegpt", {"messages": "conversations", "id": "id"}),
        (
            "alpaca",
            "alpaca",
            {
                **{"prompt": "instruction", "query": "input", "response": "output"},
                **{"system": "system", "reasoning": "reasoning"},
            },
        ),
        ("oumi", "openai", {"messages": "messages", "id": "conversation_id"}),
    ],
)
def test_what_llama_factory_is_told(
    dataset400: Dataset, tmp_path: Path, shape: str, formatting: str, columns: dict[str, str]
) -> None:
    written(dataset400, tmp_path / "o", "a=0.5,b=0.5", shape=shape, reasoning="separate")
    found = info(tmp_path / "o")
    assert {name: each["file_name"] for name, each in found.items()} == {
        "sample_a": "data/a",
        "sample_b": "data/b",
    }
    said = found["sample_a"]
    assert (said["formatting"], said["columns"]) == (formatting, columns)
    keys = ("role_tag", "content_tag", "user_tag", "assistant_tag", "observation_tag")
    expected = dict(zip(keys, TAGS.get(formatting, ()), strict=False))
    more = {"function_tag": "function_call", "system_tag": "system"} if expected else {}
    assert said.get("tags", {}) == expected | more


def test_columns_that_do_not_come_are_not_told(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    dataset = make_dataset(
        [{"question": "p", "thoughts": "a long one", "answer": "r", "input": "i"}]
    )
    written(dataset, tmp_path / "o")
    name = dataset.name
    assert info(tmp_path / "o")[name]["columns"] == {
        **{"prompt": "question", "response": "answer", "reasoning": "thoughts"},
    }
    written(dataset, tmp_path / "a", shape="alpaca")
    assert "reasoning" not in info(tmp_path / "a")[name]["columns"]


def test_what_no_loader_reads_has_no_info(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    dataset = make_dataset([{"text": "Human: hi\n\nAssistant: ho"}])
    written(dataset, tmp_path / "o")
    assert not (tmp_path / "o" / "dataset_info.json").exists()
    differing = make_dataset([{"prompt": "p", "response": "r"}], [{"question": "p", "answer": "r"}])
    written(differing, tmp_path / "d")
    assert not (tmp_path / "d" / "dataset_info.json").exists()


@pytest.mark.parametrize("shape", ["source", "messages", "openai", "sharegpt", "alpaca", "oumi"])
@pytest.mark.parametrize("kind", ["parquet"])
def test_a_folder_is_read_again(dataset400: Dataset, tmp_path: Path, shape: str, kind: str) -> None:
    """As it was written: every row, its split, nothing left out."""
    place = tmp_path / "o"
    folder = written(dataset400, place, "train=0.6,test=0.4", 10_000, shape=shape, type=kind)
    source = open_source(str(place))
    assert source.left_out == ()
    assert source.rows == 400
    rows = {"train": 0, "test": 0}
    for file in source.files:
        assert file.folders["split"] is not None
        rows[file.folders["split"]] += file.rows
    assert rows == {each.name: each.rows for each in folder.parts}
    first = {each.name: pq.read_table(place / each.name).slice(0, 1) for each in folder.shards}
    for file in source.files:
        record = first[file.name].to_pylist()[0]
        conversation = file.layout.conversation(record)
        assert [each.role for each in conversation.messages] == ["user", "assistant"]


def test_a_single_file_of_a_folder_is_read_by_its_info(dataset400: Dataset, tmp_path: Path) -> None:
    written(dataset400, tmp_path / "o", type="parquet", shape="sharegpt")
    source = open_source(str(tmp_path / "o"))
    assert [file.name for file in source.files] == ["data/train/train-00000-of-00001.parquet"]
    assert source.files[0].layout.column("messages") == "conversations"
    assert source.files[0].layout.column("id") == "id"
