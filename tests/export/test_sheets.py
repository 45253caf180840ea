"""Cells: each kind of value, names of columns, and what a spreadsheet could take for a formula."""

import datetime
from decimal import Decimal

import pytest

from app.conversations.json_text import Digits
from app.export.sheets import cell, heading, line


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", '""'),
        ("a", '"a"'),
        ('a"b', '"a""b"'),
        ("null", '"null"'),
        (1, "1"),
        (-1, "-1"),
        (1.5, "1.5"),
        (1e300, "1e+300"),
        (True, "true"),
        (float("nan"), ""),
        (float("-inf"), ""),
        (Decimal("-1.50"), "-1.50"),
        (Decimal("1E+5"), "1E+5"),
        (Decimal("-2.5E-7"), "-2.5E-7"),
        (Decimal("NaN"), '"NaN"'),
        (Digits("-12345678901234567890123"), '"\'-12345678901234567890123"'),
        (b"ab", '"YWI="'),
        (datetime.date(2024, 5, 1), '"2024-05-01"'),
        (datetime.timedelta(seconds=-90), "-90.0"),
        ([1, "a"], '"[1,""a""]"'),
        ({"k": None}, '"{""k"":null}"'),
        ([], '"[]"'),
        ("=1", '"\'=1"'),
        ("'=1", "\"''=1\""),
        ("'a", '"\'a"'),
        ('=a"b', '"\'=a""b"'),
        ("+1", '"\'+1"'),
        ("-1", '"\'-1"'),
        ("@a", '"\'@a"'),
        ("\ta", '"\'\ta"'),
        ("\ra", '"\'\ra"'),
        ("\na", '"\'\na"'),
        ("\0a", '"\'\0a"'),
        ("\uff1da", '"\'\uff1da"'),
        ("a=1", '"a=1"'),
    ],
)
def test_a_value_as_a_cell(value: object, expected: str) -> None:
    assert cell(value) == expected


@pytest.mark.parametrize(
    ("values", "separator", "expected"),
    [
        (["a", None, 1], ",", b'"a",,1\r\n'),
        (["a", None, 1], "\t", b'"a"\t\t1\r\n'),
        ([None], ",", b'""\r\n'),
        ([""], ",", b'""\r\n'),
        ([None, None], ",", b",\r\n"),
        ([], ",", b"\r\n"),
        (["é"], ",", '"é"\r\n'.encode()),
    ],
)
def test_a_line(values: list[object], separator: str, expected: bytes) -> None:
    assert line(values, separator) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a", b"a\r\n"),
        ("_a.b-c d1", b"_a.b-c d1\r\n"),
        ("1a", b'"1a"\r\n'),
        ("", b'""\r\n'),
        ("a,b", b'"a,b"\r\n'),
        ("=a", b'"\'=a"\r\n'),
        ("é", '"é"\r\n'.encode()),
    ],
)
def test_a_name_is_bare_where_it_is_plain(name: str, expected: bytes) -> None:
    assert heading([name], ",") == expected
