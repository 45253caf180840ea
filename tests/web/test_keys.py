"""The keys: each is known where its line says."""

from app.web.keys import CONVERSATION, EVERYWHERE, KEYS, LIST


def test_where_each_key_is_known() -> None:
    both = f"{LIST}, {CONVERSATION}"
    assert (LIST, CONVERSATION, EVERYWHERE) == ("list", "conversation", "everywhere")
    assert {" ".join(key.shown): key.where for key in KEYS} == {
        "j k": LIST,
        "Enter": LIST,
        "x": both,
        "s": LIST,
        "Esc": CONVERSATION,
        "] [": both,
        "o": CONVERSATION,
        "m M": CONVERSATION,
        "e": CONVERSATION,
        "n N": CONVERSATION,
        "r": CONVERSATION,
        "c": both,
        "/": LIST,
        "?": EVERYWHERE,
    }
