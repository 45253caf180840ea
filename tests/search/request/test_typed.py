"""What is typed into the box: which of it is a filter, which stays text."""

from dataclasses import replace

import pytest

from app.conversations.fields import BOOLEAN, INTEGER, TEXT, Field
from app.search.request.typed import Typed, items, names_of, typed, unknown

MODEL = Field("metadata.model", TEXT, "", column="f1")
FIELDS = {
    "metadata.model": MODEL,
    "trace": Field("trace", TEXT, "", signal=True, column="f2"),
    "reasoning_words": Field("reasoning_words", INTEGER, "", signal=True, column="f3"),
    "refusal": Field("refusal", BOOLEAN, "", signal=True, column="f4"),
    "a:b": replace(MODEL, name="a:b"),
    "prompt": replace(MODEL, name="prompt"),
    'metadata."x y"': replace(MODEL, name='metadata."x y"'),
}


@pytest.mark.parametrize(
    ("text", "q", "filters"),
    [
        ("cats", "cats", []),
        ("", "", []),
        ("  two   words ", "  two   words ", []),
        ("cats metadata.model:large dogs", "cats dogs", ["metadata.model:large"]),
        ("model:large", "", ["metadata.model:large"]),
        ("-model:large cats", "cats", ["-metadata.model:large"]),
        ("NOT model:large", "", ["-metadata.model:large"]),
        ("NOT -model:large", "", ["metadata.model:large"]),
        ("cats AND model:large", "cats", ["metadata.model:large"]),
        ("model:large AND cats", "cats", ["metadata.model:large"]),
        ("reasoning_words:>500 x", "x", ["reasoning_words:>500"]),
        ("reasoning_words:1..5", "", ["reasoning_words:1..5"]),
        ('model:"two words" x', "x", ["metadata.model:two words"]),
        ('model:"null"', "", ['metadata.model:"null"']),
        ('model:""', "", ['metadata.model:""']),
        ('model:"a ""b"" c"', "", ['metadata.model:a "b" c']),
        ("model:null", "", ["metadata.model:null"]),
        ('reasoning_words:"5"', "", ["reasoning_words:5"]),
        ('trace:"cut off"', "", ["trace:unclosed"]),
        ("trace:unclosed", "", ["trace:unclosed"]),
        ('-trace:"Never opened"', "", ["-trace:unopened"]),
        ("refusal:yes -refusal:No", "", ["refusal:true", "-refusal:false"]),
        ("a:b:c", "", ["a:b:c"]),
        ('metadata."x y":z', "", ['metadata."x y":z']),
        ("model:a model:a", "", ["metadata.model:a"]),
        ("model:a OR model:b", "model:a OR model:b", []),
        ("(model:a cats)", "(model:a cats)", []),
        ('"model:a cats"', '"model:a cats"', []),
        ("model: a", "model: a", []),
        ("prompt:cats", "prompt:cats", []),
        ("nothing:x http://a.b", "nothing:x http://a.b", []),
        ('"phrase here" model:a (b OR c)', '"phrase here" (b OR c)', ["metadata.model:a"]),
        ('say " model:a', 'say "', ["metadata.model:a"]),
        ("f(x model:a", "f(x", ["metadata.model:a"]),
        (")(x model:a)", ")(x model:a)", []),
        ('reasoning_words:"', "", ['reasoning_words:"']),
    ],
)
def test_what_becomes_a_filter(text: str, q: str, filters: list[str]) -> None:
    assert typed(text, FIELDS) == Typed(q, tuple(filters))


def test_a_last_key_that_two_fields_have_names_none() -> None:
    two = {**FIELDS, "other.model": replace(MODEL, name="other.model")}
    assert "model" not in names_of(two)
    assert names_of(FIELDS)["model"] == "metadata.model"
    own = {**FIELDS, "model": replace(MODEL, name="model")}
    assert names_of(own)["model"] == "model"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("modle:a cats -foo.bar:b modle:c", ["modle", "foo.bar"]),
        ("model:a prompt:b id:c http://x 12:30 a: :b std::vector", []),
    ],
)
def test_names_that_are_none(text: str, names: list[str]) -> None:
    assert list(unknown(text, FIELDS)) == names


def test_items_have_their_places() -> None:
    found = [(each.text, each.start, each.end) for each in items(' a "b c"  (d (e f)) g ')]
    assert found == [("a", 1, 2), ('"b c"', 3, 8), ("(d (e f))", 10, 19), ("g", 20, 21)]
