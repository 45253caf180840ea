"""The trainers' own code on exports: LLaMA-Factory's converters on folders, Oumi's model on records, TRL's
chat templates. What they take is counted, and told beforehand by the manifest where it is not all.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.export.choice import parse
from app.export.folder import Folder
from app.export.job import Export
from app.export.options import SHAPES
from app.export.sharegpt import NOT_ALTERNATING
from app.export.splits import Splits
from app.search.dataset import Dataset

from . import datasets_at_hand as at_hand
from . import wheels

pytest.importorskip("datasets", reason="make loaders has it")


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path]:
    """The paths of all datasets, and where their indexes are."""
    folder = tmp_path_factory.mktemp("trainers")
    return [*at_hand.own(folder), *at_hand.beside()], folder / "index"


def folder_of(
    dataset: Dataset, shape: str, reasoning: str, place: Path
) -> tuple[Export, list[Any]]:
    """The folder of an export, and its records with every key that any has, as loaders give them."""
    chosen = parse([("shape", shape), ("reasoning", reasoning), ("limit", str(at_hand.ROWS))])
    export = Export.of(dataset, dataset.query([]), chosen, place.parent)
    place.mkdir()
    folder = Folder(export, Splits.of("", ""))
    folder.write(place)
    lines = (place / folder.shards[0].name).read_text().split("\n")[:-1]
    assert export.types is not None
    missing: dict[str, Any] = dict.fromkeys(export.types.names)
    return export, [{**missing, **json.loads(each)} for each in lines]


def told(export: Export) -> int:
    """How many rows the page and the manifest say beforehand that a loader refuses."""
    return sum(each.rows for each in export.refusals)


def test_llama_factory_takes_all_that_was_not_told(
    every: tuple[list[Path], Path], tmp_path: Path
) -> None:
    parser, converter = wheels.llama_factory(tmp_path)
    rows: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for number, dataset in enumerate(at_hand.opened(*every)):
        shapes = ["sharegpt", "alpaca", "messages", "openai"]
        for shape in [*shapes, *(["ranking"] if "alternatives" in dataset.fields else [])]:
            place = tmp_path / f"{number}-{shape}"
            export, records = folder_of(dataset, shape, "", place)
            [name] = json.loads((place / "dataset_info.json").read_text())
            [attributes] = parser.get_dataset_list([name], str(place))
            assert (place / attributes.dataset_name).is_dir()
            made = converter.get_dataset_converter(
                attributes.formatting, attributes, SimpleNamespace(media_dir="")
            )
            for record in records:
                rows[shape] += 1
                try:
                    found = made(record)
                except KeyError:  # of a role that it has no name for: it ends
                    ended[shape] += 1
                    continue
                refused[shape] += not (found["_prompt"] and found["_response"])
            counted = export.shaper.tally.changed[NOT_ALTERNATING]
            said[shape] += counted if shape == "ranking" else told(export)
            if shape == "sharegpt":
                assert told(export) == counted, dataset.name
    for shape, count in rows.items():
        taken = count - refused[shape] - ended[shape]
        print(f"\nLLaMA-Factory, {shape}: takes {taken:,} of {count:,}, {ended[shape]} end its run")
    assert {shape: refused[shape] + ended[shape] for shape in rows} == said
    assert said["alpaca"] + ended["sharegpt"] == 0
    assert rows["sharegpt"] > 1_000 // 5


def test_oumi_takes_every_record(every: tuple[list[Path], Path], tmp_path: Path) -> None:
    """But those of which it was told beforehand."""
    conversation = wheels.oumi_conversation(tmp_path)
    rows: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    faults: list[str] = []
    said = 0
    for number, dataset in enumerate(at_hand.opened(*every)):
        for reasoning in ("keep", "strip", "separate"):
            export, records = folder_of(
                dataset, "oumi", reasoning, tmp_path / f"{number}-{reasoning}"
            )
            said += told(export)
            for place, record in enumerate(records):
                rows[reasoning] += 1
                try:
                    conversation.from_dict(record)
                except ValueError as error:
                    roles = {each["role"] for each in record["messages"]}
                    refused[reasoning] += 1
                    if roles <= {"system", "user", "assistant", "tool"}:
                        faults.append(f"{dataset.name} {reasoning} row {place}: {error}")
    for reasoning, count in rows.items():
        print(f"\nOumi, {reasoning}: takes {count - refused[reasoning]:,} of {count:,} records")
    assert faults == []
    assert sum(refused.values()) == said
    assert rows.keys() == {"keep", "strip", "separate"}


class Generation(Extension):
    """The block that marks what is learned, as trainers' templates have it: its text alone."""

    tags = {"generation"}

    def parse(self, parser: Any) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body).set_lineno(line)


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja as trainers set it up for chat templates."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )
    made.filters["tojson"] = lambda value, **given: json.dumps(value, ensure_ascii=False, **given)
    made.globals["raise_exception"] = refuse
    made.globals["strftime_now"] = lambda form: datetime.now(UTC).strftime(form)
    return made


def shown(template: str, record: dict[str, Any]) -> str:
    """What of a conversation a template shows, a letter each: question, thought, call, its argument,
    result, answer; or what it says against it."""
    messages = record.get("messages") or [*record["prompt"], *record["completion"]]
    marks = {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": False}
    try:
        text = (
            environment()
            .from_string(template)
            .render(messages=messages, tools=record.get("tools"), **marks)
        )
    except Exception as error:
        return f"refuses: {' '.join(str(error).split())[:60]}"
    parts = {
        **{"q": at_hand.QUESTION, "r": at_hand.THOUGHT, "c": "weather", "a": at_hand.CITY},
        **{"t": at_hand.RESULT, "A": at_hand.ANSWER},
    }
    if record.get("tools"):  # their names stand in what the tools are
        spoken = environment().from_string(template).render(messages=messages, tools=None, **marks)
        return "".join(k if v in (spoken if k == "c" else text) else "-" for k, v in parts.items())
    return "".join(k if v in text else "-" for k, v in parts.items())


CHOICES = [
    ("messages", "keep"),
    ("messages", "separate"),
    ("messages", "strip"),
    ("openai", "separate"),
]


def test_what_templates_show(tmp_path: Path) -> None:
    templates = wheels.chat_templates(tmp_path)
    (path,) = [each for each in at_hand.own(tmp_path) if each.name == "called.jsonl"]
    [dataset] = list(_one(path, tmp_path))
    choices = [*CHOICES, *((s, "separate") for s in ("prompt-completion",) if s in SHAPES)]
    table: dict[str, list[str]] = {name: [] for name in templates}
    for shape, reasoning in choices:
        records = dataset[(shape, reasoning)]
        for name, text in templates.items():
            table[name] += [shown(text, record) for record in records]
    heading = [f"{shape}, {reasoning}" for shape, reasoning in choices]
    print("\nq question, r reasoning, c call, a its argument, t result, A answer")
    print(" | ".join(["template", *heading]))
    for name, cells in table.items():
        print(" | ".join([name, *cells]))
    for place, said in enumerate(heading):
        column = [cells[place] for cells in table.values()]
        whole = {
            part: sum(part in cell[:6] and not cell.startswith("refuses") for cell in column)
            for part in "qrcatA"
        }
        print(f"{said}: of {len(column)} templates {whole}, refused by "
              f"{sum(cell.startswith('refuses') for cell in column)}")  # fmt: skip
    taken = [cell for cells in table.values() for cell in cells if not cell.startswith("refuses")]
    assert all(cell[0] == "q" for cell in taken)
    assert len(taken) > len(templates)


def _one(path: Path, folder: Path) -> Iterator[dict[tuple[str, str], list[Any]]]:
    """The records of the dataset at a path by each choice."""
    for dataset in at_hand.opened([path], folder / "index"):
        made = {}
        for shape, reasoning in [*CHOICES, ("prompt-completion", "separate")]:
            if shape in SHAPES:
                place = folder / f"{shape}-{reasoning}"
                made[(shape, reasoning)] = folder_of(dataset, shape, reasoning, place)[1]
        yield made
