"""Which format reads a file: what is said of it, its columns by what they hold, and what none reads."""

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.errors import Unreadable

TEXT = pa.string()
OPENAI = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))
SHAREGPT = pa.list_(pa.struct([("from", TEXT), ("value", TEXT)]))
SPOKEN = pa.list_(pa.struct([("speaker", TEXT), ("text", TEXT)]))


@pytest.mark.parametrize(
    ("columns", "name", "said"),
    [
        ({"prompt": TEXT, "response": TEXT}, "card", "`prompt` and `response`"),
        (
            {"prompt": TEXT, "response": TEXT, "messages": OPENAI},
            "card",
            "`prompt` and `response`, with turns of role and content in `messages`",
        ),
        (
            {"prompt": TEXT, "response": TEXT, "conversations": TEXT},
            "card",
            "`prompt` and `response`, with turns as JSON in `conversations`",
        ),
        (
            {"prompt": TEXT, "response": TEXT, "reasoning": TEXT, "system": TEXT},
            "card",
            "`prompt` and `response`; reasoning in `reasoning`; system in `system`",
        ),
        ({"messages": OPENAI}, "turns", "turns of role and content in `messages`"),
        (
            {"messages": OPENAI, "system": TEXT},
            "turns",
            "turns of role and content in `messages`; system in `system`",
        ),
        (
            {"chosen": TEXT, "rejected": TEXT, "question": TEXT},
            "pair",
            "`chosen`, beside it `rejected`, to `question`",
        ),
        ({"chosen": OPENAI, "rejected": OPENAI}, "pair", "`chosen`, beside it `rejected`"),
        ({"messages": TEXT, "prompt": TEXT}, "turns", "turns as JSON in `messages`"),
        ({"conversation": SHAREGPT}, "turns", "ShareGPT turns of from and value in `conversation`"),
        ({"conversation": SPOKEN}, "turns", "ShareGPT turns of from and value in `conversation`"),
        ({"conversations": OPENAI}, "turns", "turns of role and content in `conversations`"),
    ],
)
def test_what_is_said_of_a_file(columns: dict[str, pa.DataType], name: str, said: str) -> None:
    found = detect(pa.schema(list(columns.items())))
    assert (found.name, found.said) == (name, said)


@pytest.mark.parametrize(
    ("columns", "slots", "apart", "idle"),
    [
        (
            {"prompt": TEXT, "response": TEXT, "x": TEXT},
            {"prompt": "prompt", "response": "response"},
            {"prompt": "text", "response": "text"},
            "",
        ),
        (
            {
                "conversation_id": TEXT,
                "messages": OPENAI,
                "tools": TEXT,
                "response": TEXT,
                "prompt": TEXT,
                "metadata": TEXT,
            },
            {name: name for name in ("prompt", "response", "messages", "metadata", "tools")}
            | {"id": "conversation_id"},
            {
                "prompt": "text",
                "response": "text",
                "messages": "turns",
                "conversation_id": "id",
            },
            "messages",
        ),
        (
            {"conversation": SHAREGPT, "conversation_id": pa.int32(), "tools": OPENAI},
            {"messages": "conversation", "id": "conversation_id", "tools": "tools"},
            {"conversation": "turns", "conversation_id": "id"},
            "",
        ),
    ],
)
def test_the_columns_by_what_they_hold(
    columns: dict[str, pa.DataType], slots: dict[str, str], apart: dict[str, str], idle: str
) -> None:
    found = detect(pa.schema(list(columns.items())))
    assert dict(found.slots) == slots
    assert found.apart == apart
    assert found.idle == idle
    assert found.columns == tuple(columns)
    assert found.column("prompt") == slots.get("prompt", "")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (OPENAI, ("role", "content")),
        (pa.large_list(OPENAI.value_type), ("role", "content")),
        (pa.list_(pa.struct([("content", TEXT), ("role", TEXT)])), ("content", "role")),
        (pa.list_(pa.struct([("role", TEXT), ("content", TEXT), ("x", TEXT)])), ()),
        (SHAREGPT, ()),
        (TEXT, ()),
    ],
    ids=str,
)
def test_turns_that_can_be_made_from_the_other_columns(
    kind: pa.DataType, keys: tuple[str, ...]
) -> None:
    schema = pa.schema([("prompt", TEXT), ("response", TEXT), ("messages", kind)])
    assert detect(schema).put_together(schema) == keys
    alone = pa.schema([("messages", kind)])
    assert detect(alone).put_together(alone) == ()
    assert detect(alone).repeats(alone.empty_table()) is False


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.struct([("role", TEXT), ("weight", TEXT)])),
        pa.list_(pa.struct([("who", TEXT), ("content", TEXT)])),
        pa.struct([("role", TEXT), ("content", TEXT)]),
        pa.list_(pa.map_(TEXT, TEXT)),
        pa.list_(OPENAI),
    ],
    ids=str,
)
def test_a_list_of_something_else_is_no_list_of_turns(kind: pa.DataType) -> None:
    with pytest.raises(Unreadable, match="no text column"):
        detect(pa.schema([("messages", kind)]))
    with pytest.raises(Unreadable, match="a question in 'prompt' and no answer"):
        detect(pa.schema([("messages", kind), ("prompt", TEXT)]))


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (0, "found no column"),
        (1, "found 'c0'"),
        (8, "found 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'"),
        (9, "found 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7' and 1 more"),
    ],
)
def test_what_is_read_by_none_is_told(count: int, listed: str) -> None:
    with pytest.raises(Unreadable) as error:
        detect(pa.schema([(f"c{number}", pa.int8()) for number in range(count)]))
    assert error.value.sentence == (
        "no text column: expected 'prompt' and 'response' (strings), or a list of turns in "
        f"'messages', 'conversations', 'conversation'; {listed}"
    )
