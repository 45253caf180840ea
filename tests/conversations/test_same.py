"""When texts are the same, and the hashes of conversations."""

import pytest

from app.conversations.model import Conversation, Message
from app.conversations.same import NOTHING, hash_of, hashes, plain


def talk(*turns: tuple[str, str]) -> Conversation:
    return Conversation(tuple(Message(role, text) for role, text in turns))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("What is 5 - 3?", "what  is\n5\t- 3? ", True),
        ("5 - 3", "5 + 3", False),
        ("a\u00a0b", "A B", True),
        ("Stra\u00dfe", "STRASSE", True),
        ("ab", "a b", False),
        ("5 \u2212 3", "5 - 3", True),
        (" \n", "", True),
    ],
)
def test_texts_are_compared_as_search_compares_them(one: str, other: str, same: bool) -> None:
    assert (plain(one) == plain(other)) is same
    assert (hash_of(plain(one)) == hash_of(plain(other))) is same


def test_where_texts_end_is_part_of_the_hash() -> None:
    assert hash_of("a", "b") != hash_of("a b", "")
    assert hash_of("", "ab") != hash_of("ab", "")
    assert hash_of("", "") == NOTHING
    assert hash_of("a") == int.from_bytes(bytes.fromhex("40f89e395b66422f"), "little")


def test_hashes_of_conversations() -> None:
    found = hashes(
        [
            talk(("user", "Q"), ("assistant", "<think>t</think>a")),
            talk(("user", " q "), ("assistant", "<think>T</think>\n\nA")),
            talk(("user", "Q"), ("assistant", "ta")),
            talk(("system", "Q"), ("assistant", "<think>t</think>a")),
            talk(("assistant", "a")),
        ]
    )
    prompt, response, whole = (
        found[each].tolist() for each in ("prompt", "response", "conversation")
    )
    assert prompt[0] == prompt[1] == prompt[2] == prompt[3]
    assert prompt[4] == NOTHING
    assert response[0] == response[1] == response[3] != response[2]
    assert whole[0] == whole[1]
    assert len(set(whole)) == 4  # who speaks counts, and what is reasoning
    assert {name: len(each) for name, each in hashes([]).items()} == dict.fromkeys(found, 0)
