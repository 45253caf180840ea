"""Signals against labels that a reader gave to rows of the real sample (``labels.toml``).

The labels were given before the signals' output was seen. Rows were chosen so that positives are
there: what any loose rule flags, and others at random. For ``looping`` the reader saw the middle and the
end of a text and called it so where the same words, at most a number apart, come again and again to no
end; going in circles in new words is no loop. For ``refusal``: the answer declines, even if it offers
something else. For ``trace``: what a reader sees, which is not always what the rule of tags says.
Rows whose last digit is odd were held back, and no rule was made with them.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.conversations.formats.table import detect
from app.conversations.signals.repetition import LOOPING
from app.conversations.signals.signal import Batch, counted
from app.conversations.signals.table import compute

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "real_r1_sample.parquet"
LABELS = Path(__file__).parent / "labels.toml"
DIGITS = 12

pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the real sample is not beside us")

Row = Mapping[str, object]


@cache
def labels() -> dict[str, dict[str, list[str]]]:
    read = tomllib.loads(LABELS.read_text("utf-8"))
    return {
        signal: {label: ids.split() for label, ids in groups.items()}
        for signal, groups in read.items()
    }


@cache
def rows() -> dict[str, Row]:
    """The signals of the labelled rows by the beginning of their ids."""
    wanted = {i for groups in labels().values() for ids in groups.values() for i in ids}
    table = pq.read_table(SAMPLE, columns=["conversation_id", "prompt", "response"])
    records = {
        record["conversation_id"][:DIGITS]: record
        for record in table.to_pylist()
        if record["conversation_id"][:DIGITS] in wanted
    }
    many = [detect(table.schema).conversation(record) for record in records.values()]
    found = compute(Batch(many, counted(many), [None] * len(many)))
    columns = {name: array.to_pylist() for name, array in found.items()}
    return {i: {n: columns[n][at] for n in columns} for at, i in enumerate(records)}


def is_looping(row: Row) -> bool:
    share = row["repetition"]
    return isinstance(share, float) and share >= LOOPING


def is_refusing(row: Row) -> bool:
    return row["refusal"] is True


def counts(
    signal: str, positive: Callable[[Row], bool], held_back: bool
) -> tuple[float, float, int]:
    """Precision, recall and the number of labelled rows of a half."""
    told = {
        i: label == "yes"
        for label, ids in labels()[signal].items()
        for i in ids
        if (int(i[-1], 16) % 2 == 1) == held_back
    }
    flagged = {i for i in told if positive(rows()[i])}
    right = sum(told[i] for i in flagged)
    return right / len(flagged), right / sum(told.values()), len(told)


@pytest.mark.parametrize(
    ("signal", "positive", "held_back", "precision", "recall"),
    [
        ("looping", is_looping, False, 0.80, 0.90),  # measured: 28 right, 6 wrong, 2 missed
        ("looping", is_looping, True, 0.85, 0.85),  # 26 right, 3 wrong, 3 missed
        ("refusal", is_refusing, False, 0.97, 0.94),  # 41 right, 0 wrong, 2 missed
        ("refusal", is_refusing, True, 0.97, 0.97),  # 35 right, 0 wrong, 0 missed
    ],
)
def test_precision_and_recall(
    signal: str, positive: Callable[[Row], bool], held_back: bool, precision: float, recall: float
) -> None:
    found_precision, found_recall, size = counts(signal, positive, held_back)

    assert size > 100
    assert found_precision >= precision
    assert found_recall >= recall


def test_traces_are_what_a_reader_sees() -> None:
    seen = {i: kind for kind, ids in labels()["trace"].items() for i in ids}
    wrong = [(kind, rows()[i]["trace"]) for i, kind in seen.items() if rows()[i]["trace"] != kind]

    assert len(seen) >= 200
    assert not wrong
