"""Signals: each rule, the stored flag, and the columns' types."""

import pyarrow as pa
import pytest

from app.conversations.fields import BOOLEAN, INTEGER, LIST, NUMBER, TEXT, flatten
from app.conversations.formats.table import detect
from app.conversations.model import Conversation, Message, Part
from app.conversations.signals.flag import flag_disagrees, flag_name, flag_value, flags
from app.conversations.signals.signal import Batch, Signal, counted
from app.conversations.signals.table import EVERYWHERE, SIGNALS, compute


def one(prompt: str, response: str | None) -> Conversation:
    messages = [Message("user", prompt)]
    if response is not None:
        messages.append(Message("assistant", response))
    return Conversation(tuple(messages))


def computed(
    *conversations: Conversation, flag: list[bool | None] | None = None
) -> dict[str, list[object]]:
    flag = [None] * len(conversations) if flag is None else flag
    found = compute(Batch(conversations, counted(conversations), flag))
    return {name: array.to_pylist() for name, array in found.items()}


def test_every_signal_of_a_plain_conversation() -> None:
    assert computed(one("Hello, you", "<think>a b c</think>d"), flag=[True]) == {
        "turns": [1],
        "turn_order": ["alternating"],
        "prompt_words": [2],
        "reasoning_words": [3],
        "answer_words": [1],
        "reasoning_share": [0.75],
        "trace": ["complete"],
        "flag_disagrees": [False],
        "stray_tags": [0],
        "repetition": [None],
        "circles": [None],
        "most_repeated": [None],
        "compression": [5 / 13],
        "doubts": [0],
        "checks": [0],
        "other_ways": [0],
        "results": [0],
        "result_changes": [0],
        "first_result_at": [None],
        "last_result": [None],
        "answer_cut": [False],
        "result_disagrees": [None],
        "boxed": [0],
        "identity": [None],
        "cutoff": [None],
        "odd_chat": [False],
        "not_understood": [0],
        "refusal": [False],
        "language": [None],
        "reasoning_language": [None],
        "answer_language": [None],
        "languages_differ": [None],
        "foreign_script": [0.0],
        "has_code": [False],
        "has_math": [False],
    }


def test_the_signals_of_meaning_read_their_parts() -> None:
    looping = "and so it is seven, wait, " * 60
    found = computed(
        one("Wie viele Tage hat eine Woche, und warum?", f"<think>{looping}</think>I can't help."),
        one("How many days does a week have?", f"<think>Short.</think>{looping}"),
        one("How many days does a week have?", looping),
        one("1 + 1\n```\nx\n```", "<think>\\(x^2\\)"),
        one("Is it $5 or $10?", None),
    )

    assert found["language"] == ["de", "en", "en", None, None]
    assert found["refusal"] == [True, False, False, None, None]
    assert found["has_code"] == [False, False, False, True, False]
    assert found["has_math"] == [False, False, False, True, False]
    assert [share is not None and share > 0.9 for share in found["repetition"]] == [  # type: ignore[operator]
        True,
        False,
        True,
        False,
        False,
    ]


def test_a_batch_says_what_each_conversation_says_alone() -> None:
    many = [one(f"What is {n} and why is it so?", "word other \n" * n) for n in range(0, 400, 13)]

    together = computed(*many)

    assert [{name: [value[n]] for name, value in together.items()} for n in range(len(many))] == [
        computed(each) for each in many
    ]


@pytest.mark.parametrize(
    ("response", "trace", "reasoning", "answer", "share"),
    [
        ("<think>a b</think>c d", "complete", 2, 2, 0.5),
        ("<think>a b", "unclosed", 2, 0, 1.0),
        ("a\n</think>\nb c d", "unopened", 1, 3, 0.25),
        ("<think></think>a", "empty", 0, 1, 0.0),
        ("<think>a</think>\nb\n<think>c</think>d", "multiple", 2, 2, 0.5),
        ("<think>a</think>\nb <think>c</think>d", "complete", 1, 5, 1 / 6),
        ("<think>a</think>\n<think>c</think>d d", "multiple", 2, 2, 0.5),
        ("a <think> b", "none", 0, 3, 0.0),
        ("", "none", 0, 0, None),
        ("...", "none", 0, 0, None),
        (None, "none", 0, 0, None),
    ],
)
def test_words_shares_and_traces(
    response: str | None, trace: str, reasoning: int, answer: int, share: float | None
) -> None:
    found = computed(one("x", response))

    assert found["trace"] == [trace]
    assert (found["reasoning_words"], found["answer_words"]) == ([reasoning], [answer])
    assert found["reasoning_share"] == [share]


def test_words_of_several_turns() -> None:
    found = computed(
        Conversation(
            (
                Message("system", "be kind"),
                Message("user", "a"),
                Message("assistant", "<think>r</think>b", (Part("tool_call", "c d"),)),
                Message("tool", "e"),
                Message("user", "f 東京"),
                Message("assistant", "g", (Part("reasoning", "h i"),)),
            )
        )
    )

    assert found["turns"] == [2]
    assert found["prompt_words"] == [6]
    assert found["reasoning_words"] == [3]
    assert found["answer_words"] == [5]


def test_signals_of_a_trace_are_of_the_last_message_that_has_one() -> None:
    looping = "and so it is seven, wait, " * 60
    varied = " ".join(f"word{n}" for n in range(400))

    def said(*responses: str) -> Conversation:
        return Conversation(tuple(Message("assistant", response) for response in responses))

    found = computed(
        said(f"<think>{looping}</think>I can't help with that.", f"{varied}"),
        said(f"<think>{looping}</think>a", f"<think>{varied}</think>I cannot help with that.", " "),
        said("a <think> b", f"{looping} </think> c <think>"),
        flag=[True, False, None],
    )

    assert found["trace"] == ["complete", "complete", "none"]
    assert [share > 0.9 for share in found["repetition"]] == [True, False, True]  # type: ignore[operator]
    assert found["refusal"] == [False, True, False]
    assert found["flag_disagrees"] == [False, True, None]
    assert found["stray_tags"] == [0, 0, 3]


def test_prompt_words_that_are_counted_already() -> None:
    assert counted([one("a b", "c")], [7]).prompt == [7]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_columns_are_typed(count: int) -> None:
    conversations = [one("a", None)] * count

    found = compute(Batch(conversations, counted(conversations), [None] * count))

    types = {
        INTEGER: pa.int64(),
        NUMBER: pa.float64(),
        TEXT: pa.string(),
        BOOLEAN: pa.bool_(),
        LIST: pa.list_(pa.string()),
    }
    assert {name: array.type for name, array in found.items()} == {
        each.name: types[each.kind] for each in SIGNALS if each.name in EVERYWHERE
    }
    assert {len(array) for array in found.values()} == {count}


def test_signals_are_described() -> None:
    assert all(each.field.signal and each.help.endswith(".") for each in SIGNALS)
    assert len({each.name for each in SIGNALS}) == len(SIGNALS)
    assert all(each.title for each in SIGNALS)


@pytest.mark.parametrize("each", SIGNALS, ids=lambda each: each.name)
def test_a_signal_has_the_words_of_its_kind(each: Signal) -> None:
    assert bool(each.yes and each.no) == (each.kind == BOOLEAN)
    assert bool(each.unit) == (each.kind == INTEGER and not each.year)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ([], ""),
        (["complete", "trace", "metadata.model"], ""),
        (["metadata.complete"], "metadata.complete"),
        (["metadata.model", "metadata.is_complete", "metadata.x"], "metadata.is_complete"),
        (["metadata.completed"], "metadata.completed"),
        (["metadata.Is_Complete"], "metadata.Is_Complete"),
        (["metadata.isComplete"], "metadata.isComplete"),
        (["metadata.incomplete"], "metadata.incomplete"),
        (["metadata.quality.complete"], "metadata.quality.complete"),
        (['metadata."is complete"'], 'metadata."is complete"'),
        (['metadata."trace.complete"'], 'metadata."trace.complete"'),
        (["metadata.trace_complete", "metadata.is_complete"], "metadata.is_complete"),
        (["metadata.completed_at", "metadata.complete"], "metadata.complete"),
        (["metadata.complete", "metadata.is_complete"], "metadata.complete"),
        (["metadata.complete.model"], ""),
        (["metadata.trace_complete"], "metadata.trace_complete"),
    ],
)
def test_flag_name(fields: list[str], name: str) -> None:
    assert flag_name(fields) == name


@pytest.mark.parametrize(
    ("name", "value", "flag"),
    [
        ("metadata.complete", True, True),
        ("metadata.complete", False, False),
        ("metadata.complete", None, None),
        ("metadata.complete", "true", True),
        ("metadata.complete", " True ", True),
        ("metadata.complete", "FALSE", False),
        ("metadata.complete", "maybe", None),
        ("metadata.complete", "", None),
        ("metadata.complete", 1, None),
        ("metadata.complete", 0.0, None),
        ("metadata.complete", ["true"], None),
        ("metadata.incomplete", True, False),
        ("metadata.incomplete", "false", True),
        ("metadata.is_incomplete", False, True),
        ("metadata.not_complete", True, False),
        ("metadata.trace_incomplete", True, False),
        ("metadata.isIncomplete", True, False),
        ("metadata.incomplete", None, None),
        ('metadata."a.incomplete"', True, False),
        ("metadata.incomplete.is_complete", True, True),
    ],
)
def test_flag_value(name: str, value: object, flag: bool | None) -> None:
    assert flag_value(name, value) is flag


@pytest.mark.parametrize(
    ("flag", "response", "disagrees"),
    [
        (True, "<think>r</think>a", False),
        (False, "<think>r</think>a", True),
        (True, "<think>r", True),
        (False, "<think>r", False),
        (True, "r\n</think>\na", False),
        (True, "the tag `</think>` in prose", False),
        (True, "a", True),
        (True, "a</think>b", False),
        (False, None, False),
        (True, None, True),
        (None, "<think>r</think>a", None),
    ],
)
def test_flag_disagrees(flag: bool | None, response: str | None, disagrees: bool | None) -> None:
    assert flag_disagrees(flag, one("p", response)) is disagrees


@pytest.mark.parametrize("flag", [True, False, None])
def test_a_flag_beside_reasoning_of_its_own_cannot_be_judged(flag: bool | None) -> None:
    apart = Message("assistant", "a", (Part("reasoning", "r"),))
    tagged = Message("assistant", "<think>q</think>a", (Part("reasoning", "r"),))

    assert flag_disagrees(flag, Conversation((Message("user", "p"), apart))) is None
    judged = flag_disagrees(flag, Conversation((Message("user", "p"), tagged)))
    assert judged is (None if flag is None else not flag)


def test_flags_of_a_table() -> None:
    metadata = [{"is_complete": True}, {"is_complete": None}, None]

    assert flags(flatten(pa.table({"metadata": metadata}), []), 3) == [True, None, None]
    assert flags(flatten(pa.table({"x": [1, 2]}), []), 2) == [None, None]


def test_flags_of_json_and_of_a_map() -> None:
    json = pa.table({"metadata": ['{"incomplete": "True"}', "{", '{"incomplete": false}']})
    pairs = pa.array([[("complete", True)], []], pa.map_(pa.string(), pa.bool_()))

    assert flags(flatten(json, ["metadata"]), 3) == [False, None, True]
    assert flags(flatten(pa.table({"metadata": pairs}), []), 2) == [True, None]


@pytest.mark.parametrize(
    ("more", "scored"),
    [
        ({}, False),
        ({"chosen_score": 1.0}, True),
        ({"score_rejected": 1.0}, True),
        ({"score_chosen": 1.0}, False),
        ({"score_chosen": 1.0, "score_rejected": 1.0}, False),
    ],
)
def test_the_score_of_the_shown_answer_is_a_signal_but_where_a_column_has_its_name(
    more: dict[str, float], scored: bool
) -> None:
    layout = detect(pa.Table.from_pylist([{"chosen": "a", "rejected": "b", **more}]).schema)
    conversations = (one("p", "a"),)
    found = compute(Batch(conversations, counted(conversations), [None]), layout)
    assert ("score_chosen" in found) is scored
