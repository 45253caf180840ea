"""The panel's lines as values: what is shown of a value, and the links that filter by it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pytest

from app.conversations.fields import DATE, FOLDER, INTEGER, LIST, MOST_KEYS, NUMBER, TEXT, Field
from app.conversations.formats.table import detect
from app.conversations.model import Conversation
from app.conversations.signals.table import BY_NAME
from app.search.dataset import Reading
from app.web.conversation import panel
from app.web.conversation.leaf import Leaf
from app.web.conversation.metadata import MOST_ITEMS, first_keys, left_out, metadata_leaves
from app.web.conversation.panel import completeness, metadata_json, signal_leaves

LAYOUT = detect(pa.schema([(name, pa.string()) for name in ("prompt", "response", "metadata")]))


def reading(metadata: dict[str, Any], **more: Any) -> Reading:
    return Reading(3, LAYOUT, Conversation(()), {}, more.pop("signals", {}), metadata, **more)


def column(name: str, kind: str, **more: Any) -> dict[str, Field]:
    """A field of the metadata."""
    full = f"metadata.{name}"
    return {full: Field(full, kind, "", column="c", path=("metadata", name), **more)}


@pytest.mark.parametrize(
    ("value", "kind", "text", "link", "least", "called"),
    [
        (1_234, INTEGER, "1234", "1234", "1234", "number"),
        (0.5, NUMBER, "0.5", "0.5", "0.5", "number"),
        (float("nan"), NUMBER, "nan", "null", "", "number"),
        (float("inf"), NUMBER, "inf", "null", "", "number"),
        (Decimal("1.50"), NUMBER, "1.50", "1.50", "1.50", "number"),
        (timedelta(minutes=1), NUMBER, "60.0", "60.0", "60.0", "number"),
        (time(1, 2), TEXT, "01:02:00", "01:02:00", "", ""),
        (date(2025, 1, 2), DATE, "2025-01-02", "2025-01-02", "2025-01-02", "date"),
        (None, NUMBER, "\u2013", "null", "", "null"),
        (None, LIST, "\u2013", "", "", "null"),
        (True, TEXT, "true", "true", "", "boolean"),
        (5.0, TEXT, "5.0", "5", "", "number"),
        (Decimal("1.50"), TEXT, "1.50", "1.5", "", "number"),
        (datetime(2025, 1, 2), TEXT, "2025-01-02 00:00:00", "2025-01-02", "", "date"),  # noqa: DTZ001
        ("5.0", TEXT, "5.0", "5.0", "", "text"),
        ("a", TEXT, "a", "a", "", "text"),
        ("x" * 500, TEXT, "x" * 500, "x" * 500, "", "text"),
        ("x" * 501, TEXT, "x" * 501, "", "", "text"),
    ],
)
def test_a_value_and_its_links(
    value: object, kind: str, text: str, link: str, least: str, called: str
) -> None:
    (leaf,) = metadata_leaves("/d", reading({"k": value}), column("k", kind))
    filtered = f"/d?filter=metadata.k%3A{quote(link)}"
    assert leaf == Leaf(
        "k",
        text,
        filtered if link else "",
        kind=called,
        least=f"/d?filter=metadata.k%3A%3E%3D{least}" if least else "",
    )
    (plain,) = metadata_leaves("/d", reading({"k": value}), {})
    assert plain == Leaf("k", text, kind=called)


def test_a_field_that_is_only_shown_has_no_link() -> None:
    shown = {"metadata.k": Field("metadata.k", INTEGER, "", path=("metadata", "k"))}
    (leaf,) = metadata_leaves("/d", reading({"k": 1}), shown)
    assert (leaf.href, leaf.least) == ("", "")
    (leaf,) = metadata_leaves("/d", reading({"k": bytes(1_234)}), {})
    assert leaf == Leaf("k", "1,234 bytes")


def test_lists_branches_and_what_folders_say() -> None:
    read = reading(
        {"in": {"a": [{"b": 1}]}, "l": ["x", None], "none": []},
        columns={"more": {"n": 1, "m": 2}},
        folders={"lang": "fr"},
    )
    fields = column("l", LIST)
    fields["lang"] = Field("lang", TEXT, "", column="c", origin=FOLDER, path=("lang",))
    inner, listed, none, more, folder = metadata_leaves("/d", read, fields)
    assert inner.size == "1 key"
    assert inner.children[0].children[0].children == (Leaf("b", "1", kind="number"),)
    assert inner.children[0].size == "1 key"  # a list of objects has its places as keys
    assert (listed.size, [leaf.href for leaf in listed.children]) == (
        "2 values",
        ["/d?filter=metadata.l%3Ax", ""],
    )
    assert none == Leaf("none", "[]")
    assert (more.key, more.size) == ("more", "2 keys")
    assert folder == Leaf("lang", "fr", "/d?filter=lang%3Afr", kind="text")


def test_of_too_many_keys_those_with_a_value_come_first() -> None:
    few = {str(n): None for n in range(MOST_KEYS)}
    assert first_keys(few) == few
    many = {**few, "last": 1}
    shown = first_keys(many)
    assert list(shown)[:2] == ["last", "0"]
    assert len(shown) == MOST_ITEMS
    leaves = list(metadata_leaves("/d", reading(many), {}))
    assert leaves[-1] == Leaf("", left_out(MOST_KEYS + 1 - MOST_ITEMS))
    assert left_out(1_234) == "1,234 more: the raw record has them"


@pytest.mark.parametrize(
    ("name", "value", "title", "text", "kind"),
    [
        ("trace", "unclosed", "Trace", "cut off", "text"),
        ("reasoning_words", 12_345, "Reasoning words", "12,345", "number"),
        ("repetition", 0.256, "Repetition", "0.26", "number"),
        ("has_code", False, "Has code", "false", "boolean"),
        ("repetition", None, "Repetition", "\u2013", "null"),
        ("cutoff", 2023, "Knowledge cut-off", "2023", "number"),
        ("cutoff", None, "Knowledge cut-off", "\u2013", "null"),
        ("identity", None, "Claimed identity", "\u2013", "null"),
    ],
)
def test_a_signal_by_its_title(name: str, value: object, title: str, text: str, kind: str) -> None:
    signal = BY_NAME[name]
    (leaf,) = signal_leaves("/d", {name: value}, {name: signal.field})
    assert (leaf.text, leaf.kind, leaf.help) == (text, kind, signal.help)
    assert leaf.key.lower() in (title.lower(), signal.title.lower())
    (unknown,) = signal_leaves("/d", {"odd": value}, {})
    assert (unknown.key, unknown.help, unknown.href) == ("odd", "", "")


def test_a_signal_without_a_rule_of_its_own_has_that_of_its_name() -> None:
    field = replace(BY_NAME["turns"].field, help="")
    (leaf,) = signal_leaves("/d", {"turns": 7}, {"turns": field})
    assert (leaf.help, field.help) == (BY_NAME["turns"].help, "")
    (own,) = signal_leaves("/d", {"turns": 7}, {"turns": replace(field, help="own")})
    assert own.help == "own"


def test_each_value_of_a_list_is_a_filter_of_its_own() -> None:
    field = replace(BY_NAME["identity"].field, column="f1")
    found = list(signal_leaves("/d", {"identity": ["OpenAI", "Qwen"]}, {"identity": field}))
    assert [(each.key, each.text) for each in found] == [
        ("Claimed identity", "OpenAI"),
        ("Claimed identity", "Qwen"),
    ]
    assert [each.href for each in found] == [
        "/d?filter=identity%3AOpenAI",
        "/d?filter=identity%3AQwen",
    ]


def test_a_value_is_cut_after_its_beginning() -> None:
    assert Leaf("k", "x" * 160).beginning == ""
    assert Leaf("k", "x" * 161).beginning == "x" * 80
    assert Leaf("k", "x" * 79 + " " * 90).beginning == "x" * 79


def test_json_to_copy_where_it_is_not_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert metadata_json(reading({})) == ""
    said = metadata_json(reading({"a": 1}))
    monkeypatch.setattr(panel, "MOST_JSON", len(said))
    assert metadata_json(reading({"a": 1})) == said
    monkeypatch.setattr(panel, "MOST_JSON", len(said) - 1)
    assert metadata_json(reading({"a": 1})) == ""


@pytest.mark.parametrize(
    ("flag", "trace", "said"),
    [
        (True, "empty", "The dataset says complete; the trace is empty."),
        (True, "none", ""),
        (False, "empty", ""),
        (None, "empty", ""),
    ],
)
def test_a_flag_within_the_metadata(flag: object, trace: str, said: str) -> None:
    fields = {
        "metadata.in.complete": Field(
            "metadata.in.complete", "boolean", "boolean", False, column="f0"
        )
    }
    read = reading(
        {"a": None, "in": {"complete": flag}},
        signals={"trace": trace, "flag_disagrees": None},
    )
    assert completeness(read, fields) == said


def test_moments_are_dates() -> None:
    moment = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)
    (leaf,) = metadata_leaves("/d", reading({"k": moment}), column("k", DATE))
    assert (leaf.kind, leaf.text) == ("date", "2025-01-02 03:04:00+00:00")
