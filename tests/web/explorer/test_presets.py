"""Presets above the list: which are offered, where they lead, which stand."""

from dataclasses import replace

from starlette.testclient import TestClient

from app.conversations.signals.table import BY_NAME
from app.web.address import Address
from app.web.explorer.presets import Preset, offered, presets

from ..test_pages import TALKS, page

NAMES = ("trace", "repetition", "result_changes")
FIELDS = {name: replace(BY_NAME[name].field, column="c", distinct=3) for name in NAMES}


def test_those_that_the_fields_can_tell() -> None:
    found = offered(FIELDS)
    assert [(each.text, each.filter.text) for each in found] == [
        ("cut off", "trace:unclosed"),
        ("looping", "repetition:>=0.35"),
        ("result changes", "result_changes:>0"),
    ]
    assert [each.text for each in offered({"trace": FIELDS["trace"]})] == ["cut off"]
    assert offered({}) == ()


def test_those_that_leave_rows_or_stand() -> None:
    pairs = [("q", "x"), ("filter", "trace:unclosed"), ("page", "3")]
    made = tuple(presets("/d", Address.of(pairs, FIELDS), offered(FIELDS), (0, 1_234, 0)))
    assert made == (
        Preset(
            "cut off",
            "The trace is cut off",
            "0",
            "/d?q=x",
            True,
            "/d?q=x&filter=-trace%3Aunclosed",
        ),
        Preset(
            "looping",
            "The text is looping",
            "1,234",
            "/d?q=x&filter=trace%3Aunclosed&filter=repetition%3A%3E%3D0.35",
            False,
            "/d?q=x&filter=trace%3Aunclosed&filter=-repetition%3A%3E%3D0.35",
        ),
    )


def test_what_is_told_by_a_negation_is_left_out_without_it() -> None:
    fields = {"identity": replace(BY_NAME["identity"].field, column="c", distinct=3)}
    (made,) = presets("/d", Address(), offered(fields), (7,))
    assert (made.href, made.without) == (
        "/d?filter=-identity%3Anull",
        "/d?filter=identity%3Anull",
    )


def test_each_count_is_what_its_link_finds(client: TestClient) -> None:
    for query in ("", "?q=triangle", "?sample=20:a"):
        elements = page(client, TALKS + query)
        ways = [
            (a, t) for a, t in elements.named("a") if a.get("data-key", "").startswith("preset")
        ]
        assert ways
        for attributes, text in ways:
            found = page(client, attributes["href"])
            summary = next(t for a, t in found.named("h2") if a.get("id") == "summary")
            count = text.rsplit(" ", 1)[1]
            if "sample" not in query:
                assert f"of {count} of" in summary or f"of {count}" == summary[-len(count) - 3 :]
