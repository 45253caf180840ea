"""Picking two conversations: what each result offers, and where that leads."""

from dataclasses import replace

import pyarrow as pa
import pytest

from app.conversations.fields import Field
from app.conversations.formats.table import detect
from app.conversations.model import Conversation
from app.search.request.query import Query
from app.search.results import Neighbours, Reading
from app.web.address import Address
from app.web.compare_links import LONGEST_PROMPT, others, picking, same_prompt
from app.web.links import Link

PROMPT = Field("prompt", "text", "string", False, "", "f0")
LAYOUT = detect(pa.schema([("prompt", pa.string()), ("response", pa.string())]))
HERE = Address(Query(q="a", page=3))


def reading(**record: object) -> Reading:
    return Reading(7, LAYOUT, Conversation(()), record, {}, {}, {}, "a.parquet", 0)


@pytest.mark.parametrize(
    ("pick", "row", "expected"),
    [
        (None, 5, Link("Compare", "/datasets/d?q=a&page=3&pick=5#row-5", label="Compare row 5")),
        (5, 5, Link("Picked", "/datasets/d?q=a&page=3#row-5", True, "Cancel the pick of row 5")),
        (
            1_000,
            5,
            Link(
                "Compare with row 1,000",
                "/datasets/d/conversations/1000/beside/5?q=a&pick=1000",
                label="Compare row 5 with row 1,000",
            ),
        ),
    ],
)
def test_what_a_result_offers(pick: int | None, row: int, expected: Link) -> None:
    picked = picking("d", replace(HERE, pick=pick))
    assert picked.picked == pick
    assert picked.link(row) == expected
    assert picked.let_go == "/datasets/d?q=a&page=3"


def test_the_page_of_the_list_is_that_of_the_place() -> None:
    at = Neighbours(26, 60, None, None)
    assert picking("d", HERE, at).let_go == "/datasets/d?q=a&page=2"


def test_rows_with_the_same_prompt_are_asked_for_by_a_filter() -> None:
    same = same_prompt(reading(prompt="a b"), {"prompt": PROMPT})
    assert same is not None
    assert same.string() == "?filter=prompt%3Aa+b&pick=7"
    longest = same_prompt(reading(prompt="a" * LONGEST_PROMPT), {"prompt": PROMPT})
    assert longest is not None


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        ({"prompt": "a"}, {}),
        ({"prompt": "a"}, {"prompt": replace(PROMPT, column="")}),
        ({"prompt": None}, {"prompt": PROMPT}),
        ({}, {"prompt": PROMPT}),
        ({"prompt": " \n"}, {"prompt": PROMPT}),
        ({"prompt": "a" * (LONGEST_PROMPT + 1)}, {"prompt": PROMPT}),
    ],
)
def test_what_no_address_can_ask_for(record: dict[str, object], fields: dict[str, Field]) -> None:
    assert same_prompt(reading(**record), fields) is None


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, None),
        (1, None),
        (2, "1 other row with this prompt"),
        (3, "2 other rows with this prompt"),
        (1_001, "1,000 other rows with this prompt"),
    ],
)
def test_the_way_to_the_others(total: int, expected: str | None) -> None:
    found = others("d", Address(pick=7), Neighbours(1, total, None, None))
    assert found == (None if expected is None else Link(expected, "/datasets/d?pick=7"))
    assert others("d", None, Neighbours(1, total, None, None)) is None
    assert others("d", Address(), None) is None
