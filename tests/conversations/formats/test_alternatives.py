"""Other answers to the same question: where they are found, what is said of them, and that reasoning is
taken out of them too.
"""

import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.format import Layout
from app.conversations.formats.looked import Looked, Told
from app.conversations.formats.table import detect
from app.conversations.model import Conversation, Standing
from app.conversations.records import records
from app.errors import Unreadable
from app.export.shapes import Shaper

Row = dict[str, Any]
Q, A, B = "How many legs has a spider?", "It has eight of them.", "It has six of them."
THOUGHT = f"<think>Eight, I think.</think>{A}"


def turns(*said: tuple[str, str]) -> list[Row]:
    return [{"role": role, "content": content} for role, content in said]


def layout_of(*rows: Row, told: Told | None = None) -> tuple[Layout, list[Row]]:
    table = pa.Table.from_pylist(list(rows))
    found = records(table)
    return detect(Looked(table.schema, found, told or Told())), found


def read(*rows: Row) -> Conversation:
    layout, found = layout_of(*rows)
    return layout.conversation(found[0])


def said(conversation: Conversation) -> list[tuple[str, float | None, dict[str, object], int, str]]:
    """Label, score, what else, shared messages and text of each alternative."""
    return [
        (
            each.standing.label,
            each.standing.score,
            dict(each.standing.said),
            each.shared,
            " | ".join(m.content for m in each.messages),
        )
        for each in conversation.alternatives
    ]


def test_a_rejected_answer_of_turns() -> None:
    row = {
        "chosen": turns(("user", Q), ("assistant", A)),
        "rejected": turns(("user", Q), ("assistant", B)),
        "score_chosen": 8.5,
        "score_rejected": 2,
        "rejected_model": "small",
    }
    found = read(row)
    assert [m.content for m in found.messages] == [Q, A]
    assert found.standing == Standing("chosen", 8.5)
    assert said(found) == [("rejected", 2.0, {"model": "small"}, 1, B)]


def test_a_rejected_answer_as_text_beside_a_question() -> None:
    found = read(
        {"prompt": Q, "chosen": A, "rejected": B, "chosen_rating": 5, "rejected_rating": 1}
    )
    assert found.standing == Standing("chosen", 5.0)
    assert said(found) == [("rejected", 1.0, {}, 1, B)]


@pytest.mark.parametrize("key", ["chosen", "rejected"])
def test_a_side_that_is_one_turn_stays_one_where_its_reasoning_is_taken_out(key: str) -> None:
    side = {"role": "assistant", "content": THOUGHT}
    plain = {**side, "content": B}
    row = {"prompt": Q, "chosen": plain, "rejected": plain, key: side}
    layout, (record,) = layout_of(row)
    made = Shaper("source", "strip", list(row)).shaped(record, layout)
    assert made == {**row, key: {**side, "content": A}}
    written = {**row, "chosen": json.dumps(row["chosen"]), "rejected": json.dumps(row["rejected"])}
    layout, (record,) = layout_of(written)
    made = Shaper("source", "strip", list(row)).shaped(record, layout)
    assert made == {**written, key: json.dumps({**side, "content": A}, separators=(",", ":"))}


def test_a_side_that_is_an_object_of_another_kind_is_an_answer() -> None:
    text = '{"role": "painter", "content": "x"}'
    found = read({"prompt": Q, "chosen": text, "rejected": B})
    assert found.messages[-1].content == text


def test_both_sides_beside_a_list_of_turns_are_said_to_be_answers() -> None:
    row = {
        "messages": turns(("user", Q), ("assistant", A)),
        "chosen": turns(("user", Q), ("assistant", A)),
        "rejected": turns(("user", Q), ("assistant", B)),
    }
    layout, found = layout_of(row)
    assert layout.said == (
        "turns of role and content in `messages`; other answers in `chosen` and `rejected`"
    )
    conversation = layout.conversation(found[0])
    assert conversation.standing.label == "chosen"
    assert said(conversation) == [("rejected", None, {}, 1, B)]


def test_answers_that_part_before_the_last_turn_share_what_both_begin_with() -> None:
    begun = [("user", Q), ("assistant", A)]
    row = {
        "chosen": turns(*begun, ("user", "Sure?"), ("assistant", "Yes.")),
        "rejected": turns(("user", Q), ("assistant", B), ("user", "Sure?"), ("assistant", "Yes.")),
    }
    assert said(read(row)) == [("rejected", None, {}, 1, f"{B} | Sure? | Yes.")]


def test_a_rejected_answer_that_says_the_same_is_none() -> None:
    row = {"prompt": Q, "chosen": A, "rejected": f" {A} "}
    assert read(row).alternatives == ()


@pytest.mark.parametrize("value", [None, "", []])
def test_no_rejected_answer_is_none(value: object) -> None:
    full = {
        "chosen": turns(("user", Q), ("assistant", A)),
        "rejected": turns(("user", Q), ("assistant", B)),
    }
    layout, found = layout_of(full)
    conversation = layout.conversation({**found[0], "rejected": value})
    assert conversation.alternatives == ()
    assert [m.content for m in conversation.messages] == [Q, A]


GENERATIONS = {
    "problem": Q,
    "generations": [B, THOUGHT, None, "None."],
    "correct": [False, True, None, True],
    "ratings": [1, 5, None, 3],
    "generation_models": ["one", "two", None, None],
    "others": ["too", "short"],
}


def test_the_best_of_a_list_answers_a_question_that_nothing_else_answers() -> None:
    layout, found = layout_of(GENERATIONS)
    assert (layout.name, layout.column("response")) == ("columns", "generations")
    assert layout.said == "`problem`, and the best of the answers in `generations`"
    conversation = layout.conversation(found[0])
    assert [m.content for m in conversation.messages] == [Q, THOUGHT]
    assert conversation.standing == Standing("two", 5.0, (("correct", True),))
    assert said(conversation) == [
        ("one", 1.0, {"correct": False}, 1, B),
        ("4", 3.0, {"correct": True}, 1, "None."),
    ]


def test_without_scores_the_first_that_holds_is_the_best_else_the_first() -> None:
    row = {"problem": Q, "generations": ["a", "b", "c"], "right": [False, True, True]}
    assert read(row).messages[-1].content == "b"
    assert read({**row, "right": [False] * 3}).messages[-1].content == "a"
    assert read({"problem": Q, "generations": ["a", "b"]}).messages[-1].content == "a"


def test_generations_beside_turns_leave_out_the_one_that_is_shown() -> None:
    row = {
        "messages": turns(("user", Q), ("assistant", THOUGHT)),
        "generations": [THOUGHT, B],
        "is_complete": [True, False],
    }
    layout, found = layout_of(row)
    assert layout.said == "turns of role and content in `messages`; other answers in `generations`"
    conversation = layout.conversation(found[0])
    assert conversation.standing == Standing("1", None, (("is_complete", True),))
    assert said(conversation) == [("2", None, {"is_complete": False}, 1, B)]


def test_objects_in_a_list_say_their_model_and_their_score() -> None:
    row = {
        "instruction": Q,
        "completions": [
            {"model": "one", "response": A, "overall_score": 7.5, "principle": "honest"},
            {"model": "two", "response": B, "overall_score": 9.0, "principle": "helpful"},
        ],
    }
    conversation = read(row)
    assert [m.content for m in conversation.messages] == [Q, B]
    assert conversation.standing == Standing("two", 9.0, (("principle", "helpful"),))
    assert said(conversation) == [("one", 7.5, {"principle": "honest"}, 1, A)]


def test_right_answers_are_no_alternatives() -> None:
    row = {"question": Q, "response": A, "answers": ["eight", "8"]}
    layout, _ = layout_of(row)
    assert layout.others is None
    with pytest.raises(Unreadable, match="a question in 'question' and no answer"):
        layout_of({"question": Q, "answers": ["eight", "8"]})


STEMS = {
    "question": Q,
    "one_thinking": "Eight legs, I should think.",
    "one_answer": A,
    "one_grade": "Yes",
    "two_thinking": "Six legs, I should think.",
    "two_answer": B,
    "two_grade": "No",
}


def test_two_stems_are_two_answers() -> None:
    layout, found = layout_of(STEMS)
    conversation = layout.conversation(found[0])
    shown, (other,) = conversation.messages[-1], conversation.alternatives
    assert (shown.content, shown.own_reasoning) == (A, "Eight legs, I should think.")
    assert conversation.standing == Standing("one", None, (("grade", "Yes"),))
    assert other.standing == Standing("two", None, (("grade", "No"),))
    assert [(m.content, m.own_reasoning) for m in other.messages] == [
        (B, "Six legs, I should think.")
    ]


def stripped(row: Row) -> Row:
    layout, found = layout_of(row)
    shaper = Shaper("source", "strip", list(layout.columns))
    return dict(shaper.shaped(dict(found[0]), layout))


def test_reasoning_is_taken_out_of_all_answers() -> None:
    made = stripped({**GENERATIONS, "generations": [THOUGHT, f"<think>No.</think>{B}", None, "x"]})
    assert made["generations"] == [A, B, None, "x"]
    made = stripped(STEMS)
    assert (made["one_thinking"], made["two_thinking"]) == (None, None)
    assert (made["one_answer"], made["two_answer"]) == (A, B)
    objects = {"completions": [{"model": "m", "response": THOUGHT}, {"model": "n", "response": B}]}
    assert stripped({"instruction": Q, **objects})["completions"] == [
        {"model": "m", "response": A},
        {"model": "n", "response": B},
    ]


def test_the_columns_of_other_answers_are_read_and_tell_the_plan() -> None:
    layout, _ = layout_of(GENERATIONS)
    assert set(layout.needed) == {
        "problem",
        "generations",
        "correct",
        "ratings",
        "generation_models",
    }
    other, _ = layout_of({k: v for k, v in GENERATIONS.items() if k != "ratings"})
    assert layout.plan != other.plan


def test_other_answers_have_the_tags_of_their_dataset() -> None:
    first, second = (f"[THINK]Eight.[/THINK]{A}", f"[THINK]Six.[/THINK]{B}")
    (other,) = read({"prompt": Q, "chosen": first, "rejected": second}).alternatives
    assert (other.messages[0].split.reasoning, other.messages[0].split.answer) == ("Six.", B)


def test_lists_of_another_length_say_nothing_in_their_row_alone() -> None:
    rows = [{"problem": Q, "generations": ["a", "b"], "ratings": [1, 9]} for _ in range(3)]
    rows.append({"problem": Q, "generations": ["a", "b"], "ratings": [1, 9, 5]})
    layout, found = layout_of(*rows)
    assert [layout.conversation(row).messages[-1].content for row in found] == ["b", "b", "b", "a"]
    assert layout.conversation(found[3]).standing == Standing("1")
    half = [{"problem": Q, "generations": ["a", "b"], "ratings": [1, 9][:n]} for n in (2, 1)]
    layout, found = layout_of(*half)
    assert layout.conversation(found[0]).messages[-1].content == "a"


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ([Decimal("1.5"), Decimal("2.5")], "b"),
        ([float("nan"), 1.0], "b"),
        ([float("inf"), 1.0], "b"),
        ([2.0, float("nan")], "a"),
        ([float("nan"), float("nan")], "a"),
    ],
)
def test_scores_are_finite_numbers_of_any_kind(scores: list[Any], best: str) -> None:
    assert (
        read({"problem": Q, "generations": ["a", "b"], "score": scores}).messages[-1].content
        == best
    )


def test_a_number_that_judges_a_stem_is_its_score() -> None:
    row = {k: v for k, v in STEMS.items() if not k.endswith("_grade")}
    layout, found = layout_of({**row, "one_score": 1.5, "two_score": 9})
    conversation = layout.conversation(found[0])
    assert conversation.standing == Standing("one", 1.5)
    assert [each.standing for each in conversation.alternatives] == [Standing("two", 9.0)]
    assert layout.others is not None
    assert layout.others.scored


def test_an_answer_of_a_stem_that_says_nothing_is_none() -> None:
    layout, found = layout_of(STEMS)
    silent = {**found[0], "two_answer": "", "two_thinking": None}
    assert layout.conversation(silent).alternatives == ()


def test_a_row_without_a_question_has_its_answers() -> None:
    layout, found = layout_of({"problem": Q, "generations": ["a", "b"]})
    conversation = layout.conversation({**found[0], "problem": None})
    assert [m.content for m in conversation.messages] == ["a"]
    assert said(conversation) == [("2", None, {}, 0, "b")]


def test_an_answer_that_goes_on_shares_all_but_the_last_message_of_the_shorter() -> None:
    begun = [("user", Q), ("assistant", A)]
    row = {"chosen": turns(*begun), "rejected": turns(*begun, ("user", "Sure?"), ("assistant", B))}
    assert said(read(row)) == [("rejected", None, {}, 1, f"{A} | Sure? | {B}")]


@pytest.mark.parametrize("name", ["chosen", "rejected"])
def test_one_side_of_a_preference_is_no_other_answer(name: str) -> None:
    row = {"messages": turns(("user", Q), ("assistant", A)), name: turns(("assistant", B))}
    layout, _ = layout_of(row)
    assert layout.others is None
