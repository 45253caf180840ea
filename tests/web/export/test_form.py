"""The form of the export page: its choices, what is folded, what a shape does not take; and what the page
says of incomplete rows."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.conversations.signals.copies import NAMES
from app.conversations.signals.table import EVERYWHERE
from app.export.choice import Choice, fitting, parse
from app.export.job import Export
from app.export.options import INCOMPLETES, REASONING_KEYS
from app.library import Library
from app.web.export.form import Choosing, Form, form_of

from .test_page import PAGE, text

API = "/api/datasets/talks"
DROPPED = "incomplete=drop"
# Cut off, and nothing said: the rows 1, 7, ... of six kinds of trace, and row 58.
INCOMPLETE = 11


def form(library: Library, *pairs: tuple[str, str]) -> Form:
    dataset = library.entry("talks").ready()
    chosen = parse(pairs)
    folder = dataset.folders[0]
    return form_of(Export.of(dataset, dataset.query([]), chosen, folder))


def named(choices: tuple[Choosing, ...]) -> dict[str, Choosing]:
    return {each.name: each for each in choices}


def chosen(choosing: Choosing) -> list[str]:
    return [each.value for each in choosing.options if each.chosen]


def test_the_choices_and_those_that_are_folded(library: Library) -> None:
    made = form(library, ("shape", "messages"))
    assert [each.name for each in made.first] == ["shape", "reasoning", "type"]
    assert [(each.name, each.shapes, each.fits, chosen(each)) for each in made.more] == [
        ("incomplete", "", True, ["keep"]),
        (
            "reasoning_key",
            "messages openai prompt-completion preference sharegpt ranking",
            True,
            ["reasoning_content"],
        ),
        ("arguments", "messages prompt-completion preference", True, ["object"]),
        ("roles", "sharegpt ranking", False, ["human,gpt"]),
        (
            "keep_columns",
            "messages openai prompt-completion preference sharegpt ranking alpaca oumi",
            True,
            [],
        ),
        ("signals", "", True, []),
    ]
    assert [each.legend for each in (*made.first, *made.more)] == [
        *("Shape", "Reasoning", "File", "Incomplete rows", "Key of reasoning"),
        *("Arguments of tool calls", "Names of roles", "Columns kept beside", "Signals as columns"),
    ]
    more = named(made.more)
    assert [each.value for each in more["incomplete"].options] == list(INCOMPLETES)
    assert [each.value for each in more["reasoning_key"].options] == list(REASONING_KEYS)
    assert [each.value for each in more["signals"].options] == [*EVERYWHERE, *NAMES]
    assert [each.several for each in made.more] == [False] * 4 + [True] * 2


@pytest.mark.parametrize(
    ("pairs", "name", "values"),
    [
        ([("incomplete", "mark")], "incomplete", ["mark"]),
        ([("shape", "openai"), ("reasoning_key", "thinking")], "reasoning_key", ["thinking"]),
        ([("shape", "messages"), ("arguments", "text")], "arguments", ["text"]),
        ([("shape", "sharegpt"), ("roles", "user,assistant")], "roles", ["user,assistant"]),
        ([("shape", "sharegpt"), ("roles", "you,me")], "roles", ["you,me"]),
        ([("shape", "oumi"), ("keep_columns", "metadata,prompt")], "keep_columns", ["prompt", "metadata"]),
        ([("signals", "turns,trace")], "signals", ["trace", "turns"]),
        ([("signals", "all")], "signals", [*EVERYWHERE, *NAMES]),
    ],
)  # fmt: skip
def test_what_is_folded_stands_open_where_it_says_something(
    library: Library, pairs: list[tuple[str, str]], name: str, values: list[str]
) -> None:
    made = form(library, *pairs)
    assert made.open
    assert sorted(chosen(named(made.more)[name])) == sorted(values)
    usual = form(library, ("shape", "alpaca"), ("reasoning", "strip"), ("limit", "3"))
    assert not usual.open


def test_the_words_of_each_way_to_name_roles(library: Library) -> None:
    made = named(form(library, ("shape", "sharegpt"), ("roles", "you,me")).more)["roles"]
    assert [(each.value, each.words) for each in made.options] == [
        ("human,gpt", "ShareGPT's own, as LLaMA-Factory takes them"),
        ("user,assistant", "As TRL and chat templates take them"),
        ("you,me", ""),
    ]


def test_columns_of_texts_are_offered_only_where_they_are_kept(library: Library) -> None:
    def offered(*pairs: tuple[str, str]) -> set[str]:
        made = form(library, ("shape", "messages"), *pairs)
        return {each.value for each in named(made.more)["keep_columns"].options}

    assert not {"prompt", "response", "messages"} & offered()
    assert {"metadata", "conversation_id"} <= offered()
    assert offered(("keep_columns", "prompt")) == offered() | {"prompt"}


def test_the_page_keeps_what_another_shape_took(client: TestClient) -> None:
    """A form sends all that is filled in; only the API says that it has no use."""
    query = "shape=alpaca&roles=user,assistant&arguments=text"
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert f"{API}/export.jsonl?shape=alpaca&quot;" in page.text.replace('"', "&quot;")
    assert re.search(r'data-shapes="sharegpt ranking" disabled', page.text)
    assert client.get(f"{API}/export.jsonl?{query}").status_code == 422
    led = client.get(f"{PAGE}/file?{query}&type=csv", follow_redirects=False)
    assert led.headers["location"] == f"{API}/export.csv?shape=alpaca"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("signals=nope", 422, "no signal 'nope'"),
        ("shape=oumi&keep_columns=nope", 422, "no column 'nope'"),
        ("shape=sharegpt&roles=x", 422, "'roles' is two different names"),
    ],
)
def test_page_and_api_say_the_same(client: TestClient, query: str, status: int, said: str) -> None:
    for address in (PAGE, f"{API}/export.jsonl", f"{API}/export.manifest.json"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == status
        assert said in text(answer)


def test_incomplete_rows_are_told_and_can_be_left_out(client: TestClient) -> None:
    page = client.get(f"{PAGE}?shape=messages")
    became = (
        f"{INCOMPLETE} that match are incomplete (their trace is cut off, or the assistant says "
        "nothing): they are "
    )
    assert f"{became}kept. Leave out what is incomplete" in text(page)
    (link,) = re.findall(r'href="([^"]*incomplete=drop[^"]*)">Leave', page.text)
    dropped = client.get(link.replace("&amp;", "&"))
    assert f"Export {60 - INCOMPLETE} of the 60 that match, of 60 conversations" in text(dropped)
    assert f"{became}left out." in text(dropped)
    assert "Leave out what is" not in dropped.text
    assert "--shape=messages --incomplete=drop" in text(dropped)
    marked = text(client.get(f"{PAGE}?incomplete=mark"))
    assert f"{became}marked in the column incomplete." in marked
    assert "are incomplete" not in text(client.get(f"{PAGE}?filter=trace:complete"))


def test_totals_are_without_what_is_left_out(client: TestClient) -> None:
    answer = client.get(f"{API}/export.jsonl?{DROPPED}&download=dropped")
    assert len(answer.text.splitlines()) == 60 - INCOMPLETE
    assert answer.headers["X-Total-Count"] == str(60 - INCOMPLETE)
    told: Any = client.get(f"{API}/export.manifest.json?{DROPPED}").json()
    assert (told["rows"], told["matching"], told["incomplete"]) == (49, 60, INCOMPLETE)
    assert told["file"]["bytes"] == len(answer.content)
    watched = client.get(f"{API}/downloads/dropped").json()
    assert (watched["rows"], watched["of"]) == (49, 49)


def test_the_command_has_each_option(client: TestClient) -> None:
    query = (
        "shape=sharegpt&reasoning=inline&reasoning_key=thinking&roles=user,assistant"
        "&keep_columns=metadata&keep_columns=split&signals=trace,turns&incomplete=mark"
    )
    assert (
        "--shape=sharegpt --reasoning=inline --reasoning-key=thinking --roles=user,assistant "
        "--incomplete=mark --keep-columns=metadata --keep-columns=split --signals=trace,turns"
    ) in text(client.get(f"{PAGE}?{query}"))
    assert fitting([("roles", "user,assistant")]) == Choice().pairs()
