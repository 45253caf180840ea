"""What stands beside records: columns that are kept, signals, the mark of what is incomplete; and rows that
are left out because they are. In every type of file, in any order."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.signals.copies import NAMES
from app.conversations.signals.table import EVERYWHERE, SIGNALS
from app.errors import InvalidInput
from app.export.beside import columns_named
from app.export.job import Export, incomplete_of
from app.export.manifest import manifest
from app.export.preview import first_lines
from app.search.dataset import Dataset

from .asking import export_of

Pairs = list[tuple[str, str]]
CALL = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
ANSWERS: list[tuple[str, Any, bool]] = [  # content, calls, whether that is incomplete
    ("<think>r</think>a b", None, False),
    ("<think>cut", None, True),
    ("", None, True),
    ("", CALL, False),
    ("!!!", None, False),  # no word, but an answer
    ("<think>r</think>", None, True),
]


def talk(n: int, content: str, calls: Any) -> dict[str, Any]:
    turns = [
        {"role": "user", "content": f"p{n}", "tool_calls": None},
        {"role": "assistant", "content": content, "tool_calls": calls},
    ]
    return {"messages": turns, "n": n, "messages_": f"m{n}", "trace": "mine", "when": None}


ROWS = [talk(n, content, calls) for n, (content, calls, _) in enumerate(ANSWERS)]
ODD = [n for n, each in enumerate(ANSWERS) if each[2]]


@pytest.fixture(scope="module")
def dataset(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[Dataset]:
    place = tmp_path_factory.mktemp("beside")
    dataset = open_at(make_parquet(place / "talks.parquet", ROWS, 4), place / "data")
    yield dataset
    dataset.close()


def of(dataset: Dataset, *pairs: tuple[str, str]) -> Export:
    return export_of(dataset, dataset.folders[0], pairs)


def written(dataset: Dataset, *pairs: tuple[str, str]) -> list[dict[str, Any]]:
    """The records of each type of file, which are the same; nested values left aside."""
    found = []
    for kind in ("jsonl", "parquet", "csv"):
        raw = b"".join(of(dataset, *pairs, ("type", kind)).pieces())
        if kind == "jsonl":
            rows = [json.loads(line) for line in raw.splitlines()]
        elif kind == "parquet":
            rows = pq.read_table(io.BytesIO(raw)).to_pylist()
        else:
            text = io.StringIO(raw.decode(), newline="")
            rows = [{k: _value(v) for k, v in row.items()} for row in csv.DictReader(text)]
        flat = [{k: v for k, v in row.items() if k in BESIDE} for row in rows]
        found.append(flat)
    assert found[0] == found[1] == found[2]
    return found[0]


BESIDE = (
    "n",
    "messages_",
    "trace",
    "trace_",
    "answer_words",
    "refusal",
    "incomplete",
    "messages__",
)


def _value(text: str) -> Any:
    if text in ("true", "false", ""):
        return {"true": True, "false": False, "": None}[text]
    return int(text) if text.isdigit() else text


TRACES = ["complete", "unclosed", "none", "none", "none", "complete"]
WORDS = [2, 0, 0, 3, 0, 0]


@pytest.mark.parametrize(("sort", "step"), [("row", 1), ("-n", -1)])
def test_columns_signals_and_the_mark(dataset: Dataset, sort: str, step: int) -> None:
    """A name that the shape or a column has already gets ``_`` behind it."""
    pairs = [
        ("shape", "messages"),
        ("keep_columns", "n, messages_"),
        ("keep_columns", "trace"),
        ("signals", "trace,refusal"),
        ("incomplete", "mark"),
        ("sort", sort),
    ]
    assert (
        written(dataset, *pairs)
        == [
            {
                "n": n,
                "messages_": f"m{n}",
                "trace": "mine",
                "trace_": TRACES[n],
                "refusal": None if n in (1, 2, 3, 5) else False,
                "incomplete": n in ODD,
            }
            for n in range(6)
        ][::step]
    )


def test_beside_the_source_itself(dataset: Dataset) -> None:
    pairs = [("signals", "trace"), ("incomplete", "mark"), ("limit", "2")]
    assert written(dataset, *pairs) == [
        {"n": n, "messages_": f"m{n}", "trace": "mine", "trace_": TRACES[n], "incomplete": n in ODD}
        for n in range(2)
    ]
    raw = b"".join(of(dataset, *pairs, ("type", "parquet")).pieces())
    found = pq.read_table(io.BytesIO(raw))
    assert found.column_names == [
        "messages",
        "n",
        "messages_",
        "trace",
        "when",
        "trace_",
        "incomplete",
    ]
    assert found.schema.types[-2:] == [pa.string(), pa.bool_()]
    assert found["messages"].to_pylist() == [row["messages"] for row in ROWS[:2]]


def test_a_column_that_the_shape_has_gets_another_name(dataset: Dataset) -> None:
    export = of(dataset, ("shape", "openai"), ("keep_columns", "messages,messages_"))
    row = json.loads(next(export.pieces()).splitlines()[0])
    assert row["messages"][1]["reasoning_content"] == "r"
    assert (row["messages_"], row["messages__"]) == (ROWS[0]["messages"], "m0")


def test_all_signals_are_those_of_the_conversation(dataset: Dataset) -> None:
    export = of(dataset, ("shape", "openai"), ("signals", "all"), ("sort", "-n"))
    rows = [json.loads(line) for line in b"".join(export.pieces()).splitlines()]
    names = [*EVERYWHERE, *NAMES]
    for row, made in zip(range(5, -1, -1), rows, strict=True):
        known = dataset.reading(row).signals
        assert {name: made[name] for name in names} == {name: known[name] for name in names}
    assert [*rows[0]][-len(names) :] == names
    assert manifest(export, None)["query"]["signals"] == names  # type: ignore[index]


def test_types_in_parquet_are_those_of_the_source(dataset: Dataset) -> None:
    pairs = [
        ("shape", "openai"),
        ("keep_columns", "n,when"),
        ("signals", "all"),
        ("type", "parquet"),
    ]
    raw = b"".join(of(dataset, *pairs).pieces())
    found = pq.read_schema(io.BytesIO(raw))
    assert found.field("n").type == pa.int64()
    assert found.field("when").type == pa.null()
    for each in (each for each in SIGNALS if each.name in EVERYWHERE):
        assert found.field(each.name).type == each.type


def test_the_preview_has_them(dataset: Dataset) -> None:
    pairs = [("shape", "openai"), ("keep_columns", "n"), ("signals", "trace"), ("sort", "-n")]
    lines = ["".join(run.text for run in line) for line in first_lines(of(dataset, *pairs))]
    assert [json.loads(line)["n"] for line in lines] == [5, 4, 3]
    assert [json.loads(line)["trace"] for line in lines] == ["complete", "none", "none"]


# -------------------------------------------------------------------------------- what is incomplete


def test_which_rows_are_incomplete(dataset: Dataset) -> None:
    """Cut off, or nothing said: a call says something, and so does a text without any word."""
    assert incomplete_of(dataset).tolist() == ODD


@pytest.mark.parametrize(
    ("pairs", "rows", "matching", "incomplete"),
    [
        ([], [0, 1, 2, 3, 4, 5], 6, 3),
        ([("incomplete", "mark")], [0, 1, 2, 3, 4, 5], 6, 3),
        ([("incomplete", "drop")], [0, 3, 4], 6, 3),
        ([("incomplete", "drop"), ("limit", "2"), ("sort", "-n")], [4, 3], 6, 3),
        ([("incomplete", "drop"), ("filter", "n:>1")], [3, 4], 4, 2),
        ([("incomplete", "drop"), ("filter", "n:1")], [], 1, 1),
    ],
)
def test_rows_are_left_out_of_all_counts(
    dataset: Dataset, pairs: Pairs, rows: list[int], matching: int, incomplete: int
) -> None:
    """Before the limit, so that a sample has as many rows as were asked for."""
    export = of(dataset, *pairs)
    assert export.rows.tolist() == rows
    told: Any = manifest(export, None)
    assert (told["rows"], told["matching"], told["incomplete"]) == (len(rows), matching, incomplete)
    assert told["query"]["incomplete"] == dict(pairs).get("incomplete", "keep")
    list(export.pieces())
    assert export.shaper.tally.rows == len(rows)


def test_the_name_says_what_was_left_out(dataset: Dataset) -> None:
    assert of(dataset, ("incomplete", "drop")).name == "talks-complete.jsonl"
    assert of(dataset, ("incomplete", "mark")).name == "talks.jsonl"


# ------------------------------------------------------------------------------ what cannot be taken


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (
            [("shape", "openai"), ("keep_columns", "n,nope")],
            "'keep_columns': no column 'nope'; the columns are 'messages', 'n', 'messages_', "
            "'trace', 'when'",
        ),
        (
            [("signals", "trace,nope")],
            f"'signals': no signal 'nope'; there are all, {', '.join((*EVERYWHERE, *NAMES))}",
        ),
    ],
)
def test_a_name_that_is_none_is_told_with_those_there_are(
    dataset: Dataset, pairs: Pairs, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        of(dataset, *pairs)
    assert refused.value.sentence == said


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ([], ()),
        (["a"], ("a",)),
        (["a,b"], ("a", "b")),
        (["a , b,", "a"], ("a", "b")),
        (["x,y"], ("x,y",)),
        (["x,y", "a"], ("x,y", "a")),
        ([" c"], (" c",)),
    ],
)
def test_names_of_columns(texts: list[str], names: tuple[str, ...]) -> None:
    """A column whose name holds a comma is named alone."""
    assert columns_named(texts, ["a", "b", "x,y", " c"]) == names


# --------------------------------------------------------------------------------- what is taken along


def test_a_system_text_and_the_templates_arguments_travel_with_messages(
    make_dataset: Callable[..., Dataset],
) -> None:
    """As the source has them, where its conversations are not read from them."""
    asked = [{"role": "user", "content": "p"}]
    answered = [{"role": "assistant", "content": "a"}]
    row = {"chat_template_kwargs": {"enable_thinking": True}, "system": "s", "other": 1}
    dataset = make_dataset([{"prompt": asked, "completion": answered, **row}])
    beside = {"system": "s", "chat_template_kwargs": {"enable_thinking": True}}

    def export(shape: str, kind: str = "jsonl") -> bytes:
        return b"".join(of(dataset, ("shape", shape), ("type", kind)).pieces())

    assert json.loads(export("messages")) == {"messages": [*asked, *answered], **beside}
    assert json.loads(export("prompt-completion")) == {
        "prompt": asked,
        "completion": answered,
        **beside,
    }
    assert json.loads(export("openai")).keys() == {"messages"}
    table = pq.read_table(io.BytesIO(export("messages", "parquet")))
    assert table.schema.field("chat_template_kwargs").type == pa.struct(
        [("enable_thinking", pa.bool_())]
    )
    assert table["chat_template_kwargs"].to_pylist() == [{"enable_thinking": True}]


def test_a_system_text_that_is_read_is_a_message_or_counted(
    make_dataset: Callable[..., Dataset],
) -> None:
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", "content": "a"}]
    own = [{"role": "system", "content": "own"}, *turns]
    rows = [
        {"messages": turns, "system": "s"},
        {"messages": own, "system": "s"},
        {"messages": own, "system": " own "},
        {"messages": own, "system": None},
    ]
    export = of(make_dataset(rows), ("shape", "messages"))
    made = [json.loads(line) for line in b"".join(export.pieces()).splitlines()]
    assert [each["messages"][0]["content"] for each in made] == ["s", "own", "own", "own"]
    assert all(each.keys() == {"messages"} for each in made)
    assert export.shaper.tally.changed["system_texts_left_out"] == 1


def test_columns_of_other_files_are_null(make_dataset: Callable[..., Dataset]) -> None:
    base = {"prompt": "p", "response": "a"}
    dataset = make_dataset([{**base, "x": 1}], [{**base, "y": "z"}])
    pairs = [("shape", "openai"), ("keep_columns", "y,x")]
    lines = b"".join(of(dataset, *pairs).pieces()).splitlines()
    found = [{k: v for k, v in json.loads(line).items() if k in "xy"} for line in lines]
    assert found == [{"y": None, "x": 1}, {"y": "z", "x": None}]
    raw = b"".join(of(dataset, *pairs, ("type", "parquet")).pieces())
    assert pq.read_table(io.BytesIO(raw)).select(["y", "x"]).to_pylist() == found


def test_columns_without_a_type_in_common_are_refused_for_parquet_alone(
    make_dataset: Callable[..., Dataset],
) -> None:
    base = {"prompt": "p", "response": "a"}
    dataset = make_dataset([{**base, "x": 1}], [{**base, "x": [1]}])
    pairs = [("shape", "openai"), ("keep_columns", "x")]
    assert len(b"".join(of(dataset, *pairs).pieces()).splitlines()) == 2
    with pytest.raises(InvalidInput, match="columns of different types"):
        of(dataset, *pairs, ("type", "parquet"))
