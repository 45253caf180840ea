"""The fields that files have together, and their names."""

from app.conversations.found import Found, named


def test_what_stands_in_turns_is_no_field_and_what_is_called_so_elsewhere_is() -> None:
    places: list[tuple[str, tuple[str, ...]]] = [
        ("folder", ("messages",)),
        ("column", ("messages",)),
        ("column", ("messages", "role")),
        ("column", ("metadata", "messages")),
    ]
    found = named([Found(each) for each in places], ["messages"])
    assert [(each.place, each.name) for each in found] == [
        (places[3], "metadata.messages"),
        (places[0], "folder.messages"),
    ]
