"""The corpus of snippets: each becomes exactly the HTML that stands beside it."""

import pytest

from app.markup.markdown import render

from .corpus import entries


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    assert len(entries()) >= 150
    assert len({(each["group"], each["name"]) for each in entries()}) == len(entries())
    assert len({each["source"] for each in entries()}) == len(entries())


@pytest.mark.parametrize("entry", entries(), ids=lambda each: f"{each['group']}: {each['name']}")
def test_rendering(entry: dict[str, str]) -> None:
    rendered = render(entry["source"])
    assert rendered.mode == "markdown"
    assert rendered.html.strip("\n") == entry["html"].strip("\n")
