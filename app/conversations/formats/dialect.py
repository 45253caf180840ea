"""A dialect of turns: the names that some datasets have for a list of them and for what is in one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """Names for a column of turns, and in a turn for who speaks and for what is said."""

    columns: tuple[str, ...]
    role: tuple[str, ...]
    content: tuple[str, ...]
    said: str


OPENAI = Dialect(("messages",), ("role",), ("content",), "turns of role and content")

# Keys of an entry that is a question and its answer.
PAIRED = (("user", "assistant"), ("input", "output"))
