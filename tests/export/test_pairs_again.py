"""Pairs out and in again: ``preference`` and ``ranking`` say the same conversation, other answer and scores
once they are read.
"""

import json
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.formats.looked import Looked
from app.conversations.formats.table import detect
from app.conversations.model import Conversation, Message
from app.conversations.records import records
from app.export.options import INLINE, KEEP, SEPARATE
from app.export.shapes import Shaper

Row = dict[str, Any]
WORD = st.text(st.sampled_from("abcäß漢1 "), min_size=1, max_size=8).filter(str.strip)
TEXTS = st.builds(lambda word, end: word.strip() + end, WORD, st.sampled_from(["", ".", "?"]))


def answers(mark: str) -> st.SearchStrategy[Row]:
    """An answer, perhaps with a trace; ``mark`` makes that of one side differ from the other's."""
    return st.builds(
        lambda text, trace, apart: {
            "role": "assistant",
            "content": f"<think>{trace}</think>{text}{mark}"
            if trace and not apart
            else text + mark,
            **({"reasoning_content": trace} if trace and apart else {}),
        },
        TEXTS,
        st.none() | TEXTS,
        st.booleans(),
    )


EARLIER = st.lists(
    st.tuples(TEXTS, TEXTS).map(
        lambda pair: [
            {"role": "user", "content": pair[0]},
            {"role": "assistant", "content": pair[1]},
        ]
    ),
    max_size=2,
).map(lambda pairs: [turn for pair in pairs for turn in pair])


def read(row: Row) -> Conversation:
    table = pa.Table.from_pylist([row])
    [record] = records(table)
    return detect(Looked(table.schema, [record])).conversation(record)


def meant(messages: tuple[Message, ...]) -> list[object]:
    return [(each.role, each.split.answer.strip(), each.trace_text.strip()) for each in messages]


@given(
    st.none() | TEXTS,
    EARLIER,
    TEXTS,
    answers(" yes"),
    answers(" no"),
    st.none() | st.floats(0, 9, width=16),
    st.sampled_from([KEEP, SEPARATE, INLINE]),
    st.sampled_from(["preference", "ranking"]),
)
def test_pairs_say_the_same_when_they_are_read(
    system: str | None,
    earlier: list[Row],
    question: str,
    chosen: Row,
    rejected: Row,
    score: float | None,
    choice: str,
    shape: str,
) -> None:
    first = [{"role": "system", "content": system}] if system else []
    asked = [*first, *earlier, {"role": "user", "content": question}]
    row: Row = {"chosen": [*asked, chosen], "rejected": [*asked, rejected]}
    row |= {} if score is None else {"score_chosen": score}
    table = pa.Table.from_pylist([row])
    [record] = records(table)
    layout = detect(Looked(table.schema, [record]))
    shaper = Shaper(shape, choice, list(row))
    made = json.loads(json.dumps(shaper.shaped(record, layout)))
    before, after = layout.conversation(record), read(made)
    assert meant(after.messages) == meant(before.messages)
    [other], [again] = before.alternatives, after.alternatives
    assert meant(again.messages) == meant(other.messages)
    assert (again.shared, again.standing.label) == (other.shared, "rejected")
    assert after.standing.score == score
    assert after.not_understood == ()
