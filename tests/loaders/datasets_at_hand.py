"""The datasets whose exports are loaded: the demonstration's, one of tool calls, and, where there is one,
a folder of others' schemas beside this tree.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app import demo
from app.config import Settings
from app.library import Library
from app.search.dataset import Dataset

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
ABSENT = (
    f"no {BESIDE.parent.name}/{BESIDE.name} beside this tree: only datasets of its own are loaded"
)
ENDINGS = (".parquet", ".jsonl", ".json", ".gz", ".zst")
ROWS = 200  # of a dataset

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
QUESTION, THOUGHT, CITY = "What is it like in Lisbon?", "A forecast is needed first.", "Lisboa-42"
RESULT, ANSWER = "19 degrees, clear", "It is nineteen degrees."


def beside() -> list[Path]:
    """The files beside this tree; none where it stands alone."""
    found = sorted((BESIDE / "formats").glob("*")) if BESIDE.is_dir() else []
    files = [each for each in found if each.name.endswith(ENDINGS) and each.name != "expected.json"]
    return [*sorted(BESIDE.glob("real*.parquet")), *files]


def called(arguments: object) -> dict[str, Any]:
    """A conversation with a tool call and its result."""
    call = {
        "id": "call00001",
        "type": "function",
        "function": {"name": "weather", "arguments": arguments},
    }
    return {
        "id": "1",
        "tools": [TOOL],
        "messages": [
            {"role": "user", "content": QUESTION},
            {
                "role": "assistant",
                "content": "",
                "reasoning_content": THOUGHT,
                "tool_calls": [call],
            },
            {"role": "tool", "content": RESULT, "tool_call_id": "call00001"},
            {"role": "assistant", "content": ANSWER, "reasoning_content": "That is warm."},
        ],
    }


def own(folder: Path) -> list[Path]:
    """Datasets of this tree's own, written into a folder."""
    demo.write(folder / "demo.parquet")
    plain = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
    late = [
        {"id": str(n), **plain} for n in range(1_200)
    ]  # keys come after the first thousand rows
    rows = [*late, called({"city": CITY}), {**called({"city": 7}), "id": "2"}]
    lines = "".join(json.dumps(each) + "\n" for each in rows)
    (folder / "late.jsonl").write_text(lines)
    (folder / "called.jsonl").write_text(json.dumps(called({"city": CITY})) + "\n")
    pairs = [
        {
            "id": str(n),
            "prompt": QUESTION,
            "chosen": f"<think>{THOUGHT}</think>{ANSWER}",
            "rejected": "I do not know.",
            "score_chosen": 8.5,
        }
        for n in range(5)
    ]
    (folder / "pairs.jsonl").write_text("".join(json.dumps(each) + "\n" for each in pairs))
    return [
        folder / f"{name}" for name in ("demo.parquet", "called.jsonl", "late.jsonl", "pairs.jsonl")
    ]


def opened(paths: list[Path], data_dir: Path) -> Iterator[Dataset]:
    """Their datasets, those that can be read, one after the other."""
    for path in paths:
        library = Library(Settings(data_dir=data_dir), [str(path)])
        library.prepare_all(lambda entry: None)
        for entry in library.entries.values():
            if entry.error is None:
                dataset = entry.whole()
                yield dataset
                dataset.close()
