"""What a dataset's card says of it, as its page shows it: a line, and what is folded behind it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..conversations.cards import Card
from ..markup.markdown import render


@dataclass(frozen=True)
class CardView:
    """``origin`` says where the data is from, ``citation`` is safe HTML, ``notes`` are about what was
    fetched; "" for what is not known."""

    licence: str
    licence_link: str
    origin: str
    origin_link: str
    citation: str
    notes: tuple[str, ...]


def card_view(card: Card, notes: Sequence[str]) -> CardView | None:
    """The card of a dataset; None where nothing is known. ``notes`` come before those of the card."""
    if not card and not notes:
        return None
    return CardView(
        card.licence,
        card.licence_link,
        _origin(card),
        card.source,
        render(card.citation).html if card.citation else "",
        (*([f"revision {card.revision}"] if card.revision else []), *(notes or card.notes)),
    )


def _origin(card: Card) -> str:
    """ "Hugging Face own/chats"."""
    name = urlsplit(card.source).path.removeprefix("/datasets/")
    return f"{card.hub} {name}".strip() if card.source else ""
