"""Picking two conversations: what each result offers, and where that leads."""

from dataclasses import replace

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.conversations.model import Conversation
from app.search.request.query import Query
from app.search.results import Neighbours, Reading
from app.web.address import Address
from app.web.compare_links import others, picking
from app.web.links import Link

LAYOUT = detect(pa.schema([("prompt", pa.string()), ("response", pa.string())]))
HERE = Address(Query(q="a", page=3))


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


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({}, None),
        ({"prompt_copies": None, "prompt_group": None}, None),
        ({"prompt_copies": 1, "prompt_group": 7}, None),
        ({"prompt_copies": 2, "prompt_group": 3}, "1 other row with this prompt"),
        ({"prompt_copies": 3, "prompt_group": 3}, "2 other rows with this prompt"),
        ({"prompt_copies": 1_001, "prompt_group": 3}, "1,000 other rows with this prompt"),
    ],
)
def test_the_way_to_the_others(signals: dict[str, object], expected: str | None) -> None:
    found = others("d", Reading(7, LAYOUT, Conversation(()), {}, signals, {}))
    there = "/datasets/d?filter=prompt_group%3A3&pick=7"
    assert found == (None if expected is None else Link(expected, there))
