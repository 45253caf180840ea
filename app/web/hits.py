"""What a hit is: the one place where pages ask the search what it would find in a text."""

from ..conversations.words import word_spans
from ..search.query import Query
from .marks import Find


def finder(query: Query, part: str) -> Find | None:
    """What finds the hits of a query in a text of the part ``prompt``, ``reasoning`` or ``answer``;
    None where the query asks for no text there."""
    wanted = set(query.words)
    return (lambda text: word_spans(text, wanted)) if wanted else None
