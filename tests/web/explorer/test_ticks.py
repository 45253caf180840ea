"""What ticks a row of the list, or lets it go."""

import pytest

from app.search.results import Result, Results
from app.web.address import Address
from app.web.explorer.results import list_view
from app.web.links import Link

SIGNALS = {"trace": "none", "flag_disagrees": False}


@pytest.mark.parametrize(
    ("ticked", "links"),
    [
        (
            "",
            [
                Link("Tick", "/d?q=x&ticked=7#row-7", False, "Row 7 ticked"),
                Link("Tick", "/d?q=x&ticked=1009#row-1009", False, "Row 1,009 ticked"),
            ],
        ),
        (
            "7",
            [
                Link("Ticked", "/d?q=x#row-7", True, "Row 7 ticked"),
                Link("Tick", "/d?q=x&ticked=7%2C1009#row-1009", False, "Row 1,009 ticked"),
            ],
        ),
    ],
)
def test_a_row_is_ticked_or_let_go(ticked: str, links: list[Link]) -> None:
    pairs = [("q", "x"), *([("ticked", ticked)] if ticked else [])]
    rows = tuple(Result(row, None, "p", "", None, (), SIGNALS) for row in (7, 1_009))
    found = list_view("/d", Address.of(pairs, {}), Results(2, rows, 1, 25, 0.0, 2_000), {})
    assert [each.tick for each in found.results] == links
