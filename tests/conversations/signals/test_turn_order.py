"""Whether turns ask and answer in turn: each order, and that exports count the same."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.formats.looked import Looked
from app.conversations.formats.table import detect
from app.conversations.model import Call, Message, Part
from app.conversations.signals.turn_order import turn_order
from app.export.shapes import Shaper
from app.export.sharegpt import NOT_ALTERNATING

CALL = Call("f", {}, {})
ROLES = {"s": "system", "u": "user", "t": "tool", "a": "assistant", "?": "painter"}


def message(letter: str) -> Message:
    """``c`` is a call alone, ``C`` one behind a text, ``r`` one behind reasoning in a field of its own."""
    if letter in "cCr":
        given = (Part("reasoning", "why"),) if letter == "r" else ()
        return Message("assistant", "so" if letter == "C" else " ", given, calls=(CALL,))
    return Message.plain(ROLES[letter], "x")


@pytest.mark.parametrize(
    ("letters", "order"),
    [
        ("ua", "alternating"),
        ("sua", "alternating"),
        ("uaua", "alternating"),
        ("ucta", "alternating"),
        ("uCttta", "alternating"),
        ("ta", "alternating"),
        ("uua", "joined"),
        ("uaa", "joined"),
        ("ssua", "joined"),
        ("uacta", "joined"),
        ("uccta", "joined"),
        ("uCccta", "joined"),
        ("uacccttttauua", "joined"),
        ("", "broken"),
        ("s", "broken"),
        ("u", "broken"),
        ("a", "broken"),
        ("au", "broken"),
        ("uau", "broken"),
        ("usa", "broken"),
        ("uas", "broken"),
        ("uca", "broken"),
        ("ucCta", "broken"),
        ("ucrta", "broken"),
        ("utta", "broken"),
        ("uct", "broken"),
        ("u?", "unknown role"),
        ("ua?", "unknown role"),
        ("?", "unknown role"),
    ],
)
def test_orders(letters: str, order: str) -> None:
    assert turn_order(list(map(message, letters))) == order


TURNS = {
    "c": {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f"}}]},
    "C": {"role": "assistant", "content": "so", "tool_calls": [{"function": {"name": "f"}}]},
    **{letter: {"role": role, "content": "x"} for letter, role in ROLES.items()},
}

SCHEMA = pa.schema([("messages", pa.string())])


@given(st.text("sutacC?", max_size=7))
def test_an_export_for_a_trainer_counts_what_the_signal_says(letters: str) -> None:
    record = {"messages": [TURNS[each] for each in letters]}
    seen = {"messages": list(TURNS.values())}
    layout = detect(Looked(SCHEMA, [seen]))
    shaper = Shaper("sharegpt", "keep", ["messages"])
    shaper.shaped(dict(record), layout)
    order = turn_order(layout.conversation(record).messages)
    counted = shaper.tally.changed[NOT_ALTERNATING]
    assert counted == (order in ("broken", "unknown role")), order
