"""Addresses: each verb changes what it says and nothing else, and each class has what its rows say."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from app.conversations.fields import Field
from app.errors import InvalidInput
from app.export import choice as choices
from app.export.choice import Choice, asked
from app.export.options import REASONINGS
from app.export.parameters import PARAMETERS as SHAPING
from app.search.request import query as queries
from app.search.request.parameter import LOOKS, Parameter
from app.search.request.query import Query
from app.web.address import PARAMETERS, Address, further

FIELDS = {
    each.name: each
    for each in (
        Field("turns", "integer", "integer", True, column="f0", facet="histogram"),
        Field("kind", "text", "text", column="f1", facet="values", longest=20),
    )
}
# one value of each parameter, in the order of links
WHOLE = [
    ("q", "a b"),
    ("in", "all"),
    ("filter", "turns:2"),
    ("filter", "kind:x&y"),
    ("sort", "-turns"),
    ("size", "50"),
    ("page", "3"),
    ("column", "kind"),
    ("column", "turns"),
    ("density", "compact"),
    ("read", "7"),
    ("pick", "0"),
    ("text", "source"),
    ("answer", "2"),
    ("shape", "oumi"),
    ("reasoning", "strip"),
    ("type", "csv.gz"),
    ("limit", "9"),
]
STRING = (
    "?q=a+b&in=all&filter=turns%3A2&filter=kind%3Ax%26y&sort=-turns&size=50&page=3&column=kind"
    "&column=turns&density=compact&read=7&pick=0&text=source&answer=2&shape=oumi&reasoning=strip"
    "&type=csv.gz&limit=9"
)
HERE = Address.of(WHOLE, FIELDS)


def changed(**values: str | None) -> list[tuple[str, str]]:
    """The whole address with other values, or without some."""
    pairs = [(name, values.get(name, value)) for name, value in WHOLE]
    return [(name, value) for name, value in pairs if value is not None]


def test_links_have_all_parameters_in_one_order() -> None:
    assert HERE.pairs() == WHOLE
    assert HERE.string() == STRING
    assert Address().pairs() == []
    assert Address().string() == ""
    assert HERE.string("turns:>1") == STRING.replace("&sort", "&filter=turns%3A%3E1&sort", 1)


def test_links_do_not_take_along_what_asks_for_a_part() -> None:
    parts = [("facet", "kind"), ("facet_q", "x"), ("facet_size", "99"), ("download", "a")]
    address = Address.of([*parts, *WHOLE], FIELDS)
    query = address.query
    assert (query.facet, query.facet_q, query.facet_size) == ("kind", "x", 99)
    assert address.download == "a"
    assert address.string() == STRING
    assert [name for name, row in PARAMETERS.items() if not row.kept] == [n for n, _ in parts]


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (lambda a: a.on_page(1), changed(page=None)),
        (lambda a: a.on_page(12), changed(page="12")),
        (lambda a: a.at_place(50), changed(page=None)),
        (lambda a: a.at_place(51), changed(page="2")),
        (lambda a: a.searching("/c/"), changed(q="/c/", page=None)),
        (lambda a: a.searching(""), changed(q=None, page=None)),
        (lambda a: a.without(*a.query.filters), changed(filter=None, page=None)),
        (lambda a: a.unfiltered(), changed(filter=None, page=None)),
        (lambda a: a.of_all_rows(), changed(q=None, filter=None, page=None)),
        (lambda a: a.sorted("row"), changed(sort="row", page=None)),
        (lambda a: a.sorted(""), changed(sort=None, page=None)),
        (lambda a: a.shuffled("s"), changed(sort="random:s", page=None)),
        (lambda a: a.sized(25), changed(size=None, page=None)),
        (lambda a: a.reading(8), changed(read="8")),
        (lambda a: a.reading(None), changed(read=None)),
        (lambda a: a.picking(8), changed(pick="8")),
        (lambda a: a.picking(None), changed(pick=None)),
        (lambda a: a.shown_as("rendered"), changed(text=None)),
        (lambda a: a.answered_by("beside"), changed(answer="beside")),
        (lambda a: a.answered_by(""), changed(answer=None)),
        (lambda a: a.usual(), changed(column=None, density=None)),
        (
            lambda a: a.exporting(Choice()),
            changed(shape=None, reasoning=None, type=None, limit=None),
        ),
    ],
)
def test_a_verb_changes_what_it_says(
    verb: Callable[[Address], Address], expected: list[tuple[str, str]]
) -> None:
    there = verb(HERE)
    assert there.pairs() == expected
    assert Address.of(expected, FIELDS) == there
    assert HERE.pairs() == WHOLE


def test_all_rows_of_each_group_begin_at_page_1() -> None:
    fields = {
        **FIELDS,
        "prompt_group": Field("prompt_group", "integer", "integer", True, column="g"),
    }
    pairs = [("q", "a"), ("one", "prompt"), ("keep", "longest"), ("page", "3")]
    assert Address.of(pairs, fields).with_copies().pairs() == [("q", "a")]


def test_a_search_everywhere_and_a_filter_more_begin_at_page_1() -> None:
    prompts = Address.of(changed(**{"in": None}), FIELDS)
    assert prompts.everywhere().pairs() == changed(page=None)
    first, second = HERE.query.filters
    assert HERE.without(second).with_filter(second.text, FIELDS).pairs() == changed(page=None)
    assert HERE.without(first).query.filters == (second,)
    with pytest.raises(InvalidInput, match="absent"):
        HERE.with_filter("absent:1", FIELDS)


@pytest.mark.parametrize(
    ("held", "rows"),
    [
        (Query(), queries.PARAMETERS.values()),
        (Choice(), SHAPING.values()),
        (Address(), [row for name, row in PARAMETERS.items() if hasattr(Address(), name)]),
    ],
)
def test_the_default_of_a_row_is_that_of_its_attribute(
    held: Any, rows: Iterable[Parameter]
) -> None:
    for row in rows:
        assert getattr(held, row.attribute) == row.default, row.name


def test_each_parameter_is_of_one_of_the_three() -> None:
    own = {name for name in PARAMETERS if hasattr(Address(), name)}
    assert own == {"density", "read", "pick", "ticked", "text", "answer", "by", "download"}
    assert set(PARAMETERS) == {*queries.PARAMETERS, *SHAPING, *own}
    assert len(PARAMETERS) == len(queries.PARAMETERS) + len(SHAPING) + len(own)


def test_looks_are_no_part_of_what_is_exported() -> None:
    looks = {name for name, row in PARAMETERS.items() if row.kind == LOOKS}
    expected = [pair for pair in WHOLE if pair[0] not in looks]
    assert asked(HERE.query, HERE.choice) == expected
    assert looks.isdisjoint(("q", "in", "filter", "sort", *SHAPING))


@pytest.mark.parametrize("reasoning", REASONINGS)
@pytest.mark.parametrize(("shape", "usual"), [("openai", "separate"), ("messages", "keep")])
def test_reasoning_is_left_out_where_the_shape_has_it_by_default(
    shape: str, usual: str, reasoning: str
) -> None:
    chosen = choices.parse([("shape", shape), ("reasoning", reasoning)])
    assert chosen.traces == reasoning
    assert chosen.reasoning == ("" if reasoning == usual else reasoning)
    assert choices.parse([("shape", shape)]).traces == usual


def test_an_unknown_parameter_is_told_all_that_there_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        Address.of([("nonsense", "1")], FIELDS)
    assert refused.value.sentence == (
        "there is no parameter 'nonsense'; the parameters are: q, in, filter, rows, like, one, keep, sample, "
        "sort, page, size, column, density, read, pick, ticked, text, answer, facet, facet_q, facet_size, "
        "by, shape, "
        "reasoning, reasoning_key, arguments, roles, incomplete, keep_columns, signals, type, limit, download"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "q=a%26b",
        "density=compact&text=source",
        "q=a&filter=kind:x&size=50&page=3&read=7&pick=8&text=source&answer=1&shape=messages",
    ],
)
def test_links_of_rows_are_those_of_the_verbs(text: str) -> None:
    """The address up to a row's number and behind it, joined for any row."""
    here = Address.of(parse_qsl(text), FIELDS)
    for row in (0, 123_456):
        assert str(row).join(here.around("read")) == here.reading(row).string()
        assert str(row).join(here.around("pick")) == here.picking(row).string()
        assert str(row).join(here.around("ticked")) == here.ticking(row).string()


def test_further_filters_are_written_once_for_many_links() -> None:
    here = Address.of(parse_qsl("q=a&filter=kind:x&size=50"), FIELDS)
    assert here.linked(further(["k:>1", "n:a b"])) == here.string("k:>1", "n:a b")
    assert here.string("n:a b") == "?q=a&filter=kind%3Ax&filter=n%3Aa+b&size=50"
    assert here.linked("") == here.string() == "?q=a&filter=kind%3Ax&size=50"
    assert Address().linked(further([])) == ""
    assert Address().string("k:x") == "?filter=k%3Ax"
