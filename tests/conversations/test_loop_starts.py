"""Where a trace begins to loop or to go in circles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.loop_starts import circle_start, loop_start
from app.conversations.steps import CIRCLE, LOOP, REPEATS, steps
from tests.conversations.signals.test_circles import piece

LOOP_OF = "so it is five and not six, wait, "


def fresh(count: int) -> str:
    """Words that stand nowhere else."""
    return " ".join(f"word{n}" for n in range(count))


@settings(max_examples=20)
@given(st.integers(1, 300), st.integers(30, 60))
def test_a_loop_begins_where_it_comes_again(before: int, times: int) -> None:
    text = f"{fresh(before)} {LOOP_OF * times}"
    assert loop_start(text) == len(fresh(before)) + 1 + len(LOOP_OF)


def test_a_loop_that_ends_begins_too() -> None:
    text = f"{fresh(600)} {LOOP_OF * 200} {fresh(600).replace('word', 'other')}"
    assert loop_start(text) == len(fresh(600)) + 1 + len(LOOP_OF)


@pytest.mark.parametrize("text", ["", "five", fresh(900), f"{fresh(200)} {fresh(200)}"])
def test_what_does_not_loop_begins_none(text: str) -> None:
    assert loop_start(text) is None


def test_a_word_without_end_loops_from_an_unknown_place() -> None:
    assert loop_start("so it is 0." + "9" * 3000) == 0


def test_circles_begin_at_the_first_piece_that_comes_again() -> None:
    said = [piece("Wait,", "river"), piece("Wait,", "garden"), *[piece("Wait,", "river")] * 4]
    text = "\n\n".join(said)
    assert circle_start(text) == len("\n\n".join(said[:2])) + 2
    assert circle_start("\n\n".join(said[:5])) is not None
    assert circle_start("\n\n".join(said[:4])) is None


def test_the_paragraph_of_a_beginning_is_marked() -> None:
    found = steps(["We count.", f"{fresh(30)} {LOOP_OF * 60}", LOOP_OF * 3])
    assert [LOOP in each.marks for each in found] == [False, True, False]
    assert found[1].at == len(fresh(30)) + 1 + len(LOOP_OF)
    assert REPEATS in found[1].marks

    pieces = [piece("Wait,", "river"), *[piece("Alternatively,", "river")] * 4]
    assert [CIRCLE in each.marks for each in steps(pieces)] == [False, True, False, False, False]


def test_an_unknown_beginning_is_marked_where_the_trace_repeats_first() -> None:
    found = steps(["We count.", "so it is 0." + "9" * 3000])
    assert [LOOP in each.marks for each in found] == [False, True]


def test_a_loop_of_pieces_of_paragraphs_has_no_beginning() -> None:
    same = " ".join(f"s{n}" for n in range(21))
    pieces = [f"{same} {fresh(8).replace('word', f'w{n}x')}" for n in range(30)]
    assert loop_start("\n\n".join(pieces)) == 0
    assert not any(step.marks for step in steps(pieces))


def test_a_trace_that_only_says_a_thing_twice_has_no_beginning() -> None:
    found = steps([fresh(40), fresh(600).replace("word", "other"), fresh(40)])
    assert REPEATS in found[2].marks
    assert not any({LOOP, CIRCLE} & set(each.marks) for each in found)
