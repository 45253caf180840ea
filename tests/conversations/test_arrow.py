"""Arrow's types told apart, and made anew from their leaves."""

import pyarrow as pa
import pytest

from app.conversations.arrow import is_list, is_text, recast, retyped

TEXT, WIDE = pa.string(), pa.large_string()


@pytest.mark.parametrize(
    ("kind", "text", "listed"),
    [
        (TEXT, True, False),
        (WIDE, True, False),
        (pa.string_view(), True, False),
        (pa.json_(), True, False),
        (pa.json_(WIDE), True, False),
        (pa.dictionary(pa.int8(), TEXT), True, False),
        (pa.dictionary(pa.int8(), pa.int64()), False, False),
        (pa.binary(), False, False),
        (pa.uuid(), False, False),
        (pa.null(), False, False),
        (pa.int8(), False, False),
        (pa.struct([("x", TEXT)]), False, False),
        (pa.map_(TEXT, TEXT), False, False),
        (pa.list_(TEXT), False, True),
        (pa.large_list(TEXT), False, True),
        (pa.list_(TEXT, 2), False, True),
        (pa.list_view(TEXT), False, True),
        (pa.large_list_view(TEXT), False, True),
    ],
    ids=str,
)
def test_what_holds_text_and_what_is_a_list(kind: pa.DataType, text: bool, listed: bool) -> None:
    assert (is_text(kind), is_list(kind)) == (text, listed)


def test_no_type_holds_no_text() -> None:
    assert is_text(None) is False


def widened(kind: pa.DataType) -> pa.DataType:
    return WIDE if kind == TEXT else kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TEXT, WIDE),
        (pa.int8(), pa.int8()),
        (pa.dictionary(pa.int8(), TEXT), pa.dictionary(pa.int8(), TEXT)),
        (pa.list_(TEXT), pa.list_(WIDE)),
        (pa.large_list(TEXT), pa.large_list(WIDE)),
        (pa.list_(TEXT, 3), pa.list_(WIDE, 3)),
        (pa.list_view(TEXT), pa.list_view(WIDE)),
        (pa.large_list_view(TEXT), pa.large_list_view(WIDE)),
        (pa.map_(TEXT, pa.int8()), pa.map_(WIDE, pa.int8())),
        (pa.map_(pa.int8(), TEXT), pa.map_(pa.int8(), WIDE)),
        (pa.map_(pa.int8(), pa.int16()), pa.map_(pa.int8(), pa.int16())),
        (
            pa.struct([pa.field("x", TEXT, nullable=False), ("y", pa.list_(pa.list_(TEXT)))]),
            pa.struct([pa.field("x", WIDE, nullable=False), ("y", pa.list_(pa.list_(WIDE)))]),
        ),
        (
            pa.list_(pa.field("own", TEXT, nullable=False)),
            pa.list_(pa.field("own", WIDE, nullable=False)),
        ),
    ],
    ids=str,
)
def test_a_type_made_anew_from_its_leaves(kind: pa.DataType, expected: pa.DataType) -> None:
    found = retyped(kind, widened)
    assert found == expected
    assert str(found) == str(expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEXT, WIDE),
        (TEXT, TEXT),
        (pa.list_(TEXT), pa.large_list(WIDE)),
        (pa.list_view(pa.string_view()), pa.large_list(WIDE)),
        (pa.large_list_view(pa.list_view(TEXT)), pa.list_(pa.list_(WIDE))),
    ],
    ids=str,
)
def test_a_column_in_another_type_has_the_same_values(
    before: pa.DataType, after: pa.DataType
) -> None:
    value: object = "a"
    kind = before
    while is_list(kind):
        value, kind = [value, None], kind.value_type
    column = pa.chunked_array([pa.array([value], before), pa.array([None, value], before)])
    made = recast(column, after)
    assert (made.type, made.to_pylist()) == (after, [value, None, value])
