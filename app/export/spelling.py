"""How a chat shape spells what may be spelt in several ways. Plain values; knows no shape."""

from dataclasses import dataclass

from .options import OBJECT, REASONING_CONTENT

HUMAN, GPT = "human", "gpt"


@dataclass(frozen=True)
class Spelling:
    """``reasoning_key``: where reasoning stands apart in a message; ``arguments``: those of tool calls as
    an object or as text; ``roles``: the names for who asks and who answers in ``sharegpt``."""

    reasoning_key: str = REASONING_CONTENT
    arguments: str = OBJECT
    roles: tuple[str, str] = (HUMAN, GPT)
