"""Rules of form against labels that a reader gave to rows of the real sample (``signal_labels.toml``).

Rows were chosen by what a loose rule says and by chance, and read before the rule was final; what rules were
mended by is among them. ``answer_cut``: the answer breaks off in the middle of something; read were all
answers whose last line has eight words and no end mark, and those that looser rules flagged (of 14,335 more
answers beside the sample the rule flagged 77 that were not cut on purpose, 72 of them right). ``circles``:
the trace comes back to the same thoughts without getting further (the beginnings of its pieces were read, all
rows with a value of 0.03 and more, others by chance; where the reader was not sure is left out).
``result_disagrees``: the answer has another result than the trace ends with, all rows that state both.
``changed``: the paragraph takes back a result for another one, all that the rule once marked. ``result``: the
paragraph asserts the answer to the question, 200 drawn of what the rule once marked.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.conversations.formats.table import detect
from app.conversations.model import Conversation
from app.conversations.signals.circles import CIRCLING, circles
from app.conversations.signals.endings import breaks_off
from app.conversations.signals.signal import Batch, counted
from app.conversations.signals.traces import Trace, result_disagrees, traces
from app.conversations.steps import CHANGED, RESULT

SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "real_r1_sample.parquet"
LABELS = Path(__file__).parent / "signal_labels.toml"
DIGITS = 12

pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the real sample is not beside us")


@cache
def labels() -> dict[str, dict[str, bool]]:
    """Each rule's places, and whether the reader says yes."""
    read = tomllib.loads(LABELS.read_text("utf-8"))
    return {
        rule: {place: label == "yes" for label, places in said.items() for place in places.split()}
        for rule, said in read.items()
    }


@cache
def rows() -> Mapping[str, Conversation]:
    wanted = {place[:DIGITS] for places in labels().values() for place in places}
    table = pq.read_table(SAMPLE, columns=["conversation_id", "prompt", "response"])
    layout = detect(table.schema)
    return {
        record["conversation_id"][:DIGITS]: layout.conversation(record)
        for record in table.to_pylist()
        if record["conversation_id"][:DIGITS] in wanted
    }


@cache
def trace_of(row: str) -> Trace:
    many = [rows()[row]]
    (found,) = traces(Batch(many, counted(many), [None]))
    assert found is not None
    return found


def answer(row: str) -> str:
    said = rows()[row].answered
    return said.split.answer if said else ""


def cut(row: str) -> bool:
    return breaks_off(answer(row)) is True


def circling(row: str) -> bool:
    traced = rows()[row].traced
    assert traced is not None
    return (circles(traced.trace_text) or 0) >= CIRCLING


def disagrees(row: str) -> bool:
    return result_disagrees(trace_of(row), answer(row)) is True


def marked(kind: str) -> Callable[[str], bool]:
    def is_marked(place: str) -> bool:
        row, _, number = place.partition(":")
        return kind in trace_of(row).steps[int(number) - 1].marks

    return is_marked


@pytest.mark.parametrize(
    ("rule", "holds", "right", "wrong", "missed", "read"),
    [
        ("answer_cut", cut, 15, 1, 5, 308),
        ("circles", circling, 4, 0, 67, 176),  # from 0.1 on 14 are right and none wrong
        ("result_disagrees", disagrees, 1, 0, 4, 169),
        ("changed", marked(CHANGED), 60, 1, 0, 67),
        ("result", marked(RESULT), 182, 5, 0, 200),
    ],
)
def test_what_a_reader_says(
    rule: str, holds: Callable[[str], bool], right: int, wrong: int, missed: int, read: int
) -> None:
    said = labels()[rule]
    flagged = {place for place in said if holds(place)}
    hits = sum(said[place] for place in flagged)

    assert len(said) == read
    assert (hits, len(flagged) - hits, sum(said.values()) - hits) == (right, wrong, missed)
