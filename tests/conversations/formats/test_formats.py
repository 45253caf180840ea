"""Datasets in others' schemas: by which format each is read, what its conversations say, and that no
reasoning is left where it is stripped, in any shape.
"""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations import tag_use
from app.conversations.formats.format import Layout
from app.conversations.formats.looked import Looked, Told
from app.conversations.formats.table import NAMES, detect
from app.conversations.model import REASONING, TEXT, TOOL_CALL, TOOL_RESULT, Message
from app.conversations.records import records
from app.conversations.tags import Tags
from app.conversations.told import of_options
from app.errors import InvalidInput, Unreadable
from app.export.options import KEEP, SEPARATE, SHAPES, STRIP
from app.export.shapes import Shaper

Row = dict[str, Any]
Said = tuple[str, str, str, list[str]]

Q, R, A = "Wie viele Beine?", "Acht je Spinne, vielleicht mehr Beine.", "Acht."
RA = f"<think>\n{R}\n</think>\n\n{A}"
ASKED: Said = ("user", Q, "", [])
PLAIN: list[Said] = [ASKED, ("assistant", A, "", [])]
TRACED: list[Said] = [ASKED, ("assistant", A, R, [])]
BRIEF: Said = ("system", "Kurz.", "", [])
WEATHER = '{"name": "weather", "arguments": {"city": "Graz"}}'
CALLED: list[Said] = [
    ASKED,
    ("assistant", "", "", ["weather"]),
    ("tool", '{"c": 21}', "", []),
    ("assistant", A, "", []),
]


def turns(*said: tuple[str, str], role: str = "role", content: str = "content") -> list[Row]:
    return [{role: who, content: what} for who, what in said]


def shared(*said: tuple[str, str]) -> list[Row]:
    return turns(*said, role="from", content="value")


ASK, ASKS = turns(("user", Q)), shared(("human", Q))

# name: a row, the format, what its conversation says
CASES: dict[str, tuple[Row, str, list[Said]]] = {
    "card": ({"prompt": Q, "response": RA}, "card", TRACED),
    "card with reasoning apart": ({"prompt": Q, "response": A, "reasoning": R}, "card", TRACED),
    "card with a system": ({"prompt": Q, "response": A, "system": "Kurz."}, "card", [BRIEF, *PLAIN]),
    "card in capitals": ({"Prompt": Q, "Response": A}, "card", PLAIN),
    "tree": ({"message_id": "a", "parent_id": None, "text": Q, "role": "prompter"}, "tree", [ASKED]),
    "glaive": (
        {
            "system": "SYSTEM: Kurz.",
            "chat": f"USER: {Q}\n\n\nASSISTANT: <functioncall> "
            '{"name": "weather", "arguments": \'{"city": "Graz"}\'} <|endoftext|>\n\n\n'
            'FUNCTION RESPONSE: {"c": 21}\n\n\n' + f"ASSISTANT: {A} <|endoftext|>\n\n\n",
        },
        "glaive",
        [BRIEF, *CALLED],
    ),
    "xlam": (
        {"id": 1, "query": Q, "answers": f"[{WEATHER}, {WEATHER}]", "tools": "[]"},
        "xlam",
        [ASKED, ("assistant", "", "", ["weather", "weather"])],
    ),
    "preferences as lists": (
        {
            "chosen": [*ASK, *turns(("assistant", RA))],
            "rejected": [*ASK, *turns(("assistant", "Neun."))],
        },
        "pair",
        TRACED,
    ),
    "preferences behind a question": (
        {"question": Q, "chosen": RA, "rejected": "Neun."},
        "pair",
        TRACED,
    ),
    "preferences of answers alone": (
        {"prompt": ASK, "chosen": turns(("assistant", A)), "rejected": turns(("assistant", "x"))},
        "pair",
        PLAIN,
    ),
    "preferences of a turn each": (
        {"prompt": Q, "chosen": turns(("assistant", RA))[0], "rejected": turns(("assistant", "x"))[0]},
        "pair",
        TRACED,
    ),
    "preferences of a turn each, as JSON": (
        {
            "prompt": Q,
            "chosen": json.dumps(turns(("assistant", RA))[0]),
            "rejected": json.dumps(turns(("assistant", "x"))[0]),
        },
        "pair",
        TRACED,
    ),
    "a turn each behind turns": (
        {
            "conversations": ASKS,
            "chosen": shared(("gpt", RA))[0],
            "rejected": shared(("gpt", "x"))[0],
        },
        "turns",
        TRACED,
    ),
    "preferences as transcripts": (
        {
            "chosen": f"\n\nHuman: {Q}\n\nAssistant: {A}",
            "rejected": f"\n\nHuman: {Q}\n\nAssistant: Neun.",
        },
        "pair",
        PLAIN,
    ),
    "turns before preferences": (
        {
            "messages": [*ASK, *turns(("assistant", A))],
            "chosen": turns(("assistant", A)),
            "rejected": turns(("assistant", "x")),
        },
        "turns",
        PLAIN,
    ),
    "prompt and completion": (
        {"prompt": [*turns(("system", "Kurz.")), *ASK], "completion": turns(("assistant", RA))},
        "prompt-completion",
        [BRIEF, *TRACED],
    ),
    "prompt and completion as texts": ({"prompt": Q, "completion": RA}, "columns", TRACED),
    "turns": ({"messages": [*ASK, *turns(("assistant", RA))]}, "turns", TRACED),
    "turns as JSON": (
        {"messages": json.dumps([*ASK, *turns(("assistant", RA))])},
        "turns",
        TRACED,
    ),
    "turns with a system beside them": (
        {"system": "Kurz.", "conversations": [*ASKS, *shared(("gpt", A))]},
        "turns",
        [BRIEF, *PLAIN],
    ),
    "turns with a system of their own": (
        {
            "system": "Lang.",
            "conversations": [*shared(("system", "Kurz.")), *ASKS, *shared(("gpt", A))],
        },
        "turns",
        [BRIEF, *PLAIN],
    ),
    "turns, their answer and its reasoning apart": (
        {"messages": ASK, "reasoning": R, "answer": A, "model": "m"},
        "turns",
        TRACED,
    ),
    "pairs of turns": (
        {"conversations": [{"user": Q, "assistant": A, "inner_thought": R}]},
        "turns",
        TRACED,
    ),
    "pairs by other names": ({"conversation": [{"input": Q, "output": RA}]}, "turns", TRACED),
    "pairs as JSON": ({"messages": json.dumps([{"user": Q, "assistant": RA}])}, "turns", TRACED),
    "thoughts under a key": (
        {"messages": [*({**each, "thinking": None} for each in ASK),
                      {"role": "assistant", "content": A, "thinking": R}]},
        "turns",
        TRACED,
    ),
    "channels": (
        {
            "messages": [
                {"role": "user", "channel": None, "recipient": None, "content": Q},
                {"role": "assistant", "channel": "analysis", "recipient": None, "content": R},
                {"role": "assistant", "channel": "final", "recipient": None, "content": A},
            ]
        },
        "turns",
        TRACED,
    ),
    "calls in channels": (
        {
            "messages": [
                {"role": "user", "channel": None, "recipient": None, "content": Q},
                {"role": "assistant", "channel": "analysis", "recipient": None, "content": R},
                {"role": "assistant", "channel": "commentary", "recipient": "functions.weather",
                 "content": '{"city": "Graz"}'},
                {"role": "tool", "channel": "commentary", "recipient": "assistant",
                 "content": '{"c": 21}'},
                {"role": "assistant", "channel": "final", "recipient": None, "content": A},
            ]
        },
        "turns",
        [ASKED, ("assistant", "", R, ["weather"]), *CALLED[2:]],
    ),
    "calls in tags": (
        {
            "conversations": [
                *ASKS,
                *shared(
                    ("gpt", f"<tool_call>\n{WEATHER}\n</tool_call>\n"),
                    ("tool", '<tool_response>\n{"c": 21}\n</tool_response>\n'),
                    ("gpt", A),
                ),
            ]
        },
        "turns",
        CALLED,
    ),
    "calls as Python writes them": (
        {
            "system": "Kurz.",
            "conversations": [
                *shared(("user", Q), ("assistant", '[weather(city="Graz")]')),
                *shared(("tool", '{"c": 21}'), ("assistant", A)),
            ],
        },
        "turns",
        [BRIEF, *CALLED],
    ),
    "turns rendered by ChatML": (
        {"messages": f"<|im_start|>user\n{Q}<|im_end|>\n<|im_start|>assistant\n{RA}<|im_end|>\n"},
        "turns",
        TRACED,
    ),
    "instruction, input and output": (
        {"instruction": "Zähle.", "input": Q, "output": RA},
        "columns",
        [("user", f"Zähle.\n\n{Q}", "", []), TRACED[1]],
    ),
    "an input that is empty": ({"instruction": Q, "input": "", "output": A}, "columns", PLAIN),
    "one stem": (
        {"problem": Q, "deepseek_reasoning": R, "deepseek_solution": A, "solution": "8"},
        "columns",
        TRACED,
    ),
    "reasoning that is a switch": (
        {"question": Q, "answer": A, "reasoning": "on"},
        "columns",
        PLAIN,
    ),
    "earlier turns": (
        {"question": Q, "answer": A, "history": [["Hallo", "Ja?"]]},
        "columns",
        [("user", "Hallo", "", []), ("assistant", "Ja?", "", []), *PLAIN],
    ),
    "earlier turns as a list": (
        {"question": Q, "answer": A, "prev_messages": turns(("user", "Hallo"), ("assistant", "Ja?"))},
        "columns",
        [("user", "Hallo", "", []), ("assistant", "Ja?", "", []), *PLAIN],
    ),
    "Harmony": (
        {
            "text": "<|start|>system<|message|>Kurz.<|end|>"
            f"<|start|>user<|message|>{Q}<|end|>"
            f"<|start|>assistant<|channel|>analysis<|message|>{R}<|end|>"
            f"<|start|>assistant<|channel|>final<|message|>{A}<|return|>"
        },
        "text",
        [BRIEF, *TRACED],
    ),
    "Llama 2": (
        {"text": f"<s>[INST] <<SYS>>\nKurz.\n<</SYS>>\n\n{Q} [/INST] {RA} </s>"},
        "text",
        [BRIEF, *TRACED],
    ),
    "Llama 3": (
        {
            "text": "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
            f"{Q}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n{RA}<|eot_id|>"
        },
        "text",
        TRACED,
    ),
    "### Human:": ({"text": f"### Human: {Q}### Assistant: {RA}"}, "text", TRACED),
    "Human:": ({"text": f"Human: {Q}\n\nAssistant: {RA}"}, "text", TRACED),
    "text alone": ({"text": RA}, "text", [("assistant", A, R, [])]),
}  # fmt: skip


def layout_of(row: Row, told: Told | None = None) -> tuple[Layout, Row]:
    """How a file of this row is read, and the row as it is read there."""
    table = pa.Table.from_pylist([row])
    (record,) = records(table)
    return detect(Looked(table.schema, [record], told or Told())), record


def said(message: Message) -> Said:
    texts = [part.text.strip() for part in message.parts if part.type in (TEXT, TOOL_RESULT)]
    thoughts = [part.text.strip() for part in message.parts if part.type == REASONING]
    calls = [call["name"] for part in message.parts if part.type == TOOL_CALL
             for call in json.loads(part.text)]  # fmt: skip
    return (
        message.role,
        "\n\n".join(filter(None, texts)),
        "\n\n".join(filter(None, thoughts)),
        calls,
    )


@pytest.mark.parametrize("case", CASES)
def test_conversations(case: str) -> None:
    row, name, expected = CASES[case]
    layout, record = layout_of(row)
    conversation = layout.conversation(record)
    assert (layout.name, list(map(said, conversation.messages))) == (name, expected)
    assert conversation.not_understood == ()


def test_every_format_has_a_case() -> None:
    assert {name for _, name, _ in CASES.values()} == set(NAMES)


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize("case", CASES)
def test_reasoning_is_kept_stripped_or_apart(case: str, shape: str) -> None:
    row, _, expected = CASES[case]
    layout, record = layout_of(row)
    whole = {choice: str(Shaper(shape, choice, list(row)).shaped(dict(record), layout))
             for choice in (KEEP, STRIP, SEPARATE)}  # fmt: skip
    reasons = any(each[2] for each in expected)
    if shape == "ranking":  # which has room for the last turn of an answer, and counts the others
        reasons = bool(expected[-1][2])
    if shape == "source":
        assert Shaper(shape, KEEP, list(row)).shaped(dict(record), layout) == record
    assert (R in whole[KEEP], R in whole[SEPARATE]) == (reasons, reasons)
    assert R not in whole[STRIP]
    assert "think>" not in whole[STRIP]
    assert whole[SEPARATE].count(R) <= 1
    if any(role == "assistant" and text == A for role, text, *_ in expected):
        assert all(A in made for made in whole.values())


# ------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"prompt": Q}, "a question in 'prompt' and no answer: name its column (--column response=NAME)"),
        ({"response": A, "x": 1}, "an answer in 'response' and no question: name its column"),
        ({"chosen": A}, "no text column"),
        ({"prompt": ASK}, "no text column"),
        ({"messages": ["a", "b"]}, "no text column"),
        ({"x": 1}, "no text column"),
    ],
)  # fmt: skip
def test_one_side_alone_is_refused(row: Row, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        layout_of(row)
    assert said in refused.value.sentence
    assert all(repr(name) in refused.value.sentence for name in row)


# ----------------------------------------------------------------------------------- the user's word


def told(*columns: str, **more: Any) -> Told:
    return of_options(columns=columns, **more)


ODD = {"ask": Q, "reply": A, "why": R, "prompt": "no", "response": "no"}


@pytest.mark.parametrize(
    ("row", "word", "expected"),
    [
        (ODD, told("prompt=ask", "response=reply", "reasoning=why"), TRACED),
        (ODD, told("prompt=ask", "response=reply"), PLAIN),
        ({"question": Q, "answer": A, "thoughts": R}, told("reasoning="), PLAIN),
        ({"turns": [*ASK, *turns(("assistant", A))]}, told("messages=turns"), PLAIN),
        (
            {"messages": turns(("coachee", Q), ("coach", A))},
            told(roles=["user=coachee", "assistant=coach"]),
            PLAIN,
        ),
        (
            {"messages": turns(("user", Q), ("assistant", A), role="who", content="what")},
            told("messages=messages", keys=["role=who", "content=what"]),
            PLAIN,
        ),
        (
            {"prompt": Q, "response": f"[[{R}]]{A}"},
            told(tags=[("[[", "]]")]),
            TRACED,
        ),
        (
            {"prompt": Q, "response": A, "messages": [*turns(("user", "x"), ("assistant", "y"))]},
            told(name="columns"),
            PLAIN,
        ),
    ],
)
def test_the_users_word_comes_first(row: Row, word: Told, expected: list[Said]) -> None:
    layout, record = layout_of(row, word)
    assert list(map(said, layout.conversation(record).messages)) == expected


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"columns": ["answer=x"]}, "--column 'answer=x' is no NAME=VALUE"),
        ({"columns": ["response"]}, "--column 'response' is no NAME=VALUE"),
        ({"roles": ["coach=assistant"]}, "--role 'coach=assistant' is no NAME=VALUE"),
        ({"keys": ["x=y"]}, "--key 'x=y' is no NAME=VALUE"),
        ({"keys": ["reasoning=why"]}, "--key 'reasoning=why' is no NAME=VALUE"),
        ({"tags": [("<a>", "<a>")]}, "--tags takes two different texts"),
        ({"tags": [("", "</a>")]}, "--tags takes two different texts"),
    ],
)
def test_a_word_that_is_none(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        of_options(**given)
    assert refused.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            told("response=absent"),
            "no column 'absent' for response; its columns are 'prompt', 'response'",
        ),
        (told(name="absent"), "no source format 'absent': there are card, "),
        (told(name="xlam"), "no columns that 'xlam' reads; it has 'prompt', 'response'"),
    ],
)
def test_a_name_that_is_not_there(word: Told, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        layout_of({"prompt": Q, "response": A}, word)
    assert refused.value.sentence.startswith(sentence)


# --------------------------------------------------------------------------------------------- tags

OTHERS = [
    ("<thinking>", "</thinking>"), ("<Thought>", "</Thought>"), ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"), ("[THINK]", "[/THINK]"),
    ("<|START_THINKING|>", "<|END_THINKING|>"), ("<|channel|>analysis<|message|>", "<|end|>"),
]  # fmt: skip
AROUND = [
    ("", ""), ("<answer>", "</answer>"), ("<Output>", "</Output>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"), ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    ("<|start|>assistant<|channel|>final<|message|>", "<|return|>"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), OTHERS)
@pytest.mark.parametrize(("before", "behind"), AROUND)
def test_other_tags_and_what_stands_around_answers(
    opening: str, closing: str, before: str, behind: str
) -> None:
    response = f"{opening}\n{R}\n{closing}\n\n{before}{A}{behind}"
    layout, record = layout_of({"prompt": Q, "response": response})
    conversation = layout.conversation(record)
    assert list(map(said, conversation.messages)) == TRACED
    assert [(each.opening, each.closing) for each in layout.tags] == [(opening, closing)]
    used = f"reasoning between `{opening}` and `{closing}` in 1 of 1 rows looked at"
    assert tag_use.said([layout.tag_use]) == used
    kept = Shaper("messages", KEEP, list(record)).shaped(dict(record), layout)
    assert kept["messages"][-1]["content"] == response  # type: ignore[index]
    pieces = conversation.messages[-1].split.pieces
    assert "".join(response[each.start : each.end] for each in pieces) == response


def rows_of(*responses: str) -> Layout:
    made = [{"prompt": Q, "response": each} for each in responses]
    return detect(Looked(pa.Table.from_pylist(made).schema, made))


def test_a_wrapper_is_one_where_most_finished_answers_have_it() -> None:
    wrapped, bare = f"<think>{R}</think><answer>{A}</answer>", f"<think>{R}</think>{A}"
    cut_off = f"<think>{R}"
    assert rows_of(wrapped, wrapped, bare, cut_off, cut_off).tags[0].wrappers == (
        ("<answer>", "</answer>"),
    )
    assert rows_of(wrapped, bare, cut_off).tags == (Tags("<think>", "</think>"),)


def test_a_response_is_split_by_the_pair_that_opens_first() -> None:
    layout = rows_of(f"<think>{R}</think>{A}", f"<thinking>{R}</thinking>{A}")
    both = f"<thinking>{R} <think>x</think></thinking>{A}"
    message = layout.conversation({"prompt": Q, "response": both}).messages[-1]
    assert (message.split.reasoning, message.split.answer) == (f"{R} <think>x</think>", A)


def test_without_any_tag_seen_it_is_think() -> None:
    assert rows_of(A, "").tags == (Tags("<think>", "</think>"),)
    assert rows_of(A).said == "`prompt` and `response`"


def test_a_role_of_a_tree_that_is_none_is_told() -> None:
    layout, record = layout_of(CASES["tree"][0])
    found = layout.conversation({**record, "role": "painter"})
    assert [(each.role, each.content) for each in found.messages] == [("painter", Q)]
    assert [(each.kind, each.name) for each in found.notes] == [("role", "painter")]
