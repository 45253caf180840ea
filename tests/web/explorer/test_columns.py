"""What each result tells in figures, as values; the form that chooses."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from app.conversations.fields import BOOLEAN, DATE, INTEGER, LIST, NUMBER, SHOWN, TEXT, Field
from app.conversations.signals.table import BY_NAME
from app.search.request import filters
from app.search.request.query import Query
from app.search.results import Result
from app.web.address import Address
from app.web.explorer.columns import (
    Choice,
    Column,
    Fact,
    columns,
    fact_text,
    facts,
    shown,
    view_form,
)
from app.web.looks import COMPACT

SIGNALS = {name: replace(each.field, column="c", distinct=3) for name, each in BY_NAME.items()}
MODEL = Field("metadata.model", TEXT, "string", column="f1", distinct=2)
TEXTUAL = Field("t", TEXT, "string", column="f2")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (TEXTUAL, None, "\u2013"),
        (TEXTUAL, "a", "a"),
        (TEXTUAL, "x" * 60, "x" * 60),
        (TEXTUAL, "x" * 61, "x" * 59 + "\u2026"),
        (Field("n", NUMBER, ""), float("nan"), "\u2013"),
        (Field("n", NUMBER, ""), 1_234.5678, "1,234.57"),
        (Field("n", NUMBER, ""), 0.125, "0.125"),
        (SIGNALS["repetition"], 0.125, "0.12"),
        (SIGNALS["cutoff"], 2023, "2023"),
        (SIGNALS["identity"], ["OpenAI", "Qwen"], "OpenAI, Qwen"),
        (Field("n", INTEGER, ""), 12_345, "12,345"),
        (Field("n", NUMBER, ""), Decimal("1.50"), "1.50"),
        (Field("b", BOOLEAN, ""), True, "yes"),
        (Field("b", BOOLEAN, ""), False, "no"),
        (TEXTUAL, True, "true"),
        (Field("d", DATE, ""), datetime.datetime(2025, 1, 2, 3, 4, 5), "2025-01-02 03:04"),
        (Field("d", DATE, ""), datetime.date(2025, 1, 2), "2025-01-02"),
        (Field("l", LIST, ""), ["a", None, 1_234], "a, \u2013, 1,234"),
        (Field("l", LIST, ""), ["a"] * 25, ", ".join(["a"] * 20)),
    ],
)
def test_a_value_in_the_list(field: Field, value: object, text: str) -> None:
    assert fact_text(field, value) == text


def test_the_usual_fields_are_those_that_can_differ() -> None:
    assert names(Query(), SIGNALS) == ["reasoning_words", "trace"]
    odd = Field("odd", SHOWN, "struct")
    chosen = Query(columns=("odd", "metadata.model"))
    assert shown(chosen, {"odd": odd, MODEL.name: MODEL}) == (MODEL,)


def names(query: Query, fields: dict[str, Field]) -> list[str]:
    return [each.name for each in shown(query, fields)]


def test_the_model_stands_first_or_what_has_few_values() -> None:
    task = Field("metadata.task", TEXT, "", column="f3", facet="values", distinct=50)
    model = replace(MODEL, facet="values")
    assert names(Query(), {**SIGNALS, task.name: task, model.name: model})[0] == "metadata.model"
    assert names(Query(), {**SIGNALS, task.name: task})[0] == "metadata.task"
    for other in (replace(task, distinct=51), replace(task, distinct=1)):
        assert names(Query(), {**SIGNALS, other.name: other}) == ["reasoning_words", "trace"]


def test_what_is_filtered_or_sorted_by_is_shown() -> None:
    def asked(sort: str, *texts: str) -> list[str]:
        found = tuple(filters.parse(each, SIGNALS) for each in texts)
        return names(Query(filters=found, sort=sort), SIGNALS)[2:]

    assert asked("-repetition", "turns:>1", "language:en", "-refusal:true") == [
        "repetition",
        "turns",
        "refusal",
    ]
    assert asked("", "trace:none", "turns:3") == []
    assert asked("row", "turns:2..3", "turns:>4") == ["turns"]


def test_a_result_tells_its_fields() -> None:
    values = {"trace": "unclosed", "reasoning_words": 1_200, "turns": 1}
    result = Result(0, None, "", "", None, (), values, {"metadata.model": "large"})
    fields = [SIGNALS["trace"], SIGNALS["reasoning_words"], SIGNALS["turns"], MODEL]
    assert list(facts(result, fields)) == [
        Fact("trace", "trace", "cut off", False, "unclosed"),
        Fact("reasoning_words", "reasoning", "1,200", True),
        Fact("turns", "turns", "1", True),
        Fact("metadata.model", "model", "large", False),
    ]
    assert columns(fields[1:2]) == (Column("reasoning", True, SIGNALS["reasoning_words"].help),)


def test_the_form_has_what_can_be_chosen_under_headings() -> None:
    fields = {"trace": SIGNALS["trace"], MODEL.name: MODEL, "odd": Field("odd", SHOWN, "struct")}
    address = Address(Query(q="a", columns=(MODEL.name,), page=2), density=COMPACT)
    form = view_form(address, fields, "/usual")
    assert (form.compact, form.hidden, form.usual) == (True, (("q", "a"),), "/usual")
    assert [group.title for group in form.groups] == ["Signals", "Metadata and columns"]
    (chosen,) = form.groups[1].choices
    assert chosen == Choice("metadata.model", "model", True, "")
    assert not form.groups[0].choices[0].chosen
    assert not view_form(Address(), fields, "").compact
    assert [group.title for group in view_form(Address(), {"odd": fields["odd"]}, "").groups] == []
