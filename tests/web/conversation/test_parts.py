"""What is said of a part of a message, as values."""

import pytest

from app.conversations.model import (
    ATTACHMENT,
    REASONING,
    TEXT,
    TOOL_CALL,
    TOOL_RESULT,
    Message,
    Part,
)
from app.web.address import Address
from app.web.conversation.parts import SOURCE as SOURCE_PART
from app.web.conversation.parts import beginning

from .test_page import SOURCE, views


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        (TEXT, "Text: a field beside the text"),
        (REASONING, "Reasoning: a field beside the text"),
        (TOOL_CALL, "Tool calls: a field beside the text"),
        (TOOL_RESULT, "Tool result: a field beside the text"),
        (ATTACHMENT, "Attachment: a field beside the text"),
    ],
)
def test_a_field_beside_the_source_text_is_called_by_what_it_is(kind: str, note: str) -> None:
    (view,) = views(SOURCE, Message("user", "said", (Part(kind, "told"),)))
    assert [(part.type, part.note, part.label) for part in view.parts] == [
        (SOURCE_PART, "", ""),
        (SOURCE_PART, note, ""),
    ]


def test_nothing_more_is_said_of_a_part_that_is_short() -> None:
    given = (Part(TOOL_CALL, "no call"), Part(ATTACHMENT, "image: a"))
    (view,) = views(Address(), Message("assistant", "said", given))
    assert [(part.note, part.label, part.beginning, part.hits) for part in view.parts] == [
        ("", "", "", 0),
        ("", "", "", 0),
        ("Attachment, not loaded", "", "", 0),
    ]
    (view,) = views(Address(), Message("tool", "\u05d0 `x:`"))
    said = '<pre class="plain" dir="auto">\u05d0 <bdi dir="ltr">`x:`</bdi></pre>'
    assert [part.html for part in view.parts] == [said]
    assert [(part.note, part.label, part.open) for part in view.parts] == [("", "", False)]


@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("user", "prompt"),
        ("system", "prompt"),
        ("developer", "prompt"),
        ("assistant", "answer"),
        ("tool", "answer"),
        ("critic", "answer"),
    ],
)
def test_where_a_text_is_searched(role: str, side: str) -> None:
    for part in ("prompt", "answer"):
        address = Address.of([("q", "said"), ("in", part)], {})
        (view,) = views(address, Message(role, "said"))
        assert view.hits == int(part == side)


def test_the_beginning_of_a_text_is_one_line() -> None:
    assert beginning(" a\n\n b\tc ") == "a b c"
    assert beginning("x" * 500) == "x" * 120
    assert beginning(" " * 400 + "x") == ""
