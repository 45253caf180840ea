"""The one parser of JSON in text: depth, digits, what Python writes, and what is no JSON."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.json_text import (
    DEEPEST,
    MOST_OPENED,
    NOT_JSON,
    Constant,
    Digits,
    as_written,
    parsed,
    parsed_object,
    rounds,
    value_or_text,
    written,
)


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        ("{}", {}, []),
        ('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}, []),
        ('{"a": NaN, "b": [Infinity, -Infinity]}', {"a": None, "b": [None, None]}, []),
        ('["\\ud83d", "\\ude00x"]', ["\ufffd", "\ufffdx"], ["surrogate"]),
        ('{"\\ud83d": 1}', {"\ufffd": 1}, ["surrogate"]),
        ('["\\ud83d\\ude00"]', ["\U0001f600"], []),
        ("", NOT_JSON, ["json"]),
        ("{", NOT_JSON, ["json"]),
        ("{'a': 1}", NOT_JSON, ["json"]),
        ('{"a": 1} x', NOT_JSON, ["json"]),
        ("[" * 100_000, NOT_JSON, ["json"]),
        (nested(100_000), NOT_JSON, ["json"]),
        (nested(DEEPEST + 1), NOT_JSON, ["json"]),
        ("NaN", None, []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_parsed(text: str, expected: object, told: list[str]) -> None:
    found: list[str] = []

    assert parsed(text, found.append) == expected
    assert found == told


@pytest.mark.parametrize("parse", [parsed, as_written])
@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ('"' + "[" * MOST_OPENED + '"', True),
        ('"' + "{" * MOST_OPENED + '"', True),
        ('"' + "[" * MOST_OPENED + '{"', False),
        ("[" * DEEPEST + "1" + "]" * DEEPEST, True),
        ("[" * (DEEPEST + 1) + "1" + "]" * (DEEPEST + 1), False),
        ("[" * (DEEPEST + 1) + "NaN" + "]" * (DEEPEST + 1), False),
        ('{"a": NaN, "b": ' + nested(DEEPEST - 1) + "}", True),
        ('{"a": NaN, "b": ' + nested(DEEPEST) + "}", False),
        ("[" + "[]," * DEEPEST + "1.50]", True),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_too_much_is_not_taken_apart(
    parse: Callable[[str], object], text: str, taken: bool
) -> None:
    assert (parse(text) is not NOT_JSON) is taken


def test_half_a_pair_is_mended_wherever_it_stands() -> None:
    text = '{"\\ud800": [{"a": "b\\udfff"}, 1, null], "c": "d"}'
    assert parsed(text) == {"\ufffd": [{"a": "b\ufffd"}, 1, None], "c": "d"}
    assert parsed('[{"a": NaN}, {"b": "\\ud83d\\ude00"}]') == [{"a": None}, {"b": "\U0001f600"}]


def test_two_hundred_levels_are_taken_apart_and_a_million_brackets() -> None:
    assert (DEEPEST, MOST_OPENED) == (200, 1_000_000)


def test_nobody_needs_to_be_told() -> None:
    assert parsed("{") is NOT_JSON
    assert parsed('["\\ud800"]') == ["\ufffd"]


def test_json_is_taken_apart_down_to_a_depth() -> None:
    assert parsed(nested(DEEPEST)) == json.loads(nested(DEEPEST))
    assert parsed('{"a": "' + "[" * 5_000 + '"}') == {"a": "[" * 5_000}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0.30000000000000004", 0.30000000000000004),
        ("1.10", 1.1),
        ("1e15", 1e15),
        ("1E+300", 1e300),
        ("-0.0", -0.0),
        ("0e-400", 0.0),
        ("5e-324", 5e-324),
        ("1e-310", 1e-310),
        ("2.2250738585072014e-308", 2.2250738585072014e-308),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("12345678901234567890", 12345678901234567890),
        ("9007199254740993", 2**53 + 1),
        ("1234567890123456e-3", 1234567890123.456),
        ("0.1000000000000000000000", 0.1),
    ],
)
def test_numbers_that_python_has(text: str, number: float) -> None:
    assert parsed(text) == number
    assert type(parsed(text)) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "18446744073709551616",
        "-9223372036854775809",
        "7" * 300,
        "0.12345678901234567890",
        "3.141592653589793238",
        "1e400",
        "-1e400",
        "1e-400",
        "-1e-400",
        "4e-324",
        "1.0e-9999999999999999999",
        "1e9999999999999999999999",
        "9007199254740993.0",
        "99999999999999999999",
        "-12345678901234567890",
        "1234567890123456789012",
        "0.10000000000000000001",
    ],
)
def test_other_numbers_are_kept_digit_by_digit(text: str) -> None:
    found = parsed(f'{{"a": [{text}]}}')

    assert found == {"a": [text]}
    assert isinstance(found["a"][0], Digits)
    assert written(found) == f'{{"a":[{text}]}}'


def test_a_byte_order_mark_is_none_of_it() -> None:
    assert parsed('\ufeff{"a": 1}') == {"a": 1}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_what_python_writes_is_read(value: object) -> None:
    found = parsed(json.dumps(value))

    assert found is not NOT_JSON
    assert json.loads(written(found)) == json.loads(
        json.dumps(value), parse_constant=lambda _: None
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ({"a": 1}, {"a": 1}),
        ({1: 2}, {"1": 2}),
        ('{"a": 1}', {"a": 1}),
        ('{"a": NaN}', {"a": None}),
        ("[1]", None),
        ("5", None),
        ('"x"', None),
        ("null", None),
        (5, None),
        ([1], None),
    ],
)
def test_parsed_object(value: object, expected: object) -> None:
    assert parsed_object(value) == expected


def test_a_text_that_is_no_json_stays_a_text() -> None:
    assert value_or_text("x {") == "x {"
    assert value_or_text("[1]") == [1]
    assert value_or_text([1]) == [1]
    assert value_or_text(nested(300)) == nested(300)


@pytest.mark.parametrize(
    ("value", "indent", "expected"),
    [
        ({"a": [1, "é"]}, False, '{"a":[1,"é"]}'),
        ({"a": [1]}, True, '{\n  "a": [\n    1\n  ]\n}'),
        ([Digits("1e400"), Constant("NaN")], False, '[1e400,"NaN"]'),
        ({"at": Decimal("1.50")}, False, '{"at":"1.50"}'),
        (float("nan"), False, "null"),
        (b"ab", False, "\"b'ab'\""),
    ],
)
def test_written(value: object, indent: bool, expected: str) -> None:
    assert written(value, indent) == expected


def test_as_written_keeps_numbers_and_constants() -> None:
    found = as_written('{"a": 1.50, "b": NaN, "c": "1.50", "d": 10}')

    assert found == {"a": "1.50", "b": "NaN", "c": "1.50", "d": "10"}
    assert [type(each) for each in found.values()] == [Digits, Constant, str, Digits]


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "{", nested(DEEPEST + 1)])
def test_as_written_refuses_what_would_be_lost(text: str) -> None:
    assert as_written(text) is NOT_JSON


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 0.1234567890123456}', False),
        ('{"a": 0.30000000000000004}', False),  # as Python writes it
        ('{"a": 0.100000000000000001}', True),
        ("[1234567890123456]", False),
        ("[18446744073709551615, -9223372036854775808]", False),
        ("[18446744073709551616]", True),
        ("[-9223372036854775809]", True),
        ("[1e400]", True),
        ("[1E5, 2e-3]", False),
        ("[5e-324]", False),
        ("[4e-324]", True),
        ('["12-1234567890123456 3e 0e"]', False),
        (f"[0.{'3' * 500}]", True),
        (f'["{"0e" * 300_000}"]', True),
        ("[]", False),
        ("18446744073709551616", True),
        ("0.100000000000000001", True),
        ("18446744073709551615", False),
    ],
)
def test_whether_a_number_is_rounded(text: str, found: bool) -> None:
    assert rounds(text.encode()) is found
