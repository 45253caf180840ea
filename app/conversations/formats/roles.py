"""Who speaks: the names that datasets have for a role, trimmed and in any letter case, one row each."""

SYSTEM, USER, ASSISTANT, TOOL = "system", "user", "assistant", "tool"

# The names of each role.
NAMES = {
    SYSTEM: ("system", "developer"),
    USER: ("user", "human", "prompter"),
    ASSISTANT: ("assistant", "gpt", "model", "bot", "bing", "chatgpt", "ai"),
    TOOL: (
        "tool",
        "function",
        "observation",
        "ipython",
        "tool_response",
        "function_response",
        "environment",
    ),
}
# Names of an assistant's turn that is a tool call and nothing else.
CALLS = ("function_call", "tool_call")

_ROLES = {name: role for role, names in NAMES.items() for name in names}


def role_of(name: object) -> str | None:
    """The role that a turn's name for its speaker means; None for a name that is not known."""
    if not isinstance(name, str):
        return None
    return _ROLES.get(name) or _ROLES.get(name.strip().casefold())


def is_call(name: object) -> bool:
    """Whether a turn's name for its speaker says that it is a tool call."""
    return isinstance(name, str) and name.strip().casefold() in CALLS
