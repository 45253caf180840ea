"""The line of a dataset's card: what stands in it, and that nothing of it is more than text."""

from app.conversations.cards import Card
from app.web.card import CardView, card_view

PAGE = "https://hub.example/datasets/own/chats"


def test_nothing_known_no_line() -> None:
    assert card_view(Card(), ()) is None
    assert card_view(Card(licence_link="https://a.org", revision="abc"), ()) is None


def test_all_of_it() -> None:
    card = Card("mit", "https://a.org", "*Cite* this", PAGE, "Hugging Face", "abc", ("one",))
    assert card_view(card, ()) == CardView(
        "mit",
        "https://a.org",
        "Hugging Face own/chats",
        PAGE,
        '<p dir="auto"><em>Cite</em> this</p>\n',
        ("revision abc", "one"),
    )


def test_what_this_start_has_to_say_comes_in_place_of_what_the_record_has() -> None:
    found = card_view(Card("mit", notes=("old",)), ("it moved", "old"))
    assert found == CardView("mit", "", "", "", "", ("it moved", "old"))
    only = card_view(Card(), ("it moved",))
    assert only is not None
    assert only.notes == ("it moved",)


def test_a_citation_is_safe() -> None:
    found = card_view(
        Card(citation="<img src=x onerror=a()> [x](javascript:a()) ![p](http://a.org/p)"), ()
    )
    assert found is not None
    assert "<img" not in found.citation
    assert 'href="javascript' not in found.citation
    assert "&lt;img src=x onerror=a()&gt;" in found.citation
