"""What a person reads says the words; values stand in addresses alone."""

import re
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.conversations.signals.table import BY_NAME
from app.search.request.filters import parse
from app.web.shell import templates
from app.web.wording import filter_words

API = "/api/datasets/talks/search?filter=trace:{}"


def read(page: str) -> str:
    """The text of a page, without what is to be typed."""
    shown = re.sub(r"<(code|script|pre)\b.*?</\1>", " ", page, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown)))


@pytest.mark.parametrize(
    ("kind", "word"),
    [("unclosed", "cut off"), ("unopened", "never opened"), ("multiple", "several")],
)
def test_a_kind_of_trace_is_its_word_on_every_page(
    client: TestClient, kind: str, word: str
) -> None:
    row = client.get(API.format(kind)).json()["results"][0]["row"]
    place = f"/datasets/talks/conversations/{row}"
    for address in (
        f"/datasets/talks?filter=trace:{kind}",
        f"/datasets/talks?filter=trace:{kind}&density=compact&read={row}",
        f"{place}?filter=trace:{kind}",
        f"{place}/beside/{row - 1 if row else row + 1}",
        f"/datasets/talks/export?filter=trace:{kind}",
    ):
        said = read(client.get(address).text)
        assert word in said, address
        assert kind not in said, address


@pytest.mark.parametrize(("count", "said"), [(1, "1 hit"), (2, "2 hits"), (1393, "1,393 hits")])
def test_hits_are_counted_in_words(count: int, said: str) -> None:
    asked = '{% from "_words.html" import hits %}{{ hits(count) }}'
    assert templates().from_string(asked).render(count=count) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prompt_words:>=500", "prompt at least 500 words"),
        ("-answer_words:<1", "answer not below 1 word (or no value)"),
        ("reasoning_words:2..5", "reasoning between 2 and 5 words"),
        ("turns:2..5", "between 2 and 5 turns"),
        ("prompt_words:..5", "prompt at most 5 words"),
    ],
)
def test_filters_by_size(text: str, said: str) -> None:
    fields = {
        name: replace(BY_NAME[name].field, column="f0")
        for name in ("prompt_words", "reasoning_words", "answer_words", "turns")
    }
    assert filter_words(parse(text, fields)) == said
