"""``datasets`` loads every shape, choice of reasoning and type of each dataset by the features of its
manifest: all rows, and of chats the very values.
"""

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.export.choice import parse
from app.export.file_types import CELLS, JSONL, TABLE, TYPES
from app.export.folder import Folder
from app.export.job import Export
from app.export.manifest import manifest
from app.export.options import REASONINGS, SHAPES, SOURCE
from app.export.splits import Splits
from app.search.dataset import Dataset

from . import datasets_at_hand as at_hand

datasets = pytest.importorskip("datasets", reason="make loaders has it, in two editions")
OLD = int(datasets.__version__.split(".")[0]) < 4
FEW = (
    "real_r1_sample",
    "demo",
    "pairs",
    "called",
    "every_type",
    "typed_parts",
    "openai_tools__hub",
)
# What the third edition cannot hold whatever its features say: it has no JSON, and lists that hold nulls
# among lists or texts, as those of oumi's metadata, it writes wrongly or ends over.
NO_JSON = "Feature type 'Json' not found"
LOADED = [each for each in SHAPES if not (OLD and each == "oumi")]
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?Z?")


@pytest.fixture(scope="module", params=["own", "beside"])
def at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dataset]:
    folder = tmp_path_factory.mktemp("loaders")
    paths = at_hand.own(folder) if request.param == "own" else at_hand.beside()
    if not paths:
        pytest.skip(at_hand.ABSENT)
    return at_hand.opened(paths, folder / "index")


def comparable(value: Any) -> Any:
    """A value without the keys that are null, since types give every record all keys of any; and of text
    that looks like a time its day alone, since the library writes it anew from JSON Lines, as it may
    round the last digit of a fraction."""
    if isinstance(value, dict):
        return {
            key: found for key, each in value.items() if (found := comparable(each)) is not None
        }
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, str) and TIME.fullmatch(value):
        return value[:10]
    return [comparable(each) for each in value] if isinstance(value, list) else value


def load(file: Path, told: Any, folder: Path) -> Any:
    kind = TYPES[told["query"]["type"]]
    builder = {CELLS: "csv", TABLE: "parquet"}.get(kind.form, "json")
    features = datasets.Features.from_dict(told["features"]) if told["features"] else None
    more = {"sep": kind.separator} if kind.form == CELLS else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return datasets.load_dataset(
            builder,
            data_files=str(file),
            features=features,
            split="train",
            cache_dir=str(folder),
            **more,
        )


def faults(dataset: Dataset, shape: str, reasoning: str, kind: str, folder: Path) -> Iterator[str]:
    """What does not come back from one export as it was written."""
    chosen = parse([("shape", shape), ("reasoning", reasoning), ("type", kind), ("limit", "1300")])
    export = Export.of(dataset, dataset.query([]), chosen, folder)
    name = f"{dataset.name}-{shape}-{reasoning}.{kind}"
    raw = b"".join(export.pieces())
    (folder / name).write_bytes(raw)
    told: Any = manifest(export, export.file)
    try:
        found = load(folder / name, told, folder / "cache")
        rows = list(found)
    except Exception as error:
        yield f"{name}: {error.__cause__ or error}"
        return
    if len(rows) != told["rows"]:
        yield f"{name}: {len(rows)} rows of {told['rows']}"
    mixed = any(each.startswith("values of several types") for each in told["notes"])
    if kind == JSONL and shape != SOURCE and not mixed:  # there "21" comes back as 21
        lines = [json.loads(each) for each in raw.decode().split("\n")[:-1]]
        differ = [n for n, (a, b) in enumerate(zip(rows, lines, strict=True))
                  if comparable(a) != comparable(b)]  # fmt: skip
        if differ:
            yield f"{name}: other values in {len(differ)} rows, the first {differ[0]}"


def allowed(fault: str) -> bool:
    """Whether a fault is the library's own, and known."""
    maps = "map<" in fault and ".parquet" in fault  # which no edition has
    return maps or (OLD and NO_JSON in fault)


def test_every_export_loads(at: Iterator[Dataset], tmp_path: Path) -> None:
    datasets.disable_progress_bars()
    found: list[str] = []
    count = 0
    for dataset in at:
        kinds = tuple(TYPES) if dataset.name in FEW else (JSONL,)
        alone = "alternatives" not in dataset.fields  # nothing of it can be compared
        for shape in (each for each in LOADED if not (alone and SHAPES[each].compares)):
            for reasoning in REASONINGS:
                for kind in kinds:
                    count += 1
                    found += faults(dataset, shape, reasoning, kind, tmp_path)
    known = [each for each in found if allowed(each)]
    print(f"\n{count} exports by datasets {datasets.__version__}: {count - len(found)} load")
    print("\n".join(each[:200] for each in known))
    unknown = [each for each in found if not allowed(each)]
    assert not unknown, "\n".join(unknown)
    assert count > 50


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "parquet", "csv", "tsv"])
def test_a_folder_loads_by_its_card(dataset400: Dataset, tmp_path: Path, kind: str) -> None:
    datasets.disable_progress_bars()
    place = tmp_path / "o"
    place.mkdir()
    export = Export.of(
        dataset400, dataset400.query([]), parse([("shape", "alpaca"), ("type", kind)]), tmp_path
    )
    folder = Folder(export, Splits.of("train=0.8,test=0.2", "1"), 30_000)
    folder.write(place)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = datasets.load_dataset(str(place), cache_dir=str(tmp_path / "cache"))
    assert {name: len(found[name]) for name in found} == {
        each.name: each.rows for each in folder.parts
    }
    assert list(found["train"].features)[:3] == ["instruction", "input", "output"]
