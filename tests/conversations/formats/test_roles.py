"""Who speaks: every name that a dataset has for a role, and no other."""

import pytest

from app.conversations.formats.roles import is_call, role_of

NAMES = {
    "system": ("system", "developer"),
    "user": ("user", "human", "prompter"),
    "assistant": ("assistant", "gpt", "model", "bot", "bing", "chatgpt", "ai"),
    "tool": (
        "tool",
        "function",
        "observation",
        "ipython",
        "tool_response",
        "function_response",
        "environment",
    ),
}


@pytest.mark.parametrize(
    ("role", "name"), [(r, name) for r, names in NAMES.items() for name in names]
)
def test_a_name_in_any_case(role: str, name: str) -> None:
    for written in (name, name.upper(), f" {name.title()}\n"):
        assert role_of(written) == role
        assert not is_call(written)


@pytest.mark.parametrize("name", ["", " ", "critic", "assistants", "a i", None, 7, ["user"]])
def test_other_names_are_none(name: object) -> None:
    assert role_of(name) is None
    assert not is_call(name)


@pytest.mark.parametrize("name", ["function_call", "tool_call", " Function_Call ", "TOOL_CALL"])
def test_names_of_a_turn_of_calls(name: str) -> None:
    assert is_call(name)
