"""The choice of an export: options that a shape does not take, several values in one, what links have."""

import pytest

from app.errors import InvalidInput
from app.export.choice import Choice, fitting, parse
from app.export.options import SHAPES

Pairs = list[tuple[str, str]]
OTHERS = {
    "reasoning_key": "thinking",
    "arguments": "text",
    "roles": "user,assistant",
    "keep_columns": "x",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("option", OTHERS)
def test_an_option_that_the_shape_does_not_take_is_told(shape: str, option: str) -> None:
    pairs = [("shape", shape), (option, OTHERS[option])]
    if option in SHAPES[shape].takes:
        parse(pairs).check()
        assert set(pairs) - {("shape", "source")} == set(parse(pairs).pairs())
        assert fitting(pairs) == pairs
        return
    with pytest.raises(InvalidInput) as refused:
        parse(pairs).check()
    assert refused.value.sentence.startswith(
        f"'{option}' says nothing in the shape {shape}: it is of "
    )
    assert fitting(pairs) == pairs[:1]


def test_the_shapes_that_take_an_option_are_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse([("shape", "alpaca"), ("arguments", "text")]).check()
    assert refused.value.sentence == (
        "'arguments' says nothing in the shape alpaca: it is of messages, prompt-completion and preference"
    )
    with pytest.raises(InvalidInput, match=r": it is of sharegpt and ranking$"):
        parse([("roles", "a,b")]).check()


def test_what_is_so_by_default_is_no_fault_and_in_no_link() -> None:
    pairs = [
        ("shape", "alpaca"),
        ("reasoning_key", "reasoning_content"),
        ("arguments", "object"),
        ("roles", "human, gpt"),
        ("incomplete", "keep"),
        ("signals", " , "),
    ]
    parse(pairs).check()
    assert parse(pairs) == Choice("alpaca")
    assert parse(pairs).pairs() == [("shape", "alpaca")]


def test_a_shape_that_is_none_keeps_what_every_shape_has() -> None:
    pairs = [("shape", "xml"), ("roles", "a,b"), ("signals", "all"), ("q", "x")]
    assert fitting(pairs) == [("shape", "xml"), ("signals", "all"), ("q", "x")]
    assert fitting([("roles", "a,b"), ("limit", "3")]) == [("limit", "3")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("user,assistant", ("user", "assistant")),
        (" a , b ", ("a", "b")),
        ("tool_user,x", ("tool_user", "x")),
    ],
)
def test_names_of_roles(text: str, names: tuple[str, str]) -> None:
    choice = parse([("shape", "sharegpt"), ("roles", text)])
    assert choice.roles == choice.spelling.roles == names
    assert choice.pairs() == [("shape", "sharegpt"), ("roles", ",".join(names))]


@pytest.mark.parametrize(
    "text",
    ["user", "a,b,c", "a,a", ",b", "a,", ",", "system,b", "a,tool", "a\x07b,c", "a," + "b" * 41]
    + ["observation,b", "a,function_call"],
)
def test_no_other_names_of_roles_are_taken(text: str) -> None:
    with pytest.raises(InvalidInput, match="'roles' is two different names parted by a comma"):
        parse([("shape", "sharegpt"), ("roles", text)])


def test_several_values_in_one_and_one_by_one() -> None:
    assert parse([("signals", "trace, turns"), ("signals", "trace")]).signals == ("trace", "turns")
    assert parse([("signals", "trace,turns")]).pairs() == [("signals", "trace,turns")]
    pairs = [("shape", "oumi"), ("keep_columns", "a,b"), ("keep_columns", "c")]
    assert parse(pairs).pairs() == pairs


@pytest.mark.parametrize("option", ["reasoning_key", "arguments", "incomplete"])
def test_values_that_are_none_are_told_with_those_there_are(option: str) -> None:
    with pytest.raises(InvalidInput, match=f"'{option}' is one of .*; not 'xml'"):
        parse([("shape", "messages"), (option, "xml")])
    with pytest.raises(InvalidInput, match="given more than once"):
        parse([(option, "text"), (option, "text")])


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "x"])
def test_no_rows_are_no_limit(limit: str) -> None:
    with pytest.raises(InvalidInput, match="'limit' is a whole number from 1"):
        parse([("limit", limit)])
    assert parse([("limit", "1")]).limit == 1
