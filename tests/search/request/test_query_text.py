"""What was typed, to a query: filters, parameters, and how refusals name the fault."""

import math
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.fields import Field
from app.errors import InvalidInput
from app.search.request import filters
from app.search.request import query as queries
from app.search.request.tree import Leaf, Word
from app.web.address import PARAMETERS, Address
from app.web.links import filter_text

FIELDS = {
    each.name: each
    for each in (
        Field("turns", "integer", "integer", True, column="f0", facet="histogram"),
        Field("share", "number", "number", column="f1", facet="histogram"),
        Field("when", "date", "date", column="f2", facet="histogram"),
        Field("done", "boolean", "boolean", column="f3", facet="values"),
        Field("kind", "text", "text", column="f4", facet="values", longest=20),
        Field("kind:sub", "text", "text", column="f5", longest=20),
        Field("-kind", "text", "text", column="f6", longest=20),
        Field('metadata."a.b"', "text", "text", column="f7", longest=20),
        Field('metadata."c:d e"', "integer", "integer", column="f8"),
        Field("tags", "list", "list of varchar", column="f9", facet="values"),
        Field("levels", "list", "list of bigint", column="f10", facet="values"),
        Field("days", "list", "list of date", column="f11", facet="values"),
        Field("ticks", "list", "list of boolean", column="f12", facet="values"),
        Field("objects", "shown", "nested"),
        Field("prompt", "text", "text", column="f13", digest=True, longest=9_000),
        Field("essay", "text", "text", column="f14", longest=201),
    )
}
CONTROL_FREE = st.text(st.characters(blacklist_categories=["Cs"]))


def parse(*pairs: tuple[str, str]) -> Address:
    return Address.of(pairs, FIELDS)


# -------------------------------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("text", "name", "kind", "low", "high"),
    [
        ("turns:3", "turns", "equal", 3, None),
        ("turns:-3", "turns", "equal", -3, None),
        ("turns:2.5", "turns", "range", 3, 2),
        ("turns:1..5", "turns", "range", 1, 5),
        ("turns:..5", "turns", "range", None, 5),
        ("turns:1..", "turns", "range", 1, None),
        ("turns:-5..-1", "turns", "range", -5, -1),
        ("turns:9007199254740993", "turns", "equal", 2**53 + 1, None),
        ("turns:null", "turns", "null", None, None),
        ("share:>=0.5", "share", "compare", 0.5, None),
        ("share:1e-3", "share", "equal", 0.001, None),
        ("when:2024-02-29T10:00", "when", "equal", datetime(2024, 2, 29, 10), None),
        ("when:2024-02-29T10:00+02:00", "when", "equal", datetime(2024, 2, 29, 8), None),
        ("when:2024-02-29 10:00:00Z", "when", "equal", datetime(2024, 2, 29, 10), None),
        ("done:TRUE", "done", "equal", True, None),
        ("done:False", "done", "equal", False, None),
        ("kind:a..b", "kind", "equal", "a..b", None),
        ("kind:>5", "kind", "equal", ">5", None),
        ("kind: two words: and colons ", "kind", "equal", " two words: and colons ", None),
        ('kind:"null"', "kind", "equal", "null", None),
        ('kind:""', "kind", "equal", "", None),
        ('kind:"', "kind", "equal", '"', None),
        ('kind:"say ""hi"""', "kind", "equal", 'say "hi"', None),
        ('kind:half "quoted"', "kind", "equal", 'half "quoted"', None),
        ("kind:", "kind", "equal", "", None),
        ("kind:null", "kind", "null", None, None),
        ("kind:sub:x", "kind:sub", "equal", "x", None),
        ("kind:sub", "kind", "equal", "sub", None),
        ("kind:a\x00\x1bb", "kind", "equal", "a\x00\x1bb", None),
        ('metadata."a.b":x', 'metadata."a.b"', "equal", "x", None),
        ('metadata."c:d e":7', 'metadata."c:d e"', "equal", 7, None),
        ("tags:a:b", "tags", "equal", "a:b", None),
        ("levels:7", "levels", "equal", 7, None),
        ("days:2024-01-02", "days", "equal", datetime(2024, 1, 2), None),
        ("ticks:true", "ticks", "equal", True, None),
        ("prompt:null", "prompt", "null", None, None),
    ],
)
def test_filters(text: str, name: str, kind: str, low: object, high: object) -> None:
    found = filters.parse(text, FIELDS)
    assert (found.field.name, found.kind) == (name, kind)
    if not found.field.digest:
        assert (found.low, found.high) == (low, high)
        assert type(found.low) is type(low)
    assert not found.exclude
    assert found.text == text
    assert f"{name}:{found.value}" == text


@pytest.mark.parametrize("sign", [">", ">=", "<", "<="])
def test_comparisons(sign: str) -> None:
    found = filters.parse(f"turns:{sign}5", FIELDS)
    assert (found.kind, found.operator, found.low) == ("compare", sign, 5)
    day = filters.parse(f"when:{sign}2024-01-31", FIELDS)
    last = datetime(2024, 2, 1) - timedelta(microseconds=1)
    assert day.low == (last if sign in (">", "<=") else datetime(2024, 1, 31))


def test_a_day_is_all_of_it() -> None:
    found = filters.parse("when:2024-12-31", FIELDS)
    last = datetime(2024, 12, 31, 23, 59, 59, 999_999)
    assert (found.kind, found.low, found.high) == ("range", datetime(2024, 12, 31), last)
    assert filters.parse("when:9999-12-31", FIELDS).high == datetime.max


def test_exclusions() -> None:
    found = filters.parse("-turns:3", FIELDS)
    assert (found.field.name, found.exclude, found.value) == ("turns", True, "3")
    named = filters.parse("-kind:x", FIELDS)
    assert (named.field.name, named.exclude) == ("-kind", False)
    twice = filters.parse("--kind:x", FIELDS)
    assert (twice.field.name, twice.exclude, twice.value) == ("-kind", True, "x")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turns", "no ':'"),
        ("", "no ':'"),
        ("absent:1", "no field 'absent'"),
        ("-absent:1", "no field 'absent'"),
        ("Turns:1", "no field 'Turns'"),
        ("turns:many", "'turns' is a number, not 'many'"),
        ("turns:", "'turns' is a number"),
        ("turns:1_000", "is a number"),
        ("turns:nan", "is a number"),
        ("turns:inf", "is a number"),
        ("turns:1e999", "is a number"),
        ("turns:..", "leaves both ends out"),
        ("turns:1..x", "is a number, not 'x'"),
        ("turns:1..2..3", "is a number, not '2..3'"),
        ("turns:>", "is a number"),
        ("turns:>>1", "is a number, not '>1'"),
        ("turns:=1", "is a number"),
        ('turns:"1"', "is a number"),
        ("when:yesterday", "'when' is a date"),
        ("when:2024-02-30", "'when' is a date"),
        ("when:2024-01-01..soon", "'when' is a date"),
        ("when:0000-01-01", "'when' is a date"),
        ("done:yes", "'done' is true or false, not 'yes'"),
        ("done:1", "'done' is true or false"),
        ("levels:a", "'levels' is a number"),
        ("days:a", "'days' is a date"),
        ("ticks:a", "'ticks' is true or false"),
        ("objects:1", "'objects' is nested"),
        ("kind:\ud800", "U+D800"),
    ],
)
def test_a_filter_that_does_not_parse_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        filters.parse(text, FIELDS)
    assert said in refused.value.sentence
    refused.value.sentence.encode("utf-8")


@given(st.sampled_from(sorted(FIELDS)), st.text())
def test_filters_never_fail_otherwise(name: str, value: str) -> None:
    try:
        filters.parse(f"{name}:{value}", FIELDS)
    except InvalidInput as refused:
        refused.sentence.encode("utf-8")


@given(CONTROL_FREE)
@pytest.mark.parametrize("name", ["kind", "-kind", "kind:sub", 'metadata."a.b"', "tags"])
def test_a_text_goes_through_its_filter(name: str, value: str) -> None:
    found = filters.parse(filter_text(name, value), FIELDS)
    assert (found.field.name, found.kind, found.low) == (name, "equal", value)
    assert not found.exclude


@given(
    st.one_of(
        st.tuples(st.just("turns"), st.integers(-(2**63), 2**64 - 1)),
        st.tuples(st.just("share"), st.floats(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just("done"), st.booleans()),
        st.tuples(st.just("levels"), st.integers(-(2**63), 2**63 - 1)),
        st.tuples(st.just("ticks"), st.booleans()),
    )
)
def test_other_values_go_through_their_filter(pair: tuple[str, object]) -> None:
    name, value = pair
    found = filters.parse(filter_text(name, value), FIELDS)
    assert (found.field.name, found.kind, found.low) == (name, "equal", value)


@given(st.dates())
def test_dates_go_through_their_filter(day: date) -> None:
    found = filters.parse(filter_text("days", str(day)), FIELDS)
    assert found.low == datetime.combine(day, datetime.min.time())
    assert filters.parse(filter_text("kind", None), FIELDS).kind == "null"


# ----------------------------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("nonsense", "1")], "no parameter 'nonsense'"),
        ([("Q", "a")], "no parameter 'Q'"),
        ([("q", "a"), ("q", "b")], "'q' is given more than once"),
        ([("page", "1"), ("page", "1")], "'page' is given more than once"),
        ([("page", "0")], "'page' is a whole number from 1"),
        ([("page", "-1")], "'page' is a whole number from 1"),
        ([("page", "1.5")], "'page' is a whole number"),
        ([("page", "٣")], "'page' is a whole number"),
        ([("page", "9" * 19)], "'page' is a whole number"),
        ([("page", " 1")], "'page' is a whole number"),
        ([("size", "9")], "'size' is a whole number from 10 to 100"),
        ([("size", "101")], "'size' is a whole number from 10 to 100"),
        ([("size", "many")], "'size' is a whole number"),
        ([("sort", "absent")], "no field 'absent' to sort by"),
        ([("sort", "-absent")], "no field 'absent' to sort by"),
        ([("sort", "tags")], "'tags' cannot be sorted by"),
        ([("sort", "objects")], "'objects' cannot be sorted by"),
        ([("sort", "essay")], "'essay' cannot be sorted by"),
        ([("sort", "prompt")], "'prompt' cannot be sorted by"),
        ([("sort", "random:")], "seed of 1 to 64 characters"),
        ([("sort", "random:" + "x" * 65)], "seed of 1 to 64 characters"),
        ([("sort", "random:\ud800")], "U+D800"),
        ([("q", "/(/")], "'/(/' is no regular expression"),
        ([("q", "a\x00")], "'q' holds a character that cannot be searched: U+0000"),
        ([("in", "All")], "'in' is one of prompt, reasoning, answer, all"),
        ([("in", "title")], "'in' is one of"),
        ([("type", "xml")], "'type' is one of"),
        ([("shape", "xml")], "'shape' is one of"),
        ([("reasoning", "drop")], "'reasoning' is one of"),
        ([("facet", "absent")], "no facet 'absent'"),
        ([("facet", "prompt")], "no facet 'prompt'"),
        ([("facet_size", "0")], "'facet_size' is a whole number from 1 to 1,000"),
        ([("facet_q", "\ud800")], "U+D800"),
        ([("filter", f"turns:{n}") for n in range(51)], "51 filters are given; at most 50"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_taken_is_named(pairs: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Address.of(pairs, FIELDS)
    assert said in refused.value.sentence


def test_a_parameter_without_a_value_is_as_absent() -> None:
    names = [(name, "") for name in PARAMETERS]
    assert parse(*names) == Address()
    query = parse(("q", ""), ("q", "a"), ("filter", ""), ("page", "")).query
    assert query.node == Leaf(Word("a"))


def test_defaults_and_limits() -> None:
    usual = Address().query
    assert (usual.page, usual.size, usual.order) == (1, 25, "row")
    assert parse(("q", "a")).query.order == "relevance"
    assert parse(("sort", "relevance")).query.order == "row"
    assert parse(("q", "a"), ("sort", "row")).query.order == "row"
    assert parse(("size", "10")).query.size == 10
    assert parse(("size", "100")).query.size == 100
    assert parse(("in", "prompt"), ("shape", "source"), ("reasoning", "keep")) == Address()
    assert len(parse(("filter", "turns:1"), ("filter", "turns:1")).query.filters) == 1
    assert parse(("in", "reasoning")).query.searched == ("reasoning",)
    assert parse(("in", "all")).query.searched == ("prompt", "reasoning", "answer")
    assert parse(("q", '""')).query.order == "row"


SOME_FILTERS = (
    "turns:1..5",
    "-kind:a b",
    'kind:""',
    "share:null",
    "kind:ü&=?#+%",
    "when:2024-01-01",
)


@given(
    st.sampled_from(
        ["", "hello", "two words", "ü 42", '"a b" OR -(c d)', "/a&b/", "answer:C++ id:1"]
    ),
    st.sampled_from(["", "prompt", "reasoning", "all"]),
    st.lists(st.sampled_from(SOME_FILTERS), unique=True),
    st.sampled_from(["", "row", "-share", "kind", "random:a&b", "--kind"]),
    st.integers(1, 9),
    st.sampled_from([10, 25, 100]),
)
def test_a_query_is_its_parameters(
    q: str, searched: str, texts: list[str], sort: str, page: int, size: int
) -> None:
    filters = [("filter", text) for text in texts]
    pairs = [("q", q), ("in", searched), *filters, ("sort", sort)]
    address = parse(*pairs, ("page", str(page)), ("size", str(size)))
    query = address.query
    assert queries.parse(query.pairs(), FIELDS) == query
    assert Address.of(address.pairs(), FIELDS) == address
    for each in query.filters:
        fewer = address.without(each)
        assert each.text not in [kept.text for kept in fewer.query.filters]
        assert fewer.query.page == 1
        assert set(fewer.with_filter(each.text, FIELDS).query.filters) == set(query.filters)
    assert address.on_page(1).string().startswith("?") or address.on_page(1).string() == ""
    assert not math.isnan(query.page)


@pytest.mark.parametrize("text", ["turns:1..5", 'kind:"a b&c=d#é"', "-turns:>3"])
def test_a_link_with_one_more_filter_is_that_querys_link(text: str) -> None:
    given = [("q", "a b"), ("filter", "turns:2"), ("sort", "-turns"), ("size", "50")]
    address = Address.of(given, FIELDS)
    assert address.string(text) == address.with_filter(text, FIELDS).string()
    assert address.pairs(text) == parse_qsl(address.string(text)[1:])
    assert queries.parse(parse_qsl(address.string(text)[1:]), FIELDS).filters[-1].text == text
