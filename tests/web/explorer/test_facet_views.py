"""Facets as the page shows them, as values: longer lists, ticks, what stands in their place."""

from dataclasses import replace

import pytest

from app.conversations.fields import INTEGER, TEXT, Field
from app.search.results import Facet, Facets, FacetValue
from app.web.address import Address
from app.web.explorer.facet_values import ValueView
from app.web.explorer.facets import (
    FacetView,
    Folded,
    Histogram,
    Long,
    ValueFacet,
    Within,
    facet_views,
)

KIND = Field("kind", TEXT, "", column="c", facet="values", distinct=60)
TURNS = Field("n", INTEGER, "", column="d", facet="histogram", distinct=3, low=1, high=3)
FIELDS = {"kind": KIND, "n": TURNS}


def views(facet: Facet, *pairs: tuple[str, str]) -> tuple[FacetView, ...]:
    address = Address.of(pairs, FIELDS)
    return facet_views("/d", address, [facet.field], Facets(9, (facet,), 9))


def values(facet: Facet, *pairs: tuple[str, str]) -> ValueFacet:
    (view,) = views(facet, *pairs)
    assert isinstance(view, ValueFacet)
    return view


TWO = Facet(KIND, (FacetValue("a", 1_234), FacetValue("", 1)), 60)


def test_values_with_the_links_that_tick_them() -> None:
    made = values(TWO, ("q", "x"), ("filter", "kind:a"), ("page", "2"))
    assert (made.name, made.title, made.active, made.error) == ("kind", "kind", True, "")
    assert made.values == (
        ValueView(
            "a",
            "kind:a",
            "1,234",
            "/d?q=x",
            True,
            False,
            only="/d?q=x&filter=kind%3Aa",
            without="/d?q=x&filter=-kind%3Aa",
        ),
        ValueView(
            "empty",
            'kind:""',
            "1",
            "/d?q=x&filter=kind%3Aa&filter=kind%3A%22%22",
            False,
            True,
            only="/d?q=x&filter=kind%3A%22%22",
            without="/d?q=x&filter=kind%3Aa&filter=-kind%3A%22%22",
        ),
    )
    assert made.extent == "60"
    assert made.more_href == "/d/facets?q=x&filter=kind%3Aa&facet=kind&facet_size=100"
    assert made.long is None


@pytest.mark.parametrize(
    ("size", "longer"), [("10", "100"), ("20", "200"), ("100", "1000"), ("1000", "")]
)
def test_the_next_list_is_ten_times_as_long(size: str, longer: str) -> None:
    made = values(TWO, ("facet", "kind"), ("facet_size", size))
    assert made.more_href == (f"/d/facets?facet=kind&facet_size={longer}" if longer else "")
    assert values(replace(TWO, of=2), ("facet_size", size)).more_href == ""


def test_a_long_list_says_how_long_it_is() -> None:
    made = values(TWO, ("q", "x"), ("facet", "kind"), ("facet_size", "100"), ("facet_q", "a"))
    assert made.within == Within(
        "/d/facets", "a", (("q", "x"), ("facet", "kind"), ("facet_size", "100"))
    )
    assert made.long == Long(
        extent="2 of 60 values",
        fewer_href="/d/facets?q=x&facet=kind",
        back="/d?q=x",
    )
    one = values(Facet(KIND, (FacetValue("a", 1),), 1), ("facet_size", "100"))
    assert one.long is not None
    assert one.long.extent == "1 value"


def test_what_is_ticked_and_was_not_counted_is_shown() -> None:
    made = values(TWO, ("filter", "kind:b"), ("filter", "kind:a"), ("filter", "-kind:c"))
    assert [(each.text, each.count, each.selected) for each in made.values] == [
        ("a", "1,234", True),
        ("empty", "1", False),
        ("b", "", True),
        ("c", "", False),
    ]
    left_out = made.values[-1]
    assert left_out.excluded
    assert left_out.without == "/d?filter=kind%3Ab&filter=kind%3Aa"
    assert not any(each.excluded for each in made.values[:-1])


def test_a_facet_of_many_values_can_be_searched_at_once() -> None:
    made = values(TWO, ("q", "x"))
    hidden = (("q", "x"), ("facet", "kind"), ("facet_size", "100"))
    assert (made.within, made.long) == (Within("/d/facets", "", hidden), None)
    assert values(replace(TWO, of=2)).within is None


def test_a_text_that_is_kept_as_a_digest_is_not_told_as_a_value() -> None:
    digest = {"kind": replace(KIND, digest=True)}
    facets = Facets(9, (replace(TWO, field=digest["kind"]),), 9)
    address = Address.of([("filter", "kind:b")], digest)
    (view,) = facet_views("/d", address, [digest["kind"]], facets)
    assert isinstance(view, ValueFacet)
    assert [each.text for each in view.values] == ["a", "empty"]


def test_a_histogram_with_what_is_missing() -> None:
    (view,) = views(Facet(TURNS, bins=((1, 2, 5), (2, 3, 1)), nulls=7))
    assert isinstance(view, Histogram)
    assert [bar.label for bar in view.bars] == ["1: 5", "2\u20133: 1"]
    assert view.nulls == ValueView(
        "missing",
        "n:null",
        "7",
        "/d?filter=n%3Anull",
        False,
        True,
        only="/d?filter=n%3Anull",
        without="/d?filter=-n%3Anull",
    )
    (plain,) = views(Facet(TURNS, bins=((1, 3, 5),)))
    assert isinstance(plain, Histogram)
    assert plain.nulls is None


def test_what_was_not_counted_is_folded() -> None:
    """With the way to it, and how many different values it has where it is shown by them."""
    address = Address.of([("q", "x"), ("filter", "n:1"), ("page", "2")], FIELDS)
    bars, of_values = facet_views("/d", address, [TURNS, KIND], Facets(9, (), 9))
    facets = "/d/facets?q=x&filter=n%3A1&facet="
    assert bars == Folded("n", "n", "", True, "", "", "", href=f"{facets}n")
    assert of_values == Folded(
        "kind", "kind", "", False, "", "60", "different values", href=f"{facets}kind"
    )
    counted = Facets(9, (TWO,), 9)
    kinds = [each.kind for each in facet_views("/d", address, [TURNS, KIND], counted)]
    assert kinds == ["folded", "values"]
