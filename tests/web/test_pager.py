"""The pager as a line of values, and the way back to the list."""

import pytest

from app.search.request.query import Query
from app.search.results import Neighbours, Results
from app.web.address import Address
from app.web.links import Link
from app.web.pager import listed_at, pager


def shown(page: int, pages: int) -> str:
    """The pager in words, the current page in brackets, gaps without a link."""
    links = pager("/d", Address(Query(page=page)), Results(pages * 25, (), page, 25, 0.0, 99))
    assert all(bool(link.href) == (link.text != "\u2026") for link in links)
    return " ".join(f"[{link.text}]" if link.current else link.text for link in links)


@pytest.mark.parametrize(
    ("page", "pages", "expected"),
    [
        (1, 0, ""),
        (1, 1, ""),
        (1, 2, "[1] 2 Next"),
        (2, 2, "Previous 1 [2]"),
        (1, 3, "[1] 2 3 Next"),
        (1, 4, "[1] 2 3 4 Next"),
        (1, 5, "[1] 2 3 \u2026 5 Next"),
        (4, 7, "Previous 1 2 3 [4] 5 6 7 Next"),
        (5, 9, "Previous 1 \u2026 3 4 [5] 6 7 \u2026 9 Next"),
        (8, 9, "Previous 1 \u2026 6 7 [8] 9 Next"),
        (9, 9, "Previous 1 \u2026 7 8 [9]"),
        (1_000, 2_000, "Previous 1 \u2026 998 999 [1,000] 1,001 1,002 \u2026 2,000 Next"),
    ],
)
def test_the_pages_near_the_first_and_the_last(page: int, pages: int, expected: str) -> None:
    assert shown(page, pages) == expected


def test_each_link_is_to_its_page() -> None:
    links = pager("/d", Address(Query(q="a", page=2)), Results(26, (), 2, 25, 0.0, 99))
    assert links == (
        Link("Previous", "/d?q=a", label="Page 1"),
        Link("1", "/d?q=a", label="Page 1"),
        Link("2", "/d?q=a&page=2", True, "Page 2"),
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, "/d?q=a&page=4#row-7"),
        (Neighbours(1, 60, None, 8), "/d?q=a#row-7"),
        (Neighbours(25, 60, 6, 8), "/d?q=a#row-7"),
        (Neighbours(26, 60, 6, 8), "/d?q=a&page=2#row-7"),
        (Neighbours(60, 60, 6, None), "/d?q=a&page=3#row-7"),
    ],
)
def test_the_list_at_the_place_of_a_row(at: Neighbours | None, expected: str) -> None:
    assert listed_at("/d", Address(Query(q="a", page=4)), at, 7) == expected
