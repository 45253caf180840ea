"""``prompt-completion``, and ``messages`` out and in again."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations import json_text
from app.conversations.formats.table import detect
from app.conversations.model import Conversation
from app.export.options import INLINE, KEEP, REASONING_KEYS, SEPARATE
from app.export.shapes import Shaper
from app.export.spelling import Spelling

Row = dict[str, Any]
LAYOUT = detect(pa.schema([("messages", pa.string()), ("tools", pa.string())]))
JOINED = detect(
    pa.schema([(name, pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])))
               for name in ("prompt", "completion")])
)  # fmt: skip


def said(role: str, content: str, **more: object) -> Row:
    return {"role": role, "content": content, **more}


S, P, A, B, T = (
    said("system", "s"),
    said("user", "p"),
    said("assistant", "a"),
    said("assistant", "b"),
    said("tool", "t"),
)


@pytest.mark.parametrize(
    ("messages", "prompt", "completion", "changed"),
    [
        ([P, A], [P], [A], {}),
        ([S, P, A], [S, P], [A], {}),
        ([P, A, P, A, B], [P, A, P], [A, B], {}),
        ([P, A, T, B], [P, A, T], [B], {}),
        ([P], [P], [], {"rows_without_an_answer": 1}),
        ([S, P], [S, P], [], {"rows_without_an_answer": 1}),
        ([P, A, P], [P], [A], {"messages_behind_the_answer_left_out": 1}),
        ([P, A, B, T, P], [P], [A, B], {"messages_behind_the_answer_left_out": 2}),
        ([A], [], [A], {"rows_without_a_user_message": 1}),
        ([], [], [], {"rows_without_an_answer": 1, "rows_without_a_user_message": 1}),
    ],
)
def test_prompt_and_completion(
    messages: list[Row], prompt: list[Row], completion: list[Row], changed: dict[str, int]
) -> None:
    """What is left out is counted."""
    shaper = Shaper("prompt-completion", KEEP)
    made = shaper.shaped({"messages": messages, "tools": '[{"name": "f"}]'}, LAYOUT)
    assert made == {"tools": [{"name": "f"}], "prompt": prompt, "completion": completion}
    assert {name: count for name, count in shaper.tally.changed.items() if count} == changed


# ------------------------------------------------------------------------------------- out and in again

PLAIN = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12).filter(
    lambda text: not {"<", "[", "{", "|", "◁", "`"} & set(text)
)
WORDS = PLAIN.filter(lambda text: bool(text.strip())).map(str.strip)
ARGUMENTS = st.dictionaries(WORDS, st.booleans() | st.integers(-9, 9) | WORDS, max_size=3)
CALLS = st.builds(
    lambda name, arguments, text: {
        "id": "c",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(arguments) if text else arguments},
    },
    WORDS,
    ARGUMENTS,
    st.booleans(),
)
ANSWERS = st.builds(
    lambda content, trace, own, calls: {
        "role": "assistant",
        "content": f"<think>{trace}</think>{content}" if trace else content,
        **({"thinking": own} if own else {}),
        **({"tool_calls": calls} if calls else {}),
    },
    PLAIN,
    st.none() | WORDS,
    st.none() | WORDS,
    st.lists(CALLS, max_size=2),
)
OTHERS = st.builds(said, st.sampled_from(["system", "user"]), PLAIN) | st.builds(
    lambda content: said("tool", content, tool_call_id="c", name="f"), WORDS
)
CONVERSATIONS = st.lists(ANSWERS | OTHERS, min_size=1, max_size=5)


def meant(conversation: Conversation) -> list[object]:
    """What a conversation says, wherever its reasoning stands."""
    return [
        (
            each.role,
            each.split.answer.strip(),
            each.trace_text.strip(),
            [(call.name, json_text.value_or_text(call.arguments), call.id) for call in each.calls],
            each.answers,
            each.name,
        )
        for each in conversation.messages
    ]


@given(
    CONVERSATIONS,
    st.sampled_from([KEEP, SEPARATE, INLINE]),
    st.sampled_from(sorted(REASONING_KEYS)),
    st.sampled_from(["object", "text"]),
    st.sampled_from(["messages", "openai", "oumi", "prompt-completion"]),
)
def test_what_was_written_says_the_same_when_it_is_read(
    messages: list[Row], choice: str, key: str, arguments: str, shape: str
) -> None:
    """Reasoning and tools included; of ``keep`` also where its reasoning stands."""
    if shape == "prompt-completion":
        messages = [*messages, A]
    record: Row = {"messages": messages, "tools": '[{"name": "f"}]'}
    shaper = Shaper(shape, choice, spelling=Spelling(key, arguments))
    made = json.loads(json.dumps(shaper.shaped(record, LAYOUT)))
    layout = JOINED if shape == "prompt-completion" else LAYOUT
    before, after = LAYOUT.conversation(record), layout.conversation(made)
    assert meant(after) == meant(before)
    assert after.not_understood == before.not_understood
    whole = {"type": "function", "function": {"name": "f"}}
    assert made["tools"] == [whole if shape in ("openai", "oumi") else {"name": "f"}]
    if choice == KEEP:
        assert [(each.content, each.own_reasoning) for each in after.messages] == [
            (each.content, each.own_reasoning) for each in before.messages
        ]
    if choice == INLINE:
        assert all(each.own_reasoning is None for each in after.messages)
    if choice == SEPARATE:
        assert all(each.inline == "none" for each in after.messages)
