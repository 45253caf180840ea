"""ShareGPT's dialect of turns: ``from`` and ``value`` in ``conversations``."""

from .dialect import Dialect

SHAREGPT = Dialect(
    columns=("conversations", "conversation"),
    role=("from", "speaker"),
    content=("value", "text"),
    said="ShareGPT turns of from and value",
)
