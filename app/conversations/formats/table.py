"""The source formats, one row each: the first that matches a file reads it."""

from collections import Counter

import pyarrow as pa

from ...errors import Unreadable
from .card import Card
from .dialect import OPENAI
from .format import Layout
from .sharegpt import SHAREGPT
from .turns import Turns

TURNS = Turns((OPENAI, SHAREGPT))

FORMATS = (
    Card(TURNS),
    TURNS,
    Card(TURNS, half=True),
)


def detect(schema: pa.Schema) -> Layout:
    """How a file with these columns is read. Raises Unreadable where no column holds the text of
    conversations, or where two columns have one name."""
    twice = next((name for name, count in Counter(schema.names).items() if count > 1), None)
    if twice is not None:
        raise Unreadable(f"two columns of the same name {twice!r}")
    found = next((made for each in FORMATS if (made := each.layout(schema))), None)
    if found is None:
        columns = ", ".join(f"'{name}'" for name in TURNS.columns)
        raise Unreadable(
            "no text column: expected 'prompt' and 'response' (strings), or a list of turns in "
            f"{columns}; found {_listed(schema.names)}"
        )
    return found


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "") or "no column"
